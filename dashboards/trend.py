"""Twenty-four months of an area: in how many programs of each month women were involved.

Each month is judged by itself with the one rule; a month in which nothing could be judged is
missing, never zero. The chart draws it, the table beneath says the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.formats import percent
from programs.involvement import HEADLINE, JUDGED, WOMEN_PERCENT, Headline, Level, level_expression
from programs.models import ProgramVillage, ProgramVillageMonth, TargetGroup
from programs.reporting import last_months
from programs.rollups import yes
from villages.models import VillageQuerySet

from .changes import points
from .counts import Share
from .filters import BoardFilter

MONTHS = 24
#: With fewer judged programs than these a half of the chart says nothing about the other.
LEAST_JUDGED = 5

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, FLOOR = 58, 12, 14, 250
STEP = (WIDTH - LEFT - RIGHT) / MONTHS
#: Where thin lines stand, percent; the line of 30 is drawn by itself.
TICKS = (0, 50, 100)


@dataclass(frozen=True)
class TrendMonth:
    """One month: its programs judged and without data; `running` while it is not over."""

    first: date
    headline: Headline
    running: bool = False

    @property
    def share(self) -> Share:
        return self.headline.share

    @property
    def counted(self) -> bool:
        """Something took place that this basis counts."""
        return bool(self.headline.judged or self.headline.no_data)

    @property
    def words(self) -> str:
        """What its row says where there is no share."""
        if self.headline.no_data:
            return _("Without data")
        return _("Not over yet") if self.running else _("No activity that counts")


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    css: str
    title: str


@dataclass(frozen=True)
class Label:
    x: float
    text: str
    #: Labels of the middle of a year give way on a narrow screen.
    minor: bool


@dataclass(frozen=True)
class Trend:
    """The months, oldest first, and how they are drawn."""

    months: tuple[TrendMonth, ...]
    line: int = WOMEN_PERCENT
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = FLOOR

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[-1].first

    @property
    def told(self) -> tuple[TrendMonth, ...]:
        return tuple(month for month in self.months if month.share)

    @cached_property
    def halves(self) -> tuple[Headline, Headline]:
        """The earlier and the later twelve months, added up."""
        middle = len(self.months) // 2
        return _sum(self.months[:middle]), _sum(self.months[middle:])

    @property
    def finding(self) -> str:
        """The title of the chart: what it shows."""
        if not self.told:
            return _("No month yet in which a program could be judged")
        before, now = self.halves
        if min(before.judged, now.judged) < LEAST_JUDGED:
            return self._about_the_line()
        words = {"now": percent(now.share), "before": percent(before.share)}
        moved = points(now.share, before.share) or 0
        if moved > 0:
            return (
                _("In twelve months women were involved more often: %(now)s, up from %(before)s")
                % words
            )
        if moved < 0:
            return (
                _("In twelve months women were involved less often: %(now)s, down from %(before)s")
                % words
            )
        return (
            _("In twelve months women were involved as often as in those before: %(now)s") % words
        )

    def _about_the_line(self) -> str:
        above = sum(_above(month) for month in self.told)
        words = {"n": above, "m": len(self.told), "line": self.line}
        return (
            _("In %(n)s of %(m)s months at least %(line)s percent of programs involved women")
            % words
        )

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return tuple(
            Point(_x(place), _y(month.share), _css(month), _title(month))
            for place, month in enumerate(self.months)
            if month.share
        )

    @cached_property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """(class, path) of each stretch of neighbouring months; nothing bridges a gap."""
        pairs = zip(enumerate(self.months), self.months[1:], strict=False)
        return tuple(
            (
                "trend-running" if after.running else "trend-line",
                f"M{_x(place)} {_y(before.share)}L{_x(place + 1)} {_y(after.share)}",
            )
            for (place, before), after in pairs
            if before.share and after.share
        )

    @property
    def gaps(self) -> tuple[float, ...]:
        """Where a hatched band begins: months that are over and could not be judged."""
        return tuple(
            round(_x(place) - STEP / 2, 1)
            for place, month in enumerate(self.months)
            if not month.share and not month.running
        )

    @property
    def depth(self) -> int:
        return FLOOR - TOP

    @property
    def letters(self) -> int:
        """The line on which the names of the months stand."""
        return FLOOR + 24

    @property
    def running(self) -> bool:
        """The last month is not over, and something of it is known."""
        return self.months[-1].running and self.months[-1].share is not None

    @property
    def gap_width(self) -> float:
        return round(STEP, 1)

    @property
    def ticks(self) -> tuple[tuple[float, int], ...]:
        return tuple((_y((tick, 100)), tick) for tick in TICKS)

    @property
    def line_y(self) -> float:
        return _y((self.line, 100))

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(
            Label(_x(place), date_format(month.first, "M Y"), month.first.month == 7)
            for place, month in enumerate(self.months)
            if month.first.month in (1, 7) and place < MONTHS - 1
        )


def trend_of(villages: VillageQuerySet, flt: BoardFilter, today: date) -> Trend:
    """The months up to the end of the period, or to today when that comes first. One query.

    A level chosen in the filter is left out: a share of itself would be 100 percent.
    """
    last = min(flt.last_day, max(today, flt.first_day))
    firsts = last_months(last, MONTHS)
    found = _judged(villages, flt, firsts)
    present = (today.year, today.month)
    return Trend(
        tuple(
            TrendMonth(
                first,
                found.get((first.year, first.month), Headline()),
                (first.year, first.month) == present,
            )
            for first in firsts
        )
    )


def _judged(
    villages: VillageQuerySet, flt: BoardFilter, firsts: Sequence[date]
) -> dict[tuple[int, int], Headline]:
    """{(year, month): programs in villages by the rule}. A row of the read model is one program
    in one village and month on one basis: it is judged as it stands."""
    bounds = [first.year * 12 + first.month for first in (firsts[0], firsts[-1])]
    rows: Any = ProgramVillageMonth.objects.filter(
        flt.programs(),
        village__in=villages,
        basis=flt.basis,
        year__range=(firsts[0].year, firsts[-1].year),
    )
    rows = rows.alias(place=F("year") * 12 + F("month")).filter(place__range=bounds)
    rows = rows.alias(**_plan()).alias(level=level_expression(prefix=""))
    ladder = [level.value for level in JUDGED]
    counted = (
        rows.order_by()
        .values_list("year", "month")
        .annotate(
            involved=Count("pk", filter=Q(level__gte=HEADLINE, level__in=ladder)),
            judged=Count("pk", filter=Q(level__in=ladder)),
            without=Count("pk", filter=Q(level=Level.NO_DATA)),
        )
    )
    return {(year, month): Headline(*numbers) for year, month, *numbers in counted}


def _plan() -> dict[str, Any]:
    """What the rule asks about a program, named as `level_expression` names it."""
    reached = ProgramVillage.objects.filter(
        program=OuterRef("program"), village=OuterRef("village"), outcome_reached_on__isnull=False
    )
    return {
        "plan_men_only": yes(Q(program__target_group=TargetGroup.MEN)),
        "plan_gender_marker": F("program__gender_marker"),
        "plan_gap_approved": yes(Q(program__gap_approved_on__isnull=False)),
        "plan_benefit_target_percent": F("program__benefit_target_percent"),
        "plan_outcome_reached": yes(Exists(reached)),
    }


def _sum(months: Iterable[TrendMonth]) -> Headline:
    return sum((month.headline for month in months), Headline())


def _above(month: TrendMonth) -> bool:
    return 100 * month.headline.involved >= WOMEN_PERCENT * month.headline.judged


def _css(month: TrendMonth) -> str:
    if month.running:
        return "point-running"
    return "point-reached" if _above(month) else "point-below"


def _title(month: TrendMonth) -> str:
    return _("%(month)s: %(n)s of %(m)s programs, %(share)s") % {
        "month": date_format(month.first, "F Y"),
        "n": month.headline.involved,
        "m": month.headline.judged,
        "share": percent(month.share),
    }


def _x(place: int) -> float:
    return round(LEFT + (place + 0.5) * STEP, 1)


def _y(share: Share) -> float:
    part, whole = share or (0, 1)
    return round(FLOOR - (FLOOR - TOP) * part / whole, 1)
