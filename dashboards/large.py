"""The rows of a province or of the nation: its regencies or provinces, summed by the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from programs.involvement import Headline
from programs.models import Basis, VillagePeriod
from villages.models import Village

from .areas import NATION, Area
from .counts import Heads, Levels
from .filters import BoardFilter

_APART = ("women_target_involved", "women_target_judged")
_COLUMNS = (*_APART, *Levels.columns(), *Heads.columns())


def large_rows(
    area: Area, flt: BoardFilter, *, by_regency: bool = False
) -> Iterator[tuple[Any, ...]]:
    """(code, name, levels, heads, women only, sent, villages, villages reporting) of each part,
    by code; the nation's parts are its provinces, unless its regencies are asked for. The
    caller has made sure that all of the area is in the person's reach. Three queries; Refused
    for what only a regency's months can answer."""
    _refuse_narrow(flt)
    regency = "district__regency"
    by_province = area.level == NATION and not by_regency
    part = f"{regency}__province" if by_province else regency
    within = {} if area.level == NATION else {f"{regency}__province__code": area.code}
    villages = Village.objects.live().filter(**within).order_by().values_list(f"{part}__code")
    known = villages.annotate(Count("pk")).values_list(
        f"{part}__code", f"{part}__name", "pk__count"
    )
    counted = _by_part(part, within, flt, flt.basis, _COLUMNS)
    sent = _by_part(part, within, flt, Basis.REPORTED, ("activities",))
    heads_from = len(_APART) + len(Levels.columns())
    for code, name, number in sorted(known):
        _reporting, *sums = counted.get(code, _NOTHING)
        reporting, activities = sent.get(code, (0, 0))
        levels, heads = Levels(*sums[len(_APART) : heads_from]), Heads(*sums[heads_from:])
        yield code, name, levels, heads, Headline(sums[0], sums[1]), activities, number, reporting


_NOTHING = (0,) * (1 + len(_COLUMNS))


def _by_part(
    part: str, within: dict[str, str], flt: BoardFilter, basis: str, columns: Iterable[str]
) -> dict[str, Any]:
    """{code: (villages with activities, the sums …)}, from an index that holds every column."""
    place = {f"village__{name}": value for name, value in within.items()}
    periods = VillagePeriod.objects.of(flt.year, flt.semester, basis).filter(**place)
    sums = {f"sum_{name}": Sum(name) for name in columns}
    rows = periods.order_by().values_list(f"village__{part}__code")
    found = rows.annotate(reporting=Count("village", filter=Q(activities__gt=0)), **sums)
    return {code: numbers for code, *numbers in found}


def _refuse_narrow(flt: BoardFilter) -> None:
    if flt.whole and not flt.district:
        return
    words = _(
        "Choose a regency first: so large an area is shown by year or semester, all programs."
    )
    asked = [name for name in flt.params if name not in ("year", "semester", "basis")]
    raise Refused(*(Problem(name, "area_too_large", words) for name in asked))
