"""How the portal served: the promise of the month (REL-07) and the last day, hour by hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from core.metrics import CLASSES, COUNTED
from core.models import RequestCount, Span

PROMISED = 0.995  # of the month's minutes, and of its answers
RECEIPT_SECONDS, RECEIPT_SHARE = 2, 0.95

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 720, 180, 48, 12, 140
STEP = (WIDTH - LEFT) / 24


@dataclass(frozen=True)
class Promise:
    """One share against its bar. `left`: how many more may still be lost this month."""

    good: int
    all: int
    bar: float
    allowed: int

    @property
    def share(self) -> tuple[int, int]:
        return self.good, self.all

    @property
    def lost(self) -> int:
        return self.all - self.good

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.lost)

    @property
    def kept(self) -> bool | None:
        """None: nothing was measured yet."""
        return self.good >= self.bar * self.all if self.all else None


@dataclass(frozen=True)
class Month:
    """What REL-07 promises: minutes in which the portal lived, answers without a fault of ours,
    and receipts in two seconds."""

    first: datetime
    minutes: Promise
    answers: Promise
    receipts: Promise
    usual: str

    @property
    def is_measured(self) -> bool:
        return bool(self.minutes.all or self.answers.all)


def this_month(now: datetime) -> Month:
    local = timezone.localtime(now)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    kinds = _sums(first)
    beats = kinds.pop("beat", {}).get("requests", 0)
    asked = sum(one["requests"] - one["shed"] for one in kinds.values())
    receipts = kinds.get("receipt", dict.fromkeys(COUNTED, 0))
    counted = receipts["requests"] - receipts["shed"]
    return Month(
        first,
        _minutes(first, now, beats),
        _promise(asked - sum(one["errors"] for one in kinds.values()), asked, PROMISED),
        _promise(receipts[f"within_{1000 * RECEIPT_SECONDS}"], counted, RECEIPT_SHARE),
        usual(receipts),
    )


def _sums(first: datetime) -> dict[str, dict[str, int]]:
    rows = RequestCount.objects.filter(at__gte=first).order_by().values("kind")
    rows = rows.annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})
    return {one["kind"]: {name: one[f"sum_{name}"] for name in COUNTED} for one in rows}


def _minutes(first: datetime, now: datetime, beats: int) -> Promise:
    """Minutes since the month, or the counting, began; the last is not over yet. What may be lost
    is a share of the whole month."""
    began = RequestCount.objects.filter(kind="beat").aggregate(at=Min("at"))["at"]
    since = max(first, began) if began else now
    passed = max(beats, int((now - since).total_seconds() // 60))
    next_month = (first + timedelta(days=32)).replace(day=1)
    whole = int((next_month - first).total_seconds() // 60)
    return Promise(beats, passed, PROMISED, int((1 - PROMISED) * whole + 0.5))


def _promise(good: int, everything: int, bar: float) -> Promise:
    return Promise(good, everything, bar, int((1 - bar) * everything))


def usual(sums: dict[str, int], share: float = RECEIPT_SHARE) -> str:
    """Within how many seconds `share` of the answers came: "0.3"; "" when it took longer than the
    last class, or nothing came."""
    counted = sums["requests"] - sums["shed"]
    for end in CLASSES if counted else ():
        if sums[f"within_{end}"] >= share * counted:
            return f"{end / 1000:g}"
    return ""


@dataclass(frozen=True)
class Hour:
    """One hour: answers, those that failed by our fault, those that took longer than a second."""

    at: datetime
    requests: int = 0
    failed: int = 0
    slow: int = 0


def last_day(now: datetime) -> list[Hour]:
    """The 24 hours up to this one, oldest first; an hour without a count has zeros."""
    last = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=23)
    rows = RequestCount.objects.filter(at__gte=first, span=Span.MINUTE).exclude(kind="beat")
    rows = rows.annotate(hour=TruncHour("at")).order_by().values("hour")
    rows = rows.annotate(
        asked=Sum("requests"), lost=Sum("errors"), shed=Sum("shed"), quick=Sum("within_1000")
    )
    found = {
        one["hour"]: Hour(
            one["hour"],
            one["asked"],
            one["lost"] + one["shed"],
            one["asked"] - one["lost"] - one["shed"] - one["quick"],
        )
        for one in rows
    }
    hours = (first + timedelta(hours=place) for place in range(24))
    return [found.get(hour, Hour(hour)) for hour in hours]


@dataclass(frozen=True)
class Column:
    x: float
    y: float
    height: float
    failed_y: float
    failed_height: float
    label: str


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    top: int
    middle: float = (TOP + FLOOR) / 2
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = FLOOR
    ceiling: int = TOP
    column: float = round(STEP * 0.7, 1)
    letters: int = FLOOR + 20

    @property
    def half(self) -> int:
        return self.top // 2


def chart(hours: Iterable[Hour]) -> Chart:
    hours = list(hours)
    top = _round_up(max([one.requests for one in hours], default=0))
    return Chart([_column(place, one, top) for place, one in enumerate(hours)], top)


def _column(place: int, one: Hour, top: int) -> Column:
    height = (FLOOR - TOP) * one.requests / top
    failed = (FLOOR - TOP) * one.failed / top
    failed = max(failed, 3) if one.failed else 0  # one failure in thousands can still be seen
    return Column(
        x=round(LEFT + place * STEP + STEP * 0.15, 1),
        y=round(FLOOR - height, 1),
        height=round(height, 1),
        failed_y=round(FLOOR - failed, 1),
        failed_height=round(failed, 1),
        label=f"{timezone.localtime(one.at):%H}" if place % 3 == 2 else "",
    )


def _round_up(most: int) -> int:
    """A round number that is not below: 10, 20, 30, 50, 100 …"""
    size = 10
    while True:
        for factor in (1, 2, 3, 5):
            if most <= size * factor:
                return size * factor
        size *= 10
