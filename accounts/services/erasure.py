"""Leaving the portal: an account closes after its office ended, and what reaches a person goes.

Her name and username stay on what she recorded: records of government keep their author.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import Grant, User
from accounts.reach import check_may_manage
from core import audit
from core.errors import Problem, Refused
from core.models import AuditEntry

from .persons import disable_person

#: What reaches a person: emptied when she leaves. Length of life: programs/privacy/rules.py.
CONTACTS = ("phone", "email")


def left_before(moment: datetime) -> QuerySet[User]:
    """People without a task since `moment`, or with an account closed before it, of whom the
    portal still keeps an open account or a way to reach them. Technical staff stay out.
    """
    day = timezone.localdate(moment)
    grants = Grant.objects.filter(user=OuterRef("pk"))
    since = grants.filter(
        Q(revoked_at=None) | Q(revoked_at__gte=moment),
        Q(valid_until=None) | Q(valid_until__gte=day),
    )
    own_key = Cast(OuterRef("pk"), CharField())
    switched = AuditEntry.objects.filter(
        object_type="user", object_id=own_key, action__in=("person.disable", "person.enable")
    )
    idle = Exists(grants) & ~Exists(since)
    closed = Q(is_active=False) & ~Exists(switched.filter(at__gte=moment))
    reached = Q(is_active=True) | ~Q(phone="") | ~Q(email="")
    people = User.objects.filter(is_staff=False, is_superuser=False, date_joined__lt=moment)
    return people.filter(reached).filter(idle | closed).order_by("pk")


@transaction.atomic
def forget_contacts(person: User, *, actor: User | None) -> None:
    """Her phone number, e-mail address and code app are gone; her name stays on her records.

    Refused while the account is open: it would be open without anybody to reach.
    """
    check_may_manage(actor, person)
    if person.is_active:
        words = _("Close the account first: then its phone number and e-mail are erased.")
        raise Refused(Problem("", "still_open", words))
    gone = [name for name in CONTACTS if getattr(person, name)]
    for name in gone:
        setattr(person, name, "")
    person.save(update_fields=list(CONTACTS))
    second_factor.forget(person)
    audit.record(actor, "person.forget", person, erased=gone)


@transaction.atomic
def leave(person: User, *, actor: User | None = None) -> None:
    """The account is closed, if it was not, and what reaches her is gone."""
    if person.is_active:
        person = disable_person(person, actor=actor)
    forget_contacts(person, actor=actor)
