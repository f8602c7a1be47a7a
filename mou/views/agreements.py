"""Pages of agreements: the list, one of them, a new one, changing one."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused
from core.scanning import scanned
from programs.views.shared import forbid, form_page, page_of, require, take_refusal
from villages.models import Regency

from ..filters import AgreementFilter, by_due_date
from ..forms.agreement import AgreementDraftForm
from ..lists import AgreementRow, agreements_table, rows_of, standings_of
from ..measured import progress_of
from ..models import Agreement, Partner, Standing
from ..reading import hint_of, history_of, missing_links
from ..rights import KEEP, keeps
from ..services.agreements import add_agreement, change_agreement

_FORM = "mou/agreement_form.html"


@require_safe
def agreement_list(request):
    require("view" in request.user.capabilities)
    today = timezone.localdate()
    hers = Agreement.objects.visible_to(request.user)
    rows = by_due_date(hers, today).with_parts()
    found = AgreementFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        table = agreements_table(rows_of(found.qs, today), found, timezone.now())
        return download(table, fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "rows": rows_of(page.object_list, today),
        "standings": standings_of(hers, today),
        "formats": formats_for(page.paginator.count),
        "may_add": KEEP in request.user.capabilities,
    }
    return render(request, "mou/home.html", context, status=422 if problem else 200)


@require_safe
def agreement_detail(request, uid):
    agreement = agreement_or_404(request, uid)
    today = timezone.localdate()
    [row] = rows_of([agreement], today)
    context = {
        "agreement": agreement,
        "row": row,
        "progress": progress_of([agreement], today).get(agreement.pk, []),
        "scope": [line for line in agreement.scope.splitlines() if line.strip()],
        "hint": hint_of(agreement),
        "files": agreement.files.filter(removed_at=None).annotate(is_scanned=scanned()),
        "addenda": agreement.addenda.all(),
        "evaluations": agreement.evaluations.all(),
        "history": history_of(agreement) if _reads_history(request.user, agreement) else [],
        **_steps(request.user, row),
        **_kin(request.user, agreement, today),
    }
    return render(request, "mou/agreement.html", context)


def _steps(user, row: AgreementRow) -> dict:
    """What this person can do with it today."""
    agreement, may_keep = row.agreement, keeps(user, row.agreement.regency)
    stands = may_keep and agreement.confirmed_at and not agreement.cancelled_at
    draft = row.standing == Standing.DRAFT
    renewed = any(one.cancelled_at is None for one in agreement.renewals.all())
    return {
        "draft": draft,
        "may_keep": may_keep,
        "missing": missing_links(agreement) if draft and may_keep else [],
        "may_add_later": stands,
        "may_renew": stands and not renewed and not agreement.terminated_on,
        "may_end": stands and not agreement.terminated_on and not row.over,
    }


def _kin(user, agreement: Agreement, today) -> dict:
    """Agreements above, below, before and after it, as far as she sees them."""
    hers = Agreement.objects.visible_to(user)
    return {
        "parent": hers.filter(pk=agreement.parent_id).first(),
        "children": rows_of(hers.filter(parent=agreement).with_parts(), today),
        "renews": hers.filter(pk=agreement.renews_id).first(),
        "renewed_by": hers.filter(renews=agreement, cancelled_at=None).first(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request):
    """A new draft; ?mitra= names the partner that is its second party."""
    require(KEEP in request.user.capabilities)
    regencies = request.user.regencies_with(KEEP).order_by("name")
    regency = _asked_regency(request, regencies)
    if regency is None:
        return render(request, "mou/agreement_where.html", {"regencies": regencies})
    form = AgreementDraftForm(
        posted(request),
        user=request.user,
        instance=Agreement(regency=regency),
        initial=_proposed(request, regency),
    )
    if form.is_valid():
        try:
            made = add_agreement(
                form.made(),
                actor=request.user,
                parties=form.parties() or [],
                areas=form.areas() or [],
            )
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The agreement is kept as a draft."))
            return redirect("mou:agreement", made.pk)
    return form_page(request, _FORM, form, regency=regency)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request, uid):
    agreement = kept_or_404(request, uid)
    shown = kept_or_404(request, uid)
    form = AgreementDraftForm(posted(request), user=request.user, instance=agreement)
    if form.is_valid():
        try:
            change_agreement(
                form.instance,
                actor=request.user,
                version=form.cleaned_data["version"] or 0,
                parties=form.parties(),
                areas=form.areas(),
            )
        except Refused as refusal:
            take_refusal(form, refusal, agreement)
        else:
            messages.success(request, _("The agreement is changed."))
            return redirect("mou:agreement", agreement.pk)
    return form_page(request, _FORM, form, agreement=shown, regency=shown.regency)


def agreement_or_404(request, uid) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.user).with_parts(), pk=uid)


def kept_or_404(request, uid) -> Agreement:
    """One that she keeps; 403 where she only sees it."""
    agreement = agreement_or_404(request, uid)
    require(keeps(request.user, agreement.regency))
    return agreement


def posted(request):
    """What was sent, be it nothing at all; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def _reads_history(user, agreement: Agreement) -> bool:
    """Whoever sees the whole regency reads who did what."""
    return user.regencies_with("view").filter(pk=agreement.regency_id).exists()


def _asked_regency(request, regencies) -> Regency | None:
    if code := request.GET.get("kabupaten"):
        return regencies.filter(code=code).first()
    first_two = list(regencies[:2])
    return first_two[0] if len(first_two) == 1 else None


def _proposed(request, regency: Regency) -> dict[str, str]:
    """The partner named in the address as the second party."""
    partners = Partner.objects.visible_to(request.user).filter(regency=regency, ended_on=None)
    known = {str(pk) for pk in partners.values_list("pk", flat=True)}
    asked = request.GET.get("mitra", "")
    return {"party_2": f"partner:{asked}"} if asked in known else {}


urlpatterns = [
    path("", agreement_list, name="home"),
    path("baru/", agreement_new, name="agreement-new"),
    path("<uuid:uid>/", agreement_detail, name="agreement"),
    path("<uuid:uid>/ubah/", agreement_edit, name="agreement-edit"),
]
