"""Programs below an area: which level each reached in each village, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from programs.involvement import (
    HEADLINE,
    Headline,
    Level,
    Sums,
    headline,
    level_expression,
    program_involves,
)
from programs.models import ProgramState, ProgramVillage, ProgramVillageMonth, TargetGroup
from programs.rollups import by_program, yes
from villages.models import VillageQuerySet

from .counts import Heads, Levels
from .filters import LEVELS, OWNERS, BoardFilter

#: A program runs in a year when it is in force and the year lies within its own.
RUNNING = (ProgramState.ACTIVE, ProgramState.COMPLETED)
#: Whose a program is: an office's, a district's, else a village's own.
OWNER = ("owner_opd_id", "owner_opd__name", "owner_district_id")
OF_PROGRAM = tuple(f"program__{name}" for name in OWNER)


@dataclass(frozen=True)
class Pair:
    """One program in one village in the period: the level it reached on one basis, its heads."""

    program: UUID
    village: int
    basis: str
    level: int
    women_only: bool
    owner: tuple[Any, ...]
    heads: Heads


def months_of(villages: VillageQuerySet, flt: BoardFilter, *bases: str) -> Any:
    """The monthly sums behind a period, on the filter's basis unless others are named."""
    months = ProgramVillageMonth.objects.filter(flt.programs(), village__in=villages)
    return months.within(flt.when).filter(basis__in=bases or (flt.basis,))


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
        flt.programs(),
        village__in=villages,
        program__state__in=RUNNING,
        program__year_from__lte=flt.year,
        program__year_to__gte=flt.year,
    )


def asked_for(flt: BoardFilter, level: int) -> bool:
    """Whether a board of this filter shows a program on this level: those without data always."""
    return not flt.level or level in LEVELS[flt.level] or level == Level.NO_DATA


def pairs(villages: VillageQuerySet, flt: BoardFilter, *bases: str) -> Iterator[Pair]:
    """Every program with records in the period, in each village. One query."""
    months = months_of(villages, flt, *bases)
    rows = by_program(months, "basis", *OF_PROGRAM).annotate(level=level_expression())
    columns = ("program_id", "village_id", "basis", "level", "plan_women_only", *OF_PROGRAM)
    sums = tuple(f"sum_{name}" for name in Heads.columns())
    for program, village, basis, level, women, *rest in rows.values_list(*columns, *sums):
        owner, heads = tuple(rest[: len(OWNER)]), Heads(*rest[len(OWNER) :])
        if asked_for(flt, level):
            yield Pair(program, village, basis, level, bool(women), owner, heads)


#: Of each program: its villages that involve women, are judged, have no data, had no activity,
#: and where it runs by its plan. Programs alike in all of them share a row, with their number.
_ALIKE = """
with reached as ({reached}), alike as (
  select sum(case when level between {headline} and {highest} then asked else 0 end) involved,
    sum(case when level between 0 and {highest} then asked else 0 end) judged,
    sum(case when level = {no_data} then asked else 0 end) no_data,
    sum(case when level = {not_counted} then 1 else 0 end) idle,
    sum(runs) runs
  from reached group by program_id)
select involved, judged, no_data, idle, runs, count(*) from alike group by 1, 2, 3, 4, 5
"""


@dataclass(frozen=True)
class Tally:
    """What villages cannot say one by one: programs counted once, and those without activity."""

    distinct: Headline
    idle: int

    @classmethod
    def of(cls, villages: VillageQuerySet, flt: BoardFilter) -> Tally:
        """Two queries."""
        found, idle = Headline(), running_in(villages, flt).count()
        for *counts, without, runs, number in _alike(villages, flt):
            found += times(number, distinct([Headline(*counts)]))
            idle += number * (without - runs)
        return cls(found, idle)


