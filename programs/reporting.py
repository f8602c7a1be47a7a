"""Reporting discipline: which village said something of which month, and whether in time.

Zero is not missing: a month that a village declared to be without activities is `nihil`. A month
is due on day PUG_REPORT_DAY of the next one, that day included; what came after is `late`. Nobody
owes a month before the first one of which the portal holds a record made in it (what was copied
from older public reports does not count), nor one in which the village left the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.asking import as_portal
from villages.models import Village, VillageQuerySet

from .models import Activity, NothingToReport, Origin


class MonthState(models.TextChoices):
    """What is known of one month of one village."""

    MISSING = "missing", _("Not reported")
    LATE = "late", _("Reported late")
    REPORTED = "reported", pgettext_lazy("a month of a village", "Reported")
    NIHIL = "nihil", _("Nothing to report, as declared")
    RUNNING = "running", _("Not due yet")
    BEFORE = "before", _("Not asked for")


class Told(NamedTuple):
    """What came in about one month: how many records, and the moment of the first."""

    records: int
    first_at: datetime


@dataclass(frozen=True)
class VillageMonths:
    """One village and its months, oldest first. `last_on`: the day of its newest record."""

    pk: int
    code: str
    title: str
    district: str
    district_code: str
    states: tuple[MonthState, ...]
    missing: int
    late: int
    last_on: date | None

    @property
    def urgency(self) -> tuple:
        """Most missing months first, then the longest silence."""
        return -self.missing, self.last_on or date.min, self.district, self.title, self.code


@dataclass(frozen=True)
class Discipline:
    """Some villages over some months. `months`: their first days, oldest first."""

    months: tuple[date, ...]
    rows: tuple[VillageMonths, ...]
    today: date

    def state_in(self, row: VillageMonths, month: date) -> MonthState:
        return row.states[self.months.index(month)]

    def rows_in(self, month: date, state: MonthState) -> tuple[VillageMonths, ...]:
        place = self.months.index(month)
        return tuple(row for row in self.rows if row.states[place] == state)

    def missing_in(self, month: date) -> tuple[VillageMonths, ...]:
        """Those that said nothing of this month although it was due."""
        return self.rows_in(month, MonthState.MISSING)

    @cached_property
    def counts(self) -> tuple[Counter[MonthState], ...]:
        """For each month, how many villages stand in each state."""
        columns = zip(*(row.states for row in self.rows), strict=True)
        return tuple(map(Counter, columns)) or tuple(Counter() for _month in self.months)

    def count(self, month: date, state: MonthState) -> int:
        return self.counts[self.months.index(month)][state]

    def owed_in(self, month: date) -> int:
        """How many villages this month was asked of."""
        return len(self.rows) - self.count(month, MonthState.BEFORE)

    def missing_months(self, row: VillageMonths) -> tuple[date, ...]:
        pairs = zip(self.months, row.states, strict=True)
        return tuple(month for month, state in pairs if state == MonthState.MISSING)

    def silent_from(self, row: VillageMonths, month: date) -> date:
        """The first of the months, up to `month`, of which nothing came without a break."""
        start = month
        for earlier in reversed(self.months[: self.months.index(month)]):
            if self.state_in(row, earlier) != MonthState.MISSING:
                break
            start = earlier
        return start

    def days_late(self, row: VillageMonths, month: date) -> int:
        """Days since the village's unbroken silence up to `month` became one."""
        return (self.today - due_on(self.silent_from(row, month))).days


# -- The calendar --------------------------------------------------------------


