"""The money of the semester report, and its annexes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.formats import count, rupiah
from programs.closing import Figures, add_up
from programs.models import FundSource, SnapshotRow

from ..areas import district_title
from .content import short_names
from .document import Block, Column, Heading, Table, Text
from .facts import Semester, heads_of, villages_own


def money(read: Semester) -> Iterator[Block]:
    yield Heading(_("E. Money by source"))
    ceilings: dict[str, int] = defaultdict(int)
    for program in read.programs.values():
        ceilings[program.fund_source] += program.ceiling or 0
    sources = [*FundSource, ""]
    rows = [
        (_source(source), ceilings.get(source) or None, read.spent.get(source) or None)
        for source in sources
        if ceilings.get(source) or read.spent.get(source)
    ]
    columns = (
        Column(_("Fund source")),
        Column(_("Ceiling of the programs"), "rupiah"),
        Column(_("Spent in the semester"), "rupiah"),
    )
    total = (_("All"), sum(ceilings.values()) or None, sum(read.spent.values()) or None)
    yield Table(columns, rows, total=total)
    yield Table(
        (Column(_("Owner")), *columns[1:]),
        [(title, *_owner_money(read, members)) for title, members in read.by_owner()],
        title=_("Money by owner"),
        note=_money_note(read),
    )


def _source(source: str) -> str:
    return str(FundSource(source).label) if source else _("Source not recorded")


def _owner_money(read: Semester, rows: Iterable[SnapshotRow]) -> tuple[int | None, int | None]:
    rows = list(rows)
    found = {row.program_id for row in rows}
    ceilings = sum(read.programs[pk].ceiling or 0 for pk in found if pk in read.programs)
    return ceilings or None, sum(row.budget_spent for row in rows) or None


def _money_note(read: Semester) -> str:
    """What the two tables say of each other: a closing keeps no fund sources."""
    note = _(
        "Ceilings are those of whole programs, for all their years; spent is what the verified "
        "records of the semester say."
    )
    closed, today = sum(row.budget_spent for row in read.rows), sum(read.spent.values())
    if closed == today:
        return note
    words = {"today": rupiah(today), "closed": rupiah(closed)}
    return (
        f"{note} "
        + _("Sources are read from the records of today (%(today)s); the closing says %(closed)s.")
        % words
    )


def annexes(read: Semester) -> Iterator[Block]:
    columns = (
        Column(_("Programs that involve women"), "share"),
        Column(_("Without data"), "count"),
        Column(_("Activities"), "count"),
        Column(_("Women present"), "share"),
        Column(_("Women deciding"), "share"),
    )
    short = short_names(row.owner_title for row in read.rows)
    districts = sorted(read.figures.districts, key=lambda one: one.title)
    yield Heading(_("Annex 1. Programs by owner"), annex=True)
    yield Table(
        (Column(_("Program")), Column(_("Owner")), *columns),
        [row for title, rows in read.by_owner() for row in _program_rows(title, rows, short)],
        total=(_("All"), "", *_counted(read.figures.total)),
    )
    yield Heading(_("Annex 2. Districts"), annex=True)
    yield Table(
        (Column(_("Area")), *columns),
        [(district_title(one.title), *_counted(one)) for one in districts],
        total=(_("All"), *_counted(read.figures.total)),
    )
    yield from _silent_annex(read)


def _program_rows(
    title: str, rows: list[SnapshotRow], short: dict[str, str]
) -> Iterator[tuple[Any, ...]]:
    """Every program of an office; the many of villages by district."""
    figures = add_up(rows)
    if title != villages_own():
        for one in sorted(figures.programs, key=lambda one: (one.place, one.title)):
            yield one.title, short.get(one.place, one.place), *_counted(one)
        return
    owned: dict[str, set] = defaultdict(set)
    for row in rows:
        owned[row.district_code].add(row.program_id)
    for one in sorted(figures.districts, key=lambda one: one.title):
        words = {"n": count(len(owned[one.code]))}
        place = district_title(one.title)
        yield _("%(n)s programs of villages") % words, place, *_counted(one)


def _counted(of: Figures) -> tuple[Any, ...]:
    heads, now = heads_of(of), of.headline
    return now.share, now.no_data, heads.activities, heads.participants, heads.deciders


def _silent_annex(read: Semester) -> Iterator[Block]:
    yield Heading(_("Annex 3. Villages that have not reported"))
    groups: dict[str, list[str]] = defaultdict(list)
    for row in read.silent:
        groups[row.place].append(row.title)
    if not groups:
        yield Text(_("All have reported."))
        return
    yield Table(
        (Column(_("Area")), Column(_("Villages"), "count"), Column(_("Names"))),
        [(area, len(names), ", ".join(sorted(names))) for area, names in sorted(groups.items())],
    )
