"""Targets as boards read them: an area's own, else that of the area above."""

from __future__ import annotations

from collections.abc import Iterable

from .models import InvolvementTarget

#: Lengths of a village's, a district's and a regency's code, from the nearest to the farthest.
_NEAREST_FIRST = (13, 8, 5)


def targets_of(codes: Iterable[str], year: int) -> dict[str, int]:
    """{area code: percent that is to be reached} for the areas that have a target, their own or
    the nearest above. One query."""
    codes = list(codes)
    asked = {code[:length] for code in codes for length in _NEAREST_FIRST if len(code) >= length}
    own = own_targets(asked, year)
    found = {code: _nearest(code, own) for code in codes}
    return {code: percent for code, percent in found.items() if percent is not None}


def own_targets(codes: Iterable[str], year: int) -> dict[str, int]:
    """{area code: percent} for the areas that have a target of their own. One query."""
    rows = InvolvementTarget.objects.filter(year=year, area_code__in=list(codes))
    return dict(rows.values_list("area_code", "percent"))


def _nearest(code: str, own: dict[str, int]) -> int | None:
    for length in _NEAREST_FIRST:
        if len(code) >= length and code[:length] in own:
            return own[code[:length]]
    return None


def target_of(code: str, year: int) -> int | None:
    """The percent an area is to reach in a year; None without a target."""
    return targets_of([code], year).get(code)
