"""What people ask about their own data: entered, decided, done."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DataRequest, Decision, RequestKind, User
from accounts.reach import MANAGE, lies_within
from core import audit
from core.errors import Problem, Refused, Stale

from .erasure import forget_contacts


def may_decide(person: User, actor: User) -> bool:
    """Whoever looks after her account; nobody decides on her own request."""
    return person.pk != actor.pk and MANAGE in actor.capabilities and lies_within(person, actor)


def ask_about_data(
    person: User, kind: str, *, wish: str = "", actor: User, now: datetime | None = None
) -> DataRequest:
    """Her request waits for a decision. By herself, or entered by whoever looks after her account.

    Refused: not permitted; one of the same kind that still waits; nothing said of what to correct.
    """
    if actor.pk != person.pk and not may_decide(person, actor):
        raise _not_hers()
    if kind == RequestKind.CORRECT and not wish.strip():
        words = _("Write what is wrong, and how it should be.")
        raise Refused(Problem("wish", "required", words))
    asked = DataRequest(
        person=person,
        kind=RequestKind(kind),
        wish=wish.strip(),
        asked_at=now or timezone.now(),
        entered_by=actor,
    )
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
            audit.record(actor, "data_request.ask", asked, kind=kind, person=str(person.uid))
    except IntegrityError as taken:
        words = _("The same request is waiting already.")
        raise Refused(Problem("", "already_asked", words)) from taken
    return asked


@transaction.atomic
def decide_request(
    asked: DataRequest, decision: str, *, reason: str, actor: User, now: datetime | None = None
) -> None:
    """The request has its answer and its reason. Erasing, done or done in part, empties phone
    number and e-mail; the law lets the name stay on records of government.

    Refused: not permitted, no reason, an account that is still open; Stale: decided meanwhile.
    """
    if not may_decide(asked.person, actor):
        raise _not_hers()
    if not reason.strip():
        raise Refused(Problem("reason", "required", _("Write the reason in a few words.")))
    waiting = DataRequest.objects.filter(pk=asked.pk, decision=Decision.OPEN)
    done = waiting.update(
        decision=Decision(decision),
        reason=reason.strip(),
        decided_by=actor,
        decided_at=now or timezone.now(),
    )
    if not done:
        raise Stale(Problem("", "changed_meanwhile", _("Somebody has decided this already.")))
    if asked.kind == RequestKind.ERASE and decision in (Decision.DONE, Decision.PARTLY):
        forget_contacts(asked.person, actor=actor)
    audit.record(actor, "data_request.decide", asked, decision=decision)


def _not_hers() -> Refused:
    return Refused(Problem("", "not_permitted", _("This is not yours to decide.")))
