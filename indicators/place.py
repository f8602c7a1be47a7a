"""Which regency a page of indices is about: these are figures of regencies, never of villages."""

from __future__ import annotations

from django.conf import settings

from villages.models import Regency

KEEP = "manage_indicators"


def regency_code(user) -> str:
    """The portal's own regency where she works in it, else the first of hers."""
    hers = set(user.regencies_with("view").values_list("code", flat=True))
    if not hers:
        villages = user.villages_with("view").order_by()
        hers = set(villages.values_list("district__regency__code", flat=True)[:1])
    return settings.PUG_REGENCY if settings.PUG_REGENCY in hers or not hers else min(hers)


def kept_regencies(user) -> list[Regency]:
    """Regencies whose indices and population she keeps, the portal's own first."""
    rows = user.regencies_with(KEEP).order_by("code")
    return sorted(rows, key=lambda one: (one.code != settings.PUG_REGENCY, one.code))
