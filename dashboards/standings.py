"""Programs below an area: which level each reached in each village, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from programs.involvement import Headline, Level, headline, level_expression, program_involves
from programs.models import ProgramState, ProgramVillage, ProgramVillageMonth
from programs.rollups import by_program
from villages.models import VillageQuerySet

from .counts import Levels
from .filters import BoardFilter

#: A program runs in a year when it is in force and the year lies within its own.
RUNNING = (ProgramState.ACTIVE, ProgramState.COMPLETED)
#: Whose a program is: an office's, a district's, else a village's own.
OWNER = ("owner_opd_id", "owner_opd__name", "owner_district_id")
OF_PROGRAM = tuple(f"program__{name}" for name in OWNER)


@dataclass(frozen=True)
class OwnerRow:
    """The programs of one office; those of all districts, or of all villages, as one row."""

    title: str
    levels: Levels
    distinct: Headline
    programs: int
    not_counted: int


@dataclass(frozen=True)
class Pair:
    """One program in one village, and the level it reached in the period."""

    program: UUID
    village: int
    level: int
    owner: tuple[Any, ...]


def months_of(villages: VillageQuerySet, flt: BoardFilter, *bases: str) -> Any:
    """The monthly sums behind a period, on the filter's basis unless others are named."""
    months = ProgramVillageMonth.objects.filter(village__in=villages)
    return months.within(flt.year, flt.semester).filter(basis__in=bases or (flt.basis,))


#: What names a program and its village on a list.
NAMES = (
    "program__title",
    "program__owner_opd__name",
    "program__owner_district__name",
    "program__owner_village__kind",
    "program__owner_village__name",
    "village__code",
    "village__name",
)


def program_rows(months: Any) -> Any:
    """A dict per program and village: names, plan, sums and the level, found by the database."""
    rows = by_program(months, *NAMES).annotate(level=level_expression())
    return rows.order_by("program__title", "program_id", "village__code")


def running_in(villages: VillageQuerySet, flt: BoardFilter) -> Any:
    """Programs in force in the year, once for each village where they run."""
    return ProgramVillage.objects.filter(
        village__in=villages,
        program__state__in=RUNNING,
        program__year_from__lte=flt.year,
        program__year_to__gte=flt.year,
    )


@dataclass(frozen=True)
class Standings:
    """Every program in every village: with activities in the period, or idle. Two queries."""

    counted: tuple[Pair, ...]
    idle: tuple[Pair, ...]

    @classmethod
    def of(cls, villages: VillageQuerySet, flt: BoardFilter) -> Standings:
        reached = {(one.program, one.village): one for one in _reached(villages, flt)}
        running = {(one.program, one.village): one for one in _running(villages, flt)}
        everyone = (running | reached).values()
        return cls(
            tuple(one for one in everyone if one.level != Level.NOT_COUNTED),
            tuple(one for one in everyone if one.level == Level.NOT_COUNTED),
        )

    @property
    def distinct(self) -> Headline:
        return distinct(self.counted)


def _reached(villages: VillageQuerySet, flt: BoardFilter) -> Iterator[Pair]:
    rows = by_program(months_of(villages, flt), *OF_PROGRAM).annotate(level=level_expression())
    found = rows.values_list("program_id", "village_id", "level", *OF_PROGRAM)
    for program, village, level, *owner in found:
        yield Pair(program, village, level, tuple(owner))


def _running(villages: VillageQuerySet, flt: BoardFilter) -> Iterator[Pair]:
    rows = running_in(villages, flt).order_by()
    found = rows.values_list("program_id", "village_id", *OF_PROGRAM)
    for program, village, *owner in found:
        yield Pair(program, village, Level.NOT_COUNTED, tuple(owner))


def distinct(pairs: Iterable[Pair]) -> Headline:
    """Each program once, however many villages it has: involved when half of them are."""
    levels: dict[UUID, list[int]] = defaultdict(list)
    for pair in pairs:
        levels[pair.program].append(pair.level)
    verdicts = [(program_involves(found), headline(found)) for found in levels.values()]
    return Headline(
        involved=sum(verdict is True for verdict, _count in verdicts),
        judged=sum(verdict is not None for verdict, _count in verdicts),
        no_data=sum(verdict is None and count.no_data > 0 for verdict, count in verdicts),
    )


def owner_rows(standings: Standings) -> Iterator[OwnerRow]:
    """Offices by name, then the districts' and the villages' own programs, a row each."""
    groups: dict[tuple[int, str], list[Pair]] = defaultdict(list)
    for pair in (*standings.counted, *standings.idle):
        groups[_owner_group(*pair.owner)].append(pair)
    for (_rank, title), members in sorted(groups.items()):
        counted = [one for one in members if one.level != Level.NOT_COUNTED]
        yield OwnerRow(
            title,
            Levels.count(one.level for one in counted),
            distinct(counted),
            len({one.program for one in members}),
            len(members) - len(counted),
        )


def _owner_group(opd: int | None, name: str | None, district: int | None) -> tuple[int, str]:
    if opd:
        return 0, name or ""
    if district:
        return 1, _("District offices (own programs)")
    return 2, _("Villages (own programs)")
