"""The lists behind the counts of a board: each count with the address of what it adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.involvement import Level
from programs.models import Review, ReviewStep
from programs.rollups import LEVEL_COLUMNS
from villages.models import VillageQuerySet

from .counts import Heads, Levels
from .filters import BoardFilter


@dataclass(frozen=True)
class Counted:
    """One count of a board. `kind`: rows (programs in villages) or activities; `url` lists them."""

    kind: str
    label: str
    number: int
    url: str


def lists_behind(
    levels: Levels, idle: int | None, heads: Heads, flt: BoardFilter, **place: Any
) -> tuple[Counted, ...]:
    """Programs by level, those without activity (`idle`), then the activities.

    `place` narrows the lists to what the board is about: area= or program=.
    """
    return (*_programs(levels, idle, flt, place), *_activities(heads, flt, place))


def _programs(
    levels: Levels, idle: int | None, flt: BoardFilter, place: dict[str, Any]
) -> Iterator[Counted]:
    counts = {level: levels.at(level) for level in LEVEL_COLUMNS}
    if idle is not None:
        counts[Level.NOT_COUNTED] = idle
    page = reverse("dashboards:standings")
    for level, number in counts.items():
        query = flt.programs_query(**place, level=level.code)
        yield Counted("rows", str(level.label), number, f"{page}?{query}")


def _activities(heads: Heads, flt: BoardFilter, place: dict[str, Any]) -> Iterator[Counted]:
    page = reverse("programs:activity-list")
    for label, number, more in (
        (_("Activities"), heads.activities, {}),
        (_("Activities with women and men counted"), heads.counted, {"counted": 1}),
        (_("Activities with at least one woman"), heads.with_women, {"women": 1}),
        (_("Activities cancelled or postponed"), heads.called_off, {"called_off": 1}),
    ):
        query = flt.activities_query(**place, **more)
        yield Counted("activities", label, number, f"{page}?{query}")


def verified_in(villages: VillageQuerySet) -> datetime | None:
    """When a record of these villages was last verified."""
    steps = Review.objects.filter(step=ReviewStep.VERIFIED, activity__village__in=villages)
    return steps.aggregate(last=Max("at"))["last"]
