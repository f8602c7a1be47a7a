"""Phones: signed in, seen, signed out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Device, User
from accounts.reach import check_may_manage
from core import audit


def begin_device(person: User, label: str) -> Device:
    """She is signed in on this phone from now on."""
    now = timezone.now()
    return Device.objects.create(user=person, label=label, first_seen_at=now, last_seen_at=now)


@transaction.atomic
def end_device(device: Device, *, actor: User | None) -> None:
    """That one sign-in ends at the phone's next call; what waits on the phone stays there.

    Her own, or by whoever may change her account.
    """
    if actor is not None and actor.pk != device.user_id:
        check_may_manage(actor, device.user)
    if Device.objects.live().filter(pk=device.pk).update(ended_at=timezone.now()):
        audit.record(actor, "device.end", device, person=str(device.user.uid))


def end_devices(person: User, *, keep: Device | None = None) -> int:
    """Every phone of hers counts as signed out, but for `keep`; how many there were.

    Called where a service ends her sessions; that service writes the audit row.
    """
    others = person.devices.live().exclude(pk=keep.pk if keep else None)
    return others.update(ended_at=timezone.now())


def note_seen(pk: UUID | str) -> None:
    """The phone has called."""
    Device.objects.filter(pk=pk).update(last_seen_at=timezone.now())


def note_waiting(pk: UUID | str, *, count: int, since: datetime | None = None) -> None:
    """The phone says that `count` records wait there, the oldest since `since`.

    Without `since`: from the first call that spoke of any.
    """
    now = timezone.now()
    known = Coalesce(F("waiting_since"), now) if since is None else min(since, now)
    Device.objects.filter(pk=pk).update(
        last_seen_at=now, waiting=count, waiting_since=known if count else None
    )
