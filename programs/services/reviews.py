"""What the office decides on a record: verified, returned, voided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from villages.models import Village

from .. import rollups
from ..models import Activity, ReviewStep, State
from .events import hold_event, lead_event, release_twins
from .records import (
    any_own,
    holds,
    is_own,
    key_of,
    not_permitted,
    note,
    note_all,
    own_record,
    require_reviewer,
    stale,
)

#: The allowed moves: from which states, to which.
MOVES: dict[str, tuple[frozenset[str], str]] = {
    ReviewStep.VERIFIED: (frozenset({State.SUBMITTED}), State.VERIFIED),
    ReviewStep.RETURNED: (frozenset({State.SUBMITTED, State.VERIFIED}), State.RETURNED),
    ReviewStep.VOIDED: (
        frozenset({State.SUBMITTED, State.RETURNED, State.VERIFIED}),
        State.VOIDED,
    ),
}


def may_verify(activity: Activity, user) -> bool:
    """She reviews this village, and neither wrote nor corrected the record."""
    return holds(user, "verify", activity) and not is_own(activity, user)


def may_void(activity: Activity, user) -> bool:
    """Whoever records there may void what is not verified; a reviewer all but her own verified."""
    if activity.state == State.VOIDED:
        return False
    if activity.state == State.VERIFIED:
        return may_verify(activity, user)
    return holds(user, "log", activity) or holds(user, "verify", activity)


@transaction.atomic
def verify_activity(activity: Activity, *, actor, version: int, now=None) -> Activity:
    """The record becomes verified and counts. Refused for one's own; Stale if it moved on."""
    require_reviewer(activity, actor)
    hold_event(activity)
    moved = _move(activity, ReviewStep.VERIFIED, actor, version, "", now)
    if moved.same_event_as_id:
        lead_event(moved, actor, now)
        rollups.refresh([key_of(moved)])
    return moved


@transaction.atomic
def verify_activities(
    activities: Sequence[Activity], *, actor, now: datetime | None = None
) -> list[Activity]:
    """All of these records become verified and count, or none does; in the order of their uids.

    As `verify_activity` for each, at the version each instance carries: refused when one is not
    hers to review or her own, Stale when one moved on. The number of statements does not grow
    with the number of records.
    """
    seen = {one.pk: one.version for one in activities}
    held = [one for one in hold_event(*activities).values() if one.pk in seen]
    _require_reviewer_of_all(held, actor)
    sources, target = MOVES[ReviewStep.VERIFIED]
    now = now or timezone.now()
    for one in held:
        if one.state not in sources or one.version != seen[one.pk]:
            raise stale(one)
    Activity.objects.filter(pk__in=seen).update(
        state=target, version=F("version") + 1, updated_at=now
    )
    for one in held:
        one.state, one.version, one.updated_at = target, one.version + 1, now
    note_all(held, ReviewStep.VERIFIED, actor, now)
    for one in held:
        if one.same_event_as_id:
            one.refresh_from_db(fields=["same_event_as"])  # the one before may have taken the lead
            lead_event(one, actor, now)
    rollups.refresh(key_of(one) for one in held)
    return held


@transaction.atomic
def return_activity(activity: Activity, *, actor, version: int, reason: str, now=None) -> Activity:
    """The record goes back to the village with a reason, and stops counting."""
    require_reviewer(activity, actor)
    hold_event(activity)
    moved = _move(activity, ReviewStep.RETURNED, actor, version, _reason(reason), now)
    release_twins(moved)
    return moved


@transaction.atomic
def void_activity(activity: Activity, *, actor, version: int, reason: str, now=None) -> Activity:
    """The record is struck out, with a reason; it stays readable and counts nowhere."""
    if not may_void(activity, actor):
        raise not_permitted()
    hold_event(activity)
    moved = _move(activity, ReviewStep.VOIDED, actor, version, _reason(reason), now)
    release_twins(moved)
    return moved


def _move(
    activity: Activity, step: str, actor, version: int, reason: str, now: datetime | None
) -> Activity:
    """Compare-and-swap: the first of two wins, the other is told."""
    sources, target = MOVES[step]
    now = now or timezone.now()
    moved = Activity.objects.filter(pk=activity.pk, version=version, state__in=sources).update(
        state=target, version=F("version") + 1, updated_at=now
    )
    if not moved:
        raise stale(activity)
    activity.refresh_from_db()
    note(activity, step, actor, now, reason)
    rollups.refresh([key_of(activity)])
    return activity


def _require_reviewer_of_all(activities: Sequence[Activity], actor) -> None:
    villages = {one.village_id for one in activities}
    hers = Village.objects.permitting(actor, "verify").filter(pk__in=villages)
    if hers.count() < len(villages):
        raise not_permitted()
    if any_own(activities, actor):
        raise own_record()


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(Problem("reason", "reason_missing", _("Write the reason in a few words.")))
    return text.strip()
