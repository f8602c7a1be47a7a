"""Where facilitators work: grants of accounts, given, ended and handed over.

The same person and the same village (or district, or regency) twice on one day is refused. A
village inside a district that she holds already is allowed: a PD may have a village of her own;
pages say so (`wider`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.capabilities import Role
from accounts.drafts import GrantDraft, overlapping
from accounts.models import Grant, User
from core import audit
from core.errors import Problem, Refused
from core.formats import day_short
from villages.models import District, Regency, Village

from .newcomers import Newcomer, add_newcomer

Area = Village | District | Regency
_AREAS = ("village__district", "district", "regency")


@dataclass(frozen=True)
class HandedOver:
    """What a hand-over did: whose tasks they are now, and which ended."""

    to_person: User
    made: tuple[Grant, ...]
    ended: tuple[Grant, ...]


@transaction.atomic
def assign(
    person: User,
    area: Area,
    *,
    actor,
    valid_from: date,
    valid_until: date | None = None,
    note: str = "",
) -> Grant:
    """She accompanies the area from a day until a day (both included; None: until it is ended).

    Refused: overlapping (she has this very area on some of these days), closed, and what
    accounts.services.grant refuses (wrong_area, ends_before_start, outside_reach …).
    """
    if not person.is_active:
        words = _("The account of %(name)s is closed. Open it first.") % {"name": person}
        raise Refused(Problem("person", "closed", words))
    draft = GrantDraft(Role.FACILITATOR, area, valid_from, valid_until, note)
    try:
        return services.grant(person, draft, actor=actor)
    except Refused as refusal:
        if refusal.code != "already_granted":
            raise
        raise Refused(_told(person, draft)) from refusal


@transaction.atomic
def assign_all(person: User, areas: Iterable[Area], *, actor, **days) -> list[Grant]:
    """She accompanies all of these areas, or the refusal names every one that cannot be."""
    made, problems = [], []
    for area in areas:
        try:
            made.append(assign(person, area, actor=actor, **days))
        except Refused as refusal:
            problems += refusal.problems
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return made


def end_assignment(grant: Grant, *, actor, on: date) -> Grant:
    """Its last day is `on`; today or earlier: it stops at once. Records keep their author.

    Refused and forbidden as accounts.services.end_grant; Stale where it was ended meanwhile.
    """
    if grant.role != Role.FACILITATOR:
        raise ValueError("Only tasks of facilitators are assignments.")
    return services.end_grant(grant, on=on, actor=actor)


@transaction.atomic
def hand_over(
    from_person: User,
    to_person: User | Newcomer,
    *,
    actor,
    on: date,
    areas: Iterable[Area] | None = None,
    valid_until: date | None = None,
) -> HandedOver:
    """Her last day is `on`, the other one's first the day after; `areas`: all that she has.

    What begins only after `on` never begins for her. All of it happens or nothing: refused is
    what ending and assigning refuse, nothing_there when there is nothing to hand over, and
    already_there when somebody new of this name takes over from that day. Her records keep her
    name. It is undone by handing over again.
    """
    if not isinstance(to_person, User):
        to_person = _newcomer(from_person, to_person, on, actor)
    if to_person.pk == from_person.pk:
        words = _("Choose another person: these are her own villages.")
        raise Refused(Problem("to_person", "unknown_value", words))
    both = User.objects.filter(pk__in=(from_person.pk, to_person.pk)).order_by("pk")
    list(both.select_for_update(no_key=True))  # always in this order: nobody waits in a circle
    held = _meant(from_person, areas)
    if not held:
        words = _("%(name)s has none of these villages any more.") % {"name": from_person}
        raise Refused(Problem("areas", "nothing_there", words))
    starts = {one.pk: _next_day(one, on) for one in held}
    ended = tuple(_ended(one, on, actor) for one in held)
    made: list[Grant] = []
    for start in sorted(set(starts.values())):
        mine = [one.area for one in held if starts[one.pk] == start]
        days = {"valid_from": start, "valid_until": valid_until}
        made += assign_all(to_person, mine, actor=actor, **days)
    facts = {"to": str(to_person.uid), "on": str(on), "areas": len(made)}
    audit.record(actor, "assignment.hand_over", from_person, **facts)
    return HandedOver(to_person, tuple(made), ended)


def standing(person: User, today: date) -> QuerySet[Grant]:
    """Her assignments of today and later."""
    rows = person.grants.standing_on(today).filter(role=Role.FACILITATOR)
    return rows.select_related(*_AREAS, "user").order_by("district__name", "village__name", "pk")


def tasks_of(person: User, user) -> QuerySet[Grant]:
    """Every assignment that she has or had where `user` looks after people, newest first."""
    rows = Grant.objects.visible_to(user).filter(user=person, role=Role.FACILITATOR)
    rows = rows.select_related(*_AREAS)
    return rows.order_by("-valid_from", "district__name", "village__name", "pk")


def facilitators_of(village: Village, today: date) -> list[Grant]:
    """Who accompanies the village on that day: on the village itself first, then on its district
    and on its regency."""
    rows = Grant.objects.live_on(today).filter(
        Q(village=village)
        | Q(district=village.district_id)
        | Q(regency=village.district.regency_id),
        role=Role.FACILITATOR,
        user__is_active=True,
    )
    rows = rows.select_related("user", *_AREAS).order_by("user__name", "pk")
    return sorted(rows, key=lambda one: (not one.village_id, not one.district_id))


def wider(person: User, areas: Iterable[Area], first: date, last: date | None) -> list[Grant]:
    """Her wider tasks on some of these days in which these villages lie anyway."""
    villages = [one for one in areas if isinstance(one, Village)]
    rows = person.grants.standing_on(first).filter(
        Q(district__in={one.district_id for one in villages})
        | Q(regency__in={one.district.regency_id for one in villages}),
        role=Role.FACILITATOR,
    )
    rows = rows.filter(valid_from__lte=last) if last else rows
    return list(rows.select_related(*_AREAS)) if villages else []


def _newcomer(from_person: User, newcomer: Newcomer, on: date, actor) -> User:
    """An account for somebody new; pressed twice, there is one."""
    User.objects.select_for_update(no_key=True).get(pk=from_person.pk)
    day = on + timedelta(days=1)
    named = Grant.objects.filter(
        role=Role.FACILITATOR, valid_from=day, revoked_at=None, user__name__iexact=newcomer.name
    )
    if named.exists():
        words = _("%(name)s takes over from %(day)s already. Choose her account from the list.")
        said = {"name": newcomer.name, "day": day_short(day)}
        raise Refused(Problem("name", "already_there", words % said))
    return add_newcomer(newcomer, actor=actor)


def _meant(person: User, areas: Iterable[Area] | None) -> list[Grant]:
    held = list(standing(person, timezone.localdate()))
    return held if areas is None else [one for one in held if one.area in set(areas)]


def _next_day(held: Grant, on: date) -> date:
    """The first day without her: after `on`, or after an earlier end; what begins later, then."""
    last = min(on, held.valid_until or on)
    return max(last + timedelta(days=1), held.valid_from)


def _ended(held: Grant, on: date, actor) -> Grant:
    today = timezone.localdate()
    if held.valid_until and held.valid_until <= on and on > today:
        return held  # it ends by itself
    last = on if held.valid_from <= on else min(on, today)  # not begun by then: it never will
    return services.end_grant(held, on=last, actor=actor)


def _told(person: User, draft: GrantDraft) -> Problem:
    """Which task stands in the way, with its days."""
    held = overlapping(person, draft).order_by("valid_from").first()
    first = held.valid_from if held else draft.valid_from
    last = held.valid_until if held else draft.valid_until
    said = {"name": person, "area": draft.area, "from": day_short(first)}
    said["until"] = day_short(last) if last else _("further notice")
    words = _("%(name)s has %(area)s already from %(from)s until %(until)s.")
    return Problem("areas", "overlapping", words % said)
