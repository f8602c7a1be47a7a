"""One-time links: made, withdrawn, used."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import EnrolmentLink, User
from accounts.reach import check_may_enrol
from core import audit
from core.errors import Problem, Stale

from .devices import end_devices
from .second_officer import NEW_CODE, check_second_officer
from .tokens import revoke_all

LINK_LIFE = timedelta(hours=72)  # ASVS 6.4.1


class NewLink(NamedTuple):
    link: EnrolmentLink
    secret: str


@transaction.atomic
def make_link(person: User, *, actor: User | None) -> NewLink:
    """Whoever opens the link can sign in as her, once, within 72 hours. The secret is shown once.

    An earlier open link of hers is withdrawn. Until the link is used nothing else changes.
    Forbidden beyond `may_enrol`; refused to who reset her second factor in the last 72 hours.
    """
    check_may_enrol(actor, person)
    check_second_officer(actor, person, NEW_CODE)
    withdraw_open(person, actor=actor)
    secret = links.make_secret()
    made = EnrolmentLink.objects.create(
        person=person,
        digest=links.digest(secret),
        made_by=actor,
        expires_at=timezone.now() + LINK_LIFE,
    )
    audit.record(actor, "link.make", made, person=str(person.uid))
    return NewLink(made, secret)


@transaction.atomic
def revoke_link(link: EnrolmentLink, *, actor: User | None) -> None:
    """The link opens nothing any more."""
    check_may_enrol(actor, link.person)
    _withdraw(EnrolmentLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None), actor)


@transaction.atomic
def withdraw_open(person: User, *, actor: User | None) -> None:
    """No link of hers opens anything any more. The caller has asked whether `actor` may."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # none is made or used meanwhile
    _withdraw(person.enrolment_links.filter(used_at=None, revoked_at=None), actor)


def _withdraw(rows, actor: User | None) -> None:
    found = list(rows.select_for_update())
    rows.filter(pk__in=[one.pk for one in found]).update(revoked_at=timezone.now())
    audit.record_many(
        actor, "link.revoke", [(one, {"person": str(one.person.uid)}) for one in found]
    )


@transaction.atomic
def use_link(link: EnrolmentLink, password: str) -> User:
    """She has this password of her own; her earlier sessions, phones and keys end.

    Her records stay. Refuses with Stale a link that was used, withdrawn or is too old, and one
    whose maker might not make it any more.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=link.person_id)
    opened = EnrolmentLink.objects.live_at(timezone.now()).filter(pk=link.pk)
    link.person = person
    if not links.still_counts(link) or not opened.update(used_at=timezone.now()):
        raise Stale(Problem("", "link_over", _("This link has been used or is too old.")))
    revoke_all(person, actor=person)
    ended = end_devices(person)
    User.objects.filter(pk=person.pk).update(
        password=make_password(password),
        start_password_until=None,
        session_version=F("session_version") + 1,
    )
    person.refresh_from_db()
    audit.record(person, "link.use", link, person=str(person.uid), phones_ended=ended)
    return person
