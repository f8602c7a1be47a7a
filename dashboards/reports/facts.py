"""The facts of a regency's semester, read once: the closing's, or those of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from programs.closing import Figures, PeriodFigures, add_up, closing_of, rows_now
from programs.models import Activity, Program, Snapshot, SnapshotRow, State
from programs.models.activity import ActivityQuerySet
from villages.models import VillageQuerySet

from ..areas import villages_of
from ..boards import AreaRow, rows_of
from ..counts import Heads, Levels
from ..figures import declared_in
from ..standings import Tally
from .content import Subject, silent_among


@dataclass(frozen=True)
class Semester:
    """Everything the report is made of."""

    #: the programs in villages; `spent`: rupiah by fund source; `idle`: without activities
    rows: tuple[SnapshotRow, ...]
    figures: PeriodFigures
    closing: Snapshot | None
    villages: VillageQuerySet
    places: tuple[AreaRow, ...]
    declared: set[str]
    spent: Mapping[str, int]
    programs: Mapping[Any, Program]
    idle: int

    @classmethod
    def of(cls, subject: Subject) -> Semester:
        villages = villages_of(subject.user, subject.area)
        when = subject.flt.when
        closing = closing_of(subject.area.code, when)
        rows = tuple(closing.rows.all()) if closing else tuple(rows_now(villages, when))
        records = records_of(villages, subject)
        places = rows_of(villages, subject.flt)
        return cls(
            rows,
            add_up(rows),
            closing,
            villages,
            places,
            declared_in(villages, subject.flt),
            _spent(records),
            Program.objects.in_bulk({row.program_id for row in rows}),
            Tally.of(villages, subject.flt).idle,
        )

    @property
    def levels(self) -> Levels:
        return Levels(**self.figures.total.levels)

    @property
    def heads(self) -> Heads:
        return heads_of(self.figures.total)

    @property
    def silent(self) -> list[AreaRow]:
        return silent_among(self.places, self.declared)

    def by_owner(self) -> Iterator[tuple[str, list[SnapshotRow]]]:
        """The offices by name; districts' own and villages' own programs as one row each."""
        groups: dict[tuple[int, str], list[SnapshotRow]] = defaultdict(list)
        for row in self.rows:
            groups[_owner(row, self.programs.get(row.program_id))].append(row)
        for (_rank, title), members in sorted(groups.items()):
            yield title, members


def _owner(row: SnapshotRow, program: Program | None) -> tuple[int, str]:
    if program and program.owner_village_id:
        return 2, villages_own()
    if program and program.owner_district_id:
        return 1, _("District offices (own programs)")
    return 0, row.owner_title


def villages_own() -> str:
    return _("Villages (own programs)")


def records_of(villages: VillageQuerySet, of: Subject) -> ActivityQuerySet:
    days = (of.flt.first_day, of.flt.last_day)
    return Activity.objects.filter(village__in=villages, held_on__range=days)


def _spent(records: ActivityQuerySet) -> dict[str, int]:
    """Rupiah spent by fund source in the verified activities that were held."""
    rows = records.counted().filter(state=State.VERIFIED).order_by().values_list("fund_source")
    return {source: total or 0 for source, total in rows.annotate(Sum("budget_spent"))}


def heads_of(of: Figures) -> Heads:
    return Heads(**{name: of.heads.get(name, 0) for name in Heads.columns()})