def _alike(villages: VillageQuerySet, flt: BoardFilter) -> list[tuple[int, ...]]:
    here = running_in(villages, flt).filter(
        program=OuterRef("program"), village=OuterRef("village")
    )
    sums = [field.name for field in fields(Sums)]
    rows = by_program(months_of(villages, flt), sums=sums)
    rows = rows.annotate(level=level_expression(), runs=yes(Exists(here)))
    levels = (*LEVELS[flt.level], Level.NO_DATA) if flt.level else Level
    rows = rows.annotate(asked=yes(Q(level__in=levels)))
    try:
        inner, values = rows.values("program_id", "level", "runs", "asked").query.sql_with_params()
    except EmptyResultSet:
        return []
    query = _ALIKE.format(
        reached=inner,
        headline=HEADLINE,
        highest=Level.EQUAL_RESULTS.value,
        no_data=Level.NO_DATA.value,
        not_counted=Level.NOT_COUNTED.value,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [tuple(map(int, row)) for row in cursor.fetchall()]


def times(number: int, headline: Headline) -> Headline:
    return Headline(number * headline.involved, number * headline.judged, number * headline.no_data)


def distinct(programs: Iterable[Headline]) -> Headline:
    """Each program once, from the headline of its villages: involved when half of them are."""
    found = [(program_involves(count), count.no_data > 0) for count in programs]
    return Headline(
        involved=sum(verdict is True for verdict, _some in found),
        judged=sum(verdict is not None for verdict, _some in found),
        no_data=sum(verdict is None and some for verdict, some in found),
    )


def every_pair(villages: VillageQuerySet, flt: BoardFilter) -> Iterator[Pair]:
    """Every program in each of its villages, those that run without a record as well.

    Two queries. For filters that name no level: a pair on another one would seem idle.
    """
    found = set()
    for one in pairs(villages, flt):
        found.add((one.program, one.village))
        yield one
    columns = ("program_id", "village_id", "program__target_group", *OF_PROGRAM)
    rows = running_in(villages, flt).order_by().values_list(*columns)
    for program, village, group, *owner in rows:
        if (program, village) not in found:
            women = group == TargetGroup.WOMEN
            idle = Level.NOT_COUNTED.value
            yield Pair(program, village, flt.basis, idle, women, tuple(owner), Heads())


@dataclass(frozen=True)
class Together:
    """What some programs come to. `levels`, `not_counted`: each once in each of its villages;
    `distinct`, `programs`: each once. `reached` of the `villages` had an activity that counts."""

    levels: Levels
    heads: Heads
    distinct: Headline
    programs: int
    not_counted: int
    reached: int
    villages: int

    @classmethod
    def of(cls, members: Iterable[Pair]) -> Together:
        members = list(members)
        held = [one for one in members if one.level != Level.NOT_COUNTED]
        return cls(
            levels=Levels.count(one.level for one in held),
            heads=Heads.total(one.heads for one in members),
            distinct=distinct(map(headline, levels_by_program(held).values())),
            programs=len({one.program for one in members}),
            not_counted=len(members) - len(held),
            reached=len({one.village for one in held}),
            villages=len({one.village for one in members}),
        )

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @property
    def gap(self) -> int:
        """Programs in villages with data that do not involve women yet."""
        return self.headline.judged - self.headline.involved


@dataclass(frozen=True)
class OwnerRow(Together):
    """The programs of one office; those of all districts, or of all villages, as one row.

    `owner` is the word of OWNERS, `opd` the key of the one office (0 for the others).
    """

    title: str
    owner: str
    opd: int = 0


def levels_by_program(members: Iterable[Pair]) -> dict[UUID, list[int]]:
    """The levels that each program reached in its villages."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for one in members:
        found[one.program].append(one.level)
    return found


def owner_rows(members: Iterable[Pair]) -> Iterator[OwnerRow]:
    """Offices by name, then the districts' and the villages' own programs, a row each."""
    groups: dict[tuple[int, str, int], list[Pair]] = defaultdict(list)
    for one in members:
        groups[_owner_group(*one.owner)].append(one)
    for (rank, title, opd), those in sorted(groups.items()):
        yield OwnerRow(**vars(Together.of(those)), title=title, owner=OWNERS[rank], opd=opd)


def _owner_group(opd: int | None, name: str | None, district: int | None) -> tuple[int, str, int]:
    """(place in OWNERS, title, key of the office): what programs of one row share."""
    if opd:
        return 0, name or "", opd
    if district:
        return 1, _("District offices (own programs)"), 0
    return 2, _("Villages (own programs)"), 0
