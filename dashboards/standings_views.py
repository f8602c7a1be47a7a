"""The list of programs in villages to which every figure about programs leads."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.downloads import asked_format, download, formats_for
from core.errors import Problem, Refused
from programs.involvement import Level
from programs.models import Program
from villages.models import VillageQuerySet

from . import exports
from .areas import Area, find_area
from .boards import newest_in, villages_in
from .filter_form import BoardFilterForm
from .filters import BoardFilter
from .standing_list import StandingList, order_of
from .views import Asked, filtered

ROWS = 50


@filtered
def standings(request, asked: Asked):
    """Programs in their villages: of an area or of one program, on the levels asked for."""
    params = request.GET
    area = area_asked(request.user, params.get("area", ""))
    program = _program(request.user, params.get("program", ""))
    villages = villages_asked(request.user, area, asked.flt)
    found = StandingList(
        villages,
        asked.flt,
        program=program.pk if program else None,
        ordering=order_of(params.get("ordering", "")),
    )
    newest = newest_in(villages)
    if fmt := asked_format(request):
        title = program.title if program else _("Programs in villages")
        place = area.title if area else _("everything within reach")
        table = exports.standings_table(found, title, place, newest, asked.read_at)
        return download(table, fmt, request=request)
    _offer_idle(asked.form)
    context = {
        "asked": asked,
        "flt": asked.flt,
        "area": area,
        "program": program,
        "list": found,
        "page": Paginator(found, ROWS).get_page(params.get("page")),
        "newest": newest,
        "formats": formats_for(len(found)),
        "back_query": asked.flt.but(level="").query,
        "narrowed": asked.flt.narrow or asked.flt.district or program,
    }
    return render(request, "dashboards/standings.html", context)


def area_asked(user, code: str) -> Area | None:
    """The area of this code, None when none is named; 404 outside her reach."""
    if not code:
        return None
    found = find_area(user, code)
    if not found:
        raise Http404
    return found


def _program(user, text: str) -> Program | None:
    if not text:
        return None
    try:
        uid = UUID(text)
    except ValueError as broken:
        words = _("Choose a program from the list.")
        raise Refused(Problem("program", "unknown_value", words)) from broken
    found = Program.objects.visible_to(user).filter(pk=uid).first()
    if not found:
        raise Http404
    return found


def villages_asked(user, area: Area | None, flt: BoardFilter) -> VillageQuerySet:
    """Those of the area, or all of hers; Refused for a district that is not among them."""
    if area:
        return villages_in(user, area, flt)
    hers = user.villages_with("view")
    villages = hers.under(flt.district) if flt.district else hers
    if flt.district and not villages.exists():
        raise Refused(Problem("district", "unknown_value", _("Choose one from the list.")))
    return villages


def _offer_idle(form: BoardFilterForm) -> None:
    """This list can be asked for programs without activity; a board has none to show."""
    level = cast(forms.ChoiceField, form.fields["level"])
    level.choices = [*level.choices, (Level.NOT_COUNTED.code, Level.NOT_COUNTED.label)]
