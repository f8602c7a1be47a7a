"""How often a key may call in a minute, counted in the database for all serving processes.

Not every call is a write: a process takes calls in small lots and serves them from memory. What a
lot leaves unused when the minute is over is lost, so a key may be stopped a little early where
many processes serve it, and never late.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from .models import ApiToken, CallBudget

_MINUTE = timedelta(minutes=1)
_LARGEST_LOT = 20
_LOTS = 30  # at least so many a minute, so that little is lost at its end


class Counter:
    """The calls that one serving process holds ready, for the present minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._fetching = Lock()  # one thread fetches a lot, the others wait and share it
        self._minute: datetime | None = None
        self._left: defaultdict[UUID, int] = defaultdict(int)
        self._spent: set[UUID] = set()

    def take(self, token: ApiToken, now: datetime) -> bool:
        """One call for this key; False when its minute is used up."""
        minute = now.replace(second=0, microsecond=0)
        if (ready := self._ready(token.pk, minute)) is not None:
            return ready
        with self._fetching:
            if (ready := self._ready(token.pk, minute)) is not None:
                return ready
            lot = reserve(token, minute)
            with self._lock:
                return self._keep(token.pk, minute, lot)

    def _ready(self, pk: UUID, minute: datetime) -> bool | None:
        """Whether a call may go on; None: another lot has to be fetched first."""
        with self._lock:
            self._begin(minute)
            if self._use(pk):
                return True
            return False if pk in self._spent else None

    def _begin(self, minute: datetime) -> None:
        if self._minute != minute:
            self._minute = minute
            self._left.clear()
            self._spent.clear()

    def _use(self, pk: UUID) -> bool:
        if not self._left[pk]:
            return False
        self._left[pk] -= 1
        return True

    def _keep(self, pk: UUID, minute: datetime, lot: int) -> bool:
        """One call of the new lot is used now; the rest waits, unless its minute has ended."""
        if self._minute == minute:
            if lot:
                self._left[pk] += lot - 1
            else:
                self._spent.add(pk)
        return lot > 0


def reserve(token: ApiToken, minute: datetime) -> int:
    """Take one lot of calls for this minute out of the key's budget; 0 when it is used up.

    One conditional statement decides, so that any number of processes together never take more
    than the limit.
    """
    lot = lot_size(settings.API_CALLS_PER_MINUTE)
    if not lot or _taken(token, minute, lot):
        return lot
    CallBudget.objects.get_or_create(token=token, defaults={"minute": minute})
    return lot if _taken(token, minute, lot) else 0  # whoever of many made the row


def lot_size(limit: int) -> int:
    """How many calls are taken at once."""
    return min(limit, max(1, min(_LARGEST_LOT, limit // _LOTS)))


def _taken(token: ApiToken, minute: datetime, lot: int) -> bool:
    """The row counts for `minute` from now on. One of a clock a little ahead is used as it is."""
    over = Q(minute__lt=minute) | Q(minute__gt=minute + _MINUTE)
    room = Q(taken__lte=settings.API_CALLS_PER_MINUTE - lot)
    return bool(
        CallBudget.objects.filter(over | room, token=token).update(
            minute=Case(When(over, then=Value(minute)), default=F("minute")),
            taken=Case(When(over, then=Value(lot)), default=F("taken") + lot),
        )
    )


def policy() -> str:
    """The limit as the header RateLimit-Policy says it."""
    return f'"key";q={settings.API_CALLS_PER_MINUTE};w=60'


_here = Counter()


class KeyLimit(BaseThrottle):
    """Keys are limited; the portal's own pages are not: a phone sends what waited for weeks."""

    def allow_request(self, request, view) -> bool:
        token = request.auth
        return not isinstance(token, ApiToken) or _here.take(token, timezone.now())

    def wait(self) -> float:
        """Seconds until the next minute."""
        now = timezone.now()
        return max(1, math.ceil(60 - now.second - now.microsecond / 1_000_000))
