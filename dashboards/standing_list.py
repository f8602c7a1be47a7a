"""The programs in their villages behind a figure of a board: one row each, in pages.

Which rows these are is asked of the database, level included, so that the list of a regency opens
as fast as that of a village. The figure and the list follow the same rule: `programs.involvement`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from programs.involvement import DEFINITION_VERSION, Headline, Level, level_expression
from programs.models import ProgramVillage, ProgramVillageMonth
from programs.rollups import LEVEL_COLUMNS, by_program
from villages.models import VillageQuerySet

from .achievements import Standing
from .areas import district_title, village_title
from .counts import Heads, Levels
from .filters import LEVELS, BoardFilter
from .standings import NAMES, months_of, running_in

#: What names a program, its owner, its village and district on a row.
WORDS = (*NAMES, "village__kind", "village__district__name")
#: The orders of the list, by the word in the address; "-" before it turns it round.
ORDERS: dict[str, tuple[str, ...]] = {
    "program": ("program__title", "program_id", "village__code"),
    "village": ("village__name", "village__code", "program__title", "program_id"),
    "level": ("level", "program__title", "program_id", "village__code"),
    "activities": ("sum_activities", "program__title", "program_id", "village__code"),
}
_IDLE_ORDERS = {"village": ORDERS["village"]}


@dataclass(frozen=True)
class Row:
    """One program in one village, the level it reached there and why."""

    program: UUID
    title: str
    owner: str
    village: str
    village_title: str
    district: str
    standing: Standing
    activities_query: str

    @property
    def why(self) -> list[str]:
        """The reasons for the level, each a few words."""
        found = self.standing.aspects
        if not found:
            return [_NO_LEVEL[self.standing.level]()]
        names = {
            "access": _("Access"),
            "participation": _("Participation"),
            "control": _("Control"),
            "benefit": _("Benefit"),
        }
        met = [words for name, words in names.items() if getattr(found, name)]
        return met or [_("None of the four measures is met")]


_NO_LEVEL = {
    Level.NOT_COUNTED: lambda: _("No activity that counts in this period"),
    Level.NO_DATA: lambda: _("Nobody counted women and men"),
    Level.MEN_WITH_GENDER_GOAL: lambda: _("Made for men, with an approved gender analysis"),
}


def order_of(name: str) -> str:
    """The order of this name, by program when none is named; Refused for one that is not known."""
    if (name or "program").removeprefix("-") not in ORDERS:
        raise Refused(Problem("ordering", "unknown_value", _("Choose an order from the list.")))
    return name or "program"


class StandingList:
    """The rows of a filter below some villages, `program` alone when one is named.

    Programs with activities come first, those without any after them. Five statements for a page.
    """

    definition = DEFINITION_VERSION

    def __init__(
        self,
        villages: VillageQuerySet,
        flt: BoardFilter,
        *,
        program: UUID | None = None,
        ordering: str = "program",
    ):
        self.villages, self.flt, self.ordering = villages.settled(), flt, ordering
        self.scope = {"program": program} if program else {}

    @cached_property
    def _counted(self) -> QuerySet[Any, Any]:
        months = months_of(self.villages, self.flt).filter(**self.scope)
        rows = by_program(months, *WORDS).annotate(level=level_expression())
        levels = LEVELS.get(self.flt.level, LEVEL_COLUMNS)
        return rows.filter(level__in=[level for level in levels if level != Level.NOT_COUNTED])

    @cached_property
    def _idle(self) -> QuerySet[Any, Any]:
        """Those that run without an activity, and those of which all were called off."""
        if self.flt.level and Level.NOT_COUNTED not in LEVELS[self.flt.level]:
            return ProgramVillage.objects.none()
        months = ProgramVillageMonth.objects.within(self.flt.when).filter(
            program=OuterRef("program"), village=OuterRef("village"), basis=self.flt.basis
        )
        running = running_in(self.villages, self.flt).order_by().values("pk")
        targets = ProgramVillage.objects.filter(self.flt.programs(), village__in=self.villages)
        return targets.filter(
            Q(pk__in=running) | Exists(months),
            ~Exists(months.filter(activities__gt=0)),
            **self.scope,
        )

    @cached_property
    def _sums(self) -> dict[str, int]:
        levels = {
            f"n_{column}": Count("level", filter=Q(level=level))
            for level, column in LEVEL_COLUMNS.items()
        }
        heads = {f"all_{name}": Sum(f"sum_{name}") for name in Heads.columns()}
        return self._counted.order_by().aggregate(**levels, **heads)

    @cached_property
    def levels(self) -> Levels:
        return Levels.of_row(self._sums, "n_")

    @cached_property
    def heads(self) -> Heads:
        """People and activities of the programs listed, none of those without activity."""
        return Heads.of_row(self._sums, "all_")

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @cached_property
    def idle(self) -> int:
        return self._idle.count()

    def __len__(self) -> int:
        return sum(self.levels.at(level) for level in LEVEL_COLUMNS) + self.idle

    def __getitem__(self, part: slice) -> list[Row]:
        """The rows of one page."""
        start, stop = part.start or 0, len(self) if part.stop is None else part.stop
        first_idle = len(self) - self.idle
        rows = list(self._of_counted(start, min(stop, first_idle))) if start < first_idle else []
        if stop > first_idle:
            rows += self._of_idle(max(start - first_idle, 0), stop - first_idle)
        return rows

    def _of_counted(self, start: int, stop: int) -> Iterator[Row]:
        turned = self.ordering.startswith("-")
        names = ORDERS[self.ordering.removeprefix("-")]
        order = [f"-{name}" for name in names] if turned else names
        for row in self._counted.order_by(*order)[start:stop]:
            yield self._row(row, Standing.of(row))

    def _of_idle(self, start: int, stop: int) -> Iterator[Row]:
        order = _IDLE_ORDERS.get(self.ordering.removeprefix("-"), ORDERS["program"])
        rows = self._idle.order_by(*order).values("program_id", *WORDS)
        for row in rows[start:stop]:
            yield self._row(row, Standing())

    def _row(self, row: dict[str, Any], standing: Standing) -> Row:
        village = row["village__code"]
        query = self.flt.but(level="").activities_query(program=row["program_id"], village=village)
        return Row(
            row["program_id"],
            row["program__title"],
            owner_of(row),
            village,
            village_title(row["village__kind"], row["village__name"]),
            district_title(row["village__district__name"]),
            standing,
            query,
        )


def owner_of(row: dict[str, Any]) -> str:
    """Whose a program is: the office, "Kecamatan Kuaro" or "Desa Janju"."""
    if name := row["program__owner_opd__name"]:
        return name
    if name := row["program__owner_district__name"]:
        return district_title(name)
    return village_title(row["program__owner_village__kind"], row["program__owner_village__name"])
