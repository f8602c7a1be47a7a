"""What the indicators of a gender analysis have reached: by the village logs themselves, or as
somebody entered it with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from .content import Content, IndicatorSaid
from .figures import Figure, Standing, standing
from .models import GenderAnalysis, IndicatorKind, Measure, Realisation, Sex

PERCENT = "%"


@dataclass(frozen=True)
class Realised:
    """Where one indicator stands. `pair`: the counts behind a share; `by`: portal, hand or ""
    (nothing known); `as_of`: the day it is true of; `entry`: what was entered by hand."""

    indicator: IndicatorSaid
    baseline: Decimal | None
    value: Decimal | None = None
    pair: tuple[int, int] | None = None
    by: str = ""
    as_of: date | None = None
    entry: Realisation | None = None

    @property
    def target(self) -> Decimal | None:
        return self.indicator.target

    @property
    def reached(self) -> bool:
        return reaches(self.indicator, self.baseline, self.value)

    @property
    def moved(self) -> Decimal | None:
        """From the baseline until now, in the indicator's unit."""
        if self.value is None or self.baseline is None:
            return None
        return self.value - self.baseline

    @property
    def overdue(self) -> bool:
        due = self.indicator.due
        return due is not None and not self.reached and due < timezone.localdate()


def reaches(row: IndicatorSaid, baseline: Decimal | None, value: Decimal | None) -> bool:
    """Whether `value` stands at the target or beyond it; downwards where less is meant."""
    if row.target is None or value is None:
        return False
    if baseline is not None and row.target < baseline:
        return value <= row.target
    return value >= row.target


def realised(analysis: GenderAnalysis, content: Content, now: date | None = None) -> list[Realised]:
    """Every indicator of `content`, in its order. One statement a year that is asked of the
    portal, and one for what was entered."""
    today = now or timezone.localdate()
    entries = _newest_entries(analysis)
    standings: dict[int, Standing] = {}
    found = []
    for row in content.indicators:
        start = content.baseline_value(row.baseline, row.sex)
        if row.measure:
            year = year_of(analysis, row, today)
            if year not in standings:
                standings[year] = standing(analysis.program, year)
            found.append(_by_portal(row, start, standings[year], today))
        else:
            found.append(_by_hand(row, start, entries.get(row.key)))
    return found


def year_of(analysis: GenderAnalysis, row: IndicatorSaid, today: date) -> int:
    """The year whose records realise the indicator: that of its target, until then this one."""
    last = row.due.year if row.due else analysis.year
    return min(last, max(analysis.year, today.year))


def value_of(row: IndicatorSaid, figure: Figure) -> Decimal | None:
    """The portal's figure in the indicator's unit: a share in per cent, or a number of people or
    villages."""
    if figure.pair is None:
        return None
    if row.measure == Measure.VILLAGES:
        return figure.percent if row.unit == PERCENT else Decimal(figure.value or 0)
    women, everyone = figure.pair
    if row.unit == PERCENT:
        share = figure.percent
        return 100 - share if row.sex == Sex.MEN and share is not None else share
    counts = {Sex.WOMEN: women, Sex.MEN: everyone - women}
    return Decimal(counts.get(Sex(row.sex), everyone) if row.sex else everyone)


def _by_portal(row: IndicatorSaid, start: Decimal | None, found: Standing, today: date) -> Realised:
    figure = found.figure(row.measure)
    last = date(found.year, 12, 31)
    value = value_of(row, figure)
    by = "portal" if value is not None else ""
    return Realised(row, start, value, figure.pair, by, min(today, last) if by else None)


def _by_hand(row: IndicatorSaid, start: Decimal | None, entry: Realisation | None) -> Realised:
    if entry is None:
        return Realised(row, start)
    return Realised(row, start, entry.value, None, "hand", entry.reached_on, entry)


def _newest_entries(analysis: GenderAnalysis) -> dict[UUID, Realisation]:
    """The newest entry of each indicator for the whole program; without one, of any village."""
    rows = (
        Realisation.objects.counting()
        .filter(analysis=analysis)
        .select_related("village", "entered_by", "evidence")
    )
    newest: dict[UUID, list[Realisation]] = defaultdict(list)
    for one in rows:
        newest[one.indicator].append(one)
    return {key: _for_everyone(found) for key, found in newest.items()}


def _for_everyone(entries: Iterable[Realisation]) -> Realisation:
    found = list(entries)
    return next((one for one in found if one.village_id is None), found[0])


def villages_reached(analysis: GenderAnalysis, content: Content, today: date) -> set[int]:
    """Villages (pks) in which an outcome indicator is reached.

    A share is judged in each village by its own records; a number for the whole program counts
    for the villages that contributed; what was entered by hand for the village it names, or for
    all of the program's.
    """
    everywhere = set(analysis.program.targets.values_list("village", flat=True))
    found: set[int] = set()
    for row in content.of_kind(IndicatorKind.OUTCOME):
        start = content.baseline_value(row.baseline, row.sex)
        if row.measure:
            own = standing(analysis.program, year_of(analysis, row, today))
            found |= _reached_by_portal(row, start, own)
        else:
            found |= _reached_by_hand(analysis, row, start, everywhere)
    return found & everywhere


def _reached_by_portal(row: IndicatorSaid, start: Decimal | None, own: Standing) -> set[int]:
    whole = reaches(row, start, value_of(row, own.figure(row.measure)))
    by_village = {
        pk: Standing(own.program, own.year, own.semester, own.basis, {pk: one}).figure(row.measure)
        for pk, one in own.villages.items()
    }
    if row.unit == PERCENT and row.measure != Measure.VILLAGES:
        return {pk for pk, one in by_village.items() if reaches(row, start, value_of(row, one))}
    return {pk for pk, one in by_village.items() if whole and one.pair and one.pair[0] > 0}


def _reached_by_hand(
    analysis: GenderAnalysis, row: IndicatorSaid, start: Decimal | None, everywhere: set[int]
) -> set[int]:
    """The newest word on each village counts; a word on the whole program where none was said."""
    entries = Realisation.objects.counting().filter(analysis=analysis, indicator=row.key)
    newest: dict[int | None, Realisation] = {}
    for one in entries:
        newest.setdefault(one.village_id, one)
    whole = newest.pop(None, None)
    found = set()
    if whole is not None and reaches(row, start, whole.value):
        found = everywhere - newest.keys()
    return found | {
        pk for pk, one in newest.items() if pk is not None and reaches(row, start, one.value)
    }
