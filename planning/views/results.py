"""What an approved analysis has reached: by the village records, and as people entered it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from programs.views.shared import forbid, form_page, page_of, require
from villages.models import Village

from ..content import Content
from ..forms.results import ResultForm
from ..models import GenderAnalysis, Realisation
from ..progress import Progress, amount, finding
from ..realised import realised
from ..services.moves import holds
from ..services.outcomes import (
    approved_content,
    approved_version,
    enter_realisation,
    withdraw_realisation,
)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_results(request: HttpRequest, uid: UUID):
    rows = GenderAnalysis.objects.visible_to(request.user).with_owners()
    analysis = get_object_or_404(rows, pk=uid)
    version = approved_version(analysis)
    content = approved_content(version) if version else None
    writes = holds(request.user, "manage_plans", analysis)
    form = None
    if content and writes and any(not one.measure for one in content.indicators):
        form = ResultForm(
            request.POST or None,
            user=request.user,
            analysis=analysis,
            content=content,
            initial={"indicator": request.GET.get("indikator", "")},
        )
    if request.method == "POST":
        require(form is not None)
        if form.is_valid() and _entered(request, analysis, form):
            return redirect("planning:gap-results", analysis.pk)
    context = _context(request, analysis, content)
    context |= {"version": version, "analysis": analysis, "writes": writes}
    if form is None:
        return render(request, "planning/gap_results.html", context)
    return form_page(request, "planning/gap_results.html", form, **context)


def _entered(request, analysis: GenderAnalysis, form: ResultForm) -> bool:
    indicator = UUID(form.cleaned_data["indicator"])
    try:
        enter_realisation(analysis, indicator, actor=request.user, **form.values())
    except Refused as refusal:
        forbid(refusal)
        form.refuse(refusal)
        return False
    messages.success(request, _("The result is on file."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def result_withdraw(request: HttpRequest, uid: UUID):
    """Ask before an entered result is taken back; then do it."""
    rows = Realisation.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("analysis__program", "village"), pk=uid)
    analysis = found.analysis
    require(holds(request.user, "manage_plans", analysis))
    status = 200
    if request.method == "POST":
        try:
            withdraw_realisation(found, actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            status = 422
        else:
            messages.success(request, _("The result is taken back. It no longer counts."))
            return redirect("planning:gap-results", analysis.pk)
    version = approved_version(analysis)
    rows_of = approved_content(version).indicators if version else ()
    said = _said(found, {one.key: one for one in rows_of})
    context = {"analysis": analysis, "one": said}
    return render(request, "planning/gap_result_withdraw.html", context, status=status)


def _context(request, analysis: GenderAnalysis, content: Content | None) -> dict:
    if content is None:
        return {}
    today = timezone.localdate()
    shown = [Progress(one) for one in realised(analysis, content, today)]
    entries = Realisation.objects.visible_to(request.user).filter(analysis=analysis)
    page = page_of(request, entries.select_related("village__district", "evidence", "entered_by"))
    names = {one.key: one for one in content.indicators}
    seen = Village.objects.visible_to(request.user)
    targets = analysis.program.targets.select_related("village__district")
    reached = targets.filter(outcome_reached_on__isnull=False, village__in=seen)
    return {
        "progress": shown,
        "finding": finding(shown),
        "today": today,
        "page": page,
        "entries": [_said(one, names) for one in page.object_list],
        "reached": reached.order_by("outcome_reached_on", "village__code"),
        "villages": targets.count(),
    }


def _said(entry: Realisation, names) -> dict:
    row = names.get(entry.indicator)
    return {
        "entry": entry,
        "text": row.text if row else _("an indicator of an earlier version"),
        "value": amount(entry.value, row.unit if row else ""),
    }


urlpatterns = [
    path("gap/<uuid:uid>/hasil/", gap_results, name="gap-results"),
    path("gap/hasil/<uuid:uid>/tarik/", result_withdraw, name="result-withdraw"),
]
