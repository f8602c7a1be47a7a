"""How a share moved between two periods: in points, from the percentages as the page shows them."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .counts import Share


def tenths(share: Share) -> int | None:
    """Tenths of a percent, half up, as `core.formats.percent` shows them; None without a share."""
    if not share or not share[1]:
        return None
    part, whole = share
    return (2000 * part + whole) // (2 * whole)


def points(now: Share, before: Share) -> int | None:
    """Tenths of a point between two shares; None where one of them is missing.

    The difference of the two rounded percentages: a reader who subtracts finds the same.
    """
    first, second = tenths(before), tenths(now)
    return None if first is None or second is None else second - first


def points_text(moved: int | None) -> str:
    """+4,2 · −1,0 · 0,0 · – for a table's cell."""
    if moved is None:
        return "–"
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    return sign + amount(moved)


def moved_text(moved: int | None) -> str:
    """ "up 4.2" · "down 1.0" · "0.0" · "" for a file, where a leading sign means a formula."""
    if not moved:
        return "" if moved is None else amount(moved)
    words = _("up %(points)s") if moved > 0 else _("down %(points)s")
    return words % {"points": amount(moved)}


def amount(moved: int) -> str:
    """4,2 from 42 or -42 tenths."""
    return number_format(abs(moved) / 10, decimal_pos=1)


def change_text(moved: int | None, against: str) -> str:
    """ "up 4.2 points from 2025" as a sentence; says so where there is nothing to compare."""
    if moved is None:
        return _("Nothing to compare with yet")
    words = {"points": amount(moved), "period": against}
    if moved > 0:
        return _("up %(points)s points from %(period)s") % words
    if moved < 0:
        return _("down %(points)s points from %(period)s") % words
    return _("the same as in %(period)s") % words
