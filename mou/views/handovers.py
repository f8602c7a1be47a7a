"""Pages of a hand-over: what is meant, what would happen in numbers, and then it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Grant, User
from accounts.reach import MANAGE
from core.errors import Refused
from programs.models import Activity
from programs.views.shared import forbid, form_page, require

from ..forms.assignment import HandOverForm
from ..load import MOST_VILLAGES, loads_of
from ..services.assignments import HandedOver, hand_over, standing
from .facilitators import choice_of, load_of, person_or_404

_FORM, _ASKED = "mou/handover.html", "mou/handover_confirm.html"


@dataclass(frozen=True)
class Told:
    """A hand-over in numbers, before it is one."""

    name: str
    newcomer: bool
    areas: int
    records: int
    at_once: bool
    last_day: date
    first_day: date
    before: int
    after: int

    @property
    def heavy(self) -> bool:
        return self.after > MOST_VILLAGES


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, uid):
    require(MANAGE in request.user.capabilities)
    person = person_or_404(request, uid)
    require(person.pk != request.user.pk)
    load = load_of(request, person)
    people, loads = choice_of(request, person)
    held = _held(request, person)
    form = HandOverForm(request.POST or None, held=held, people=people, loads=loads, load=load)
    context = {"person": person, "load": load, "held": held, "most": MOST_VILLAGES}
    if not form.is_valid():
        return form_page(request, _FORM, form, **context)
    asked = request.POST.get("step") != "do"
    try:
        done, told = _run(request, person, form, tried=asked)
    except Refused as refusal:
        forbid(refusal)
        form.refuse(refusal)
        return form_page(request, _FORM, form, **context)
    if request.POST.get("step") == "back":
        return render(request, _FORM, {"form": form, **context})
    if asked:
        return render(request, _ASKED, {"form": form, "told": told, **context})
    return _after(request, person, done, newcomer=told.newcomer)


def _held(request, person: User) -> list[Grant]:
    """Her tasks that this officer may end."""
    hers = Grant.objects.visible_to(request.user).values("pk")
    return list(standing(person, timezone.localdate()).filter(pk__in=hers))


def _run(request, person: User, form: HandOverForm, *, tried: bool) -> tuple[HandedOver, Told]:
    """The real thing; `tried`: rolled back, so that the page promises what then happens."""
    said, to_whom = form.cleaned_data, form.to_whom()
    with transaction.atomic():
        before = load_of(request, to_whom).villages if isinstance(to_whom, User) else 0
        done = hand_over(
            person,
            to_whom,
            actor=request.user,
            on=said["on"],
            areas=form.areas_meant(),
            valid_until=said["valid_until"],
        )
        told = _told(request, person, done, said["on"], before)
        transaction.set_rollback(tried)
    return done, told


def _told(request, person: User, done: HandedOver, on: date, before: int) -> Told:
    records = Activity.objects.visible_to(request.user).live().filter(author=person)
    return Told(
        name=done.to_person.name,
        newcomer=done.to_person.last_login is None and not done.to_person.has_usable_password(),
        areas=len(done.made),
        records=records.count(),
        at_once=on <= timezone.localdate(),
        last_day=on,
        first_day=min(one.valid_from for one in done.made),
        before=before,
        after=_first_load(request, done),
    )


def _first_load(request, done: HandedOver) -> int:
    """Villages of the other one on the first day that all of it is hers."""
    day = max(one.valid_from for one in done.made)
    [load] = loads_of([done.to_person], request.user, max(day, timezone.localdate()))
    return load.villages


def _after(request, person: User, done: HandedOver, *, newcomer: bool):
    words = _("Handed over: %(count)s from %(from)s to %(to)s.")
    said = {"count": len(done.made), "from": person, "to": done.to_person}
    messages.success(request, words % said)
    if newcomer:
        words = _("The username is %(name)s. Make the link with which the new person logs in.")
        messages.info(request, words % {"name": done.to_person.username})
        return redirect("accounts:person-link", done.to_person.uid)
    return redirect("mou:facilitator", done.to_person.uid)


urlpatterns = [path("pendamping/<uuid:uid>/serah-terima/", handover, name="handover")]
