"""Reporting discipline as a table of villages × months: for the screen, and for a file."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _

from core import formats
from core.tables import Column, Table

from .reporting import Discipline, MonthState, VillageMonths, due_on, month_of

#: What a cell shows beside its colour and shape; the legend says what it stands for.
MARKS = {
    MonthState.MISSING: "B",
    MonthState.LATE: "T",
    MonthState.REPORTED: "L",
    MonthState.NIHIL: "N",
    MonthState.RUNNING: "·",
    MonthState.BEFORE: "",
}
#: The four that are counted, in the order in which they ask for attention.
COUNTED = (MonthState.MISSING, MonthState.LATE, MonthState.REPORTED, MonthState.NIHIL)
RECORDED = frozenset({MonthState.LATE, MonthState.REPORTED})


@dataclass(frozen=True)
class HeatRow:
    """One village with its cells, ready to be written."""

    row: VillageMonths
    cells: str
    #: It owes the month that the page asks about.
    owes: bool


@dataclass(frozen=True)
class StateRow:
    """How many villages stand in one state, month by month; each number leads to them."""

    state: MonthState
    mark: str
    total: int
    cells: str


def month_code(month: date) -> str:
    """As addresses carry a month: 2026-10."""
    return f"{month:%Y-%m}"


def heads_of(months: Sequence[date]) -> list[tuple[str, str, str]]:
    """For each month its short name, its year where one begins, and its whole name."""
    found, said = [], None
    for month in months:
        year = str(month.year) if month.year != said else ""
        said = month.year
        found.append((date_format(month, "M"), year, date_format(month, "F Y")))
    return found


def finding(discipline: Discipline, month: date | None) -> str:
    """What the table shows, in a sentence: "12 of 144 villages did not report October 2026"."""
    if month is None:
        return _("No month shown here is due yet")
    words = {
        "n": formats.count(len(discipline.missing_in(month))),
        "m": formats.count(discipline.owed_in(month)),
        "month": date_format(month, "F Y"),
    }
    if not discipline.owed_in(month):
        return _("No village had to report %(month)s") % words
    if not discipline.missing_in(month):
        return _("All %(m)s villages reported %(month)s") % words
    return _("%(n)s of %(m)s villages did not report %(month)s") % words


def heat_rows(
    discipline: Discipline, rows: Sequence[VillageMonths], month: date | None
) -> list[HeatRow]:
    """The rows of the table. What repeats is made once for each month and state."""
    made = {
        (number, state): _cell(first, state)
        for number, first in enumerate(discipline.months)
        for state in MonthState
    }
    place = discipline.months.index(month) if month else -1
    return [
        HeatRow(
            row,
            _joined(row, [made[key] for key in enumerate(row.states)]),
            month is not None and row.states[place] == MonthState.MISSING,
        )
        for row in rows
    ]


def _joined(row: VillageMonths, cells: Sequence[tuple[str, str, bool]]) -> str:
    """One row's cells, each with the village's code where it has a link; every part is escaped."""
    code = escape(row.code)
    return reduce(
        add, (before + code + after if linked else before for before, after, linked in cells)
    )


def _cell(month: date, state: MonthState) -> tuple[str, str, bool]:
    """A cell up to the village's code and after it; without a link there is no code."""
    short, words = date_format(month, "M"), date_format(month, "F Y")
    inside = format_html(
        '<span class="mark" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}: {}</span>',
        MARKS[state],
        words,
        state.label,
    )
    opening = format_html('<td class="spot {}" data-month="{}">', state.value, short)
    if state not in RECORDED:
        return format_html("{}{}</td>", opening, inside), "", False
    last = month.replace(day=monthrange(month.year, month.month)[1])
    before = format_html('{}<a href="{}?village=', opening, reverse("programs:activity-list"))
    after = format_html(
        '&amp;held_on_after={}&amp;held_on_before={}">{}</a></td>', month, last, inside
    )
    return before, after, True


def state_rows(discipline: Discipline, query: str) -> list[StateRow]:
    """The counts by state and month. `query`: the rest of the filter, kept in the links."""
    return [
        StateRow(
            state,
            MARKS[state],
            sum(month[state] for month in discipline.counts),
            format_html_join(
                "",
                "{}",
                ((_count(discipline, month, state, query),) for month in discipline.months),
            ),
        )
        for state in COUNTED
    ]


def _count(discipline: Discipline, month: date, state: MonthState, query: str) -> str:
    number, short = discipline.count(month, state), date_format(month, "M")
    if not number:
        return format_html('<td class="spot num" data-month="{}">0</td>', short)
    return format_html(
        '<td class="spot num" data-month="{}"><a href="?state={}&amp;month={}{}">{}'
        '<span class="visually-hidden"> {}: {}</span></a></td>',
        short,
        state.value,
        month_code(month),
        query,
        formats.count(number),
        date_format(month, "F Y"),
        state.label,
    )


# -- As a file -----------------------------------------------------------------


def table_of(
    discipline: Discipline,
    rows: Sequence[VillageMonths],
    month: date | None,
    now: datetime,
    fmt: str,
) -> Table:
    """The same rows as they leave the portal, each state in words; on paper by its letter."""
    said = MARKS if fmt == "pdf" else {state: str(state.label) for state in MonthState}
    months = [Column(month_code(first), date_format(first, "M Y")) for first in discipline.months]
    return Table(
        name="pelaporan-desa",
        title=_("Reporting of the villages"),
        columns=[
            Column("code", _("Code"), "code", paper=False),
            Column("village", _("Village")),
            Column("district", _("District")),
            *months,
            Column("missing", _("Months missing"), "count"),
            Column("late", _("Months late"), "count", paper=False),
            Column("last_on", _("Last activity"), "day"),
        ],
        rows=[
            [
                row.code,
                row.title,
                row.district,
                *(said[state] for state in row.states),
                row.missing,
                row.late,
                row.last_on,
            ]
            for row in rows
        ],
        notes=_notes(discipline, month, now),
        reading=[finding(discipline, month), *(_legend() if fmt == "pdf" else ())],
    )


def _legend() -> list[str]:
    """The letters of a sheet, explained beneath it."""
    return [
        _("%(mark)s: %(state)s") % {"mark": mark, "state": state.label}
        for state, mark in MARKS.items()
        if mark
    ]


def _notes(discipline: Discipline, month: date | None, now: datetime) -> list[tuple[str, str]]:
    first, last = discipline.months[0], discipline.months[-1]
    span = {"first": date_format(first, "F Y"), "last": date_format(last, "F Y")}
    return [
        (_("Period"), _("%(first)s to %(last)s") % span),
        (_("Month asked about"), date_format(month, "F Y") if month else formats.NOTHING),
        (_("In time"), in_time()),
        (_("Read on"), formats.moment(now)),
    ]


def in_time() -> str:
    """The rule of the due day, in words."""
    day = due_on(month_of(date(2000, 1, 1))).day
    return _("A month is due on day %(day)s of the next month") % {"day": day}
