"""Villages that no facilitator has as a village of her own, and who is near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from villages.models import District, Village

from .load import facilitated, near


@dataclass(frozen=True)
class Bare:
    """One village without a facilitator of its own; `near`: who has its whole district."""

    village: Village
    near: tuple[str, ...]

    @property
    def district(self) -> District:
        return self.village.district


def without(villages: QuerySet[Village], today: date) -> list[Bare]:
    """Those of them without anybody, by district and name. Three queries."""
    names = facilitated(villages, today)
    rows = villages.exclude(pk__in=names).select_related("district")
    found = list(rows.order_by("district__name", "district", "name", "pk"))
    around = near({one.district_id for one in found}, today)
    return [Bare(one, around.get(one.district_id, ())) for one in found]
