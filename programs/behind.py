"""The records behind a figure: which of them its sums are made of, and what they add up to.

The rules are those of the read models (`rollups`, `involvement`), asked of the facts themselves,
so that a list and the figure that leads to it say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from django.db.models import Exists, OuterRef

from .involvement import Level, Sums, level_expression
from .models import Basis, ProgramVillageMonth
from .models.activity import ActivityQuerySet
from .periods import Period
from .rollups import AGGREGATES, BASES, by_program


def on_basis(activities: ActivityQuerySet, basis: str) -> ActivityQuerySet:
    """The records that enter the sums of this basis, held or called off."""
    states = [state for state, bases in BASES.items() if Basis(basis) in bases]
    return activities.weighed().filter(state__in=states)


def at_levels(
    activities: ActivityQuerySet, levels: Iterable[Level], period: Period, basis: str
) -> ActivityQuerySet:
    """Records of programs that stand on one of `levels` in their village, period and basis."""
    months = ProgramVillageMonth.objects.filter(
        program=OuterRef("program"), village=OuterRef("village"), basis=basis
    )
    rows = by_program(months.within(period), sums=[field.name for field in fields(Sums)])
    reached = rows.annotate(level=level_expression()).filter(level__in=list(levels))
    return activities.filter(Exists(reached))


def sums_of(activities: ActivityQuerySet) -> dict[str, int]:
    """What these records add up to, by the names of `models.rollup.Heads`. One statement."""
    wanted = {"sum_" + name: what for name, what in AGGREGATES.items()}
    found = activities.order_by().aggregate(**wanted)
    return {name: found["sum_" + name] for name in AGGREGATES}
