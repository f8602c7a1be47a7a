"""One program in one village in one period: the level it reached, why, and from which counts.

Here the level is found by `involvement.level`, with the four aspects beside it; lists of many
thousands (the API) ask the same rule of the database (`involvement.level_expression`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from programs.causes import Causes, causes_of
from programs.involvement import (
    DEFINITION_VERSION,
    JUDGED,
    WOMEN_PERCENT,
    Aspects,
    Headline,
    Level,
    Sums,
    aspects,
    headline,
    level,
    program_involves,
)
from programs.models import Activity, Basis, Origin, Program, ProgramVillage, State, TargetGroup
from programs.models.activity import ActivityQuerySet
from programs.rollups import by_program, plan_of
from villages.models import VillageQuerySet

from .areas import Area, district_title, villages_of
from .behind import Counted, lists_behind
from .boards import newest_in, waiting_in
from .counts import Heads, Levels
from .filters import BoardFilter
from .standings import RUNNING, asked_for, months_of


@dataclass(frozen=True)
class Standing:
    """What the records of one basis say."""

    level: Level = Level.NOT_COUNTED
    heads: Heads = field(default_factory=Heads)
    aspects: Aspects | None = None

    @classmethod
    def of(cls, row: dict[str, Any]) -> Standing:
        sums, plan = Sums.of(row, "sum_"), plan_of(row)
        reached = level(sums, plan)
        judged = reached in JUDGED
        return cls(reached, Heads.of_row(row, "sum_"), aspects(sums, plan) if judged else None)

    @property
    def step(self) -> str:
        """The kind of its tag: level-0 … level-4, no-data; "" for words without one."""
        if self.level in JUDGED:
            return f"level-{self.level.value}"
        return "no-data" if self.level == Level.NO_DATA else ""

    @property
    def small_group(self) -> bool:
        return bool(self.aspects and self.aspects.small_group)


#: The four aspects of involvement (APKM), with the heads that each is counted from.
ASPECTS = (
    ("access", "A", gettext_lazy("Access")),
    ("participation", "P", gettext_lazy("Participation")),
    ("control", "K", gettext_lazy("Control")),
    ("benefit", "M", gettext_lazy("Benefit")),
)
#: The share without which an aspect was not measured; access needs none of its own.
_MEASURED_BY = {"participation": "participants", "control": "deciders", "benefit": "beneficiaries"}


@dataclass(frozen=True)
class AspectSum:
    """In how many villages with data one aspect is met; in `uncounted` nobody asked for it."""

    letter: str
    label: str
    met: int
    judged: int
    uncounted: int

    @classmethod
    def of(cls, name: str, letter: str, label: Any, found: Iterable[Standing]) -> AspectSum:
        judged = [one for one in found if one.aspects]
        met = [one for one in judged if getattr(one.aspects, name)]
        share = _MEASURED_BY.get(name)
        missing = (one for one in judged if share and not getattr(one.heads, share))
        return cls(
            letter, str(label), len(met), len(judged), sum(one not in met for one in missing)
        )


@dataclass(frozen=True)
class Achievement:
    """One program in one village, on both bases."""

    program: UUID
    title: str
    owner: str
    village: str
    village_title: str
    place: str
    women_only: bool
    origin: str
    verified: Standing
    reported: Standing
    shown: Standing
    #: the query string of the list of activities behind `shown`
    activities_query: str = ""
    #: in force in the year; else only its records make it appear
    runs: bool = True

    @property
    def origin_label(self) -> str:
        return str(Origin(self.origin).label) if self.origin else ""

    @property
    def unverified(self) -> int:
        return self.reported.heads.activities - self.verified.heads.activities

    @property
    def differs(self) -> bool:
        """Records not looked at yet would change the level."""
        return self.verified.level != self.reported.level


@dataclass(frozen=True)
class Achievements:
    """The programs of one village, or the villages of one program."""

    flt: BoardFilter
    rows: tuple[Achievement, ...]
    newest: datetime | None
    waiting: int
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @property
    def levels(self) -> Levels:
        return Levels.count(row.shown.level for row in self.rows)

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @property
    def heads(self) -> Heads:
        return Heads.total(row.shown.heads for row in self.rows)

    @property
    def verified(self) -> Headline:
        return headline(row.verified.level for row in self.rows)

    @property
    def reported(self) -> Headline:
        return headline(row.reported.level for row in self.rows)

    @property
    def women_only(self) -> Headline:
        return headline(row.shown.level for row in self.rows if row.women_only)

    @property
    def unverified(self) -> int:
        return sum(row.unverified for row in self.rows)

    @property
    def not_counted(self) -> int:
        idle = (row for row in self.rows if row.shown.level == Level.NOT_COUNTED)
        return sum(row.runs or row.shown.heads.called_off > 0 for row in idle)

    def lists_of(self, **place: Any) -> tuple[Counted, ...]:
        """Each count of the board with the list that adds up to it."""
        return lists_behind(self.levels, self.not_counted, self.heads, self.flt, **place)

    @property
    def nothing_sent(self) -> bool:
        return not any(row.reported.heads.activities for row in self.rows)


@dataclass(frozen=True)
class VillageBoard(Achievements):
    """One village: its programs, each with its level and the reasons."""

    area: Area | None = None
    may_review: bool = False

    @property
    def lists(self) -> tuple[Counted, ...]:
        return self.lists_of(area=self.area.code if self.area else "")


@dataclass(frozen=True)
class ProgramBoard(Achievements):
    """One program: the villages within the person's reach where it runs."""

    program: Program | None = None
    causes: Causes = field(default_factory=Causes)

    @property
    def lists(self) -> tuple[Counted, ...]:
        return self.lists_of(program=self.program.pk if self.program else "")

    @property
    def aspects(self) -> tuple[AspectSum, ...]:
        """Each aspect over the villages with data."""
        found = [row.shown for row in self.rows]
        return tuple(AspectSum.of(name, letter, label, found) for name, letter, label in ASPECTS)

    @property
    def involves(self) -> bool | None:
        """Whether it counts once as involving women (half of its villages with data)."""
        return program_involves(self.headline)


