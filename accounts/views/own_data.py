"""What the portal holds on a person: her own page, the office's, requests and their answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.models import DataRequest, User
from accounts.own_data import held_on
from accounts.reach import MANAGE, lies_within, needs
from accounts.request_forms import DataRequestForm, DecisionForm
from core import audit
from core.downloads import as_attachment, stamped
from core.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request):
    return _page(request, request.user, "accounts:own-data")


@require_safe
def own_data_copy(request):
    return _copy(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def person_data(request, uid):
    """What a person asked for by letter or at the counter is entered here."""
    return _page(request, _person_or_404(request, uid), "accounts:person-data", uid)


@require_safe
@needs(MANAGE)
def person_data_copy(request, uid):
    return _copy(request, _person_or_404(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def request_decide(request, pk):
    rows = DataRequest.objects.visible_to(request.user).select_related("person", "decided_by")
    asked = get_object_or_404(rows, pk=pk)
    _require_hers(request.user, asked.person)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            services.decide_request(asked, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            _forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The decision is on file."))
            return redirect("programs:privacy")
    status = 422 if form.errors else 200
    status = 409 if form.has_error("__all__", "changed_meanwhile") else status
    context = {"asked": asked, "form": form, "may_decide": _may_decide(asked, request.user)}
    return render(request, "accounts/data_request.html", context, status=status)


def _may_decide(asked: DataRequest, user: User) -> bool:
    return services.may_decide(asked.person, user)


def _person_or_404(request, uid) -> User:
    person = get_object_or_404(User.objects.visible_to(request.user), uid=uid)
    _require_hers(request.user, person)
    return person


def _require_hers(user: User, person: User) -> None:
    """One task within her reach shows a person, not what is held on one who works elsewhere too."""
    if person.pk != user.pk and not lies_within(person, user):
        raise PermissionDenied


def _page(request, person: User, back: str, *named):
    form = DataRequestForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            services.ask_about_data(person, told["kind"], wish=told["wish"], actor=request.user)
        except Refused as refusal:
            _forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The request is on file. The answer comes within 3 days."))
            return redirect(back, *named)
    context = {"person": person, "form": form, "held": held_on(person)}
    context["named"] = sum(context["held"]["named_in"].values())
    context["asked"] = person.data_requests.select_related("decided_by")[:20]
    context["herself"] = person.pk == request.user.pk
    status = 422 if form.errors else 200
    return render(request, "accounts/own_data.html", context, status=status)


def _copy(request, person: User) -> HttpResponseBase:
    """The copy that she may have of her data, as a file that any program reads."""
    audit.record(request.user, f"{audit.DOWNLOAD}person", person)
    written = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(held_on(person), json_dumps_params=written)
    return as_attachment(response, stamped(f"data-{person.username}", "json", timezone.now()))


def _forbid(refusal: Refused) -> None:
    if refusal.code == "not_permitted":
        raise PermissionDenied(refusal.problems[0].detail) from refusal
