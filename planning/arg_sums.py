"""Gender budget (ARG) added up: pure figures, whatever they were read from.

A share compares like with like: the village budgets (APBDes) with the money of villages, every
other total with the money of offices and districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import reduce
from typing import Any

from .models import Denominator, PlanState

MEASURES = ("plan", "changed", "realised")
CATEGORIES = (1, 2, 3)
#: What a person may add in thought: lines whose statement is not approved yet, by its state.
THOUGHT = {
    "diajukan": (PlanState.SUBMITTED,),
    "draf": (PlanState.DRAFT, PlanState.RETURNED),
}


@dataclass(frozen=True)
class Money:
    """Whole rupiah. `changed` holds the plan where nothing was changed; `realised` None: nobody
    has entered any."""

    plan: int = 0
    changed: int = 0
    realised: int | None = None

    def __add__(self, other: Money) -> Money:
        found = [one for one in (self.realised, other.realised) if one is not None]
        return Money(
            self.plan + other.plan,
            self.changed + other.changed,
            sum(found) if found else None,
        )

    def of(self, measure: str) -> int | None:
        return getattr(self, measure)


@dataclass(frozen=True)
class Group:
    """Lines that fall into one row of a recap and one category, added up."""

    bucket: Any
    category: int
    of_village: bool
    money: Money
    lines: int = 1


@dataclass(frozen=True)
class Row:
    """One row of a recap. `measured`: the part that its total is the whole of."""

    key: Any
    title: str
    by_category: Mapping[int, Money]
    money: Money
    measured: Money
    total: Money | None
    lines: int

    def share(self, measure: str) -> tuple[int, int] | None:
        """(part, whole) of the chosen amount; None where the total is not known."""
        part, whole = self.measured.of(measure), self.total and self.total.of(measure)
        return None if part is None or not whole else (part, whole)


@dataclass(frozen=True)
class Part:
    """Rows of lines of one sort, and their sum."""

    rows: Sequence[Row]
    whole: Row


@dataclass(frozen=True)
class Recap:
    """The gender budget of an area in a year, in rows, with the sum of all of them; and the same
    parted into what the share is of (`compared`) and what it is not of (`apart`)."""

    by: str
    kind: str
    rows: Sequence[Row]
    whole: Row
    compared: Part
    apart: Part


@dataclass(frozen=True)
class Meter:
    """The share now, and after what is added in thought, against a target in per cent."""

    now: int
    added: int
    whole: int
    target: Decimal | None = None

    @property
    def after(self) -> int:
        return self.now + self.added

    @property
    def aim(self) -> int | None:
        """Rupiah that make up the target, rounded up."""
        if self.target is None:
            return None
        return int((self.whole * self.target / 100).to_integral_value(ROUND_CEILING))

    @property
    def missing(self) -> int | None:
        """Rupiah still missing for the target, after what is added in thought; 0 when reached."""
        return None if self.aim is None else max(0, self.aim - self.after)


def added(amounts: Iterable[Money]) -> Money:
    return reduce(Money.__add__, amounts, Money())


def compares(kind: str, of_village: bool) -> bool:
    """Money of villages is compared with village budgets, all other with all other totals."""
    return of_village == (kind == Denominator.TOTAL_APBDES)


def row_of(key: Any, title: str, groups: Sequence[Group], kind: str, total: Money | None) -> Row:
    return Row(
        key,
        title,
        {
            one: added(group.money for group in groups if group.category == one)
            for one in CATEGORIES
        },
        added(group.money for group in groups),
        added(group.money for group in groups if compares(kind, group.of_village)),
        total,
        sum(group.lines for group in groups),
    )


def part_of(
    groups: Sequence[Group],
    titles: Mapping[Any, str],
    kind: str,
    totals: Mapping[Any, Money],
    whole: tuple[str, Money | None],
) -> Part:
    """These groups alone, in rows of these titles. `whole`: title of the sum, and its total."""
    return Part(
        rows_of(groups, titles, kind, totals), row_of(None, whole[0], groups, kind, whole[1])
    )


def rows_of(
    groups: Sequence[Group], titles: Mapping[Any, str], kind: str, totals: Mapping[Any, Money]
) -> list[Row]:
    """A row for each title, in that order, with the groups that fall into it."""
    falling: dict[Any, list[Group]] = {key: [] for key in titles}
    for group in groups:
        falling[group.bucket].append(group)
    return [
        row_of(key, title, falling[key], kind, totals.get(key)) for key, title in titles.items()
    ]


def meter(
    row: Row,
    measure: str,
    *,
    target: Decimal | None,
    kind: str,
    waiting: Mapping[str, Sequence[Group]],
    thought: Iterable[str] = (),
    extra: int = 0,
) -> Meter | None:
    """The whole of a recap against its total, with what is added in thought: `extra` rupiah, and
    the statements of THOUGHT. None where the total is not known."""
    share = row.share(measure)
    if share is None:
        return None
    states = {state for one in thought for state in THOUGHT[one]}
    approved = added(
        group.money
        for state in states
        for group in waiting.get(state, ())
        if compares(kind, group.of_village)
    )
    return Meter(share[0], extra + (approved.of(measure) or 0), share[1], target)
