"""The office looks after accounts: the list, one person, a new one, and what can be done to her."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import NewPersonForm, PeopleFilterForm, PersonForm
from accounts.fresh import fresh_login
from accounts.models import Grant, User
from accounts.reach import MANAGE, may_enrol, may_manage, needs
from core.errors import Refused

PAGE = 50


@require_safe
@needs(MANAGE)
def people(request):
    form = PeopleFilterForm(request.GET, actor=request.user)
    rows = _narrowed(User.objects.visible_to(request.user), form).order_by("name", "username")
    standing = Grant.objects.visible_to(request.user).standing_on(timezone.localdate())
    places = standing.select_related("village__district", "district", "regency", "opd")
    rows = rows.prefetch_related(Prefetch("grants", queryset=places, to_attr="standing_grants"))
    context = {
        "filters": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "accounts/people.html", context)


def _narrowed(rows, form: PeopleFilterForm):
    form.is_valid()
    told = form.cleaned_data
    if told.get("search"):
        rows = rows.filter(
            Q(name__icontains=told["search"]) | Q(username__icontains=told["search"])
        )
    grants = Grant.objects.visible_to(form.actor).standing_on(timezone.localdate())
    if told.get("role"):
        grants = grants.filter(role=told["role"])
    if told.get("district"):
        place = told["district"]
        grants = grants.filter(Q(district=place) | Q(village__district=place))
    if told.get("role") or told.get("district"):
        rows = rows.filter(pk__in=grants.values("user"))
    return rows


@require_safe
@needs(MANAGE)
def person(request, uid):
    shown = _person_or_404(request, uid)
    today = timezone.localdate()
    grants = Grant.objects.visible_to(request.user).filter(user=shown)
    grants = list(grants.select_related("village__district", "district", "regency", "opd"))
    context = {
        "person": shown,
        "present": [held for held in grants if held.is_standing_on(today)],
        "past": [held for held in grants if not held.is_standing_on(today)],
        "may_manage": may_manage(request.user, shown),
        "may_enrol": may_enrol(request.user, shown),
        "phones": shown.devices.present(timezone.now()),
        "herself": shown.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def person_create(request):
    form = NewPersonForm(request.POST or None, actor=request.user)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = services.add_person(
                username=told["username"],
                name=told["name"],
                phone=told["phone"],
                grants=[form.draft()],
                actor=request.user,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _start_password(request, made.person, made.start_password)
    status = 422 if form.errors else 200
    return render(request, "accounts/person_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
@fresh_login
def person_edit(request, uid):
    shown = _managed_or_403(request, uid)
    initial = {"name": shown.name, "phone": shown.phone}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.change_person(shown, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are kept."))
        return redirect("accounts:person", shown.uid)
    context = {"form": form, "person": shown}
    status = 422 if form.errors else 200
    return render(request, "accounts/person_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def person_disable(request, uid):
    shown = _managed_or_403(request, uid)
    if request.method == "GET":
        return render(request, "accounts/person_disable.html", {"person": shown})
    services.disable_person(shown, actor=request.user)
    messages.success(request, _("The account is closed."))
    return redirect("accounts:person", shown.uid)


@require_http_methods(["POST"])
@needs(MANAGE)
def person_enable(request, uid):
    shown = _managed_or_403(request, uid)
    services.enable_person(shown, actor=request.user)
    messages.success(request, _("The account is open again."))
    return redirect("accounts:person", shown.uid)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
@fresh_login
def person_password(request, uid):
    shown = _managed_or_403(request, uid)
    page = "accounts/person_password.html"
    if request.method == "GET":
        return render(request, page, {"person": shown})
    try:
        start = services.reset_password(shown, actor=request.user)
    except Refused as refusal:
        return _refused(request, page, shown, refusal)
    return _start_password(request, shown, start)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
@fresh_login
def person_second_factor(request, uid):
    shown = _managed_or_403(request, uid)
    page = "accounts/person_second_factor.html"
    if request.method == "GET":
        return render(request, page, {"person": shown})
    try:
        services.reset_second_factor(shown, actor=request.user)
    except Refused as refusal:
        return _refused(request, page, shown, refusal)
    messages.success(request, _("The code app is disconnected. It is set up at the next login."))
    return redirect("accounts:person", shown.uid)


def _refused(request, page: str, shown: User, refusal: Refused):
    context = {"person": shown, "problems": refusal.problems}
    return render(request, page, context, status=422)


def _start_password(request, shown: User, password: str):
    """The one page that shows it; nothing keeps it afterwards."""
    context = {"person": shown, "password": password}
    return render(request, "accounts/start_password.html", context)


def _person_or_404(request, uid) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), uid=uid)


def _managed_or_403(request, uid) -> User:
    shown = _person_or_404(request, uid)
    if not may_manage(request.user, shown):
        raise PermissionDenied
    return shown
