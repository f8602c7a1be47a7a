"""Where a page about programs looks: the area asked for, else the person's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from villages.models import VillageQuerySet

from .areas import LARGE, Area, find_area, home_area
from .boards import newest_in, villages_in
from .filters import BoardFilter

if TYPE_CHECKING:
    from .views import Asked


@dataclass(frozen=True)
class Place:
    """The villages of a page. `area`: None for several villages that make up none."""

    area: Area | None
    villages: VillageQuerySet

    @cached_property
    def newest(self) -> datetime | None:
        """When a record of these villages last came in or changed."""
        return newest_in(self.villages)

    @property
    def title(self) -> str:
        return self.area.title if self.area else _("everything within reach")

    @property
    def params(self) -> dict[str, str]:
        """What narrows other pages to the same place."""
        return {"area": self.area.code} if self.area else {}

    def board_url(self, flt: BoardFilter) -> str:
        """The board of the same place, period and choice of programs."""
        if not self.area:
            return f"{reverse('dashboards:board')}?{flt.query}"
        return f"{reverse('dashboards:area', args=[self.area.code])}?{flt.query}"


def area_asked(user, code: str) -> Area | None:
    """The area of this code, None when none is named; 404 outside her reach."""
    if not code:
        return None
    found = find_area(user, code)
    if not found:
        raise Http404
    return found


def area_or_home(user, code: str) -> Area | None:
    """The area of this code; when none is named, the one where her overview begins."""
    return area_asked(user, code) if code else home_area(user, settings.PUG_REGENCY)


def villages_asked(user, area: Area | None, flt: BoardFilter) -> VillageQuerySet:
    """Those of the area, or all of hers; Refused for a district that is not among them."""
    if area:
        return villages_in(user, area, flt)
    hers = user.villages_with("view")
    villages = hers.under(flt.district) if flt.district else hers
    if flt.district and not villages.exists():
        raise Refused(Problem("district", "unknown_value", _("Choose one from the list.")))
    return villages


def place_asked(request, asked: Asked) -> Place:
    """The area of the address, else where her overview begins; 404 outside her reach, without
    villages, and above a regency, whose programs nobody reads one by one.

    The page counts programs on all levels: Refused for a filter that names one.
    """
    if asked.flt.level:
        words = _("This page counts programs on all levels. Take this choice away.")
        raise Refused(Problem("level", "not_here", words))
    asked.form.fields.pop("level", None)
    user, code = request.user, request.GET.get("area", "")
    area = area_or_home(user, code)
    if area and area.level in LARGE:
        raise Http404
    villages = villages_asked(user, area, asked.flt)
    if not area and not villages.exists():
        raise Http404
    return Place(area, villages)
