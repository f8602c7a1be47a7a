"""Two periods of one area side by side, on the same records, programs and definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from programs.involvement import DEFINITION_VERSION
from programs.periods import Period, PeriodKind

from .areas import Area, district_title
from .boards import AreaRow, newest_in
from .changes import points, points_text
from .counts import Share
from .figures import Side, a_year_before, reach, side_of
from .filters import PARTS, BoardFilter

#: How many villages stand on each of the two lists of those that changed most.
MOST = 10


@dataclass(frozen=True)
class Change:
    """One share in both periods; `moved` in tenths of a point, None where one is missing."""

    title: str
    before: Share
    now: Share
    code: str = ""
    place: str = ""

    @property
    def moved(self) -> int | None:
        return points(self.now, self.before)

    @property
    def text(self) -> str:
        return points_text(self.moved)


@dataclass(frozen=True)
class Comparison:
    """What one area's page of two periods says. `unfinished`: the periods that are not over."""

    area: Area
    now: Side
    before: Side
    figures: tuple[Change, ...]
    districts: tuple[Change, ...]
    villages: tuple[Change, ...]
    unfinished: tuple[str, ...]
    newest: datetime | None
    definition: int = DEFINITION_VERSION

    @property
    def risen(self) -> tuple[Change, ...]:
        """The villages whose share rose most, the widest step first."""
        up = (one for one in self.villages if (one.moved or 0) > 0)
        return tuple(sorted(up, key=lambda one: (-(one.moved or 0), one.title)))[:MOST]

    @property
    def fallen(self) -> tuple[Change, ...]:
        down = (one for one in self.villages if (one.moved or 0) < 0)
        return tuple(sorted(down, key=lambda one: (one.moved or 0, one.title)))[:MOST]

    @property
    def same(self) -> int:
        return sum(one.moved == 0 for one in self.villages)

    @property
    def only_now(self) -> tuple[Change, ...]:
        """Villages with a share now and none before."""
        return tuple(one for one in self.villages if one.now and not one.before)

    @property
    def only_before(self) -> tuple[Change, ...]:
        return tuple(one for one in self.villages if one.before and not one.now)

    @property
    def neither(self) -> int:
        return sum(not one.now and not one.before for one in self.villages)

    @property
    def nothing(self) -> bool:
        """Neither period has a record."""
        return not (self.now.total.sent or self.before.total.sent)


def filter_of(flt: BoardFilter, period: Period) -> BoardFilter:
    """The same filter in another period."""
    parts = {part: period.number if part == period.kind else 0 for part in PARTS}
    return flt.but(year=period.year, **parts)


def other_period(flt: BoardFilter, code: str) -> BoardFilter:
    """The filter to compare with: of the period named, of the same one a year before when none
    is. Refused for a code that names no period."""
    if not code:
        return a_year_before(flt)
    try:
        return filter_of(flt, Period.from_code(code))
    except ValueError as error:
        words = _("Choose a period to compare with, such as 2025 or 2025-S1.")
        raise Refused(Problem("with", "unknown_value", words)) from error


def period_choices(years: Iterable[int]) -> list[tuple[int, list[tuple[str, str]]]]:
    """Every period of these years by its code, newest year first."""
    return [(year, [(one.code, one.label) for one in _periods(year)]) for year in years]


def _periods(year: int) -> Iterator[Period]:
    yield Period(year)
    for kind, number in ((PeriodKind.SEMESTER, 2), (PeriodKind.QUARTER, 4), (PeriodKind.MONTH, 12)):
        yield from (Period(year, kind.value, one) for one in range(1, number + 1))


def comparison_of(
    user, area: Area, flt: BoardFilter, other: BoardFilter, today: date
) -> Comparison:
    """Both periods, counted now with the present definition; five statements, two more where a
    filter names a level."""
    now, before = side_of(user, area, flt), side_of(user, area, other)
    return Comparison(
        area=area,
        now=now,
        before=before,
        figures=tuple(_figures(now, before)),
        districts=tuple(sorted(_districts(now, before), key=_by_change)),
        villages=tuple(_paired(now.rows, before.rows, lambda row: row.title)),
        unfinished=tuple(
            one.period for one in (flt, other) if one.first_day <= today <= one.last_day
        ),
        newest=newest_in(reach(user, area, flt)),
    )


def _figures(now: Side, before: Side) -> Iterator[Change]:
    named: tuple[tuple[str, Callable[[Side], Share]], ...] = (
        (_("Programs that involve women"), lambda side: side.programs),
        (_("Activities with women"), lambda side: side.total.heads.coverage),
        (_("Villages that reported"), lambda side: side.said.share if side.total.sent else None),
        (_("Women deciding"), lambda side: side.total.heads.deciders),
        (_("Women present"), lambda side: side.total.heads.participants),
        (_("Women benefiting"), lambda side: side.total.heads.beneficiaries),
    )
    for title, share in named:
        yield Change(title, share(before), share(now))


def _districts(now: Side, before: Side) -> Iterator[Change]:
    return _paired(_summed(now.rows), _summed(before.rows), lambda row: row.title)


def _summed(rows: Iterable[AreaRow]) -> list[AreaRow]:
    found = []
    for code, group in groupby(rows, key=lambda row: row.code[:8]):
        members = list(group)
        name = members[0].district
        found.append(AreaRow.summed(code, name, district_title(name), members))
    return found


def _paired(
    now: Iterable[AreaRow], before: Iterable[AreaRow], title: Callable[[AreaRow], str]
) -> Iterator[Change]:
    """The areas of either period, each once, by its code."""
    late, early = ({row.code: row for row in rows} for rows in (now, before))
    for code in early | late:
        row: Any = late.get(code) or early[code]
        yield Change(title(row), _share(early.get(code)), _share(late.get(code)), code, row.place)


def _share(row: AreaRow | None) -> Share:
    return row.headline.share if row else None


def _by_change(one: Change) -> tuple:
    """Widest rise first; those without a difference at the end."""
    return one.moved is None, -(one.moved or 0), one.title
