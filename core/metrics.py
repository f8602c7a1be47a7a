"""How much was asked and how quickly it was answered, counted without a write at each request.

A process counts in memory and adds its counts to the database every few seconds, so that several
processes make one sum. What a killed process held is lost: at most `settings.METRICS_EVERY`
seconds of its counts, and never a record of anybody's work.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F, Min, Sum
from django.utils import timezone

from .models import RequestCount, Span

_log = logging.getLogger(__name__)
#: Upper ends of the classes of duration, milliseconds; what took longer is in `requests` alone.
CLASSES = (50, 100, 200, 300, 500, 1000, 2000, 5000)
NAMES = tuple(f"within_{end}" for end in CLASSES)
COUNTED = ("requests", "errors", "shed", *NAMES)
MINUTES_KEPT, HOURS_KEPT = timedelta(hours=49), timedelta(days=35)
_MOST = 2000  # counts held while the database is away; then the oldest go
#: Monitors and files are no use of the portal: they would hide a bad hour among good answers.
_NOT_COUNTED = ("/healthz/", "/readyz/", "/static/")
#: The door of records and photos from phones and tools: what "receipts" are measured by.
_RECEIPTS = ("/api/v1/submissions/", "/api/v1/activities/")

Key = tuple[datetime, str]


class Counts:
    """What one serving process has counted and not handed over yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[Key, list[int]] = defaultdict(lambda: [0] * len(COUNTED))
        self._handed = time.monotonic()

    def add(self, kind: str, status: int, seconds: float, now: datetime) -> None:
        took, failed = 1000 * seconds, status >= 500
        row = [1, int(failed and status != 503), int(status == 503)]
        row += [int(took <= end and not failed) for end in CLASSES]
        self._put({(now.replace(second=0, microsecond=0), kind): row})

    def _put(self, rows: dict[Key, list[int]]) -> None:
        with self._lock:
            for key, row in rows.items():
                held = self._held[key]
                for place, number in enumerate(row):
                    held[place] += number
            while len(self._held) > _MOST:
                del self._held[min(self._held)]

    def is_due(self) -> bool:
        """Whether it is this request's turn to hand over; true for one of many at once."""
        with self._lock:
            now = time.monotonic()
            if now - self._handed < settings.METRICS_EVERY:
                return False
            self._handed = now
            return True

    def flush(self) -> None:
        """Hand over; what the database did not take is held for the next time."""
        with self._lock:
            rows, self._held = dict(self._held), defaultdict(lambda: [0] * len(COUNTED))
        try:
            with transaction.atomic():
                _store(rows)
        except (DatabaseError, InterfaceError):
            _log.warning("Counts of requests wait for the database: %s", len(rows))
            self._put(rows)


def _store(rows: dict[Key, list[int]]) -> None:
    """Add to the rows of all processes; in one order, so that no two wait for each other."""
    for (at, kind), row in sorted(rows.items()):
        place = {"at": at, "span": Span.MINUTE, "kind": kind}
        add(place, dict(zip(COUNTED, row, strict=True)))


def add(place: dict, numbers: dict[str, int]) -> None:
    """Add `numbers` to the one row of `place`, which is made when it is missing."""
    found = RequestCount.objects.filter(**place)
    more = {name: F(name) + number for name, number in numbers.items() if number}
    if not found.update(**more):
        RequestCount.objects.bulk_create([RequestCount(**place)], ignore_conflicts=True)
        found.update(**more)


def kind_of(method: str, path: str) -> str | None:
    """page, api_read, api_write, receipt; None: not counted."""
    if path.startswith(_NOT_COUNTED):
        return None
    if not path.startswith("/api/"):
        return "page"
    if method in ("GET", "HEAD", "OPTIONS"):
        return "api_read"
    return "receipt" if path.startswith(_RECEIPTS) else "api_write"


_here = Counts()
is_due = _here.is_due
flush = _here.flush


def count(method: str, path: str, status: int, seconds: float) -> None:
    if kind := kind_of(method, path):
        _here.add(kind, status, seconds, datetime.now(UTC))


def tidy() -> float:
    """A duty: minutes older than two days become hours, hours older than 35 days go."""
    now = timezone.now()
    for _turn in range(200):  # hours; a portal that stood still has many to fold
        oldest = RequestCount.objects.filter(span=Span.MINUTE, at__lt=now - MINUTES_KEPT).aggregate(
            at=Min("at")
        )["at"]
        if oldest is None:
            break
        fold(oldest.replace(minute=0, second=0, microsecond=0))
    RequestCount.objects.filter(at__lt=now - HOURS_KEPT).delete()
    return 1800.0


@transaction.atomic
def fold(hour: datetime) -> None:
    """The minutes of this hour become one row a kind. Two processes at once fold them once: the
    rows are locked first, and who comes second finds none."""
    rows = RequestCount.objects.filter(
        span=Span.MINUTE, at__gte=hour, at__lt=hour + timedelta(hours=1)
    )
    if not list(rows.select_for_update().order_by("pk").values_list("pk", flat=True)):
        return
    sums: Any = (
        rows.order_by().values("kind").annotate(**{f"sum_{one}": Sum(one) for one in COUNTED})
    )
    for one in list(sums):
        place = {"at": hour, "span": Span.HOUR, "kind": one["kind"]}
        add(place, {name: one[f"sum_{name}"] for name in COUNTED})
    rows.delete()
