"""In which order the villages of a board stand; the address carries its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused

from .boards import AreaRow
from .counts import Share

#: A village with the share that its list is about.
Ranked = tuple[AreaRow, Share]


@dataclass(frozen=True)
class Order:
    """One order of a list of villages."""

    name: str
    label: Any
    key: Callable[[Ranked], Any]


def _lowest(one: Ranked) -> tuple:
    """Small shares first, of equal ones the one with more behind it; no share, at the end."""
    row, share = one
    part, whole = share or (2, 1)
    return part / whole, -whole, row.title, row.code


def _highest(one: Ranked) -> tuple:
    row, share = one
    part, whole = share or (-1, 1)
    return -part / whole, -whole, row.title, row.code


def _no_data(one: Ranked) -> tuple:
    row, share = one
    return -row.headline.no_data, share is not None, row.title, row.code


def _code(one: Ranked) -> tuple:
    row, _share = one
    return row.code[:8], row.name, row.code


ORDERS = {
    order.name: order
    for order in (
        Order("lowest", gettext_lazy("Lowest share first"), _lowest),
        Order("highest", gettext_lazy("Highest share first"), _highest),
        Order("no_data", gettext_lazy("Most without data first"), _no_data),
        Order("code", gettext_lazy("By district and name"), _code),
    )
}
#: A board asks first where the gap is widest.
USUAL = ORDERS["lowest"]


def order_of(name: str) -> Order:
    """The order of this name; the usual one when none is named."""
    found = ORDERS.get(name or USUAL.name)
    if not found:
        raise Refused(Problem("order", "unknown_value", _("Choose an order from the list.")))
    return found


def in_order(rows: Iterable[AreaRow], order: Order) -> list[AreaRow]:
    """Villages ordered by the share of programs that involve women."""
    return sorted(rows, key=lambda row: order.key((row, row.headline.share)))
