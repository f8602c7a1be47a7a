"""Pages of gender analyses: the list, one begun, one with its steps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from programs.filters import MOST_LETTERS
from programs.views.shared import forbid, form_page, page_of, require, uid_or_none

from .. import writing
from ..checks import findings
from ..content import content_of
from ..filters import AnalysisFilter
from ..forms.analysis import StartForm
from ..models import GenderAnalysis, PlanState, Template
from ..services.analyses import start_analysis
from ..services.moves import holds, may
from ..waiting import is_writer
from ..wording import row_name
from .reviews import analysis_or_404, back_to

#: Files an analysis is printed as, and what people call them.
PRINTED = (("pdf", "PDF"), ("docx", "DOCX"), ("xlsx", "XLSX"))


class ListedAnalyses(AnalysisFilter):
    """On the page one looks for words, year, office, state and form."""

    unasked = (*AnalysisFilter.unasked, "owner", "district", "village", "program")


@require_safe
def gap_list(request):
    rows = GenderAnalysis.objects.visible_to(request.user).with_owners()
    found = ListedAnalyses(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    context = {
        "filter": found,
        "form": found.form,
        "page": page_of(request, found.qs.none() if problem else found.qs),
        "may_write": "manage_plans" in request.user.capabilities,
    }
    return render(request, "planning/gap_list.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_new(request):
    """One program, one year, one form; where such a GAP stands already it leads there."""
    require("manage_plans" in request.user.capabilities)
    search = request.GET.get("search", "").strip()[:MOST_LETTERS]
    initial = {"program": uid_or_none(request.GET.get("program", ""))}
    form = StartForm(request.POST or None, user=request.user, search=search, initial=initial)
    if form.is_valid() and (begun := _begun(request, form)):
        return back_to(begun)
    return form_page(request, "planning/gap_new.html", form, search=search)


def _begun(request: HttpRequest, form: StartForm) -> GenderAnalysis | None:
    said = form.cleaned_data
    try:
        made = start_analysis(
            said["program"],
            actor=request.user,
            year=said["year"],
            template=said["template"],
            uid=said["uid"],
        )
    except Refused as refusal:
        forbid(refusal)
        there = _there(request, said) if refusal.code == "already_there" else None
        if there is None:
            form.refuse(refusal)
        else:
            messages.info(request, refusal.problems[0].detail)
        return there
    messages.success(request, _("The GAP is begun. Step 2 holds what the villages recorded."))
    return made


def _there(request: HttpRequest, said: dict) -> GenderAnalysis | None:
    rows = GenderAnalysis.objects.visible_to(request.user)
    return rows.filter(
        program=said["program"], year=said["year"], template=said["template"]
    ).first()


@require_safe
def gap(request, uid: UUID):
    """Where the analysis stands, step by step, and what can be done with it."""
    analysis = analysis_or_404(request, uid)
    if analysis.template == Template.VILLAGE:
        return back_to(analysis)
    content = content_of(analysis)
    remarks = writing.open_remarks(analysis, content)
    found = findings(content)
    lines = writing.lines(content, found, remarks)
    writes = holds(request.user, "manage_plans", analysis)
    hers = writes and is_writer(request.user, analysis)
    context = {
        "analysis": analysis,
        "lines": lines,
        "lacks": sum(one.must for one in found),
        "next": next((one.step for one in lines if not one.done), lines[-1].step),
        "remarks": [
            (one, line.step, row_name(content, row) if (row := content.row(one.row)) else "")
            for line in lines
            for one in remarks
            if one.step == line.step.key
        ],
        "printed": PRINTED,
        "versions": analysis.versions.select_related("submitted_by", "decided_by"),
        "history": writing.history(analysis),
        "statement": _statement(request, analysis),
        "writes": writes,
        "hers": hers,
        "may": {
            "write": writes and analysis.is_open,
            "submit": may(request.user, "submit", analysis),
            "withdraw": hers and may(request.user, "withdraw", analysis),
            "review": analysis.state == PlanState.SUBMITTED
            and any(holds(request.user, one, analysis) for one in ("approve_plans", "check_plans")),
            "revise": may(request.user, "revise", analysis),
            "statement": writes and analysis.is_approved,
        },
        "duties": _duties(request.user, analysis),
    }
    return render(request, "planning/gap.html", context)


def _statement(request: HttpRequest, analysis: GenderAnalysis):
    """Its newest budget statement that this person may see."""
    rows = analysis.statements.visible_to(request.user).exclude(state=PlanState.SUPERSEDED)
    return rows.order_by("-pk").first()


def _duties(user, analysis: GenderAnalysis) -> list[tuple[str, str, bool]]:
    """Who does what with this document, and whether that is the reader."""
    said = (
        (_("Writes and submits"), _("the focal point of the office"), "manage_plans"),
        (_("Checks it against Renja and RKPD"), "Bappedalitbang", "check_plans"),
        (_("Reviews and approves"), "DP2KBP3A", "approve_plans"),
        (_("Signs the GBS and KAK"), _("the head of the office"), "sign_plans"),
    )
    return [(act, who, holds(user, word, analysis)) for act, who, word in said]


urlpatterns = [
    path("gap/", gap_list, name="gap-list"),
    path("gap/baru/", gap_new, name="gap-new"),
    path("gap/<uuid:uid>/", gap, name="gap"),
]
