"""Grants: given and ended."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.drafts import GrantDraft, overlapping, problems_of, problems_of_reach
from accounts.models import Grant, User
from accounts.reach import covers, level_of
from core import audit
from core.errors import Problem, Refused, Stale


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
    # Two clicks: the second sees the first. Not the key: two officers may grant each other.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
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

    Refuses a day after its last one, and with Stale when someone ended it first.
    """
    if actor is not None:
        _check_may_end(actor, held)
    if held.valid_until and on > held.valid_until:
        raise Refused(
            Problem("on", "after_last_day", _("This task ends earlier. Choose an earlier day."))
        )
    today = timezone.localdate()
    last = max(on, held.valid_from)
    changes = {"valid_until": last} | ({"revoked_at": timezone.now()} if on <= today else {})
    found = Grant.objects.standing_on(today).filter(pk=held.pk, valid_until=held.valid_until)
    if not found.update(**changes):
        raise Stale(Problem("", "already_ended", _("This task has already been changed.")))
    held.refresh_from_db()
    audit.record(actor, "grant.end", held, person=str(held.user.uid), on=str(on))
    return held


def _check_may_end(actor: User, held: Grant) -> None:
    if actor.pk == held.user_id or not covers(actor, held.area):
        raise PermissionDenied
