"""What corrections and reviews share: whose record it is, its steps, its key, its refusals."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from villages.models import Village

from .. import rollups
from ..models import Activity, Review, ReviewStep
from .changes import note_activities

_BY_HER_HAND = (ReviewStep.SUBMITTED, ReviewStep.CORRECTED, ReviewStep.RESUBMITTED)


def holds(user, capability: str, activity: Activity) -> bool:
    return Village.objects.permitting(user, capability).filter(pk=activity.village_id).exists()


def is_own(activity: Activity, user) -> bool:
    """She is the author, or her hand is in it."""
    if activity.author_id == user.pk:
        return True
    return activity.reviews.filter(actor=user, step__in=_BY_HER_HAND).exists()


def any_own(activities: Collection[Activity], user) -> bool:
    """Her hand is in at least one of them. One statement, however many they are."""
    if any(one.author_id == user.pk for one in activities):
        return True
    steps = Review.objects.filter(activity__in=activities, actor=user, step__in=_BY_HER_HAND)
    return steps.exists()


def key_of(activity: Activity) -> rollups.Key:
    return activity.program_id, activity.village_id, activity.year, activity.month


def note(
    activity: Activity, step: str, actor, now=None, reason: str = "", by=None, **changes: Any
) -> None:
    """One step on the record, one row in the audit trail, one line in the feed.

    `by`: who noted it, where that is not the person whose step it is.
    """
    Review.objects.create(
        activity=activity,
        step=step,
        actor=actor,
        at=now or timezone.now(),
        reason=reason,
        version=activity.version,
        changes=changes,
    )
    audit.record(by or actor, f"activity.{step}", activity, reason=reason, **changes)
    note_activities([activity], step)


def note_all(activities: Collection[Activity], step: str, actor, now) -> None:
    """The same step on each of these records, in three statements."""
    Review.objects.bulk_create(
        Review(activity=one, step=step, actor=actor, at=now, version=one.version)
        for one in activities
    )
    audit.record_many(actor, f"activity.{step}", ((one, {"reason": ""}) for one in activities))
    note_activities(activities, step)


def require_reviewer(activity: Activity, actor) -> None:
    """She reviews this village, and her hand is not in the record."""
    if not holds(actor, "verify", activity):
        raise not_permitted()
    if is_own(activity, actor):
        raise own_record()


def own_record() -> Refused:
    return Refused(
        Problem("", "own_record", _("You cannot review a record that you wrote yourself."))
    )


def not_permitted() -> Refused:
    return Refused(Problem("", "not_permitted", _("This is not yours to decide.")))


def stale(activity: Activity) -> Stale:
    """Say who was faster, and what the record is now."""
    activity.refresh_from_db()
    last = activity.reviews.select_related("actor").order_by("-at", "-id").first()
    return Stale(
        Problem(
            "version",
            "changed_meanwhile",
            _("%(name)s was faster: the record is now “%(state)s”. Look at it again.")
            % {"name": last.actor if last else "–", "state": activity.get_state_display()},
        )
    )
