"""“Desa dampingan”: the villages a facilitator goes along with, those that need her first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.capabilities import Role
from accounts.models import Device, Grant
from accounts.reach import ENROL
from villages.models import Village

from ..models import Activity, NothingToReport, State
from ..views.shared import require
from .contacts import abroad
from .tasks import tasks_of

#: A village that recorded nothing for so long is overdue.
PATIENCE = timedelta(days=31)
ROWS = 50


@dataclass
class Head:
    """The head of a village as her facilitator has to know: number, phones, what waits there."""

    uid: UUID
    name: str
    phone: str
    phones: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None

    @property
    def whatsapp(self) -> str:
        """Her number as wa.me takes it; "" without one."""
        return abroad(self.phone)


@dataclass
class Accompanied:
    """One village of hers. `last`: the day of its newest record; None: none yet."""

    village: Village
    last: date | None = None
    returned: int = 0
    overdue: bool = False
    heads: list[Head] = field(default_factory=list)

    @property
    def urgency(self) -> tuple:
        """Overdue first, the longest silence first; then repairs; then phones that wait."""
        silence = self.last or date.min
        waiting = sum(head.waiting for head in self.heads)
        return (not self.overdue, silence if self.overdue else date.max, -self.returned, -waiting)


@require_safe
def home(request):
    """For whoever may put village heads on their phones: facilitators, and the office."""
    villages = Village.objects.permitting(request.user, ENROL).live()
    require(villages.exists())
    rows = accompanied(villages, request.user, timezone.localdate())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "overdue": sum(row.overdue for row in rows),
        "tasks": tasks_of(request.user),
    }
    return render(request, "phone/facilitator.html", context)


def accompanied(villages: QuerySet[Village], actor, today: date) -> list[Accompanied]:
    """One row for each village, most urgent first. Five statements, whatever their number."""
    named = villages.select_related("district").order_by("name", "code")
    rows = {village.pk: Accompanied(village) for village in named}
    _note_records(rows, today)
    _note_heads(rows, actor, today)
    return sorted(rows.values(), key=lambda row: row.urgency)


def _note_records(rows: dict[int, Accompanied], today: date) -> None:
    told = (
        Activity.objects.live()
        .filter(village__in=rows)
        .order_by()
        .values("village")
        .annotate(last=Max("held_on"), returned=Count("pk", filter=Q(state=State.RETURNED)))
        .values_list("village", "last", "returned")
    )
    for pk, last, returned in told:
        rows[pk].last, rows[pk].returned = last, returned
    quiet = _said_nothing(rows, today)
    for pk, row in rows.items():
        row.overdue = pk not in quiet and (row.last is None or today - row.last > PATIENCE)


def _said_nothing(rows: Iterable[int], today: date) -> set[int]:
    """Villages that declared this month or the one before to be without activities."""
    before = today.replace(day=1) - timedelta(days=1)
    months = Q(year=today.year, month=today.month) | Q(year=before.year, month=before.month)
    declared = NothingToReport.objects.in_force().filter(months, village__in=rows)
    return set(declared.values_list("village", flat=True))


def _note_heads(rows: dict[int, Accompanied], actor, today: date) -> None:
    held = Grant.objects.permitting(actor, ENROL).live_on(today)
    held = held.filter(role=Role.VILLAGE_HEAD, village__in=rows, user__is_active=True)
    held = list(held.select_related("user").order_by("user__name"))
    phones = _phones_of({grant.user_id for grant in held})
    for grant in held:
        person, hers = grant.user, phones[grant.user_id]
        since = [phone.waiting_since for phone in hers if phone.waiting]
        head = Head(
            uid=person.uid,
            name=person.name,
            phone=person.phone,
            phones=len(hers),
            waiting=sum(phone.waiting for phone in hers),
            waiting_since=min(since, default=None),
        )
        rows[grant.village_id].heads.append(head)


def _phones_of(people: set[int]) -> dict[int, list[Device]]:
    found = defaultdict(list)
    for device in Device.objects.live().filter(user__in=people):
        found[device.user_id].append(device)
    return found
