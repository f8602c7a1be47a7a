"""One event, several records: confirmed by a second person, merged, and set apart again.

The canonical record counts, its twins do not. Whoever changes either holds the whole event
first, in uid order, so that nobody waits for somebody who waits for her.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Problem, Refused

from .. import rollups
from ..models import Activity, EventStatus, Kind, ReviewStep, State
from .changes import note_activities
from .records import holds, is_own, key_of, not_permitted, note, require_reviewer


def hold_event(*activities: Activity) -> dict:
    """Hold these records and the others of their events until commit; {uid: record} as now."""
    keys = {one.pk for one in activities}
    told = Activity.objects.filter(pk__in=keys, same_event_as__isnull=False)
    keys |= set(told.values_list("same_event_as", flat=True))
    rows = Activity.objects.select_for_update(no_key=True).filter(
        Q(pk__in=keys) | Q(same_event_as__in=keys)
    )
    return {one.pk: one for one in rows.order_by("pk")}


def release_twins(activity: Activity) -> None:
    """The event's other records speak without this one: the surest of them counts, verified
    before waiting, and the rest stay its twins. Where none counts, each stands alone."""
    twins = list(activity.twins.all())
    if not twins:
        return
    activity.twins.update(same_event_as=None)
    apart = Activity.objects.filter(pk__in=[twin.pk for twin in twins])
    if heir := apart.counted().order_by("-state", "pk").first():  # "verified" before "submitted"
        apart.exclude(pk=heir.pk).update(same_event_as=heir)
    note_activities(twins, "")
    rollups.refresh(key_of(twin) for twin in twins)


def lead_event(activity: Activity, actor, now: datetime | None) -> None:
    """A twin was verified before the record that counts: from now on it tells the event, or a
    verified event would be missing. The event is held (`hold_event`)."""
    first = Activity.objects.filter(pk=activity.same_event_as_id, state=State.SUBMITTED).first()
    if first is None or activity.event_status != EventStatus.HELD:
        return
    if activity.kind == Kind.ADMINISTRATION:
        return
    Activity.objects.filter(pk=activity.pk).update(same_event_as=None)
    note_activities(first.twins.exclude(pk=activity.pk), "")
    first.twins.update(same_event_as=activity)
    Activity.objects.filter(pk=first.pk).update(same_event_as=activity)
    activity.same_event_as = None
    note(first, ReviewStep.MERGED, actor, now, reason=activity.receipt.number or "")


@transaction.atomic
def confirm_activity(activity: Activity, *, actor, now: datetime | None = None) -> Activity:
    """A second person who was there says it happened. Once each; never the author."""
    if not (holds(actor, "log", activity) or holds(actor, "verify", activity)):
        raise not_permitted()
    if is_own(activity, actor):
        raise Refused(Problem("", "own_record", _("You recorded this yourself.")))
    held = hold_event(activity)[activity.pk]
    if held.state == State.VOIDED:
        raise Refused(Problem("", "voided", _("This record is struck out.")))
    if not held.reviews.filter(actor=actor, step=ReviewStep.CONFIRMED).exists():
        note(held, ReviewStep.CONFIRMED, actor, now)
    return held


@transaction.atomic
def merge_twin(
    activity: Activity, *, canonical: Activity, actor, now: datetime | None = None
) -> Activity:
    """`activity` is the same event as `canonical`: kept as its confirmation, counted no more.

    Refused unless `canonical` counts at least as surely: same program, village and day, held,
    not itself a twin, and verified when `activity` is.
    """
    require_reviewer(activity, actor)
    held = hold_event(activity, canonical)
    first, second = held[canonical.pk], held[activity.pk]
    _require_mergeable(first, second)
    Activity.objects.filter(pk=second.pk).update(
        same_event_as=first, version=F("version") + 1, updated_at=now or timezone.now()
    )
    second.refresh_from_db()
    note(second, ReviewStep.MERGED, actor, now, reason=first.receipt.number or "")
    if first.author_id != second.author_id:
        note(first, ReviewStep.CONFIRMED, second.author, now, by=actor)
    rollups.refresh([key_of(second)])
    return second


def _require_mergeable(first: Activity, second: Activity) -> None:
    if first.pk == second.pk or first.same_event_as_id or second.twins.exists():
        raise Refused(Problem("", "already_merged", _("One of the two is already merged.")))
    alike = (first.program_id, first.village_id, first.held_on) == (
        second.program_id,
        second.village_id,
        second.held_on,
    )
    if not alike or not Activity.objects.counted().filter(pk=first.pk).exists():
        raise Refused(
            Problem(
                "",
                "not_alike",
                _("Only records that count, of one program, village and day, can be merged."),
            )
        )
    if second.state == State.VERIFIED != first.state:
        raise Refused(Problem("", "verify_first", _("Verify the other record first.")))
