"""Months without activities: said, and taken back."""

from __future__ import annotations

import re

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Problem, Refused
from villages.models import Village

from ..models import NothingToReport
from ..services import declare_nothing, withdraw_nothing
from ..views.shared import chosen_village, forbid, pick_village, uid_or_none
from .months import months_of

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@require_http_methods(["GET", "HEAD", "POST"])
def nothing(request):
    """The last twelve months of a village, newest first; each without records can be declared."""
    villages = Village.objects.permitting(request.user, "log").live()
    village = chosen_village(request, villages)
    if village is None:
        return pick_village(request, villages)
    refusal = None
    if request.method == "POST":
        try:
            return _done(request, village, _act(request, village))
        except Refused as refused:
            forbid(refused)
            refusal = refused.problems[0].detail
    months = months_of(village, timezone.localdate())[::-1]
    context = {
        "village": village,
        "without": [month for month in months if not month.records],
        "recorded": [month for month in months if month.records],
        "several": villages.count() > 1,
        "refusal": refusal,
    }
    return render(request, "phone/nothing.html", context, status=422 if refusal else 200)


def _act(request, village: Village) -> str:
    """What was pressed; the sentence that says it is done."""
    uid = request.POST.get("withdraw")
    if uid:
        rows = NothingToReport.objects.permitting(request.user, "log").filter(village=village)
        declared = withdraw_nothing(
            get_object_or_404(rows, pk=uid_or_none(uid)), actor=request.user
        )
        words = _("Taken back: %(month)s.")
    else:
        year, month = _month_in(request.POST.get("month", ""))
        declared = declare_nothing(village, year=year, month=month, actor=request.user)
        words = _("Noted: no activity in %(month)s.")
    return words % {"month": date_format(declared.first, "F Y")}


def _month_in(text: str) -> tuple[int, int]:
    named = _MONTH.fullmatch(text)
    if named is None:
        raise Refused(Problem("month", "unknown_month", _("Choose a month from the list.")))
    return int(named[1]), int(named[2])


def _done(request, village: Village, words: str):
    messages.success(request, words)
    return redirect(f"{reverse('programs:phone-nothing')}?village={village.code}")
