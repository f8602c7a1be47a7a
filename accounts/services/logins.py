"""Who came in and who was turned away (ASVS 16.3.1).

A name that nobody has stays off the record, and so does a key that was guessed: anybody could
fill the trail with them, and people type passwords into the wrong box. The log tells of those.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, User
from core import audit, logs
from core.models import AuditEntry

_AGAIN = timedelta(hours=1)  # a forgotten tool knocks for months


def note_login(person: User) -> None:
    """She has proved her password."""
    audit.record(person, "login.succeed", person)
    logs.note("login.succeed", user=str(person.uid))


def note_proof(person: User) -> None:
    """Already signed in, she has proved her password again."""
    audit.record(person, "login.prove", person)
    logs.note("login.prove", user=str(person.uid))


def note_failure(username: str, *, locked: bool) -> None:
    """Someone failed to sign in as this person; `locked`: the account waits from now on."""
    person = User.objects.filter(username=username).first()
    event = "login.lock" if locked else "login.fail"
    if person:
        audit.record(None, event, person)
    logs.note(event, level=logging.WARNING, user=str(person.uid) if person else "nobody's name")


@transaction.atomic
def note_refused_key(token: ApiToken) -> None:
    """A real key that counts no more was used: on record at most once an hour."""
    earlier = AuditEntry.objects.filter(
        action="token.refuse",
        object_type=ApiToken._meta.model_name,
        object_id=str(token.pk),
        at__gt=timezone.now() - _AGAIN,
    )
    if not earlier.exists():
        audit.record(None, "token.refuse", token)
