"""Periods as the office's pages show them: where each stands, and then beside now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from villages.models import VillageQuerySet

from .closing import MOVING, UNDER_WAY, Figures, PeriodFigures, in_force, name_of, touching
from .involvement import Headline, headline
from .models import CorrectionRequest, RequestState, Review, Snapshot, SnapshotRow
from .periods import MONTHS, Period


@dataclass(frozen=True)
class PeriodRow:
    """One period on the list: running, ready to be closed, or closed with what came since."""

    period: Period
    over: bool
    closed: Snapshot | None = None
    changes: int = 0
    requests: int = 0

    @property
    def name(self) -> str:
        return name_of(self.period)

    @property
    def state(self) -> str:
        if self.closed:
            return "closed"
        return "ready" if self.over else "running"


def periods_of(year: int) -> Iterator[Period]:
    """The year, its semesters, quarters and months, in this order."""
    for kind, length in MONTHS.items():
        if length == 12:
            yield Period(year)
        else:
            yield from (Period(year, kind.value, n + 1) for n in range(12 // length))


def period_rows(
    regency_code: str, villages: VillageQuerySet, year: int, today: date
) -> list[PeriodRow]:
    """The periods of a year that have begun. At most three queries; `villages`: her reach."""
    taken = Snapshot.objects.filter(regency__code=regency_code, year=year)
    closed = {one.period: one for one in in_force(taken)}
    changes = _changes(closed.values(), villages)
    requests = _requests(regency_code, villages, year)
    return [
        PeriodRow(
            period, period.last_day < today, closed.get(period), changes[period], requests[period]
        )
        for period in periods_of(year)
        if period.first_day <= today
    ]


def _changes(closed: Iterable[Snapshot], villages: VillageQuerySet) -> Counter[Period]:
    """Records touched since, by closed period."""
    counts = {f"of_{one.period.code}": (one, _since(one)) for one in closed}
    if not counts:
        return Counter()
    steps = Review.objects.filter(activity__village__in=villages, step__in=MOVING)
    earliest = min(one.taken_at for one, _ in counts.values()) - UNDER_WAY
    totals = steps.filter(at__gte=earliest).aggregate(
        **{
            key.replace("-", "_"): Count("activity", distinct=True, filter=since)
            for key, (_one, since) in counts.items()
        }
    )
    return Counter(
        {one.period: totals[key.replace("-", "_")] for key, (one, _since) in counts.items()}
    )


def _since(snapshot: Snapshot) -> Q:
    """As `closing.steps_since`, for a count beside others."""
    later = touching(snapshot.period) & Q(at__gte=snapshot.taken_at - UNDER_WAY)
    return later & ~Q(pk__in=snapshot.summary.get("seen", []))


def _requests(regency_code: str, villages: VillageQuerySet, year: int) -> Counter[Period]:
    waiting = CorrectionRequest.objects.filter(
        snapshot__regency__code=regency_code,
        snapshot__year=year,
        village__in=villages,
        state=RequestState.OPEN,
    ).select_related("snapshot")
    return Counter(one.snapshot.period for one in waiting)


@dataclass(frozen=True)
class Compared:
    """One area: its figures when the period was closed, and the figures of today."""

    then: Figures = field(default_factory=Figures)
    now: Figures = field(default_factory=Figures)

    @property
    def title(self) -> str:
        return self.now.title or self.then.title

    @property
    def place(self) -> str:
        return self.now.place or self.then.place

    @property
    def moved(self) -> bool:
        return self.then.numbers != self.now.numbers


@dataclass(frozen=True)
class Comparison:
    """A closed period beside today: the whole, by district and by village."""

    total: Compared
    districts: tuple[Compared, ...]
    villages: tuple[Compared, ...]

    @property
    def moved(self) -> tuple[Compared, ...]:
        """The villages whose figures are no longer those that were closed."""
        return tuple(one for one in self.villages if one.moved)

    @property
    def moved_districts(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.districts if one.moved)


def compare(then: PeriodFigures, now: PeriodFigures) -> Comparison:
    return Comparison(
        Compared(then.total, now.total),
        _side_by_side(then.districts, now.districts),
        _side_by_side(then.villages, now.villages),
    )


def _side_by_side(then: Iterable[Figures], now: Iterable[Figures]) -> tuple[Compared, ...]:
    before, after = ({one.code: one for one in side} for side in (then, now))
    return tuple(
        Compared(before.get(code, Figures()), after.get(code, Figures()))
        for code in sorted(before.keys() | after.keys())
    )


@dataclass(frozen=True)
class Revision:
    """One closing on the list of them, with its headline within her reach."""

    snapshot: Snapshot
    headline: Headline


def revisions_of(taken: Sequence[Snapshot], villages: VillageQuerySet) -> list[Revision]:
    """One query, however many revisions."""
    rows = SnapshotRow.objects.filter(snapshot__in=taken, village__in=villages)
    counts = rows.order_by().values_list("snapshot", "level").annotate(Count("pk"))
    levels: dict = {one.pk: [] for one in taken}
    for pk, level, count in counts:
        levels[pk] += [level] * count
    return [Revision(one, headline(levels[one.pk])) for one in taken]
