"""Putting a record right before it is verified."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused

from .. import rollups
from ..drafts import FACT_FIELDS, ActivityDraft
from ..models import Activity, EventStatus, Kind, ReviewStep, State
from .events import hold_event, release_twins
from .judging import Ground, judge
from .records import holds, key_of, not_permitted, note, stale

CORRECTABLE = frozenset({State.SUBMITTED, State.RETURNED})


def may_correct(activity: Activity, user) -> bool:
    """Whoever records in the village, as long as the record is not verified."""
    return activity.state in CORRECTABLE and holds(user, "log", activity)


@transaction.atomic
def correct_activity(
    activity: Activity, draft: ActivityDraft, *, actor, version: int, now: datetime | None = None
) -> Activity:
    """The record says what `draft` says and waits for review (again).

    Same rules as a new record; its village stays. Refused with the problems by field; Stale when
    somebody changed it since `version`.
    """
    if not holds(actor, "log", activity):
        raise not_permitted()
    if draft.village != activity.village.code:
        raise Refused(Problem("village", "fixed", _("The village of a record cannot be changed.")))
    now = now or timezone.now()
    hold_event(activity)
    ground = Ground.of([draft], actor, now)
    wanted, problems = judge(draft, ground, now_under=activity.program_id)
    if wanted is None:
        raise Refused(*problems)
    before, old_key = _facts(activity), key_of(activity)
    after = _facts(wanted)
    swapped = Activity.objects.filter(
        pk=activity.pk, version=version, state__in=CORRECTABLE
    ).update(
        **{name: getattr(wanted, name) for name in FACT_FIELDS},
        same_event_as=None if _moves(activity, wanted) else F("same_event_as"),
        program=wanted.program,
        year=wanted.year,
        month=wanted.month,
        state=State.SUBMITTED,
        version=F("version") + 1,
        updated_at=now,
    )
    if not swapped:
        raise stale(activity)
    if _moves(activity, wanted) or not _can_count(wanted):
        release_twins(activity)
    step = ReviewStep.RESUBMITTED if activity.state == State.RETURNED else ReviewStep.CORRECTED
    activity.refresh_from_db()
    note(activity, step, actor, now, "", **audit.difference(before, after))
    rollups.refresh([old_key, key_of(activity)])
    return activity


def _moves(activity: Activity, wanted: Activity) -> bool:
    """Whether the correction makes it another event than its twins'."""
    return (activity.program_id, activity.held_on) != (wanted.program_id, wanted.held_on)


def _can_count(wanted: Activity) -> bool:
    """Whether the corrected record can still stand for its event (`Activity.objects.counted`)."""
    return wanted.event_status == EventStatus.HELD and wanted.kind != Kind.ADMINISTRATION


def _facts(activity: Activity) -> dict:
    return {name: getattr(activity, name) for name in FACT_FIELDS} | {
        "program": activity.program_id
    }
