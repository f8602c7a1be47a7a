"""Pages of contracts: a new person of a partner, another year, changing one, withdrawing one."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.errors import Refused, Stale
from programs.filters import MOST_LETTERS
from programs.views.shared import forbid, form_page, require, uid_or_none, version_of

from ..facilitators import found_accounts, people_of
from ..forms.facilitator import ContractForm, NewPersonForm
from ..models import Membership
from ..rights import KEEP
from ..services.memberships import add_membership, change_membership, withdraw_membership
from ..services.newcomers import add_newcomer
from .facilitators import person_or_404

_FORM = "mou/facilitator_contract.html"


@require_http_methods(["GET", "HEAD", "POST"])
def membership_new(request):
    """Whom? An account that is found by its name, or somebody new; then her contract."""
    require(KEEP in request.user.capabilities)
    text = request.GET.get("cari", "").strip()[:MOST_LETTERS]
    uid = uid_or_none(request.GET.get("orang", ""))
    if uid:
        person = get_object_or_404(User.objects.visible_to(request.user), uid=uid)
        return _contract(request, person)
    if "baru" in request.GET:
        return _newcomer(request)
    context = {"search": text, "found": found_accounts(request.user, text) if text else ()}
    return render(request, "mou/facilitator_pick.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_renew(request, uid):
    """Another year of a person who is known: after the last contract, for as long."""
    require(KEEP in request.user.capabilities)
    return _contract(request, person_or_404(request, uid))


def _contract(request, person: User):
    initial = _next_year(request, person)
    form = ContractForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            add_membership(form.membership(person), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The contract is on file."))
            return redirect("mou:facilitator", person.uid)
    return form_page(request, _FORM, form, person=person)


def _newcomer(request):
    """An account and a contract together: both or neither."""
    form = ContractForm(request.POST or None, user=request.user)
    about = NewPersonForm(request.POST or None)
    if form.is_valid() and about.is_valid():
        known = _sent_before(request, form)
        if known:
            return redirect("mou:facilitator", known.person.uid)
        try:
            with transaction.atomic():
                home = form.cleaned_data["partner"].regency
                person = add_newcomer(about.newcomer(), actor=request.user, home=home)
                add_membership(form.membership(person), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            words = _("The account and the contract are on file. The username is %(name)s.")
            messages.success(request, words % {"name": person.username})
            return redirect("mou:facilitator", person.uid)
    elif request.method == "POST":
        about.is_valid()
    status = 422 if form.errors or about.errors else 200
    context = {"form": form, "about": about}
    return render(request, _FORM, context, status=status)


def _sent_before(request, form: ContractForm) -> Membership | None:
    rows = Membership.objects.permitting(request.user, KEEP)
    return rows.filter(pk=form.cleaned_data["uid"]).first()


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request, uid):
    held = _membership_or_404(request, uid)
    form = ContractForm(request.POST or None, user=request.user, instance=held)
    person = held.person
    if form.is_valid():
        try:
            change_membership(
                form.instance, actor=request.user, version=form.cleaned_data["version"] or 0
            )
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                form.renew(_membership_or_404(request, uid).version)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("mou:facilitator", person.uid)
    return form_page(request, _FORM, form, person=person, contract=held)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_withdraw(request, uid):
    held = _membership_or_404(request, uid)
    if request.method != "POST":
        return render(request, "mou/facilitator_withdraw.html", {"contract": held})
    try:
        withdraw_membership(held, actor=request.user, version=version_of(request))
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("The contract counts no more. Assignments stay as they are."))
    if people_of(request.user).filter(pk=held.person_id).exists():
        return redirect("mou:facilitator", held.person.uid)
    return redirect("mou:facilitator-list")


def _membership_or_404(request, uid) -> Membership:
    require(KEEP in request.user.capabilities)
    rows = Membership.objects.permitting(request.user, KEEP).filter(withdrawn_at=None)
    return get_object_or_404(rows.select_related("partner__regency", "person"), pk=uid)


def _next_year(request, person: User) -> dict:
    """As the last contract with its dates moved on, or nothing."""
    rows = Membership.objects.permitting(request.user, KEEP).filter(withdrawn_at=None)
    last = rows.filter(person=person).order_by("-valid_from").first()
    if last is None:
        return {}
    said = {"partner": last.partner_id, "kind": last.kind}
    if last.valid_until:
        first = max(last.valid_until + timedelta(days=1), date(timezone.localdate().year, 1, 1))
        said |= {"valid_from": first, "valid_until": date(first.year, 12, 31)}
    return said


urlpatterns = [
    path("pendamping/baru/", membership_new, name="membership-new"),
    path("pendamping/<uuid:uid>/kontrak/", membership_renew, name="membership-renew"),
    path("pendamping/kontrak/<uuid:uid>/ubah/", membership_edit, name="membership-edit"),
    path(
        "pendamping/kontrak/<uuid:uid>/batalkan/", membership_withdraw, name="membership-withdraw"
    ),
]
