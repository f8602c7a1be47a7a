"""Scorecards of villages: all of them in a year, and one village with its years side by side."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download, formats_for
from programs.views.shared import page_of, require
from villages.models import Village

from ..card_filter import CardFilter, cards_table, rows_of
from ..card_years import compared, compared_table
from ..sight import is_inside

FIRST_YEAR = 2000


@require_safe
def cards(request):
    """Where the villages stand in one scorecard and year."""
    villages = Village.objects.visible_to(request.user).live()
    require(villages.exists())
    today = timezone.localdate()
    if not request.GET and villages.count() == 1:  # a village head is at home at once
        return redirect("indicators:cards-village", villages.get().code, today.year)
    found = CardFilter.of(request, villages, today)
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        return download(cards_table(found, timezone.now()), fmt, request=request)
    rows = villages.none() if problem else found.villages.select_related("district")
    page = page_of(request, rows)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "rows": [] if problem else rows_of(page.object_list, found.standing),
        "sums": None if problem else found.standing,
        "whole": 0 if problem else found.area.count(),
        "formats": formats_for(page.paginator.count),
        "year": found.year_asked,
        "may_open": "log" in request.user.capabilities,
        "may_import": "manage_indicators" in request.user.capabilities,
    }
    return render(request, "indicators/cards.html", context, status=422 if problem else 200)


@require_safe
def cards_village(request, code: str, year: int):
    """One village: every scorecard of the year, with the years before beside it."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    rows = Village.objects.visible_to(request.user).select_related("district__regency")
    village = get_object_or_404(rows, code=code)
    found = compared(village, year, everything=is_inside(request.user, village))
    if fmt := asked_format(request):
        return download(compared_table(village, year, found, timezone.now()), fmt, request=request)
    context = {
        "village": village,
        "year": year,
        "rows": found,
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < timezone.localdate().year else None,
        "may_open": Village.objects.permitting(request.user, "log").filter(pk=village.pk).exists(),
    }
    return render(request, "indicators/cards_village.html", context)


urlpatterns = [
    path("rapor/", cards, name="cards"),
    path("rapor/<str:code>/<int:year>/", cards_village, name="cards-village"),
]
