"""Whom to remind of a missing month: the people, what waits on their phones, the last reminder.

Names and numbers are for those who review, look after accounts or enrol over the village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.capabilities import Role
from accounts.models import Device, Grant
from accounts.reach import ENROL, MANAGE
from villages.models import Village, VillageQuerySet

from .models import Nudge
from .phone.contacts import abroad
from .reporting import Discipline, VillageMonths, discipline_of, last_months

#: Whoever holds one of these over a village may see whom to call there.
MAY_CALL = ("verify", MANAGE, ENROL)
#: Reminders older than this are no longer news.
MEMORY = timedelta(days=120)


@dataclass
class Person:
    """The head of a village, or a facilitator who goes along with it."""

    pk: int
    uid: UUID
    name: str
    phone: str
    email: str
    role: str
    waiting: int = 0
    waiting_since: datetime | None = None

    @property
    def number(self) -> str:
        """As WhatsApp takes it; "" without a number."""
        return abroad(self.phone)

    @property
    def is_head(self) -> bool:
        return self.role == Role.VILLAGE_HEAD


@dataclass
class FollowUp:
    """One village that owes a month, and whom one turns to.

    `months`: all that are missing; `since`: the first of its present silence.
    """

    row: VillageMonths
    months: tuple[date, ...]
    since: date
    days_late: int
    heads: list[Person] = field(default_factory=list)
    facilitators: list[Person] = field(default_factory=list)
    last: Nudge | None = None

    @property
    def people(self) -> list[Person]:
        return [*self.heads, *self.facilitators]

    @property
    def addressee(self) -> Person | None:
        """The first who has a number, the head before the facilitator."""
        return next((one for one in self.people if one.number), None)

    @property
    def waiting(self) -> int:
        """Records that lie unsent on the phones of the head, as they last said."""
        return sum(head.waiting for head in self.heads)

    @property
    def waiting_since(self) -> datetime | None:
        since = [head.waiting_since for head in self.heads if head.waiting_since]
        return min(since, default=None)


def callable_villages(user) -> VillageQuerySet:
    """The villages whose people she may call."""
    reach = Q(pk__in=[])
    for capability in MAY_CALL:
        reach |= Q(pk__in=Village.objects.permitting(user, capability).values("pk"))
    return Village.objects.filter(reach).live()


def follow_ups(discipline: Discipline, month: date, now: datetime) -> list[FollowUp]:
    """Those that owe the month, the longest late first. Four statements beside the discipline."""
    owing = discipline.missing_in(month)
    people = people_of([row.pk for row in owing], timezone.localdate(now))
    nudges = last_nudges([row.pk for row in owing], now - MEMORY)
    found = [
        FollowUp(
            row,
            discipline.missing_months(row),
            discipline.silent_from(row, month),
            discipline.days_late(row, month),
            [one for one in people[row.pk] if one.is_head],
            [one for one in people[row.pk] if not one.is_head],
            nudges.get(row.pk),
        )
        for row in owing
    ]
    return sorted(found, key=lambda one: (-one.days_late, one.row.urgency))


def follow_up(village: Village, month: date, now: datetime) -> FollowUp:
    """One village as the call list shows it, whether it owes the month or not (`months`)."""
    today = timezone.localdate(now)
    span = sorted({*last_months(today), month})
    discipline = discipline_of(Village.objects.filter(pk=village.pk), span, today)
    [row] = discipline.rows
    people = people_of([village.pk], today)[village.pk]
    owed = discipline.missing_months(row)
    return FollowUp(
        row,
        owed,
        discipline.silent_from(row, month),
        discipline.days_late(row, month) if month in owed else 0,
        [one for one in people if one.is_head],
        [one for one in people if not one.is_head],
        last_nudges([village.pk], now - MEMORY).get(village.pk),
    )


def people_of(villages: Sequence[int], today: date) -> dict[int, list[Person]]:
    """By village: its heads, then the nearest facilitators. Three statements."""
    places = {
        pk: (pk, district, regency)
        for pk, district, regency in Village.objects.filter(pk__in=villages).values_list(
            "pk", "district", "district__regency"
        )
    }
    grants = list(_grants_over(places.values(), today))
    phones = _waiting_of({one.user_id for one in grants if one.role == Role.VILLAGE_HEAD})
    heads, facilitators = defaultdict(list), defaultdict(list)
    for one in grants:
        if one.role == Role.VILLAGE_HEAD:
            heads[one.village_id].append(one)
        else:
            facilitators[one.village_id, one.district_id, one.regency_id].append(one)
    return {
        pk: [_person(one, phones) for one in [*heads[pk], *_nearest(place, facilitators)]]
        for pk, place in places.items()
    }


def _nearest(place: tuple[int, int, int], facilitators: dict) -> list[Grant]:
    """Those of the village itself, else of its district, else of its regency."""
    pk, district, regency = place
    narrow = ((pk, None, None), (None, district, None), (None, None, regency))
    return next((facilitators[area] for area in narrow if area in facilitators), [])


def _grants_over(places: Iterable[tuple[int, int, int]], today: date):
    places = list(places)
    villages, districts, regencies = map(set, zip(*places, strict=True)) if places else [()] * 3
    area = Q(role=Role.VILLAGE_HEAD, village__in=villages) | (
        Q(role=Role.FACILITATOR)
        & (Q(village__in=villages) | Q(district__in=districts) | Q(regency__in=regencies))
    )
    live = Grant.objects.live_on(today).filter(area, user__is_active=True)
    named = live.select_related("user").order_by("user__name", "pk")
    return (one for one in named if one.user.may_enter)


def _waiting_of(people: set[int]) -> dict[int, list[Device]]:
    found = defaultdict(list)
    for device in Device.objects.silent().filter(user__in=people):
        found[device.user_id].append(device)
    return found


def _person(grant: Grant, phones: dict[int, list[Device]]) -> Person:
    user, waiting = grant.user, phones.get(grant.user_id, [])
    return Person(
        pk=user.pk,
        uid=user.uid,
        name=user.name,
        phone=user.phone,
        email=user.email,
        role=grant.role,
        waiting=sum(device.waiting for device in waiting),
        waiting_since=min((device.waiting_since for device in waiting), default=None),
    )


def last_nudges(villages: Sequence[int], since: datetime) -> dict[int, Nudge]:
    """By village its newest reminder since then. One statement."""
    found: dict[int, Nudge] = {}
    rows = Nudge.objects.filter(village__in=villages, at__gte=since).select_related("to", "by")
    for one in rows.order_by("-at"):
        found.setdefault(one.village_id, one)
    return found
