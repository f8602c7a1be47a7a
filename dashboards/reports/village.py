"""The profile of one village: its programs and why they stand where they do, its people, its
months, how it reports, and what it says keeps women away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count
from programs.causes import Causes, causes_of
from programs.involvement import JUDGED, SMALL_GROUP, WOMEN_PERCENT, Level, reaches
from programs.models import Activity, ProgramVillageMonth, State
from programs.reporting import MonthState, VillageMonths, discipline_of, last_months
from villages.models import VillageQuerySet

from ..achievements import Achievement, VillageBoard, village_board
from ..areas import villages_of
from ..boards import AreaRow, rows_of
from ..counts import Heads, Share
from ..figures import declared_in
from ..filters import BoardFilter
from .content import (
    Subject,
    facts_of,
    key_of,
    levels_of,
    notes_of,
    people_table,
    short_names,
    silent_among,
)
from .document import Column, Document, Heading, Ladder, Months, Side, Table, Text

MONTHS = 12
#: Of the four measures in the office's own language: akses, partisipasi, kontrol, manfaat.
LETTERS = "APKM"


def village_profile(of: Subject) -> Document:
    """Two sheets at most for a village with the usual ten programs."""
    board = village_board(of.user, of.area, of.flt)
    villages = villages_of(of.user, of.area)
    rows = rows_of(villages, of.flt)
    total = AreaRow.summed(of.area.code, of.area.title, of.area.title, rows)
    silent = silent_among(rows, declared_in(villages, of.flt))
    firsts = last_months(min(of.flt.last_day, max(of.today, of.flt.first_day)), MONTHS)
    discipline = discipline_of(villages, firsts, of.today)
    heads = _by_month(villages, of.flt, firsts)
    states = discipline.rows[0] if discipline.rows else None
    return Document(
        kind="village",
        title=_("Village profile: women in programs"),
        subtitle=of.subtitle,
        facts=facts_of(of.flt, board.newest),
        blocks=(
            Text(_level_words(board), "lead"),
            Side((Ladder(levels_of(board.levels)),), (people_table(board.heads),)),
            Heading(_("Programs, the level of each, and why")),
            _programs(board),
            *_idle(board),
            *_months_blocks(firsts, heads, states),
            Heading(_("Why few women came, as the records say")),
            *_causes(causes_of(_records(villages, of.flt))),
        ),
        notes=notes_of(),
        key=key_of(total, len(silent)),
    )


def _level_words(board: VillageBoard) -> str:
    now = board.headline
    words = {"n": count(now.involved), "m": count(now.judged), "k": count(now.no_data)}
    if board.nothing_sent:
        return _("Nothing was reported for %(period)s yet.") % {"period": board.flt.period}
    if not now.judged:
        return _("No program can be judged yet; %(k)s are without data.") % words
    if not now.no_data:
        return _("%(n)s of %(m)s programs involve women.") % words
    return _("%(n)s of %(m)s programs involve women; %(k)s more are without data.") % words


def _programs(board: VillageBoard) -> Table:
    short = short_names(row.owner for row in board.rows)
    return Table(
        columns=(
            Column(_("Program")),
            Column(_("Level"), "level"),
            Column(_("Activities"), "count"),
            Column(_("Women present"), "share"),
            Column(_("Women deciding"), "share"),
            Column(_("Women benefiting"), "share"),
            Column(_("Reached")),
        ),
        rows=[_program(row, short) for row in board.rows if row.shown.level != Level.NOT_COUNTED],
        note=_("Reached: A access, P participation, K control, M benefit; they decide the level."),
    )


def _idle(board: VillageBoard) -> Iterator[Text]:
    """Programs that run without an activity in the period, in one line."""
    titles = [row.title for row in board.rows if row.shown.level == Level.NOT_COUNTED]
    if titles:
        yield Text(_("No activity yet: %(programs)s.") % {"programs": ", ".join(titles)}, "note")


def _program(row: Achievement, short: dict[str, str]) -> tuple[Any, ...]:
    shown, heads = row.shown, row.shown.heads
    step = str(int(shown.level)) if shown.level in JUDGED else _step(shown.level)
    return (
        row.title
        if row.owner == row.village_title
        else f"{row.title} ({short.get(row.owner, row.owner)})",
        (step, str(Level(shown.level).label)),
        heads.activities,
        heads.participants,
        heads.deciders,
        heads.beneficiaries,
        _reached(row),
    )


def _step(level: int) -> str:
    return "no-data" if level == Level.NO_DATA else ""


def _reached(row: Achievement) -> str:
    """Which of the four measures the program reaches: why it stands on its level."""
    found = row.shown.aspects
    if not found:
        return ""
    met = (found.access, found.participation, found.control, found.benefit)
    return " ".join(letter for letter, yes in zip(LETTERS, met, strict=True) if yes) or "0"


def _by_month(villages: VillageQuerySet, flt: BoardFilter, firsts: Sequence[date]) -> dict:
    """{first day: heads} on the document's basis. One query."""
    bounds = [first.year * 12 + first.month for first in (firsts[0], firsts[-1])]
    rows = ProgramVillageMonth.objects.filter(
        village__in=villages, basis=flt.basis, year__range=(firsts[0].year, firsts[-1].year)
    )
    rows = rows.alias(place=F("year") * 12 + F("month")).filter(place__range=bounds)
    sums = {f"sum_{name}": Sum(name) for name in Heads.columns()}
    found = rows.order_by().values("year", "month").annotate(**sums)
    return {date(row["year"], row["month"], 1): Heads.of_row(row, "sum_") for row in found}


