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

from . import exports
from .areas import LARGE
from .boards import newest_in
from .filter_form import BoardFilterForm
from .place import area_asked, area_or_home, villages_asked
from .standing_list import StandingList, order_of
from .views import Asked, filtered

ROWS = 50


@filtered
def standings(request, asked: Asked):
    """Programs in their villages: of an area or of one program, on the levels asked for."""
    params = request.GET
    program = _program(request.user, params.get("program", ""))
    named = area_asked if program else area_or_home
    area = named(request.user, params.get("area", ""))
    if area and area.level in LARGE and not program:
        words = _("So large an area has no list of programs. Choose a regency.")
        raise Refused(Problem("area", "area_too_large", words))
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


def _offer_idle(form: BoardFilterForm) -> None:
    """This list can be asked for programs without activity; a board has none to show."""
    level = cast(forms.ChoiceField, form.fields["level"])
    level.choices = [*level.choices, (Level.NOT_COUNTED.code, Level.NOT_COUNTED.label)]
