"""Two versions of an analysis side by side, one taken back before its review, and an approved one
opened for a new revision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page, require, take_refusal, version_of

from ..content import Content, content_of, unpacked
from ..forms.review import ReviseForm
from ..models import GapVersion, GenderAnalysis, PlanState
from ..reading import changes
from ..services.analyses import revise_analysis, withdraw_analysis
from ..services.moves import MOVES, holds, may
from ..steps import STEPS
from .reviews import analysis_or_404, back_to, frame

NOW = "kini"  # as a version number in an address: the analysis as it stands


@require_safe
def gap_compare(request, uid):
    """Two versions side by side, in words."""
    analysis = analysis_or_404(request, uid)
    versions = list(analysis.versions.select_related("submitted_by").order_by("number"))
    numbers = [str(one.number) for one in versions]
    a = request.GET.get("a") or (numbers[-2] if len(numbers) > 1 else "".join(numbers[:1]))
    b = request.GET.get("b") or (numbers[-1] if len(numbers) > 1 else NOW)
    sides = [_side(analysis, versions, one) for one in (a, b)] if versions else []
    found = changes(*sides) if sides else []
    context = frame(analysis) | {
        "versions": versions,
        "choices": [
            *((one, _("Version %(number)s") % {"number": one}) for one in numbers),
            (NOW, _("As it stands now")),
        ],
        "pickers": [("a", _("Before"), a), ("b", _("After"), b)],
        "steps": [
            (step, said)
            for step in STEPS[analysis.template]
            if (said := [one for one in found if one.step.key == step.key])
        ],
    }
    return render(request, "planning/gap_compare.html", context)


def _side(analysis: GenderAnalysis, versions: list[GapVersion], name: str) -> Content:
    if name == NOW:
        return content_of(analysis)
    for one in versions:
        if str(one.number) == name:
            return unpacked(one.content)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def gap_withdraw(request, uid):
    """Ask before what was submitted is taken back; then do it."""
    analysis = analysis_or_404(request, uid)
    require(holds(request.user, MOVES["withdraw"].needs, analysis))
    status = 200
    if request.method == "POST":
        try:
            withdraw_analysis(analysis, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            status = 409 if isinstance(refusal, Stale) else 422
            analysis = analysis_or_404(request, uid)
        else:
            messages.success(request, _("The GAP is a draft again. Submit it when it is ready."))
            return back_to(analysis)
    context = frame(analysis) | {"may": may(request.user, "withdraw", analysis)}
    return render(request, "planning/gap_withdraw.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_revise(request, uid):
    """Ask before an approved analysis is opened for a new revision; then do it."""
    analysis = analysis_or_404(request, uid)
    require(holds(request.user, MOVES["revise"].needs, analysis))
    form = ReviseForm(request.POST or None, initial={"version": analysis.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            revise_analysis(
                analysis, actor=request.user, version=said["version"], note=said["note"]
            )
        except Refused as refusal:
            take_refusal(form, refusal, analysis)
            analysis = analysis_or_404(request, uid)
        else:
            messages.success(request, _("The GAP is open for a new revision."))
            return back_to(analysis)
    context = frame(analysis) | {
        "may": may(request.user, "revise", analysis),
        "next": analysis.revision + 1,
        "signed": analysis.statements.filter(state=PlanState.SIGNED).first(),
    }
    return form_page(request, "planning/gap_revise.html", form, **context)


urlpatterns = [
    path("gap/<uuid:uid>/banding/", gap_compare, name="gap-compare"),
    path("gap/<uuid:uid>/tarik/", gap_withdraw, name="gap-withdraw"),
    path("gap/<uuid:uid>/buka/", gap_revise, name="gap-revise"),
]
