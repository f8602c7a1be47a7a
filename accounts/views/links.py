"""One-time links: made and withdrawn by who may, opened by the person on her phone."""

from __future__ import annotations

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import devices, known, links, lockout, qr, services
from accounts.capabilities import Role
from accounts.fresh import fresh_login
from accounts.models import EnrolmentLink, Grant, User
from accounts.phone_forms import LinkPasswordForm, NewHeadForm
from accounts.reach import ENROL, MANAGE, may_enrol, needs
from core.errors import Refused

BACKEND = "accounts.backends.PersonBackend"
KEY = "link"  # in the session of the phone: the id of the link that was opened on it


@require_http_methods(["GET", "POST"])
@needs(ENROL)
@fresh_login
def person_link(request, uid):
    """Ask first; then the one page that shows the link."""
    person = get_object_or_404(User.objects.permitting(request.user, ENROL), uid=uid)
    if not may_enrol(request.user, person):
        raise PermissionDenied
    if request.method == "GET":
        return _asked_first(request, person)
    try:
        made = services.make_link(person, actor=request.user)
    except Refused as refusal:
        return _asked_first(request, person, refusal)
    return _shown_once(request, made)


def _asked_first(request, person: User, refusal: Refused | None = None):
    opened = person.enrolment_links.live_at(timezone.now()).select_related("made_by").first()
    phones = person.devices.live()
    context = {"person": person, "open": opened, "phones": phones}
    context["problems"] = refusal.problems if refusal else ()
    return render(request, "accounts/link_make.html", context, status=422 if refusal else 200)


def _shown_once(request, made: services.NewLink):
    """Nothing keeps the address afterwards; it travels in no Referer either."""
    address = request.build_absolute_uri(reverse("accounts:link-open", args=[made.secret]))
    context = {
        "person": made.link.person,
        "link": made.link,
        "address": address,
        "qr": qr.picture(address),
        "may_manage": MANAGE in request.user.capabilities,
    }
    return render(request, "accounts/link_shown.html", context)


@require_POST
@needs(ENROL)
def link_revoke(request, pk):
    link = get_object_or_404(EnrolmentLink.objects.visible_to(request.user), pk=pk)
    services.revoke_link(link, actor=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("accounts:person-link", link.person.uid)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def head_change(request, pk):
    """The village of this task has a new head from today: person, task and link in one step."""
    heads = Grant.objects.visible_to(request.user).standing_on(timezone.localdate())
    held = get_object_or_404(heads.filter(role=Role.VILLAGE_HEAD), pk=pk)
    if held.user_id == request.user.pk:
        raise PermissionDenied
    form = NewHeadForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.hand_over(held, form.newcomer(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(request, made)
    context = {"form": form, "held": held, "person": held.user}
    status = 422 if form.errors else 200
    return render(request, "accounts/head_change.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def link_open(request, secret):
    """Say whom the link is for. Looking uses nothing up: messengers look at links they carry.

    The next page goes on by the session, so that the secret is in no form, no Referer and no
    log. `no_forms`: without a Referer browsers send no Origin, and every form would be refused.
    """
    link = links.opened_by(secret)
    if link is None:
        return _over(request)
    request.session[KEY] = str(link.pk)
    context = {"person": link.person, "no_forms": True}
    page = render(request, "accounts/link_open.html", context)
    page["Referrer-Policy"] = "no-referrer"
    return page


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link_use(request):
    """Her own password, and she is in: only this POST uses the link up.

    The form names its link: another one may have been opened on this phone since, and the
    password would go to that person.
    """
    link = links.numbered(request.session.get(KEY))
    if link is None or request.method == "POST" and request.POST.get("link") != str(link.pk):
        return _over(request)
    form = LinkPasswordForm(link.person, request.POST or None)
    if form.is_valid():
        try:
            person = services.use_link(link, form.cleaned_data["new_password1"])
        except Refused:
            return _over(request)
        return _come_in(request, person)
    context = {"form": form, "link": link, "person": link.person}
    status = 422 if form.errors else 200
    return render(request, "accounts/link_use.html", context, status=status)


def _come_in(request, person: User):
    devices.leave(request)  # whoever used this phone before
    request.session.pop(KEY, None)
    lockout.forget(person.username)
    auth.login(request, person, backend=BACKEND)
    services.note_login(person)
    devices.begin(request, person)
    response = redirect("core:home")
    known.remember(request, response, person)
    return response


def _over(request):
    """One answer for unknown, used, withdrawn and too old: it tells a finder nothing."""
    return render(request, "accounts/link_over.html", status=410)
