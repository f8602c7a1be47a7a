"""Who came in and who was turned away (ASVS 16.3.1).

A name that nobody has stays off the record, and so does a key that was guessed: anybody could
fill the trail with them, and people type passwords into the wrong box. The log tells of those.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, User
from core import audit
from core.models import AuditEntry

_AGAIN = timedelta(hours=1)  # a forgotten tool knocks for months


def note_login(person: User) -> None:
    """She has proved her password."""
    audit.record(person, "login.succeed", person)


def note_proof(person: User) -> None:
    """Already signed in, she has proved her password again."""
    audit.record(person, "login.prove", person)


def note_failure(username: str, *, locked: bool) -> None:
    """Someone failed to sign in as this person; `locked`: the account waits from now on."""
    person = User.objects.filter(username=username).first()
    if person:
        audit.record(None, "login.lock" if locked else "login.fail", person)


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
