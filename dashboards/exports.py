"""Boards as files: the rows and the sums of the very board that the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.tables import Column, Table
from programs.involvement import DEFINITION_VERSION, WOMEN_PERCENT
from programs.models import Basis

from .achievements import Achievement, Achievements, ProgramBoard, Standing, VillageBoard
from .areas import Area
from .boards import AreaBoard, AreaRow
from .counts import Heads, Levels
from .filter_form import words
from .filters import BoardFilter
from .measures import Measure, MeasuredRow
from .standing_list import Row, StandingList

#: Choices with a note of their own, or part of the period's.
_SAID_APART = frozenset({"year", "semester", "quarter", "month", "basis"})

_AREA = (
    Column("code", gettext_lazy("Code"), "code"),
    Column("area", gettext_lazy("Area")),
)
_PLACE = (
    Column("village_code", gettext_lazy("Village code"), "code", paper=False),
    Column("village", gettext_lazy("Village")),
    Column("district", gettext_lazy("District")),
)
_REPORTING = (
    Column("villages", gettext_lazy("Villages"), "count"),
    Column("villages_reporting", gettext_lazy("Villages that reported"), "count"),
)
_LEVELS = (
    Column("involving", gettext_lazy("Programs that involve women"), "share"),
    Column("no_data", gettext_lazy("Programs without data"), "count"),
    *(
        Column(
            f"level_{number}",
            format_lazy(gettext_lazy("Programs on level {number}"), number=number),
            "count",
            paper=False,
        )
        for number in range(5)
    ),
    Column(
        "men_with_gender_goal",
        gettext_lazy("Programs for men, with a gender goal"),
        "count",
        paper=False,
    ),
)
_SENT = (
    Column("sent", gettext_lazy("Activities sent in"), "count"),
    Column("activities", gettext_lazy("Activities that count"), "count"),
)
_HEADS = (
    Column(
        "with_women", gettext_lazy("Activities with women, of those counted"), "share", paper=False
    ),
    Column("participants", gettext_lazy("Women among those present"), "share"),
    Column("deciders", gettext_lazy("Women among those deciding"), "share"),
    Column("beneficiaries", gettext_lazy("Women among those benefiting"), "share"),
)
_PROGRAM = (
    Column("program", gettext_lazy("Program")),
    Column("owner", gettext_lazy("Owner of the program")),
)
_LEVEL = (
    Column("level", gettext_lazy("Level")),
    Column("level_code", gettext_lazy("Level code"), "code", paper=False),
    Column("activities", gettext_lazy("Activities that count"), "count"),
    *_HEADS,
    Column("program_uid", gettext_lazy("Identifier of the program"), "code", paper=False),
)


# -- What every file says of itself --------------------------------------------


def notes_of(
    flt: BoardFilter, area_title: str, newest: datetime | None, now: datetime
) -> list[tuple[str, str]]:
    """Place, period, basis, filter, definition, age of the figures, moment: all of a board's."""
    chosen = [words(flt, name) for name in flt.params if name not in _SAID_APART]
    first, last = flt.first_day.isoformat(), flt.last_day.isoformat()
    notes = [
        (_("Scope"), area_title),
        (_("Period"), f"{flt.period} ({first} – {last})"),
        (_("Records that count"), str(Basis(flt.basis).label)),
        (_("Filter"), "; ".join(chosen) or _("none")),
        (_("Definition version"), str(DEFINITION_VERSION)),
        (_("Newest record"), stamp(newest) if newest else _("no record yet")),
        (_("Downloaded at"), stamp(now)),
    ]
    if settings.PUG_DEMO:
        notes.append((_("Sample data"), _("invented, not the state of any village")))
    return notes


def stamp(moment: datetime) -> str:
    """2026-11-05 14:05:00+08:00: sortable, and sure of its zone."""
    return timezone.localtime(moment).isoformat(sep=" ", timespec="seconds")


def reading() -> list[str]:
    """How to read the columns; for people, on the notes sheet and on paper."""
    involves = _(
        "A program involves women in a village when women are at least %(line)s percent of those "
        "present or of the beneficiaries, or clearly take part in deciding (level 2 and above)."
    )
    return [
        involves % {"line": WOMEN_PERCENT},
        _("(n) of (of) make the percentage; programs without data are in neither."),
        _("An empty cell means: not recorded. It is never zero."),
        _("People are counted at each activity they come to."),
    ]


def place_of(area: Area) -> str:
    """The area with what it lies in: "Desa Janju, Kecamatan Tanah Grogot, Kabupaten Paser"."""
    return f"{area.title}, {area.place}" if area.place else area.title


# -- Areas -----------------------------------------------------------------------


def area_table(board: AreaBoard, now: datetime) -> Table:
    """The board's villages; above a regency, where there are none, the areas below it."""
    if board.villages:
        return villages_table(board, board.villages, now)
    return districts_table(board, now)


def villages_table(board: AreaBoard, rows: Iterable[AreaRow], now: datetime) -> Table:
    """These villages of the board, in this order; the total is theirs."""
    rows = list(rows)
    total = AreaRow.summed("", "", _("Total"), rows)
    return _board_table(
        board,
        "desa",
        _("Villages of %(area)s"),
        (*_PLACE, *_LEVELS, *_SENT, *_HEADS),
        [_village_cells(row) for row in rows],
        ("", _("Total"), "", *_levels(total), *_sent(total), *_heads(total)),
        now,
    )


