"""Every write about people, grants and keys. `actor=None` is the operator at the console."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale

from . import keys, second_factor
from .drafts import GrantDraft, overlapping, problems_of, problems_of_reach
from .models import ApiToken, Grant, User
from .reach import covers, level_of, may_manage

START_PASSWORD_LIFE = timedelta(hours=72)  # ASVS 6.4.1
LONGEST_KEY_LIFE = 365  # days
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class NewPerson(NamedTuple):
    person: User
    start_password: str


class NewToken(NamedTuple):
    token: ApiToken
    key: str


# -- Persons -------------------------------------------------------------------
@transaction.atomic
def add_person(
    *,
    username: str,
    name: str,
    actor: User | None,
    phone: str = "",
    grants: Sequence[GrantDraft] = (),
    password: str | None = None,
) -> NewPerson:
    """A person can sign in. Without `password` she gets a start password, shown once, for 72 hours.

    Refuses a name for signing in that is taken, and what `grant` refuses.
    """
    username = User.normalize_username(username).strip().lower()
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(Problem("username", "taken", _("This username is taken. Choose another.")))
    chosen = password or _start_password()
    person = User.objects.create(
        username=username,
        name=name.strip(),
        phone=phone.strip(),
        password=make_password(chosen),
        start_password_until=None if password else timezone.now() + START_PASSWORD_LIFE,
    )
    audit.record(actor, "person.add", person, username=username, name=person.name)
    for draft in grants:
        grant(person, draft, actor=actor)
    return NewPerson(person, chosen)


@transaction.atomic
def change_person(person: User, *, name: str, phone: str, actor: User | None) -> User:
    """Her name and phone number are these."""
    _check_may_manage(actor, person)
    before = {"name": person.name, "phone": person.phone}
    person.name, person.phone = name.strip(), phone.strip()
    person.save(update_fields=["name", "phone"])
    after = {"name": person.name, "phone": person.phone}
    audit.record(actor, "person.change", person, **audit.difference(before, after))
    return person


@transaction.atomic
def disable_person(person: User, *, actor: User | None) -> User:
    """She can no longer sign in; sessions and keys stop at once. Her records keep her name."""
    _check_may_manage(actor, person)
    return _switch(person, active=False, action="person.disable", actor=actor)


@transaction.atomic
def enable_person(person: User, *, actor: User | None) -> User:
    """She can sign in again; earlier sessions stay ended."""
    _check_may_manage(actor, person)
    return _switch(person, active=True, action="person.enable", actor=actor)


def _switch(person: User, *, active: bool, action: str, actor: User | None) -> User:
    User.objects.filter(pk=person.pk).update(
        is_active=active, session_version=F("session_version") + 1
    )
    person.refresh_from_db()
    audit.record(actor, action, person)
    return person


# -- Passwords and second factor -----------------------------------------------
@transaction.atomic
def reset_password(person: User, *, actor: User | None) -> str:
    """She gets a new start password (the answer, shown once); all her sessions end.

    Her second factor stays: a lost phone needs its own step (ASVS 6.4.3).
    """
    _check_may_manage(actor, person)
    chosen = _start_password()
    _store_password(person, chosen, until=timezone.now() + START_PASSWORD_LIFE)
    audit.record(actor, "person.reset_password", person)
    return chosen


@transaction.atomic
def change_password(person: User, password: str) -> User:
    """She chose this password herself; her other sessions end."""
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
    _check_may_manage(actor, person)
    second_factor.forget(person)
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)
    audit.record(actor, "person.reset_second_factor", person)


def _start_password() -> str:
    """Three groups of four readable signs: 59 bits, easy to say over the phone."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


# -- Grants --------------------------------------------------------------------
@transaction.atomic
def grant(person: User, draft: GrantDraft, *, actor: User | None) -> Grant:
    """The person holds the role over the area from a day until a day (both included).

    Refuses an area the role is not for, a last day before the first, the same grant twice,
    and everything beyond the actor's own reach, her own account included.
    """
    problems = [*problems_of(draft), *problems_of_reach(actor, person, draft)]
    if problems:
        raise Refused(*problems)
    area = {} if draft.area is None else {level_of(draft.area): draft.area}
    User.objects.select_for_update().get(pk=person.pk)  # two clicks: the second sees the first
    if overlapping(person, draft).exists():
        raise Refused(Problem("area", "already_granted", _("This person already has this task.")))
    made = Grant.objects.create(
        user=person,
        role=draft.role,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        note=draft.note,
        granted_by=actor,
        **area,
    )
    audit.record(
        actor, "grant.add", made, person=str(person.uid), role=draft.role, area=str(draft.area)
    )
    return made


@transaction.atomic
def end_grant(held: Grant, *, on: date, actor: User | None) -> Grant:
    """The grant's last day is `on`; today or earlier: it stops at once. Records keep their author.

    Refuses with Stale when someone ended it first.
    """
    if actor is not None:
        _check_may_end(actor, held)
    today = timezone.localdate()
    last = max(on, held.valid_from)
    changes = {"valid_until": last} | ({"revoked_at": timezone.now()} if on <= today else {})
    found = Grant.objects.standing_on(today).filter(pk=held.pk, valid_until=held.valid_until)
    if not found.update(**changes):
        raise Stale(Problem("", "already_ended", _("This task has already been changed.")))
    held.refresh_from_db()
    audit.record(actor, "grant.end", held, person=str(held.user.uid), on=str(on))
    return held


def _check_may_manage(actor: User | None, person: User) -> None:
    if actor is not None and not may_manage(actor, person):
        raise PermissionDenied


def _check_may_end(actor: User, held: Grant) -> None:
    if actor.pk == held.user_id or not covers(actor, held.area):
        raise PermissionDenied


# -- Keys for tools ------------------------------------------------------------
@transaction.atomic
def create_token(
    person: User, *, name: str, scopes: Sequence[str], days: int, actor: User | None
) -> NewToken:
    """A tool may act for this person within `scopes` for `days` (1–365). The key is shown once."""
    if actor is not None and actor.pk != person.pk:
        raise PermissionDenied
    if not 1 <= days <= LONGEST_KEY_LIFE:
        raise Refused(Problem("days", "out_of_range", _("Choose 1 to 365 days.")))
    if not scopes or set(scopes) - set(ApiToken.Scope.values):
        raise Refused(Problem("scopes", "unknown_scope", _("Choose what the key may do.")))
    key = keys.make()
    token = ApiToken.objects.create(
        user=person,
        name=name,
        lookup=key.lookup,
        digest=key.digest(),
        scopes=sorted(set(scopes)),
        expires_on=timezone.localdate() + timedelta(days=days),
    )
    audit.record(actor or person, "token.add", token, scopes=token.scopes)
    return NewToken(token, str(key))


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User | None) -> None:
    """The key stops working at once."""
    if actor is not None and actor.pk != token.user_id:
        _check_may_manage(actor, token.user)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit.record(actor, "token.revoke", token)
