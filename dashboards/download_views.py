"""The page of everything that can be downloaded, and of what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from programs.models import Activity, Program
from villages.models import Level

from . import boards
from .areas import LARGE, Area, home_area
from .filters import BoardFilter
from .standing_list import StandingList
from .views import Asked, filtered

#: Downloads shown: of her own, and of those whom an auditor looks after.
SHOWN, AUDITED = 10, 50
#: Nobody is helped by counting further.
MOST_COUNTED = 100_000
FILES = ("csv", "xlsx", "pdf")


@dataclass(frozen=True)
class Offer:
    """One thing to download: what a row is, about how many rows, where, as what."""

    title: str
    row: str
    rows: int | None
    url: str
    formats: tuple[str, ...] = FILES

    @property
    def links(self) -> Iterator[tuple[str, str]]:
        mark = "&" if "?" in self.url else "?"
        for one in self.formats:
            yield ("GeoJSON" if one == "geojson" else one.upper()), f"{self.url}{mark}format={one}"


@filtered
def downloads(request, asked: Asked):
    """What she may download of a period, and what she last did; for auditors, others too."""
    user, flt = request.user, asked.flt
    area = home_area(user, settings.PUG_REGENCY)
    if not area and not user.villages_with("view").exists():
        raise Http404
    context = {
        "asked": asked,
        "flt": flt,
        "area": area,
        "offers": list(_offers(user, area, flt)),
        "last": audit.downloads_of([user], SHOWN),
        "others": _others(user),
    }
    return render(request, "dashboards/downloads.html", context)


def _others(user) -> Any:
    """Downloads of the people within an auditor's reach; None for who is none."""
    if "audit" not in user.capabilities:
        return None
    return audit.downloads_of(User.objects.permitting(user, "audit"), AUDITED)


def _offers(user, area: Area | None, flt: BoardFilter) -> Iterator[Offer]:
    board = boards.area_board(user, area, flt) if area else boards.own_board(user, flt)
    lists = reverse("programs:activity-list")
    yield Offer(
        _("Activities that count"),
        _("one activity"),
        board.total.heads.activities,
        f"{lists}?{flt.activities_query()}",
    )
    every = {name: flt.params[name] for name in _OF_LIST if name in flt.params}
    yield Offer(
        _("All activities sent in, whatever their state"),
        _("one activity"),
        _few(user, BoardFilter(**every)),
        f"{lists}?{BoardFilter(**every).query}",
    )
    villages = boards.villages_in(user, area, flt) if area else user.villages_with("view")
    yield Offer(
        _("Programs in villages, with their level"),
        _("one program in one village"),
        len(StandingList(villages, flt)),
        f"{reverse('dashboards:standings')}?{flt.programs_query()}",
    )
    programs = Program.objects.visible_to(user)
    running = programs.filter(year_from__lte=flt.year, year_to__gte=flt.year)
    yield Offer(
        _("Programs"),
        _("one program"),
        running.count(),
        f"{reverse('programs:program-list')}?year={flt.year}",
    )
    if area and area.level != Level.VILLAGE:
        yield from _of_area(area, board, flt)


def _few(user, flt: BoardFilter) -> int | None:
    """How many records there are of the filter's days and district; None for very many."""
    days = (flt.first_day, flt.last_day)
    found = Activity.objects.visible_to(user).filter(held_on__range=days)
    if flt.district:
        found = found.filter(village__district__code=flt.district)
    number = found[: MOST_COUNTED + 1].count()
    return number if number <= MOST_COUNTED else None


#: What narrows the list of all activities, whatever their program.
_OF_LIST = ("year", "semester", "quarter", "month", "district")


def _of_area(area: Area, board: boards.AreaBoard, flt: BoardFilter) -> Iterator[Offer]:
    if area.level in LARGE:
        title, row, rows = _("Areas and their figures"), _("one area"), len(board.districts)
    else:
        title, row, rows = _("Villages and their figures"), _("one village"), len(board.villages)
    address = reverse("dashboards:area", args=[area.code])
    yield Offer(title, row, rows, f"{address}?{flt.query}")
    outlines = f"{address}?{flt.query}"
    yield Offer(_("Map with figures"), row, rows, outlines, ("geojson",))
