"""Letters before an agreement ends: each keeper of the regency once for each step and end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capabilities import roles_with
from accounts.models import Grant, User
from core import audit

from ..letters import letter_for
from ..models import Agreement, AgreementNotice
from ..rights import KEEP
from ..standing import REMIND, is_renewed, last_day, live


@dataclass(frozen=True)
class Notice:
    """One person is to know that one agreement ends on a day; `days`: the step, of REMIND."""

    agreement: Agreement
    person: User
    ends_on: date
    days: int


def notices_on(today: date) -> Iterator[Notice]:
    """Those that are due and were not given yet. Steps that were missed are made up for by the
    newest alone; an agreement whose renewal is confirmed is left in peace."""
    until = today + timedelta(days=max(REMIND))
    ending = Q(ends_on__lte=until) | Q(terminated_on__lte=until)
    for one in Agreement.objects.filter(live(today), ending).with_parts():
        last = last_day(one)
        if last is None or is_renewed(one):
            continue
        step = step_on(last, today)
        for person in _keepers(one, last, step, today):
            yield Notice(one, person, last, step)


def step_on(last: date, today: date) -> int:
    """The step in force so many days before the last one: the newest that has begun."""
    return min(one for one in REMIND if (last - today).days <= one)


def _keepers(agreement: Agreement, last: date, step: int, today: date) -> QuerySet[User]:
    """Who keeps agreements of this regency and was not told yet."""
    grants = Grant.objects.live_on(today).filter(
        Q(regency=agreement.regency_id) | Q(village=None, district=None, regency=None, opd=None),
        user=OuterRef("pk"),
        role__in=roles_with(KEEP),
    )
    told = AgreementNotice.objects.filter(
        agreement=agreement, ends_on=last, days=step, person=OuterRef("pk")
    )
    people = User.objects.filter(Exists(grants), ~Exists(told), is_active=True)
    people = people if settings.PUG_DEMO else people.filter(is_demo=False)
    return people.order_by("pk")


def give(notice: Notice, today: date) -> bool:
    """The person is told: by a letter where she has an address, else on her pages alone. False
    when another process did it.

    It is claimed before the letter leaves and nothing is held while it does. When the letter
    can't be written or sent the claim is given back and the error goes on: it is tried again.
    """
    claim = _claimed(notice)
    if claim is None:
        return False
    if not notice.person.email:
        return True
    try:
        subject, text = letter_for(notice.agreement, notice.ends_on, notice.person.name, today)
        send_mail(subject, text, None, [notice.person.email])
    except Exception:  # of the network, of the address, of what the letter says
        claim.delete()
        raise
    audit.record(
        None, "agreement.reminded", notice.agreement, person=notice.person.pk, days=notice.days
    )
    return True


def _claimed(notice: Notice) -> AgreementNotice | None:
    try:
        with transaction.atomic():
            return AgreementNotice.objects.create(
                agreement=notice.agreement,
                person=notice.person,
                ends_on=notice.ends_on,
                days=notice.days,
                sent_at=timezone.now() if notice.person.email else None,
            )
    except IntegrityError:
        return None
