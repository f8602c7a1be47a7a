"""What the large map may be coloured by: rates only, never totals (experience.md A6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .boards import AreaBoard, AreaRow
from .counts import Share
from .filters import BoardFilter
from .maps import Map, VillageShare, area_map
from .orders import Order


@dataclass(frozen=True)
class Measure:
    """One share of a village, by the name the address carries."""

    name: str
    label: Any
    of: Callable[[AreaRow], Share]


MEASURES = {
    measure.name: measure
    for measure in (
        Measure(
            "programs",
            gettext_lazy("Programs that involve women"),
            lambda row: row.headline.share,
        ),
        Measure(
            "activities", gettext_lazy("Activities with women"), lambda row: row.heads.coverage
        ),
        Measure(
            "participants",
            gettext_lazy("Women present"),
            lambda row: row.heads.participants,
        ),
        Measure(
            "deciders",
            gettext_lazy("Women deciding"),
            lambda row: row.heads.deciders,
        ),
        Measure(
            "beneficiaries",
            gettext_lazy("Women benefiting"),
            lambda row: row.heads.beneficiaries,
        ),
    )
}
USUAL = MEASURES["programs"]


@dataclass(frozen=True)
class MeasuredVillage:
    """One village on the list beside the map."""

    row: AreaRow
    share: Share


def measured(board: AreaBoard, measure: Measure, order: Order) -> list[MeasuredVillage]:
    """The villages by this measure, in this order."""
    found = [MeasuredVillage(row, measure.of(row)) for row in board.villages]
    return sorted(found, key=lambda one: order.key((one.row, one.share)))


def map_of(board: AreaBoard, flt: BoardFilter, measure: Measure = USUAL) -> Map | None:
    """The map of the board's area; None for a board of no one area, or without outlines."""
    if not board.area.code:
        return None
    return area_map(board.area.code, _shares(board.villages, flt, measure))


def _shares(rows: Iterable[AreaRow], flt: BoardFilter, measure: Measure) -> Iterator[VillageShare]:
    for row in rows:
        part, whole = measure.of(row) or (0, 0)
        address = f"{reverse('dashboards:area', args=[row.code])}?{flt.query}"
        label = "" if measure is USUAL else _sentence(row, measure)
        yield VillageShare(row.code, row.title, row.district, part, whole, address, label)


def _sentence(row: AreaRow, measure: Measure) -> str:
    words = {"village": row.title, "district": row.place, "measure": measure.label}
    share = measure.of(row)
    if share is None:
        return _("%(village)s, %(district)s: without data") % words
    words |= {"n": share[0], "m": share[1]}
    return _("%(village)s, %(district)s. %(measure)s: %(n)s of %(m)s") % words
