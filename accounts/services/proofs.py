"""How a person proves who she is: her password and her second factor."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import second_factor
from accounts.models import Device, User
from accounts.reach import check_may_manage
from core import audit

from .devices import end_devices
from .links import withdraw_open
from .second_officer import NEW_CODE, NEW_PASSWORD, check_second_officer
from .tokens import revoke_all

START_PASSWORD_LIFE = timedelta(hours=72)  # ASVS 6.4.1
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


@transaction.atomic
def reset_password(person: User, *, actor: User | None) -> str:
    """She gets a new start password (the answer, shown once).

    All her sessions and keys end, and a link that is still open.
    Her second factor stays: a lost phone needs its own step (ASVS 6.4.3), by another officer.
    """
    check_may_manage(actor, person)
    check_second_officer(actor, person, NEW_CODE)
    withdraw_open(person, actor=actor)
    revoke_all(person, actor=actor)
    end_devices(person)
    chosen = start_password()
    _store_password(person, chosen, until=timezone.now() + START_PASSWORD_LIFE)
    audit.record(actor, "person.reset_password", person)
    return chosen


@transaction.atomic
def change_password(
    person: User, password: str, *, keep: Device | None = None, end_keys: bool = False
) -> User:
    """She chose this password herself; her other sessions and a link that is still open end.

    `keep` is the phone in her hand; with `end_keys` her API keys end as well.
    """
    withdraw_open(person, actor=person)
    end_devices(person, keep=keep)
    if end_keys:
        revoke_all(person, actor=person)
    _store_password(person, password, until=None)
    audit.record(person, "person.change_password", person)
    return person


def _store_password(person: User, password: str, *, until) -> None:
    person.password = make_password(password)
    person.start_password_until = until
    person.save(update_fields=["password", "start_password_until"])


@transaction.atomic
def reset_second_factor(person: User, *, actor: User | None) -> None:
    """Her app and recovery codes are forgotten, her sessions end; she enrols at the next login."""
    check_may_manage(actor, person)
    check_second_officer(actor, person, NEW_PASSWORD)
    second_factor.forget(person)
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)
    audit.record(actor, "person.reset_second_factor", person)


def start_password() -> str:
    """Three groups of four readable signs: 59 bits, easy to say over the phone."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)
