"""How a person proves who she is: her password and her second factor."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import Device, User
from accounts.reach import check_may_manage
from core import audit
from core.errors import Problem, Refused
from core.models import AuditEntry

from .devices import end_devices
from .tokens import revoke_all

START_PASSWORD_LIFE = timedelta(hours=72)  # ASVS 6.4.1
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


@transaction.atomic
def reset_password(person: User, *, actor: User | None) -> str:
    """She gets a new start password (the answer, shown once); all her sessions and keys end.

    Her second factor stays: a lost phone needs its own step (ASVS 6.4.3), by another officer.
    """
    check_may_manage(actor, person)
    _check_second_officer(actor, person, "person.reset_second_factor")
    revoke_all(person, actor=actor)
    end_devices(person)
    chosen = start_password()
    _store_password(person, chosen, until=timezone.now() + START_PASSWORD_LIFE)
    audit.record(actor, "person.reset_password", person)
    return chosen


@transaction.atomic
def change_password(person: User, password: str, *, keep: Device | None = None) -> User:
    """She chose this password herself; her other sessions end, `keep` is the phone in her hand."""
    end_devices(person, keep=keep)
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
    _check_second_officer(actor, person, "person.reset_password")
    second_factor.forget(person)
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)
    audit.record(actor, "person.reset_second_factor", person)


def _check_second_officer(actor: User | None, person: User, other: str) -> None:
    """Who did the `other` reset while its start password lives leaves this one to a colleague.

    Otherwise one officer alone could sign in as her and accept records of her own (ASVS 6.4.4).
    """
    if actor is None:
        return
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two clicks at once
    done = AuditEntry.objects.filter(
        actor=actor,
        action=other,
        object_type=User._meta.model_name,
        object_id=str(person.pk),
        at__gt=timezone.now() - START_PASSWORD_LIFE,
    )
    if done.exists():
        words = _(
            "In the last three days you made this person's start password or disconnected the "
            "code app. Ask another officer to do the second step."
        )
        raise Refused(Problem("", "second_officer_needed", words))


def start_password() -> str:
    """Three groups of four readable signs: 59 bits, easy to say over the phone."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)
