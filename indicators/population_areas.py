"""Areas whose population may be looked at: nation and province where there are figures, and what
lies within one's reach."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from villages.models import District, Population, Village

from .reading import NATION, area_names

#: (value, name) or (group, [(value, name)]).
Choices = list[tuple[str, Any]]


def areas_below(user, code: str) -> dict[str, str]:
    """{code: name} of the districts of a regency or the villages of a district, as she sees."""
    if len(code) == 5:
        rows = District.reference.filter(regency__code=code, ended_on=None).order_by("name")
    elif len(code) == 8:
        rows = Village.objects.visible_to(user).live().filter(district__code=code).order_by("name")
    else:
        return {}
    names = area_names(rows.values_list("code", flat=True))
    return {one.code: names[one.code] for one in rows}


def within_sight(user, rows: QuerySet[Population]) -> QuerySet[Population]:
    """Figures above villages are everybody's; a village's are for those who see the village."""
    villages = Village.objects.visible_to(user).order_by()
    above = rows.annotate(letters=Length("area_code")).filter(letters__lt=13)
    return rows.filter(Q(pk__in=above.values("pk")) | Q(area_code__in=villages.values("code")))


def may_look(user, code: str) -> bool:
    """A village that she sees; above villages figures are everybody's."""
    if len(code) == 13:
        return Village.objects.visible_to(user).filter(code=code).exists()
    return True


def choices_for(user, regency: str, code: str) -> Choices:
    """What the page's box of areas offers, in groups: what is above, the regency, its districts;
    and the villages beside `code`."""
    above = Population.objects.visible_to(user).filter(area_code__in=(NATION, regency[:2]))
    codes = [*sorted(set(above.values_list("area_code", flat=True))), regency]
    names = area_names(codes)
    found: Choices = [("", [(one, names[one]) for one in codes])]
    found.append((_("Districts"), list(areas_below(user, regency).items())))
    if len(code) >= 8:
        found.append((_("Villages"), list(areas_below(user, code[:8]).items())))
    return found


def kept_choices(user, regency: str) -> Choices:
    """Areas for which she may enter a figure: regency, districts, villages by district."""
    names = area_names([regency])
    found: Choices = [(regency, names[regency])]
    districts = District.reference.filter(regency__code=regency, ended_on=None).order_by("name")
    found.append((_("Districts"), [(one.code, one.name) for one in districts]))
    villages: dict[str, list[tuple[str, str]]] = {}
    rows = user.villages_with("manage_indicators").live().filter(district__regency__code=regency)
    for one in rows.select_related("district").order_by("district__name", "name"):
        villages.setdefault(one.district.name, []).append((one.code, one.title))
    found += villages.items()
    if user.covers_everything_with("manage_indicators"):
        above = area_names([NATION, regency[:2]])
        found = [(NATION, above[NATION]), (regency[:2], above[regency[:2]]), *found]
    return found
