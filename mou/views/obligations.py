"""Pages of duties: all of them, one with its progress, and writing them down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused
from programs.models import Activity
from programs.views.shared import forbid, form_page, page_of, require, take_refusal, version_of

from ..duty_list import DutyFilter, duties_of, duties_table, records_table
from ..forms.duty import ObligationForm, ProgressForm, WithdrawForm
from ..measured import Tally, activities_of, progress_of_one
from ..models import Agreement, DutyMeasure, Obligation
from ..rights import KEEP, keeps
from ..services import duties

_FORM = "mou/duty_form.html"


@require_safe
def obligation_list(request):
    """Every duty of the agreements she sees, with how far it has come."""
    require("view" in request.user.capabilities)
    today = timezone.localdate()
    rows = Agreement.objects.visible_to(request.user)
    found = DutyFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    listed = [] if problem else duties_of(found, today)
    if not problem and (fmt := asked_format(request)):
        return download(duties_table(listed, found, timezone.now()), fmt, request=request)
    context = {
        "filter": found,
        "form": found.form,
        "duties": listed,
        "tally": Tally.of(listed),
        "formats": formats_for(len(listed)),
        "may_keep": KEEP in request.user.capabilities,
    }
    return render(request, "mou/duty_list.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_new(request, uid: UUID):
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=uid)
    require(keeps(request.user, agreement.regency))
    form = ObligationForm(_sent(request), agreement=agreement)
    if form.is_valid():
        try:
            duties.add_obligation(form.obligation(), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The duty is part of the agreement."))
            return redirect("mou:agreement", agreement.pk)
    return form_page(request, _FORM, form, agreement=agreement)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_edit(request, uid: UUID):
    obligation = _hers_or_404(request, uid)
    agreement = obligation.agreement
    form = ObligationForm(_sent(request), instance=obligation, agreement=agreement)
    if form.is_valid():
        version = version_of(request)
        try:
            duties.change_obligation(form.obligation(), actor=request.user, version=version)
        except Refused as refusal:
            take_refusal(form, refusal, obligation)
        else:
            messages.success(request, _("The duty is changed."))
            return redirect("mou:obligation", obligation.pk)
    return form_page(request, _FORM, form, agreement=agreement, obligation=obligation)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_end(request, uid: UUID):
    obligation = _hers_or_404(request, uid)
    if request.method == "POST":
        try:
            duties.end_obligation(obligation, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            messages.error(request, refusal.problems[0].detail)
            return redirect("mou:obligation", obligation.pk)
        messages.success(request, _("The duty is taken out. What was known of it is kept."))
        return redirect("mou:agreement", obligation.agreement_id)
    return render(request, "mou/duty_end.html", {"obligation": obligation})


@require_http_methods(["GET", "HEAD", "POST"])
def obligation(request, uid: UUID):
    """One duty: its progress, and what stands behind the figure."""
    one = _or_404(request, uid)
    may_keep = keeps(request.user, one.agreement.regency)
    by_hand = one.measure == DutyMeasure.HAND
    form = None
    if by_hand and may_keep and one.ended_at is None:
        form = ProgressForm(_sent(request))
    if request.method == "POST":
        require(form is not None)
        if form.is_valid() and _entered(request, form, one):
            messages.success(request, _("The progress is entered."))
            return redirect("mou:obligation", one.pk)
    today = timezone.localdate()
    records = _records(request, one, today)
    if fmt := asked_format(request):
        return download(records_table(one, records, timezone.now()), fmt, request=request)
    progress = progress_of_one(one, today)
    page = page_of(request, records)
    context = {
        "obligation": one,
        "agreement": one.agreement,
        "progress": progress,
        "form": form,
        "may_keep": may_keep,
        "page": page,
        "hidden": 0 if by_hand else activities_of(one, today).count() - page.paginator.count,
        "formats": formats_for(page.paginator.count),
        "entries": one.entries.select_related("created_by"),
    }
    status = 422 if form and form.errors else 200
    return render(request, "mou/duty.html", context, status=status)


def _entered(request, form: ProgressForm, one: Obligation) -> bool:
    try:
        duties.enter_progress(form.entry(one), actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        form.refuse(refusal)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def progress_withdraw(request, uid: UUID, entry: UUID):
    one = _hers_or_404(request, uid)
    said = get_object_or_404(one.entries, pk=entry)
    form = WithdrawForm(_sent(request))
    if form.is_valid():
        try:
            duties.withdraw_progress(said, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The entry is withdrawn; the one before it counts."))
            return redirect("mou:obligation", one.pk)
    return form_page(request, "mou/duty_withdraw.html", form, obligation=one, entry=said)


def _sent(request):
    """What was sent, also when nothing was filled in; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _or_404(request, uid: UUID) -> Obligation:
    rows = Obligation.objects.visible_to(request.user)
    rows = rows.select_related("agreement__regency", "party__partner", "party__opd")
    return get_object_or_404(rows, pk=uid)


def _hers_or_404(request, uid: UUID) -> Obligation:
    one = _or_404(request, uid)
    require(keeps(request.user, one.agreement.regency))
    return one


def _records(request, one: Obligation, today):
    """The records behind the figure, as far as she sees them."""
    behind = activities_of(one, today).order_by().values("pk")
    rows = Activity.objects.visible_to(request.user).filter(pk__in=behind)
    return rows.select_related("village__district", "author", "program")


urlpatterns = [
    path("kewajiban/", obligation_list, name="obligation-list"),
    path("<uuid:uid>/kewajiban/baru/", obligation_new, name="obligation-new"),
    path("kewajiban/<uuid:uid>/", obligation, name="obligation"),
    path("kewajiban/<uuid:uid>/ubah/", obligation_edit, name="obligation-edit"),
    path("kewajiban/<uuid:uid>/keluarkan/", obligation_end, name="obligation-end"),
    path(
        "kewajiban/<uuid:uid>/kemajuan/<uuid:entry>/cabut/",
        progress_withdraw,
        name="progress-withdraw",
    ),
]
