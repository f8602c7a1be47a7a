"""Women among those who decide in a village: one year as it is read, and the sums of many villages.

Shares are never averaged: a sum of villages adds women and seats, then divides (domain.md 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Q, Sum

from programs.models import Activity, Kind, State

from .models import SENT_STATES, ProposalStage, Representation, Seat
from .seat_sums import SeatSum, SeatSums, StageSum, representation_of
from .seat_terms import (
    BASES,
    GROUPS,
    Pair,
    SeatsSaid,
    Test,
    reaches,
    seats_in,
    stages_in,
    tests_of,
)

__all__ = [
    "Body",
    "Held",
    "SeatSum",
    "SeatSums",
    "SeatsSaid",
    "SeatsShown",
    "Stage",
    "StageSum",
    "Test",
    "deliberations_of",
    "facts_in",
    "reaches",
    "representation_of",
    "said_of",
    "seats_of",
    "tests_of",
]


@dataclass(frozen=True)
class Body:
    """Women of all in one body or meeting, and in the year before."""

    seat: Seat
    now: Pair | None
    before: Pair | None

    @property
    def women(self) -> int | None:
        return self.now[0] if self.now else None

    @property
    def total(self) -> int | None:
        return self.now[1] if self.now else None

    @property
    def tests(self) -> tuple[Test, ...]:
        return tests_of(self.seat, self.now)


@dataclass(frozen=True)
class Stage:
    """Proposals of women that came so far, the rupiah in them, and how many the year before."""

    stage: ProposalStage
    number: int | None
    amount: int | None
    before: int | None


@dataclass(frozen=True)
class SeatsShown:
    """One village-year as it is read. `row` is None where nothing of that basis is on file;
    `waiting`: something was sent in that this basis leaves out until it is reviewed."""

    village: Any
    year: int
    row: Representation | None
    groups: tuple[tuple[Any, tuple[Body, ...]], ...]
    funnel: tuple[Stage, ...]
    waiting: bool = False

    def body(self, seat: str) -> Body | None:
        return next((one for _t, all_ in self.groups for one in all_ if one.seat == seat), None)

    @property
    def before_year(self) -> int:
        return self.year - 1

    @property
    def bpd(self) -> Body | None:
        return self.body(Seat.BPD)

    @property
    def raised(self) -> bool:
        """Anything is known of women's proposals."""
        return any(one.number is not None or one.amount is not None for one in self.funnel)


def seats_of(village, year: int, *, basis: str = "reported") -> SeatsShown:
    """One village in one year beside the year before. Three queries."""
    kept = Representation.objects.filter(village=village, year__in=(year, year - 1))
    every = {one.year: one for one in kept.select_related("author").prefetch_related(*PARTS)}
    rows = {told: one for told, one in every.items() if one.state in BASES[basis]}
    waiting = year in every and year not in rows and every[year].state in SENT_STATES
    now, before = pairs_of(rows.get(year)), pairs_of(rows.get(year - 1))
    has = seats_in(village)
    groups = (
        (title, tuple(Body(seat, now.get(seat), before.get(seat)) for seat in seats if seat in has))
        for title, seats in GROUPS
    )
    raised, last = proposals_of(rows.get(year)), proposals_of(rows.get(year - 1))
    funnel = tuple(
        Stage(stage, *raised.get(stage, (None, None)), last.get(stage, (None, None))[0])
        for stage in stages_in(village)
    )
    shown = tuple((title, bodies) for title, bodies in groups if bodies)
    return SeatsShown(village, year, rows.get(year), shown, funnel, waiting)


#: What is read beside a row.
PARTS = ("seats", "proposals")


def pairs_of(row: Representation | None) -> dict[str, Pair]:
    return {one.seat: (one.women, one.total) for one in row.seats.all()} if row else {}


def proposals_of(row: Representation | None) -> dict[str, tuple[int, int | None]]:
    return {one.stage: (one.number, one.amount) for one in row.proposals.all()} if row else {}


def said_of(row: Representation) -> SeatsSaid:
    """What is on file, as it was said."""
    same = ("head_sex", "women_meeting", "women_meeting_on", "women_meeting_minutes")
    facts = {name: getattr(row, name) for name in (*same, "source", "note")}
    return SeatsSaid(seats=pairs_of(row), proposals=proposals_of(row), **facts)


def facts_in(said: SeatsSaid) -> dict[str, str]:
    """Everything that is said, each fact by its name, as text."""
    pairs = {**said.seats, **{f"proposals_{name}": pair for name, pair in said.proposals.items()}}
    plain = {one.name: getattr(said, one.name) for one in fields(said)}
    told = {**plain, **{str(name): tuple(pair) for name, pair in pairs.items()}}
    left_out = ("seats", "proposals")
    return {
        name: str(one)
        for name, one in told.items()
        if one not in (None, "") and name not in left_out
    }


@dataclass(frozen=True)
class Held:
    """Verified deliberations of a village in a year; people only where women and men are known."""

    meetings: int
    women: int
    people: int


def deliberations_of(village, year: int) -> Held:
    """What the portal's own records say of meetings: offered beside the form, never taken."""
    rows = Activity.objects.filter(
        village=village, year=year, kind=Kind.DELIBERATION, state=State.VERIFIED
    ).counted()
    both = Q(women_participants__isnull=False, men_participants__isnull=False)
    found = rows.aggregate(
        meetings=Count("pk"),
        women=Sum("women_participants", filter=both, default=0),
        men=Sum("men_participants", filter=both, default=0),
    )
    return Held(found["meetings"], found["women"], found["women"] + found["men"])
