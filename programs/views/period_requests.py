"""Requests to correct closed figures: asked by villages and reviewers, answered by the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused

from ..closing import closing_of, figures_now, figures_of, name_of
from ..forms import AnswerForm, CorrectionRequestForm
from ..models import CorrectionRequest, RequestState
from ..period_rows import Compared
from ..services import answer_request, ask_correction, may_close
from .periods import address_of, asked_of, closed_or_404
from .shared import forbid, form_page, require


@require_http_methods(["GET", "HEAD", "POST"])
def period_ask(request, code):
    """Ask the office to make the closed figures of a village anew."""
    period, regency, newest = closed_or_404(request, code)
    villages = asked_of(request, regency)
    require(villages.exists())
    form = CorrectionRequestForm(
        request.POST or None, villages=villages, initial=_village_named(request)
    )
    if form.is_valid():
        try:
            ask_correction(newest, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The office was asked. Its answer appears on this page."))
            return redirect(address_of(regency, period))
    context = {"period": period, "name": name_of(period), "regency": regency}
    return form_page(request, "programs/period_ask.html", form, **context)


def _village_named(request: HttpRequest) -> dict[str, str]:
    code = request.GET.get("village", "")
    return {"village": code} if code else {}


@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request, pk):
    """Yes, with a new revision, or no; either with a word to the one who asked."""
    rows = CorrectionRequest.objects.visible_to(request.user)
    asked = get_object_or_404(
        rows.select_related("snapshot__regency", "village__district", "asked_by"), pk=pk
    )
    regency, period = asked.snapshot.regency, asked.snapshot.period
    require(may_close(regency, request.user))
    if asked.state != RequestState.OPEN:
        messages.warning(request, _("Somebody answered this request already."))
        return redirect(address_of(regency, period))
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            answer_request(asked, actor=request.user, **form.said())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your answer was sent."))
            return redirect(address_of(regency, period))
    context = {"asked": asked, "period": period, "name": name_of(period), "regency": regency}
    context["area"] = _then_and_now(request, asked)
    return form_page(request, "programs/period_answer.html", form, **context)


def _then_and_now(request: HttpRequest, asked: CorrectionRequest) -> Compared:
    """The village's closed figures in force beside those of today."""
    villages = request.user.villages_with("view").filter(pk=asked.village_id)
    regency, period = asked.snapshot.regency, asked.snapshot.period
    newest = closing_of(regency.code, period) or asked.snapshot
    then = figures_of(newest, villages)
    return Compared(then.total, figures_now(villages, period).total)
