"""Pages of an analysis on its way: submitted, read by its reviewer, sent back or approved."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page, require, take_refusal, version_of

from ..checks import CHECKLIST, Finding, findings, gate
from ..content import Content, content_of, unpacked
from ..figures import now_of
from ..forms.review import ApproveForm, PlanCheckForm, ReturnForm, ReviewForm
from ..models import GapVersion, GenderAnalysis, PlanState, Template
from ..reading import StepRead, changes, read, remarks_on, words_of_planners
from ..services.analyses import (
    approve_analysis,
    check_plan,
    return_analysis,
    submit_analysis,
)
from ..services.moves import MOVES, holds, wrote
from ..steps import STEPS
from ..wording import figures_of, row_name


def analysis_or_404(request: HttpRequest, uid: UUID) -> GenderAnalysis:
    rows = GenderAnalysis.objects.visible_to(request.user).with_owners()
    return get_object_or_404(rows, pk=uid)


def page_name(analysis: GenderAnalysis) -> str:
    """The name of the page of this analysis: a village's single page has its own."""
    return "planning:village" if analysis.template == Template.VILLAGE else "planning:gap"


def back_to(analysis: GenderAnalysis) -> HttpResponse:
    return redirect(page_name(analysis), analysis.pk)


def frame(analysis: GenderAnalysis) -> dict:
    return {"analysis": analysis, "page_name": page_name(analysis)}


