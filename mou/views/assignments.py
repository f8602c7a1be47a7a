"""Pages of assignments: villages for a person, a person for a village, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.capabilities import Role
from accounts.models import Grant, User
from accounts.reach import MANAGE
from core.errors import Refused
from programs.views.shared import forbid, form_page, require
from villages.models import District, Village

from ..facilitators import area_words, villages_to_give
from ..forms.assignment import AssignForm, EndForm, WhoForm
from ..load import MOST_VILLAGES, facilitated
from ..services.assignments import assign, assign_all, end_assignment, facilitators_of, wider
from .facilitators import choice_of, load_of, person_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request, uid):
    """First the district, then its villages with who is there now."""
    require(MANAGE in request.user.capabilities)
    person = person_or_404(request, uid)
    require(person.pk != request.user.pk)
    load, villages = load_of(request, person), villages_to_give(request.user)
    code = request.GET.get("district", "")
    if not code:
        context = {"person": person, "load": load, "districts": _districts(villages)}
        return render(request, "mou/assignment_district.html", context)
    districts = request.user.districts_with(MANAGE)
    seen = District.reference.filter(pk__in=villages.order_by().values("district"))
    district = get_object_or_404(seen, code=code)
    whole = districts.filter(pk=district.pk).exists()
    form = AssignForm(
        request.POST or None, villages=villages, district=district, whole=whole, load=load
    )
    if form.is_valid():
        try:
            made = assign_all(person, form.chosen(), actor=request.user, **form.days)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            _told(request, person, form.chosen(), form.days, len(made))
            return redirect("mou:facilitator", person.uid)
    context = {"person": person, "load": load, "district": district, "most": MOST_VILLAGES}
    return form_page(request, "mou/assignment_new.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_village(request, code):
    """Somebody for one village; her contract says until when where the page does not."""
    require(MANAGE in request.user.capabilities)
    village = get_object_or_404(villages_to_give(request.user), code=code)
    people, loads = choice_of(request)
    form = WhoForm(request.POST or None, people=people, loads=loads, village=village)
    if form.is_valid():
        person, days = form.cleaned_data["person"], form.days
        days["valid_until"] = days["valid_until"] or _contract_end(request, person, days)
        try:
            assign(person, village, actor=request.user, **days)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            _told(request, person, [village], days, 1)
            return redirect("mou:facilitator", person.uid)
    there = facilitators_of(village, timezone.localdate())
    context = {"village": village, "there": there, "anybody": bool(loads)}
    return form_page(request, "mou/assignment_village.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_end(request, uid):
    require(MANAGE in request.user.capabilities)
    rows = Grant.objects.visible_to(request.user).standing_on(timezone.localdate())
    rows = rows.filter(role=Role.FACILITATOR)
    held = get_object_or_404(rows.select_related("user", "village", "district", "regency"), pk=uid)
    require(held.user_id != request.user.pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            end_assignment(held, on=form.cleaned_data["on"], actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The last day of the assignment is kept."))
            return redirect("mou:facilitator", held.user.uid)
    return form_page(request, "mou/assignment_end.html", form, held=held, person=held.user)


def _contract_end(request, person: User, days: dict):
    load = load_of(request, person)
    last = load.contract.valid_until if load.contract else None
    return last if last and last >= days["valid_from"] else None


def _told(request, person: User, areas: list, days: dict, count: int) -> None:
    """What is so now; and what she has there anyway by a wider task."""
    words = _("Assigned: %(count)s. %(name)s sees and records there from the first day.")
    messages.success(request, words % {"count": count, "name": person})
    held = wider(person, areas, days["valid_from"], days["valid_until"])
    if held:
        words = _("%(name)s also has %(area)s as a whole: these villages lie in it anyway.")
        area = ", ".join(area_words(one) for one in held)
        messages.info(request, words % {"name": person, "area": area})


def _districts(villages) -> list[dict]:
    """Each district with how many of its villages (desa) nobody accompanies."""
    rows = [one for one in villages if one.kind == Village.Kind.DESA]
    names = facilitated(villages.filter(kind=Village.Kind.DESA), timezone.localdate())
    found: dict[int, dict] = {}
    for one in rows:
        at = found.setdefault(
            one.district_id, {"district": one.district, "villages": 0, "without": 0}
        )
        at["villages"] += 1
        at["without"] += one.pk not in names
    return list(found.values())


urlpatterns = [
    path("pendamping/<uuid:uid>/tugaskan/", assignment_new, name="assignment-new"),
    path("pendamping/desa/<str:code>/", assignment_village, name="assignment-village"),
    path("pendamping/penugasan/<uuid:uid>/akhiri/", assignment_end, name="assignment-end"),
]
