"""Women in decision making: the page and its file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.downloads import asked_format, download
from core.tables import Column, Table

from .deciding import Deciding, Line, deciding_of
from .exports import notes_of, reading
from .place import place_asked
from .views import Asked, filtered

_COLUMNS = (
    Column("village_code", gettext_lazy("Village code"), "code", paper=False),
    Column("village", gettext_lazy("Village")),
    Column("district", gettext_lazy("District")),
    Column("activities", gettext_lazy("Activities that count"), "count"),
    Column("deciders", gettext_lazy("Women among those deciding"), "share"),
    Column("deliberations", gettext_lazy("Village deliberations"), "count"),
    Column("deliberation_present", gettext_lazy("Women present at deliberations"), "share"),
    Column("proposals", gettext_lazy("Proposals of women accepted"), "count"),
)


@filtered
def deciding(request, asked: Asked):
    """Who decides, by district, kind of activity and village."""
    place = place_asked(request, asked)
    shown = deciding_of(place, asked.flt)
    if fmt := asked_format(request):
        return download(_table(shown, place.title, asked.read_at), fmt, request=request)
    context = {
        "board": shown,
        "asked": asked,
        "flt": asked.flt,
        "place": place,
        "back_url": place.board_url(asked.flt),
    }
    return render(request, "dashboards/deciding.html", context)


def _table(board: Deciding, place: str, now: datetime) -> Table:
    title = _("Women in decision making, %(place)s") % {"place": place}
    rows = [(one.code, one.title, one.place, *_cells(one)) for one in board.villages]
    total = ("", _("Total"), "", *_cells(board.total))
    notes = notes_of(board.flt, place, board.newest, now)
    stem = f"pengambilan-keputusan-{board.flt.when.code}"
    return Table(stem, title, _COLUMNS, rows, notes, total, reading())


def _cells(one: Line) -> tuple[Any, ...]:
    voices, forum = one.voices, one.forum
    accepted = voices.women_proposals_accepted if voices.activities else None
    return voices.activities, voices.deciders, forum.activities, forum.present, accepted
