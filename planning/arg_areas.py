"""For which areas somebody may ask the gender budget, and which one is hers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from villages.models import District, Opd, Regency, Village

from .arg import Area

_MODELS = {"regency": Regency, "opd": Opd, "district": District, "village": Village}
#: More villages than this are reached through their district's recap.
MOST_VILLAGES = 300


def whole_regencies(user) -> list[Regency]:
    """Regencies of which she sees every office, and so the whole gender budget."""
    hers = user.opds_with("view")
    seen = user.regencies_with("view").exclude(opds__in=_others(hers))
    return list(seen.distinct().order_by("code"))


def _others(hers):
    return Opd.objects.exclude(pk__in=hers)


def areas_of(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """(kind, choices) with "opd:7" … as values: what she may choose on the page."""
    villages = user.villages_with("view").live().exclude(kind=Village.Kind.KELURAHAN)
    if villages.count() > MOST_VILLAGES:
        villages = villages.under(settings.PUG_REGENCY)
    villages = villages.select_related("district").order_by("district__name", "name")
    groups = [
        (_("Regency"), [(key_of(one), one.name) for one in whole_regencies(user)]),
        (_("Offices"), [(key_of(one), one.name) for one in user.opds_with("view")]),
        (
            _("Districts"),
            [
                (key_of(one), _("District %(name)s") % {"name": one.name})
                for one in user.districts_with("view").filter(ended_on=None).order_by("name")
            ],
        ),
        (_("Villages"), [(key_of(one), f"{one.title}, {one.district.name}") for one in villages]),
    ]
    return [(kind, choices) for kind, choices in groups if choices]


def key_of(area: Area) -> str:
    return f"{area._meta.model_name}:{area.pk}"


def area_named(key: str) -> Any:
    """The area that "opd:7" names; whether it may be asked for, the list of choices says."""
    kind, _colon, number = key.partition(":")
    return _MODELS[kind].objects.get(pk=int(number))


def regency_of(area: Area) -> Regency:
    if isinstance(area, Regency):
        return area
    return area.district.regency if isinstance(area, Village) else area.regency