def _months_blocks(
    firsts: Sequence[date], heads: dict[date, Heads], states: VillageMonths | None
) -> Iterator[Heading | Months]:
    told = dict(zip(firsts, states.states, strict=True)) if states else {}
    rows = [_month(first, heads.get(first, Heads()), told.get(first)) for first in firsts]
    yield Heading(_("Month by month: women present, and how the village reported"))
    yield Months(_finding(rows), rows, _reporting_words(told.values()))


def _month(first: date, heads: Heads, state: MonthState | None) -> tuple[Any, ...]:
    women, everyone = heads.participants or (0, 0)
    label = str(state.label) if state else ""
    return first.isoformat(), _class(heads, state), women, everyone, label


def _class(heads: Heads, state: MonthState | None) -> str:
    share = heads.participants
    if share:
        if share[1] < SMALL_GROUP:
            return "few"
        return "reached" if reaches(share[0], share[1] - share[0]) else "below"
    if state == MonthState.NIHIL:
        return "nothing"
    if state in (MonthState.RUNNING, MonthState.BEFORE):
        return "running"
    return "no-data"


def _finding(rows: Sequence[tuple]) -> str:
    told = [row for row in rows if row[3]]
    if not told:
        return _("No month with women and men counted yet")
    above = sum(reaches(row[2], row[3] - row[2]) for row in told)
    words = {"n": above, "m": len(told), "line": WOMEN_PERCENT}
    return _("In %(n)s of %(m)s months with numbers, women were at least %(line)s percent") % words


def _reporting_words(states) -> str:
    """How the village reported in these months, a count for each state there is."""
    found = list(states)
    said = [
        f"{state.label}: {count(found.count(state))}"
        for state in (MonthState.REPORTED, MonthState.LATE, MonthState.NIHIL, MonthState.MISSING)
        if found.count(state)
    ]
    return "; ".join(said)


def _records(villages: VillageQuerySet, flt: BoardFilter):
    days = (flt.first_day, flt.last_day)
    rows = Activity.objects.filter(village__in=villages, held_on__range=days)
    return rows.filter(state=State.VERIFIED) if flt.verified_only else rows


def _causes(found: Causes) -> Iterator[Text | Table]:
    yield Text(causes_words(found))
    if found.given:
        yield causes_table(found)


def causes_words(found: Causes) -> str:
    if not found.counted:
        return _("No activity with women and men counted yet.")
    words = {"n": count(found.few), "m": count(found.counted), "line": WOMEN_PERCENT}
    return (
        ngettext(
            "In %(n)s of %(m)s activity counted, women were under %(line)s percent of those "
            "present.",
            "In %(n)s of %(m)s activities counted, women were under %(line)s percent of those "
            "present.",
            found.counted,
        )
        % words
    )


def causes_table(found: Causes) -> Table:
    """Each reason named, and the activities that name none."""
    rows: list[tuple[str, Share]] = [(one.label, (one.number, one.few)) for one in found.given]
    if found.unexplained:
        rows.append((_("No reason given"), (found.unexplained, found.few)))
    return Table((Column(_("Reason given")), Column(_("Activities"), "share")), rows)