def districts_table(board: AreaBoard, now: datetime) -> Table:
    """The areas just below the board's own, a row each."""
    total = AreaRow.summed("", "", _("Total"), board.districts)
    return _board_table(
        board,
        "wilayah",
        _("Areas of %(area)s"),
        (*_AREA, *_REPORTING, *_LEVELS, *_SENT, *_HEADS),
        [(row.code, row.title, *_area_cells(row)) for row in board.districts],
        ("", _("Total"), *_area_cells(total)),
        now,
    )


def measured_table(
    board: AreaBoard, measure: Measure, rows: Sequence[MeasuredRow], now: datetime
) -> Table:
    """The list beside the map: each village with the one share the map is coloured by."""
    columns = (*_AREA, _PLACE[-1], Column(measure.name, measure.label, "share"), *_SENT)
    found = [
        (one.row.code, one.row.title, one.row.district, one.share, *_sent(one.row)) for one in rows
    ]
    total = AreaRow.summed("", "", "", (one.row for one in rows))
    sums = ("", _("Total"), "", measure.of(total), *_sent(total))
    return _board_table(board, "peta", _("Map of %(area)s"), columns, found, sums, now)


def _board_table(
    board: AreaBoard,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    total: Sequence[Any],
    now: datetime,
) -> Table:
    code = board.area.code.replace(".", "")
    notes = notes_of(board.flt, place_of(board.area), board.newest, now)
    title = title % {"area": board.area.title}
    stem = f"{name}-{code}-{board.flt.when.code}" if code else f"{name}-{board.flt.when.code}"
    return Table(stem, title, columns, rows, notes, total, reading())


def _village_cells(row: AreaRow) -> tuple[Any, ...]:
    place = (row.code, row.title, row.district)
    return (*place, *_levels(row), *_sent(row), *_heads(row))


def _area_cells(row: AreaRow) -> tuple[Any, ...]:
    reporting = (row.villages, row.villages_reporting)
    return (*reporting, *_levels(row), *_sent(row), *_heads(row))


def _levels(row: AreaRow) -> tuple[Any, ...]:
    """Programs by level; empty where nothing took place, which is not zero programs."""
    if not row.heads.activities:
        return (None,) * len(_LEVELS)
    found: Levels = row.levels
    steps = (found.level_0, found.level_1, found.level_2, found.level_3, found.level_4)
    return (found.headline.share, found.no_data, *steps, found.men_with_gender_goal)


def _sent(row: AreaRow) -> tuple[int, int]:
    return row.sent, row.heads.activities


def _heads(row: AreaRow) -> tuple[Any, ...]:
    return _shares(row.heads)


def _shares(heads: Heads) -> tuple[Any, ...]:
    return heads.coverage, heads.participants, heads.deciders, heads.beneficiaries


# -- Programs ----------------------------------------------------------------------


def village_table(board: VillageBoard, now: datetime) -> Table:
    """The programs of one village, each with the level it reached."""
    area = board.area
    if area is None:
        raise ValueError("a village's board without its village")
    title = _("Programs in %(village)s") % {"village": place_of(area)}
    columns = (*map(_off_paper, _PLACE), *_PROGRAM, *_LEVEL)
    return _achievements("program-desa", title, columns, area.code, place_of(area), board, now)


def program_table(board: ProgramBoard, now: datetime) -> Table:
    """One program in each village of her reach where it runs."""
    program = board.program
    if program is None:
        raise ValueError("a program's board without its program")
    title = _("Program %(program)s, by village") % {"program": program.title}
    place = _("the villages where it runs, within reach")
    columns = (*_PLACE, *map(_off_paper, _PROGRAM), *_LEVEL)
    return _achievements("program", title, columns, str(program.pk)[:8], place, board, now)


def _off_paper(column: Column) -> Column:
    """The same in every row: the title of the sheet says it."""
    return replace(column, paper=False)


def _achievements(
    name: str,
    title: str,
    columns: Sequence[Column],
    code: str,
    place: str,
    board: Achievements,
    now: datetime,
) -> Table:
    notes = notes_of(board.flt, place, board.newest, now)
    stem = f"{name}-{code.replace('.', '')}-{board.flt.when.code}"
    rows = [_achievement(row) for row in board.rows]
    words = ("", _("Total"), "", _("Total"), "", "", "")
    total = (*words, board.heads.activities, *_shares(board.heads), "")
    return Table(stem, title, columns, rows, notes, total, reading())


def _achievement(row: Achievement) -> tuple[Any, ...]:
    place = (row.village, row.village_title, row.place)
    return (*place, row.title, row.owner, *_standing(row.shown), row.program)


def _standing(found: Standing) -> tuple[Any, ...]:
    level = (found.level.label, found.level.code)
    return (*level, found.heads.activities, *_shares(found.heads))


def standings_table(
    found: StandingList, title: str, area_title: str, newest: datetime | None, now: datetime
) -> Table:
    """The programs in villages behind a figure, in the order of the list."""
    return Table(
        f"capaian-{found.flt.when.code}",
        title,
        (*_PLACE, *_PROGRAM, *_LEVEL),
        _Listed(found),
        notes_of(found.flt, area_title, newest, now),
        ("", _("Total"), *[""] * 5, found.heads.activities, *_shares(found.heads), ""),
        reading(),
    )


class _Listed:
    """The rows of a list, fetched in portions as they are written."""

    PORTION = 2_000

    def __init__(self, found: StandingList):
        self.found = found

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(self.found), self.PORTION):
            yield from map(_listed, self.found[start : start + self.PORTION])


def _listed(row: Row) -> tuple[Any, ...]:
    place = (row.village, row.village_title, row.district)
    return (*place, row.title, row.owner, *_standing(row.standing), row.program)
