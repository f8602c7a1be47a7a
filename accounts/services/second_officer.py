"""Nobody takes over an account alone: a new way in and the second factor need two officers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Problem, Refused
from core.models import AuditEntry

#: As the trail calls them: acts that let the actor in by a password, and the one for the code.
NEW_PASSWORD = ("person.reset_password", "link.make")
NEW_CODE = ("person.reset_second_factor",)
_APART = timedelta(hours=72)  # as long as a start password and a link live


def check_second_officer(actor: User | None, person: User, others: Collection[str]) -> None:
    """Who did one of `others` for this person in the last 72 hours leaves this act to a colleague.

    Otherwise one officer alone could sign in as her and accept records of her own (ASVS 6.4.4).
    What the person may do today does not count: tasks can be given and taken in between.
    """
    if actor is None:
        return
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two clicks at once
    hers = Q(object_type=User._meta.model_name, object_id=str(person.pk))
    hers |= Q(changes__person=str(person.uid))  # entries on links name her there
    since = timezone.now() - _APART
    if AuditEntry.objects.filter(hers, actor=actor, action__in=others, at__gt=since).exists():
        words = _(
            "In the last three days you made this person's start password or a link, or "
            "disconnected the code app. Ask another officer to do the second step."
        )
        raise Refused(Problem("", "second_officer_needed", words))
