"""Persons: added, changed, closed and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.drafts import GrantDraft
from accounts.models import User
from accounts.reach import MANAGE, check_may_manage
from core import audit
from core.errors import Problem, Refused
from villages.models import Regency

from .devices import end_devices
from .grants import grant
from .links import withdraw_open
from .proofs import START_PASSWORD_LIFE, start_password
from .tokens import revoke_all


class NewPerson(NamedTuple):
    person: User
    start_password: str


@transaction.atomic
def add_person(
    *,
    username: str,
    name: str,
    actor: User | None,
    phone: str = "",
    grants: Sequence[GrantDraft] = (),
    password: str | None = None,
    by_link: bool = False,
    demo: bool = False,
    home: Regency | None = None,
) -> NewPerson:
    """A person can sign in. Without `password` she gets a start password, shown once, for 72 hours.

    `by_link`: no password at all; only a one-time link lets her in.
    `home`: whose office looks after her until she has a grant; without it, the actor's regency.
    `demo`: her password is public; outside the demonstration the account stays shut.
    Refuses a name for signing in that is taken, and what `grant` refuses.
    """
    chosen = "" if by_link else password or start_password()
    person = _create(
        username=User.normalize_username(username).strip().lower(),
        name=name.strip(),
        phone=phone.strip(),
        password=make_password(chosen or None),
        start_password_until=None if password or by_link else timezone.now() + START_PASSWORD_LIFE,
        is_demo=demo,
        home=home or _home_of(actor),
    )
    audit.record(actor, "person.add", person, username=person.username, name=person.name)
    for draft in grants:
        grant(person, draft, actor=actor)
    return NewPerson(person, chosen)


def _home_of(actor: User | None) -> Regency | None:
    """The one regency whose people the actor looks after; None: there is none, or several."""
    found = actor.regencies_with(MANAGE)[:2] if actor is not None else ()
    return found[0] if len(found) == 1 else None


def _create(*, username: str, **values) -> User:
    """Two officers may choose the same name in the same moment: the table decides."""
    taken = Refused(Problem("username", "taken", _("This username is taken. Choose another.")))
    if _is_taken(username):
        raise taken
    try:
        with transaction.atomic():
            return User.objects.create(username=username, **values)
    except IntegrityError as reason:
        raise taken from reason


def _is_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


@transaction.atomic
def change_person(person: User, *, name: str, phone: str, actor: User | None) -> User:
    """Her name and phone number are these."""
    check_may_manage(actor, person)
    before, number = {"name": person.name}, person.phone
    person.name, person.phone = name.strip(), phone.strip()
    person.save(update_fields=["name", "phone"])
    changes: dict[str, Any] = {**audit.difference(before, {"name": person.name})}
    if person.phone != number:  # auditors read that it is another one, never which
        changes["changed"] = "phone"
    audit.record(actor, "person.change", person, **changes)
    return person


@transaction.atomic
def disable_person(person: User, *, actor: User | None) -> User:
    """She can no longer sign in; sessions, keys and links end at once.

    Her records keep her name.
    """
    check_may_manage(actor, person)
    withdraw_open(person, actor=actor)
    revoke_all(person, actor=actor)
    end_devices(person)
    return _switch(person, active=False, action="person.disable", actor=actor)


@transaction.atomic
def enable_person(person: User, *, actor: User | None) -> User:
    """She can sign in again; earlier sessions, keys and links stay ended."""
    check_may_manage(actor, person)
    return _switch(person, active=True, action="person.enable", actor=actor)


def _switch(person: User, *, active: bool, action: str, actor: User | None) -> User:
    User.objects.filter(pk=person.pk).update(
        is_active=active, session_version=F("session_version") + 1
    )
    person.refresh_from_db()
    audit.record(actor, action, person)
    return person
