"""Pages of partners: the list, one of them, new, changed, ended."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused
from programs.views.shared import forbid, form_page, page_of, require, take_refusal

from ..filters import PartnerFilter, by_due_date
from ..forms.partner import EndPartnerForm, PartnerForm
from ..lists import partners_table, people_by_partner, rows_of, running_by_partner
from ..models import Agreement, Membership, Partner
from ..rights import KEEP, keeps, kept_by
from ..services.partners import add_partner, change_partner, end_partner
from .agreements import posted

_FORM = "mou/partner_form.html"


@require_safe
def partner_list(request):
    require("view" in request.user.capabilities)
    today = timezone.localdate()
    rows = Partner.objects.visible_to(request.user).order_by("name", "uid")
    found = PartnerFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        partners = list(found.qs)
        counts, kept = _counts(request, partners, today), kept_by(request.user)
        table = partners_table(partners, *counts, found=found, now=timezone.now(), kept=kept)
        return download(table, fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    people, running = _counts(request, page.object_list, today)
    for one in page.object_list:
        one.people, one.running = people.get(one.pk, 0), running.get(one.pk, 0)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "formats": formats_for(page.paginator.count),
        "may_add": KEEP in request.user.capabilities,
        "kept": kept_by(request.user),
    }
    return render(request, "mou/partner_list.html", context, status=422 if problem else 200)


@require_safe
def partner_detail(request, uid):
    partner = _partner_or_404(request, uid)
    today = timezone.localdate()
    hers = Agreement.objects.visible_to(request.user).filter(parties__partner=partner)
    people = Membership.objects.visible_to(request.user).filter(partner=partner).live_on(today)
    context = {
        "partner": partner,
        "rows": rows_of(by_due_date(hers, today).with_parts(), today),
        "people": people.order_by().values("person").distinct().count(),
        "may_keep": keeps(request.user, partner.regency),
    }
    return render(request, "mou/partner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_new(request):
    require(KEEP in request.user.capabilities)
    form = PartnerForm(posted(request), user=request.user)
    if form.is_valid():
        try:
            made = add_partner(form.made(), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The partner is on the list."))
            return redirect("mou:partner", made.pk)
    return form_page(request, _FORM, form)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request, uid):
    partner = _kept_or_404(request, uid)
    form = PartnerForm(posted(request), user=request.user, instance=partner)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            change_partner(form.instance, actor=request.user, version=version)
        except Refused as refusal:
            take_refusal(form, refusal, partner)
        else:
            messages.success(request, _("The partner is changed."))
            return redirect("mou:partner", partner.pk)
    return form_page(request, _FORM, form, partner=_kept_or_404(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def partner_end(request, uid):
    partner = _kept_or_404(request, uid)
    form = EndPartnerForm(posted(request), initial={"version": partner.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            end_partner(partner, actor=request.user, version=said["version"], on=said["on"])
        except Refused as refusal:
            take_refusal(form, refusal, partner)
        else:
            messages.success(
                request, _("It is no partner any more. Its agreements stay on record.")
            )
            return redirect("mou:partner", partner.pk)
    return form_page(request, "mou/partner_end.html", form, partner=partner)


def _counts(request, partners, today) -> tuple[dict, dict]:
    """How many people work for each of these partners, and how many agreements run with it."""
    hers = Agreement.objects.visible_to(request.user)
    return people_by_partner(partners, today), running_by_partner(partners, hers, today)


def _partner_or_404(request, uid) -> Partner:
    rows = Partner.objects.visible_to(request.user).select_related("regency")
    return get_object_or_404(rows, pk=uid)


def _kept_or_404(request, uid) -> Partner:
    partner = _partner_or_404(request, uid)
    require(keeps(request.user, partner.regency))
    return partner


urlpatterns = [
    path("mitra/", partner_list, name="partner-list"),
    path("mitra/baru/", partner_new, name="partner-new"),
    path("mitra/<uuid:uid>/", partner_detail, name="partner"),
    path("mitra/<uuid:uid>/ubah/", partner_edit, name="partner-edit"),
    path("mitra/<uuid:uid>/akhiri/", partner_end, name="partner-end"),
]
