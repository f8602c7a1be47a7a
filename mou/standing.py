"""Where an agreement stands on a day: told by dates and decisions, stored nowhere.

`standing_of` for one agreement and `stands` for a query say the same; a test holds them together.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from .models import Agreement, Standing

#: Days before its end in which an agreement "ends soon": the first reminder goes out then.
SOON = 90
#: Days before an end on which people are reminded.
REMIND = (90, 60, 30, 7)
#: In force: what covers villages and whose duties run.
LIVE = (Standing.ACTIVE, Standing.ENDING)


def standing_of(agreement: Agreement, today: date) -> Standing:
    """Needs its `renewals` only once it has ended (prefetch them for lists)."""
    if agreement.cancelled_at:
        return Standing.CANCELLED
    if agreement.confirmed_at is None:
        return Standing.DRAFT
    if agreement.terminated_on and agreement.terminated_on < today:
        return Standing.TERMINATED
    if agreement.starts_on and agreement.starts_on > today:
        return Standing.UPCOMING
    last = last_day(agreement)
    if last is None:
        return Standing.ACTIVE
    if last >= today:
        return Standing.ENDING if last <= today + timedelta(days=SOON) else Standing.ACTIVE
    return Standing.RENEWED if is_renewed(agreement) else Standing.ENDED


def is_renewed(agreement: Agreement) -> bool:
    """A confirmed agreement takes over where it ends (prefetch its `renewals` for lists)."""
    return any(one.confirmed_at and not one.cancelled_at for one in agreement.renewals.all())


def last_day(agreement: Agreement) -> date | None:
    """The last day in force: its end, or an earlier termination; None without end."""
    days = [day for day in (agreement.ends_on, agreement.terminated_on) if day]
    return min(days, default=None)


def days_left(agreement: Agreement, today: date) -> int | None:
    """Days until the last one, that one included; None without end, never below 0."""
    last = last_day(agreement)
    return None if last is None else max((last - today).days + 1, 0)


def stands(standing: str, today: date) -> Q:
    """Agreements of which `standing_of` says this word."""
    return _WHERE[Standing(standing)](today)


def live(today: date) -> Q:
    """Agreements in force on that day."""
    return stands(Standing.ACTIVE, today) | stands(Standing.ENDING, today)


def _in_force(today: date) -> Q:
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    there = Q(cancelled_at=None, confirmed_at__isnull=False)
    return there & begun & (Q(terminated_on=None) | Q(terminated_on__gte=today))


def _soon(today: date) -> Q:
    until = today + timedelta(days=SOON)
    return Q(ends_on__range=(today, until)) | Q(terminated_on__range=(today, until))


def _open(today: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=today)


def renewed() -> Exists:
    """Agreements of which `is_renewed` holds."""
    children = Agreement.objects.filter(renews=OuterRef("pk"), cancelled_at=None)
    return Exists(children.filter(confirmed_at__isnull=False))


_WHERE = {
    Standing.CANCELLED: lambda today: Q(cancelled_at__isnull=False),
    Standing.DRAFT: lambda today: Q(cancelled_at=None, confirmed_at=None),
    Standing.TERMINATED: lambda today: Q(
        cancelled_at=None, confirmed_at__isnull=False, terminated_on__lt=today
    ),
    Standing.UPCOMING: lambda today: Q(
        Q(terminated_on=None) | Q(terminated_on__gte=today),
        cancelled_at=None,
        confirmed_at__isnull=False,
        starts_on__gt=today,
    ),
    Standing.ACTIVE: lambda today: _in_force(today) & _open(today) & ~_soon(today),
    Standing.ENDING: lambda today: _in_force(today) & _open(today) & _soon(today),
    Standing.ENDED: lambda today: _in_force(today) & Q(ends_on__lt=today) & ~renewed(),
    Standing.RENEWED: lambda today: _in_force(today) & Q(ends_on__lt=today) & renewed(),
}
