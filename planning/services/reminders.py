"""Letters before deadlines: who has something to do is written to, once for each notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Grant, User
from core import audit

from ..calendar import Due, coming
from ..letters import letter_for
from ..models import PlanNudge
from ..todo import Group, groups_of

#: Days before a deadline at which people are written to.
NOTICES = (14, 3)


@dataclass(frozen=True)
class Letter:
    """One letter to one person about what she has to do before one deadline."""

    to: User
    due: Due
    days_before: int
    groups: Sequence[Group]


def letters_on(today: date) -> Iterator[Letter]:
    """Those that are due and were not sent yet. A notice that was missed on its day is still sent
    until the next one, or until the deadline."""
    for due in coming(today):
        if due.days_left(today) > NOTICES[0]:
            return
        if not due.entry.tasks:
            continue
        notice = notice_on(due, today)
        for person in _people(due, notice, today):
            if groups := groups_of(person, today, due.entry.tasks):
                yield Letter(person, due, notice, groups)


def notice_on(due: Due, today: date) -> int:
    """Which notice is in force so many days before: the last one that has begun."""
    return min(one for one in NOTICES if due.days_left(today) <= one)


def _people(due: Due, notice: int, today: date) -> QuerySet[User]:
    """Who may have to do with it, has an address, and was not written to about it."""
    grants = Grant.objects.live_on(today).filter(user=OuterRef("pk"), role__in=due.entry.roles)
    told = PlanNudge.objects.filter(
        person=OuterRef("pk"), kind=due.entry.key, day=due.day, days_before=notice
    )
    people = User.objects.filter(Exists(grants), ~Exists(told), is_active=True).exclude(email="")
    people = people if settings.PUG_DEMO else people.filter(is_demo=False)
    return people.order_by("pk")


def send_letter(letter: Letter, today: date) -> bool:
    """The letter went out; False when another process has it in hand or sent it.

    It is claimed before it leaves and nothing is held while it does. When it can't be sent the
    claim is given back and the error (an OSError) goes on: the next run tries again.
    """
    claim = _claimed(letter)
    if claim is None:
        return False
    subject, text = letter_for(letter.due, letter.groups, letter.to.name, today)
    try:
        send_mail(subject, text, None, [letter.to.email])
    except OSError:  # smtplib's errors are among them
        claim.delete()
        raise
    audit.record(None, "plannudge.sent", claim, person=letter.to.pk, kind=claim.kind)
    return True


def _claimed(letter: Letter) -> PlanNudge | None:
    try:
        with transaction.atomic():
            return PlanNudge.objects.create(
                person=letter.to,
                kind=letter.due.entry.key,
                day=letter.due.day,
                days_before=letter.days_before,
            )
    except IntegrityError:
        return None
