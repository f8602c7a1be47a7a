"""Twelve months as columns, drawn on the server; the table beneath says the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from programs.involvement import WOMEN_PERCENT, reaches

from .results import MonthResult

WIDTH, HEIGHT = 344, 196
LEFT, TOP, FLOOR = 40, 10, 160
STEP = (WIDTH - LEFT) / 12
COLUMN = 17
#: Where thin lines stand, percent; the policy line is drawn by itself.
TICKS = (0, 50, 100)


@dataclass(frozen=True)
class Column:
    """One month: its place, how high it stands and by which class it is filled."""

    x: float
    y: float
    width: float
    height: float
    css: str
    label: str
    year: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Tick:
    y: float
    label: int


@dataclass(frozen=True)
class Chart:
    """The women's share of each month against the line of 30 percent."""

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    line: Tick
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = FLOOR

    @property
    def letters(self) -> int:
        """The line on which the months' letters stand."""
        return FLOOR + 16


def months_chart(months: Iterable[MonthResult]) -> Chart:
    return Chart(
        tuple(_column(place, month) for place, month in enumerate(months)),
        tuple(Tick(_height_of(percent), percent) for percent in TICKS),
        Tick(_height_of(WOMEN_PERCENT), WOMEN_PERCENT),
    )


def _column(place: int, one: MonthResult) -> Column:
    css, share = _css(one), one.share
    percent = 100 * share[0] / share[1] if share else (100 if css == "no-data" else 0)
    top, first = _height_of(percent), one.month.first
    return Column(
        x=round(LEFT + place * STEP + (STEP - COLUMN) / 2, 1),
        y=top,
        width=COLUMN,
        height=round(FLOOR - top, 1),
        css=css,
        label=date_format(first, "F")[:1],
        year=str(first.year) if _begins(place, first) else "",
    )


def _begins(place: int, first: date) -> bool:
    """A year is named at its January, and at the first column where that is far enough."""
    return first.month == 1 or (place == 0 and first.month <= 10)


def _css(one: MonthResult) -> str:
    """reached, below, few (a small group), no-data, nothing (declared), or running."""
    if one.share:
        if one.small:
            return "few"
        women, everyone = one.share
        return "reached" if reaches(women, everyone - women) else "below"
    if one.month.records or one.month.missing:
        return "no-data"
    return "nothing" if one.month.declared else "running"


def _height_of(percent: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * percent / 100, 1)