# -- Submitting ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def gap_submit(request, uid):
    """What is missing, or what will be frozen; then it goes to the reviewer."""
    analysis = analysis_or_404(request, uid)
    require(holds(request.user, MOVES["submit"].needs, analysis))
    status = 200
    if request.method == "POST":
        try:
            submit_analysis(analysis, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            status = 409 if isinstance(refusal, Stale) else 422
            if refusal.code in ("changed_meanwhile", "not_allowed"):
                messages.warning(request, refusal.problems[0].detail)
            analysis = analysis_or_404(request, uid)
        else:
            messages.success(request, _("The GAP is with its reviewer. Nothing more to do now."))
            return back_to(analysis)
    content = content_of(analysis)
    missing = gate(content)
    context = frame(analysis) | {
        "open": analysis.is_open,
        "missing": _by_step(missing, content),
        "count": len(missing),
        "advice": _by_step([one for one in findings(content) if not one.must], content),
        "figures": [] if missing else _frozen_figures(analysis, content),
    }
    return render(request, "planning/gap_submit.html", context, status=status)


def _by_step(found: list[Finding], content: Content) -> list[tuple]:
    """(step, [(row name, words)]) for every step in which something was found."""
    listed = [
        (
            step,
            [
                (row_name(content, content.row(one.row)) if one.row else "", one.detail)
                for one in found
                if one.step == step.key
            ],
        )
        for step in STEPS[content.template]
    ]
    return [(step, said) for step, said in listed if said]


def _frozen_figures(analysis: GenderAnalysis, content: Content) -> list[dict]:
    """The rows of data with figures, as they will be frozen, and what the portal says today."""
    now = now_of(content, analysis.program)
    steps = {row.key: row for step in read(content, now) for row in step.rows}
    return [
        {
            "name": steps[one.key].name,
            "text": one.text,
            "figures": figures_of(one),
            "year": one.year,
            "source": one.source,
            "moved": steps[one.key].moved,
        }
        for one in content.data_rows
        if figures_of(one)
    ]


# -- Reviewing -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def gap_review(request, uid):
    """The whole analysis on one page for its reviewer; sent back from here."""
    analysis = _reviewed_or_403(request, uid)

    def send_back(form: ReviewForm):
        return_analysis(
            analysis,
            form.remarks(),
            actor=request.user,
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            checklist=form.checklist(),
        )

    done = _("Sent back to its office with your remarks.")
    return _decided(request, analysis, ReturnForm, send_back, done)


@require_POST
def gap_approve(request, uid):
    analysis = _reviewed_or_403(request, uid)

    def approve(form: ReviewForm):
        approve_analysis(
            analysis,
            actor=request.user,
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            checklist=form.checklist(),
        )

    done = _("Approved. The office can make the GBS from it now.")
    return _decided(request, analysis, ApproveForm, approve, done)


@require_POST
def gap_check(request, uid):
    """Bappedalitbang's word on it."""
    analysis = analysis_or_404(request, uid)
    require(holds(request.user, "check_plans", analysis))
    form = PlanCheckForm(request.POST)
    if form.is_valid():
        try:
            check_plan(analysis, actor=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("Your word stands beside the GAP."))
            return redirect("planning:gap-review", analysis.pk)
    return _review_page(request, analysis, None, check=form)


def _reviewed_or_403(request: HttpRequest, uid: UUID) -> GenderAnalysis:
    """The analysis, for those who review or check it."""
    analysis = analysis_or_404(request, uid)
    hers = [holds(request.user, word, analysis) for word in ("approve_plans", "check_plans")]
    require(hers[0] or (hers[1] and request.method != "POST"))
    return analysis


def _decided(
    request: HttpRequest,
    analysis: GenderAnalysis,
    form_class: type[ReviewForm],
    act: Callable[[ReviewForm], object],
    done: str,
) -> HttpResponse:
    """The decision is made and she is back at the analysis; or the page says why not."""
    version = _newest(analysis)
    content = unpacked(version.content) if version else content_of(analysis)
    initial = {"version": analysis.version}
    form = form_class(request.POST or None, steps=read(content), initial=initial)
    if form.is_valid():
        try:
            act(form)
        except Refused as refusal:
            take_refusal(form, refusal, analysis)
            analysis = analysis_or_404(request, analysis.pk)
        else:
            messages.success(request, done)
            return back_to(analysis)
    return _review_page(request, analysis, form)


def _review_page(
    request: HttpRequest,
    analysis: GenderAnalysis,
    form: ReviewForm | None,
    check: PlanCheckForm | None = None,
) -> HttpResponse:
    version = _newest(analysis)
    content = unpacked(version.content) if version else content_of(analysis)
    before = _before(version) if version else None
    said = remarks_on(before) if before else []
    steps = read(content, now_of(content, analysis.program), said)
    waiting = analysis.state == PlanState.SUBMITTED
    reviews = holds(request.user, "approve_plans", analysis)
    own = reviews and waiting and wrote(analysis, request.user)
    decides = reviews and waiting and not own
    form = form or ReviewForm(steps=steps, initial={"version": analysis.version})
    if analysis.template == Template.VILLAGE:
        form.speak_of_village()
    checks = waiting and holds(request.user, "check_plans", analysis)
    found = findings(content)
    context = frame(analysis) | {
        "version": version,
        "before": before,
        "steps": [_asked(one, form if decides else None, found) for one in steps],
        "checklist": _checklist(content, form, found),
        "moved": [row.moved for one in steps for row in one.rows if row.moved],
        "changes": changes(before, version) if before and version else [],
        "words": words_of_planners(analysis.pk),
        "own": own,
        "decides": decides,
        "check": (check or PlanCheckForm()) if checks else None,
    }
    shown_form = check if check and check.errors else form
    return form_page(request, "planning/gap_review.html", shown_form, review=form, **context)


def _newest(analysis: GenderAnalysis) -> GapVersion | None:
    return analysis.versions.select_related("submitted_by").order_by("-number").first()


def _before(version: GapVersion) -> GapVersion | None:
    earlier = version.analysis.versions.filter(number__lt=version.number)
    return earlier.order_by("-number").first()


def _asked(one: StepRead, form: ReviewForm | None, found: list[Finding]) -> dict:
    """A step with its rows; beside each what the portal found of it and the two things asked."""
    here = [each for each in found if each.step == one.step.key]
    keys = {row.key for row in one.rows}

    def asked(key: str) -> list:
        return form.asked_at(key) if form else []

    rows = [
        (row, asked(row.key.hex), [each for each in here if each.row == row.key])
        for row in one.rows
    ]
    loose = [each for each in here if each.row not in keys]
    return {"read": one, "asked": asked(one.step.key), "rows": rows, "found": loose}


def _checklist(content: Content, form: ReviewForm, found: list[Finding]) -> list[tuple]:
    """Each common fault: its box, and what the portal found of it by itself."""
    return [
        (
            form[f"ok_{code}"],
            [
                (row_name(content, content.row(one.row)) if one.row else "", one.detail)
                for one in found
                if one.code == code
            ],
        )
        for code, _label in CHECKLIST
    ]


urlpatterns = [
    path("gap/<uuid:uid>/kirim/", gap_submit, name="gap-submit"),
    path("gap/<uuid:uid>/tinjau/", gap_review, name="gap-review"),
    path("gap/<uuid:uid>/tinjau/setujui/", gap_approve, name="gap-approve"),
    path("gap/<uuid:uid>/tinjau/kesesuaian/", gap_check, name="gap-check"),
]
