"""The last months of a village: with records, declared to have none, or simply missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from villages.models import Village

from ..models import Activity, NothingToReport


@dataclass(frozen=True)
class Month:
    """One month of one village. Zero is not missing: `declared` says which of the two it is."""

    first: date
    records: int
    declared: NothingToReport | None
    running: bool

    @property
    def key(self) -> str:
        """The month as an address and a form carry it."""
        return f"{self.first:%Y-%m}"

    @property
    def missing(self) -> bool:
        """It is over, and nobody said anything about it."""
        return not (self.records or self.declared or self.running)


def last_months(today: date, number: int = 12) -> list[date]:
    """The first days of so many months, the present one last."""
    present = today.year * 12 + today.month - 1
    return [
        date(month // 12, month % 12 + 1, 1) for month in range(present - number + 1, present + 1)
    ]


def months_of(village: Village, today: date, number: int = 12) -> list[Month]:
    """The village's last months, oldest first. Two statements."""
    firsts = last_months(today, number)
    records = _records(village, firsts[0])
    declared = {(one.year, one.month): one for one in _declared(village, firsts[0])}
    return [
        Month(
            first,
            records.get((first.year, first.month), 0),
            declared.get((first.year, first.month)),
            (first.year, first.month) == (today.year, today.month),
        )
        for first in firsts
    ]


def _records(village: Village, since: date) -> dict[tuple[int, int], int]:
    rows = Activity.objects.live().filter(village=village, held_on__gte=since).order_by()
    counts = rows.values_list("year", "month").annotate(Count("pk"))
    return {(year, month): number for year, month, number in counts}


def _declared(village: Village, since: date):
    rows = NothingToReport.objects.in_force().filter(village=village)
    rows = rows.alias(place=F("year") * 12 + F("month"))
    return rows.filter(place__gte=since.year * 12 + since.month).select_related("declared_by")
