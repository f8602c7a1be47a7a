"""The page between a form and its record: every answer once more, and what deserves a look."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from .. import wording
from ..drafts import FACT_FIELDS
from ..flags import flags
from ..forms import ActivityForm
from ..models import Activity
from ..services import submit_activities
from .shared import form_page

#: The step of the form that each part of a record is asked on.
STEPS = (1, 2, 3, 4, 4)


def check_page(request, form: ActivityForm, context: dict):
    """What a valid form would record; it goes on to be recorded from here, or back to be changed.

    What the rules refuse comes back in the form at once, as it would on being sent.
    """
    if "change" in request.POST:
        return render(request, "programs/activity_form.html", {"form": form, **context})
    outcome = _would_be(form, request.user)
    if outcome.word == "duplicate":
        return redirect("programs:activity-receipt", outcome.uid)
    if not outcome.ok:
        form.refuse(outcome)
        context = {**context, "outcome": outcome}
        return form_page(request, "programs/activity_form.html", form, **context)
    return render(request, "phone/check.html", {"form": form, **_read(request, form)})


def _would_be(form: ActivityForm, user):
    """How the rules judge it; nothing is kept."""
    with transaction.atomic():
        [outcome] = submit_activities([form.draft()], actor=user, source="browser")
        transaction.set_rollback(True)
    return outcome


def _read(request, form: ActivityForm) -> dict:
    activity = _activity(form)
    sections = zip(STEPS, wording.SECTIONS, strict=True)
    read = dict(wording.sections(activity))
    village = f"?village={form.village.code}"
    return {
        "sections": [
            (step, str(heading), read[str(heading)])
            for step, (heading, _names) in sections
            if str(heading) in read
        ],
        "flags": flags(activity),
        "similar": _alike(activity, request.user),
        "back": reverse("programs:phone-record") + village,
        "onward": reverse("programs:activity-create") + village,
    }


def _activity(form: ActivityForm) -> Activity:
    """The record this form would become, unsaved."""
    content = form.content()
    program = next(one for one in form.programs if one.pk == content["program"])
    facts = {name: content[name] for name in FACT_FIELDS if content.get(name) not in (None, "")}
    return Activity(
        receipt_id=form.cleaned_data["uid"], village=form.village, program=program, **facts
    )


def _alike(activity: Activity, user) -> list[Activity]:
    """Records on file that may be of the same event."""
    rows = Activity.objects.visible_to(user).live().exclude(pk=activity.pk)
    alike = rows.near(activity.village, activity.program, activity.held_on, activity.title)
    return list(alike.with_places()[:3])
