"""The last months of a village: with records, declared to have none, or simply missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from villages.models import Village

from ..models import NothingToReport
from ..reporting import declared_in, last_months, told_in


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


def months_of(village: Village, today: date, number: int = 12) -> list[Month]:
    """The village's last months, oldest first. Two statements."""
    only = Village.objects.filter(pk=village.pk)
    firsts = last_months(today, number)
    told = told_in(only, firsts)
    declared = declared_in(only, firsts).select_related("declared_by")
    by_month = {one.first: one for one in declared}
    return [
        Month(
            first,
            told[village.pk, first].records if (village.pk, first) in told else 0,
            by_month.get(first),
            first == today.replace(day=1),
        )
        for first in firsts
    ]