def month_of(day: date, step: int = 0) -> date:
    """The first day of the month that lies `step` months after that of `day`."""
    place = day.year * 12 + day.month - 1 + step
    return date(place // 12, place % 12 + 1, 1)


def last_months(today: date, number: int = 12) -> list[date]:
    """The first days of so many months, the present one last."""
    return [month_of(today, step) for step in range(1 - number, 1)]


def due_on(month: date) -> date:
    """The last day on which word of this month comes in time."""
    return month_of(month, 1).replace(day=settings.REPORT_DAY)


def last_due_month(today: date) -> date:
    """The newest month that is due by now: who said nothing of it is missing."""
    month = month_of(today, -1)
    return month if due_on(month) < today else month_of(month, -1)


# -- Reading -------------------------------------------------------------------


def discipline_of(villages: VillageQuerySet, months: Sequence[date], today: date) -> Discipline:
    """The months of these villages, most urgent village first. Four statements at most."""
    told = told_in(villages, months)
    declared = {(one.village_id, one.first) for one in declared_in(villages, months)}
    start = first_month()
    asked = [_Ask.of(month, start, today) for month in months]
    rows = [
        _row(
            place,
            [
                one.state(
                    place.ended_on,
                    told.get((place.pk, one.first)),
                    (place.pk, one.first) in declared,
                )
                for one in asked
            ],
        )
        for place in _places(villages)
    ]
    return Discipline(tuple(months), tuple(sorted(rows, key=lambda row: row.urgency)), today)


def told_in(villages: QuerySet[Village], months: Sequence[date]) -> dict[tuple[int, date], Told]:
    """By village and month what came in: everything that was not voided. One statement."""
    rows = _within(Activity.objects.live(), villages, months).order_by()
    counted = rows.values_list("village_id", "year", "month").annotate(
        Count("pk"), Min("receipt__received_at")
    )
    return {
        (village, date(year, month, 1)): Told(records, first_at)
        for village, year, month, records, first_at in counted
    }


def declared_in(villages: QuerySet[Village], months: Sequence[date]) -> QuerySet[NothingToReport]:
    """The declarations in force that these months of these villages had no activity."""
    return _within(NothingToReport.objects.in_force(), villages, months)


def missing_villages(villages: VillageQuerySet, month: date) -> VillageQuerySet:
    """As `Discipline.missing_in`, for one month and any number of villages, without their rows.

    The month has to be due: see `last_due_month`.
    """
    start = first_month()
    if start is None or month < start:
        return villages.none()
    here = {"village": OuterRef("pk"), "year": month.year, "month": month.month}
    records = Activity.objects.live().filter(**here)
    declared = NothingToReport.objects.in_force().filter(**here)
    owed = villages.filter(Q(ended_on=None) | Q(ended_on__gte=month_of(month, 1)))
    return owed.filter(~Exists(records), ~Exists(declared))


def first_month() -> date | None:
    """The month of the oldest record that was made for the portal; None while there is none."""
    made = Activity.objects.live().exclude(origin=Origin.REPORTED)
    with as_portal("the month in which the portal began is the same for all; no record is shown"):
        oldest = made.order_by("held_on", "receipt_id").values_list("held_on", flat=True).first()
    return oldest and month_of(oldest)


def _places(villages: VillageQuerySet) -> Iterable[Any]:
    records = Activity.objects.live().filter(village=OuterRef("pk"))
    newest = records.order_by("-year", "-month", "-held_on").values("held_on")[:1]
    return villages.select_related("district").annotate(last_on=Subquery(newest)).order_by("code")


def _within(rows: Any, villages: QuerySet[Village], months: Sequence[date]) -> Any:
    """Rows with `year` and `month` from the first to the last of these months."""
    bounds = [month.year * 12 + month.month for month in (months[0], months[-1])]
    years = (months[0].year, months[-1].year)
    rows = rows.filter(village__in=villages.order_by().values("pk"), year__range=years)
    return rows.alias(ordinal=F("year") * 12 + F("month")).filter(ordinal__range=bounds)


class _Ask(NamedTuple):
    """What is asked of one month. Word of it comes in time before `closes_at`."""

    first: date
    closes_at: datetime
    owed: bool
    running: bool

    @classmethod
    def of(cls, month: date, start: date | None, today: date) -> _Ask:
        due = due_on(month)
        midnight = datetime.combine(due + timedelta(days=1), time.min)
        owed = start is not None and month >= start
        return cls(month, timezone.make_aware(midnight), owed, today <= due)

    def state(self, ended_on: date | None, told: Told | None, declared: bool) -> MonthState:
        if told:
            return MonthState.REPORTED if told.first_at < self.closes_at else MonthState.LATE
        if declared:
            return MonthState.NIHIL
        if not self.owed or (ended_on and ended_on < month_of(self.first, 1)):
            return MonthState.BEFORE
        return MonthState.RUNNING if self.running else MonthState.MISSING


def _row(place: Any, states: Sequence[MonthState]) -> VillageMonths:
    tally = Counter(states)
    return VillageMonths(
        pk=place.pk,
        code=place.code,
        title=place.title,
        district=place.district.name,
        district_code=place.district.code,
        states=tuple(states),
        missing=tally[MonthState.MISSING],
        late=tally[MonthState.LATE],
        last_on=place.last_on,
    )
