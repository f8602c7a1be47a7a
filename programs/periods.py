"""A span of the calendar that is judged: a year, a semester, a quarter or a month of it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = 2000, 2100  # years


class PeriodKind(models.TextChoices):
    YEAR = "year", _("Year")
    SEMESTER = "semester", _("Semester")
    QUARTER = "quarter", _("Quarter")
    MONTH = "month", _("Month")


#: How many months one of each kind has.
MONTHS = {
    PeriodKind.YEAR: 12,
    PeriodKind.SEMESTER: 6,
    PeriodKind.QUARTER: 3,
    PeriodKind.MONTH: 1,
}
_CODE = re.compile(r"(?P<year>\d{4})(?:-(?P<kind>[SQ])?(?P<number>\d{1,2}))?", re.ASCII)
_LETTERS = {"S": PeriodKind.SEMESTER, "Q": PeriodKind.QUARTER, None: PeriodKind.MONTH}


@dataclass(frozen=True, order=True)
class Period:
    """`number` counts from 1 within the year; 0 for the year itself."""

    year: int
    kind: str = PeriodKind.YEAR.value
    number: int = 0

    def __post_init__(self) -> None:
        most = 12 // MONTHS[PeriodKind(self.kind)]
        whole = self.kind == PeriodKind.YEAR
        if not (EARLIEST <= self.year <= LATEST) or not (
            self.number == 0 if whole else 1 <= self.number <= most
        ):
            raise ValueError(f"no such period: {self.year} {self.kind} {self.number}")

    @classmethod
    def from_code(cls, text: str) -> Period:
        """The period of "2026", "2026-S1", "2026-Q3" or "2026-11"; ValueError for other text."""
        match = _CODE.fullmatch(text)
        if not match:
            raise ValueError(f"no such period: {text}")
        year, number = int(match["year"]), match["number"]
        return cls(year, _LETTERS[match["kind"]], int(number)) if number else cls(year)

    @property
    def code(self) -> str:
        """As addresses and file names carry it: 2026, 2026-S1, 2026-Q3, 2026-11."""
        if self.kind == PeriodKind.YEAR:
            return str(self.year)
        if self.kind == PeriodKind.MONTH:
            return f"{self.year}-{self.number:02d}"
        return f"{self.year}-{'S' if self.kind == PeriodKind.SEMESTER else 'Q'}{self.number}"

    @property
    def first_month(self) -> int:
        length = MONTHS[PeriodKind(self.kind)]
        return max(self.number - 1, 0) * length + 1

    @property
    def last_month(self) -> int:
        return self.first_month + MONTHS[PeriodKind(self.kind)] - 1

    @property
    def months(self) -> range:
        return range(self.first_month, self.last_month + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def a_year_before(self) -> Period:
        """The same period of the year before; ValueError below the earliest year."""
        return replace(self, year=self.year - 1)

    @property
    def label(self) -> str:
        """As a sentence says it: 2026 · semester 1 of 2026 · quarter 3 of 2026 · November 2026."""
        if self.kind == PeriodKind.YEAR:
            return str(self.year)
        if self.kind == PeriodKind.MONTH:
            return date_format(self.first_day, "F Y")
        words = {"half": self.number, "year": self.year}
        if self.kind == PeriodKind.SEMESTER:
            return gettext("semester %(half)s of %(year)s") % words
        return gettext("quarter %(half)s of %(year)s") % words
