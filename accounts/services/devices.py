"""Phones: signed in, seen, signed out."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Device, User
from accounts.reach import check_may_manage
from core import audit


def begin_device(person: User, label: str, *, session_key: str = "") -> Device:
    """She is signed in on this phone, or in this session of an office's computer, from now on."""
    now = timezone.now()
    return Device.objects.create(
        user=person, label=label, first_seen_at=now, last_seen_at=now, session_key=session_key
    )


def follow_session(pk: UUID | str, session_key: str) -> None:
    """The session of this computer has this key now."""
    Device.objects.live().filter(pk=pk).update(session_key=session_key)


@transaction.atomic
def end_device(device: Device, *, actor: User | None) -> None:
    """That one sign-in ends, a phone's at its next call; what waits on the phone stays there.

    Her own, or by whoever may change her account.
    """
    if actor is not None and actor.pk != device.user_id:
        check_may_manage(actor, device.user)
    if Device.objects.live().filter(pk=device.pk).update(ended_at=timezone.now()):
        _end_session(device)
        audit.record(actor, "device.end", device, person=str(device.user.uid))


def _end_session(device: Device) -> None:
    if device.session_key:
        import_module(settings.SESSION_ENGINE).SessionStore(device.session_key).delete()


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