def village_board(user, area: Area, flt: BoardFilter) -> VillageBoard:
    """The board of one village; four queries."""
    villages = villages_of(user, area)
    rows = sorted(_achievements(villages, flt), key=lambda row: (-row.shown.level, row.title))
    return VillageBoard(
        flt,
        tuple(rows),
        newest_in(villages),
        waiting_in(villages, flt),
        area=area,
        may_review="verify" in user.capabilities,
    )


def program_board(user, program: Program, flt: BoardFilter) -> ProgramBoard:
    """The board of one program in the villages of her reach; five queries."""
    villages = user.villages_with("view").filter(targets__program=program)
    rows = sorted(
        _achievements(villages, flt, program=program), key=lambda row: (row.place, row.village)
    )
    return ProgramBoard(
        flt,
        tuple(rows),
        newest_in(villages, program=program),
        waiting_in(villages, flt, program=program),
        program=program,
        causes=causes_of(_records(villages, flt, program)),
    )


def _records(villages: VillageQuerySet, flt: BoardFilter, program: Program) -> ActivityQuerySet:
    """The program's records behind the period, on the filter's basis."""
    days = (flt.first_day, flt.last_day)
    rows = Activity.objects.filter(village__in=villages, program=program, held_on__range=days)
    return rows.filter(state=State.VERIFIED) if flt.verified_only else rows


def _achievements(
    villages: VillageQuerySet, flt: BoardFilter, **scope: Any
) -> Iterator[Achievement]:
    standings = _standings(villages, flt, scope)
    nothing = Standing()
    for target in _targets(villages, flt, scope):
        found = standings.get((target.program_id, target.village_id), {})
        shown, runs = found.get(flt.basis, nothing), _runs(target.program, flt.year)
        if not (found or runs) or not asked_for(flt, shown.level):
            continue
        yield Achievement(
            target.program_id,
            target.program.title,
            str(target.program.owner_title),
            target.village.code,
            target.village.title,
            district_title(target.village.district.name),
            target.program.target_group == TargetGroup.WOMEN,
            target.program.origin if target.program.origin != Origin.FIELD else "",
            found.get(Basis.VERIFIED, nothing),
            found.get(Basis.REPORTED, nothing),
            shown,
            flt.but(level="").activities_query(
                village=target.village.code, program=target.program_id
            ),
            runs,
        )


def _targets(
    villages: VillageQuerySet, flt: BoardFilter, scope: dict[str, Any]
) -> Iterable[ProgramVillage]:
    targets = ProgramVillage.objects.filter(flt.programs(), village__in=villages, **scope)
    return targets.select_related(
        "program__owner_opd",
        "program__owner_district",
        "program__owner_village",
        "village__district",
    )


def _standings(
    villages: VillageQuerySet, flt: BoardFilter, scope: dict[str, Any]
) -> dict[tuple[UUID, int], dict[str, Standing]]:
    """{(program, village): {basis: standing}}"""
    months = months_of(villages, flt, *Basis.values).filter(**scope)
    found: dict[tuple[UUID, int], dict[str, Standing]] = {}
    for row in by_program(months, "basis"):
        key = (row["program_id"], row["village_id"])
        found.setdefault(key, {})[row["basis"]] = Standing.of(row)
    return found


def _runs(program: Program, year: int) -> bool:
    return program.state in RUNNING and year in program.years
