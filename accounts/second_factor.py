"""The second proof of who someone is: a code from an app, or one of eight recovery codes.

Django-otp keeps the devices, refuses a code that was used and slows down guessing.
"""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import audit

from . import qr
from .models import RecoveryCodes, User

_DIGITS = 6


def is_enrolled(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def pending_device(user: User) -> TOTPDevice:
    """The app she is about to connect: the same secret until she has proved one code."""
    kept = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return kept[0]


@transaction.atomic
def enrol(user: User, code: str) -> tuple[Device, list[str]] | None:
    """The app counts from now on: (device, recovery codes to show once). None: wrong code."""
    device = TOTPDevice.objects.select_for_update().get(pk=pending_device(user).pk)
    if not device.verify_token(_plain(code)):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    RecoveryCodes.objects.filter(user=user).delete()
    spare = RecoveryCodes(user=user, name="recovery")
    codes = spare.fill()
    spare.save()
    audit.record(user, "second_factor.enrol", user)
    return device, codes


def verify(user: User, code: str) -> Device | None:
    """The device that accepts this code: six digits are the app's, all else is a recovery code."""
    device = _device_for(user, _plain(code))
    accepted = device and verify_token(user, device.persistent_id, _plain(code))
    if isinstance(accepted, RecoveryCodes):
        audit.record(user, "second_factor.recovery_code", user)
    if not accepted:
        audit.record(user, "second_factor.fail", user)
    return accepted or None


def closed_until(user: User, code: str) -> datetime | None:
    """After wrong codes: when the next try counts. None when she may try now."""
    device = _device_for(user, _plain(code))
    allowed, why = device.verify_is_allowed() if device else (True, None)
    return None if allowed else why["locked_until"]


def why_not(closed: datetime | None) -> str:
    """What to say of a code that was refused; `closed`: as `closed_until` said."""
    if closed is None:
        return _("This code is not the present one. Write the code the app shows now.")
    seconds = max(1, int((closed - timezone.now()).total_seconds()) + 1)
    return _("Too many wrong codes. Wait %(seconds)s seconds, then write a new code.") % {
        "seconds": seconds
    }


def forget(user: User) -> None:
    """No app and no recovery code of hers counts any more."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()


def secret_text(device: TOTPDevice) -> str:
    """The secret in groups of four, to type into an app."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def qr_picture(device: TOTPDevice) -> str:
    """The secret as the app reads it from the screen."""
    return qr.picture(device.config_url)


def _device_for(user: User, code: str) -> Device | None:
    kind = TOTPDevice if code.isdecimal() and len(code) == _DIGITS else RecoveryCodes
    return kind.objects.filter(user=user, confirmed=True).first()


def _plain(code: str) -> str:
    return "".join(code.split()).lower()
