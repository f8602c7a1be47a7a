"""Intent beside achievement: the matrix, and the programs behind each of its numbers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render

from core.downloads import asked_format, download

from . import intent, intent_file
from .place import place_asked
from .views import Asked, filtered

ROWS = 50
#: As many of each list stand on the first page.
FIRST = 10


@filtered
def intent_board(request, asked: Asked):
    """Programs by marker and by what they reached; one list when the address names it."""
    word = intent.list_of(request.GET.get("list", ""))
    place = place_asked(request, asked)
    shown = intent.intent_of(place, asked.flt)
    if fmt := asked_format(request):
        table = intent_file.intent_table(shown, word, place.title, asked.read_at)
        return download(table, fmt, request=request)
    context = {
        "board": shown,
        "asked": asked,
        "flt": asked.flt,
        "place": place,
        "back_url": place.board_url(asked.flt),
        "word": word,
        "first": FIRST,
    }
    if word:
        found = shown.listed(word)
        context |= {
            "title": intent.list_title(word),
            "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        }
    return render(request, "dashboards/intent.html", context)
