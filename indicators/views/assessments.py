"""Pages of one scorecard of a village: opening it, what it says, answering, sending it in."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download
from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page, require, version_of
from villages.models import Village

from ..answers import answers_of, result_of, shown
from ..card_page import answers_table, groups_of
from ..forms.assessment import AnswersForm, OpenForm, initial_of
from ..models import Assessment
from ..parts import parts_of
from ..services import review
from ..services.assessments import open_assessment, save_answers
from ..sight import is_inside

_FORM = "indicators/assessment_edit.html"
_WITH = ("instrument", "village__district__regency", "author")


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_new(request):
    """Which village, year and scorecard; what stands in the address is filled in already."""
    require(Village.objects.permitting(request.user, "log").exists())
    asked = {name: request.GET[name] for name in OpenForm.base_fields if name in request.GET}
    form = OpenForm(request.POST or None, initial=asked, user=request.user)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = open_assessment(form.version, told["village"], told["year"], actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            name = "assessment-edit" if made.is_open else "assessment"
            return redirect(f"indicators:{name}", made.pk)
    return form_page(request, "indicators/assessment_new.html", form)


@require_safe
def assessment(request, uid):
    row = _row_or_404(request, uid)
    inside = is_inside(request.user, row.village)
    parts = parts_of(row.instrument)
    told = inside or not row.is_open
    held = answers_of(row, parts) if told else {}
    if fmt := asked_format(request):
        answers = shown(parts, held, everything=False)
        return download(answers_table(row, answers, timezone.now()), fmt, request=request)
    score = result_of(parts, held, everything=inside)
    context = {
        "assessment": row,
        "told": told,
        "inside": inside,
        "score": score,
        "groups": groups_of(row, parts, shown(parts, held, everything=inside), score),
        "steps": review.steps_of(row) if inside else (),
        "may_write": row.is_open and review.holds(request.user, "log", row),
        "may_send": review.may(request.user, "submit", row),
        "may_review": review.may(request.user, "verify", row)
        or review.may(request.user, "reopen", row),
        "sent": not row.is_open,
    }
    return render(request, "indicators/assessment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_edit(request, uid):
    row = _row_or_404(request, uid)
    require(review.holds(request.user, "log", row))
    if not row.is_open:
        words = _("It is “%(state)s” and cannot be changed now.")
        messages.info(request, words % {"state": row.get_state_display()})
        return redirect("indicators:assessment", row.pk)
    parts = parts_of(row.instrument)
    held = answers_of(row, parts)
    form = AnswersForm(
        request.POST or None, parts=parts, initial=initial_of(parts, held, row.version)
    )
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            save_answers(row, form.answers(), actor=request.user, version=version)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                row = _row_or_404(request, uid)
                form.renew(row.version)
        else:
            return _kept(request, row)
    context = {
        "assessment": row,
        "returned": review.asked_of(row),
        "groups": [
            (group, form.asked(one.item for one in group.answers))
            for group in groups_of(row, parts, shown(parts, held, everything=True), None)
        ],
    }
    return form_page(request, _FORM, form, **context)


def _kept(request, row: Assessment):
    if "send" in request.POST:
        return redirect("indicators:assessment-submit", row.pk)
    messages.success(request, _("The answers are kept. Send them when they are complete."))
    return redirect("indicators:assessment", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_submit(request, uid):
    """Asked once more, with what has no answer yet."""
    row = _row_or_404(request, uid)
    require(review.holds(request.user, "log", row))
    if request.method == "POST":
        try:
            review.submit(row, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            return redirect("indicators:assessment", row.pk)
        messages.success(request, _("The scorecard is sent and waits for review."))
        return redirect("indicators:assessment", row.pk)
    if not row.is_open:
        return redirect("indicators:assessment", row.pk)
    parts = parts_of(row.instrument)
    held = answers_of(row, parts)
    context = {
        "assessment": row,
        "score": result_of(parts, held, everything=True),
        "empty": [one for one in shown(parts, held, everything=True) if one.points is None],
        "back": reverse("indicators:assessment", args=[row.pk]),
    }
    return render(request, "indicators/assessment_submit.html", context)


def _row_or_404(request, uid) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related(*_WITH)
    return get_object_or_404(rows, pk=uid)


urlpatterns = [
    path("rapor/baru/", assessment_new, name="assessment-new"),
    path("rapor/<uuid:uid>/", assessment, name="assessment"),
    path("rapor/<uuid:uid>/isi/", assessment_edit, name="assessment-edit"),
    path("rapor/<uuid:uid>/kirim/", assessment_submit, name="assessment-submit"),
]
