"""How invented programs look: the two tables beside this file, read strictly."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SEED = 12
HERE = Path(__file__).parent
Range = tuple[float, float]


@dataclass(frozen=True)
class Pattern:
    """One kind of program and how its activities usually go; columns as in villages.toml."""

    title: str
    activities: list[str]
    kind: str
    sessions: Range
    cost: Range
    funds: list[str]
    code: str = ""
    office: str = ""
    weight: int = 0
    reach: int = 0
    stage: str = "execution"
    present: Range | None = None
    women: Range = (0, 0)
    served: Range | None = None
    women_served: Range = (0, 0)
    estimated: bool = False
    deciders: Range | None = None
    women_deciding: Range = (0, 0)
    proposals: int = 0
    months: list[int] = field(default_factory=lambda: list(range(1, 13)))
    desa: bool = False
    target_group: str = "general"
    marker: int | None = None
    arg: int | None = None
    gap: int | None = None
    outcome: int = 0
    always: list[str] = field(default_factory=list)
    low_women: list[str] = field(default_factory=list)
    also: dict[str, Range] = field(default_factory=dict)
    state: str = "active"


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def of_villages() -> tuple[Pattern, ...]:
    return tuple(Pattern(**row) for row in _table("villages.toml")["program"])


@cache
def of_offices() -> tuple[Pattern, ...]:
    return tuple(Pattern(**row) for row in _table("offices.toml")["program"])


def places(kind: str) -> list[str]:
    return _table("villages.toml")["places"][kind]


def district_habits(code: str) -> dict[str, int]:
    """`records` and `by_sex` in per cent, `women` in percentage points."""
    return _table("villages.toml")["districts"][code]


def dice(*what: object) -> random.Random:
    """The same throws for the same thing in every run, whatever else is thrown."""
    return random.Random("|".join(map(str, (SEED, *what))))  # noqa: S311 - no secret
