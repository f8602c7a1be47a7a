"""Drawings of documents: the months as columns, the villages as a map, and their colours.

On the screen style sheets colour a drawing by its classes; paper does not know them inside a
drawing, so each part also carries its fill, read from the one file of colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format

from core.packing import source
from programs.involvement import WOMEN_PERCENT

from ..maps import Map, VillageShare, area_map
from .document import Months, Places

#: The fill of a class that is not the colour of its own name.
_FILLS = {
    **{f"share-{step}": f"level-{step}" for step in range(5)},
    "level-men": "men-goal",
    "column-reached": "level-3",
    "column-below": "level-1",
    "column-few": "sheet",
    "column-nothing": "sheet",
}
HATCHED = {"share-none", "level-no-data", "column-no-data"}
HATCH = "url(#paper-hatch)"
_TOKEN = re.compile(r"^\s*--([\w-]+):\s*(#[0-9a-f]{6})", re.M)

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 344, 180, 30, 8, 150
COLUMN = 16


@lru_cache
def inks() -> dict[str, str]:
    """Every colour of tokens.css by its name; the light scheme, which comes first."""
    found: dict[str, str] = {}
    for name, colour in _TOKEN.findall(source("css/tokens.css")):
        found.setdefault(name, colour)
    return found


def ink(css: str) -> str:
    """The fill of a drawing's class on paper."""
    return HATCH if css in HATCHED else inks()[_FILLS.get(css, css)]


@dataclass(frozen=True)
class Bar:
    """One month's column. `name`: its month in letters; `middle`: where the letters stand."""

    x: float
    y: float
    height: float
    css: str
    name: str

    @property
    def middle(self) -> float:
        return round(self.x + COLUMN / 2, 1)


@dataclass(frozen=True)
class MonthRow:
    """The same month in the table: the counts, and how the village reported."""

    first: date
    share: tuple[int, int] | None
    state: str


@dataclass(frozen=True)
class MonthsDrawing:
    bars: tuple[Bar, ...]
    rows: tuple[MonthRow, ...]
    line_y: float
    line: int = WOMEN_PERCENT
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = FLOOR
    column: int = COLUMN

    @property
    def ticks(self) -> tuple[tuple[float, int], ...]:
        return tuple((_y(percent), percent) for percent in (0, 50, 100))


def months_drawing(block: Months) -> MonthsDrawing:
    rows = [(date.fromisoformat(first), *rest) for first, *rest in block.rows]
    step = (WIDTH - LEFT) / max(len(rows), 1)
    return MonthsDrawing(
        tuple(_bar(place, step, row) for place, row in enumerate(rows)),
        tuple(
            MonthRow(first, (women, everyone) if everyone else None, state)
            for first, _css, women, everyone, state in rows
        ),
        _y(WOMEN_PERCENT),
    )


def _bar(place: int, step: float, row: Sequence[Any]) -> Bar:
    first, css, women, everyone, _state = row
    percent = 100 * women / everyone if everyone else (100 if css == "no-data" else 0)
    x = round(LEFT + place * step + (step - COLUMN) / 2, 1)
    top = _y(percent)
    return Bar(x, top, round(FLOOR - top, 1), f"column-{css}", date_format(first, "M")[:3])


def _y(percent: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * percent / 100, 1)


def places_map(block: Places) -> Map | None:
    """The villages of the frozen rows on the outlines of the area; None where none were drawn."""
    return area_map(block.area, [VillageShare(*row) for row in block.rows])
