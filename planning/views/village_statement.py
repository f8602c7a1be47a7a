"""The GBS Desa of a village's page: asked about before it is made and sent, and before it is
signed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from core.formats import rupiah
from programs.models import FundSource
from programs.views.shared import forbid, form_page, require, take_refusal
from villages.models import Village

from ..content import content_of
from ..forms.statement import SubmitForm
from ..forms.village import VillageStatementForm
from ..models import BudgetStatement, GapVersion, GenderAnalysis, PlanState, Template
from ..services.moves import holds, may
from ..services.outcomes import approved_version
from ..services.village import (
    head_of,
    newest_statement,
    open_remarks,
    send_village_statement,
    sign_village_statement,
)
from ..village_page import page_of as said_on


def village_pages(request: HttpRequest) -> QuerySet[GenderAnalysis]:
    rows = GenderAnalysis.objects.visible_to(request.user).with_owners()
    return rows.filter(template=Template.VILLAGE)


def village_page_or_404(request: HttpRequest, uid: UUID) -> GenderAnalysis:
    return get_object_or_404(village_pages(request), pk=uid)


def writers_villages(request: HttpRequest) -> QuerySet[Village]:
    return Village.objects.permitting(request.user, "plan_village").live()


def statement_of(request: HttpRequest, analysis: GenderAnalysis, approved) -> dict:
    """The GBS Desa on its page: what it needs now, of this reader. It is offered to those who
    write for the village; the offices above it only read and approve."""
    made, user = newest_statement(analysis), request.user
    sent_back = made is not None and made.state == PlanState.RETURNED
    writes = writers_villages(request).filter(pk=analysis.program.owner_village_id).exists()
    return {
        "statement": made,
        "may_send": writes and _is_wanted(analysis, made, approved),
        "may_sign": made is not None and may(user, "sign", made),
        "statement_remarks": open_remarks(made) if sent_back else (),
    }


def _is_wanted(
    analysis: GenderAnalysis, made: BudgetStatement | None, approved: GapVersion | None
) -> bool:
    """The approved page has no statement that is on its way or says what it says."""
    if approved is None or not (analysis.program.owner.has_apbdes and analysis.is_approved):
        return False
    if made is None or made.is_open or made.state == PlanState.SUPERSEDED:
        return True
    return made.state == PlanState.SIGNED and made.gap_version_id != approved.pk


@require_http_methods(["GET", "HEAD", "POST"])
def village_statement(request, uid):
    """Ask who signs and to what it is attached; then make and send it from the approved page."""
    analysis = village_page_or_404(request, uid)
    require(holds(request.user, "manage_plans", analysis))
    made = newest_statement(analysis)
    first = _first_values(analysis, made)
    form = VillageStatementForm(_sent(request), year=analysis.year, initial=first)
    if form.is_valid():
        try:
            send_village_statement(analysis, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The GBS Desa is made and sent for approval."))
            return redirect("planning:village", analysis.pk)
    said = said_on(content_of(analysis))
    context = {
        "analysis": analysis,
        "village": analysis.program.owner,
        "wanted": _is_wanted(analysis, made, approved_version(analysis)),
        "cost": rupiah(said.cost) if said.cost is not None else "",
        "fund": dict(FundSource.choices).get(said.fund_source, ""),
    }
    return form_page(request, "planning/village_statement.html", form, **context)


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _first_values(analysis: GenderAnalysis, made: BudgetStatement | None) -> dict:
    running = analysis.year <= timezone.localdate().year
    proposed = "apbdes" if running else "rkpdes"
    return {
        "category": analysis.program.arg_category or 2,
        "attached_to": (made.village_document if made else "") or proposed,
        "signatory": (made.signatory_name if made else "") or head_of(analysis.program.owner),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def village_sign(request, uid):
    """Ask once more, then the village head signs the approved GBS Desa."""
    analysis = village_page_or_404(request, uid)
    rows = BudgetStatement.objects.visible_to(request.user).filter(analysis=analysis)
    made = rows.order_by("-revision").first()
    require(made is not None and holds(request.user, "sign_plans", made))
    form = SubmitForm(_sent(request), initial={"version": made.version})
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            sign_village_statement(made, actor=request.user, version=version)
        except Refused as refusal:
            take_refusal(form, refusal, made)
        else:
            messages.success(request, _("The GBS Desa is signed. Print it for the village file."))
            return redirect("planning:village", analysis.pk)
    context = {
        "analysis": analysis,
        "statement": made,
        "today": timezone.localdate(),
        "open": may(request.user, "sign", made),
    }
    return form_page(request, "planning/village_sign.html", form, **context)


urlpatterns = [
    path("desa/<uuid:uid>/gbs/", village_statement, name="village-statement"),
    path("desa/<uuid:uid>/tanda-tangan/", village_sign, name="village-sign"),
]
