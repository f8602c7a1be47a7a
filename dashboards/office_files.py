"""The boards of offices as files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.tables import Column, Table

from .exports import notes_of, reading
from .offices import Office, Offices
from .standings import Together

_SUMS = (
    Column("involving", gettext_lazy("Programs that involve women"), "share"),
    Column("no_data", gettext_lazy("Programs without data"), "count"),
    Column("not_started", gettext_lazy("Programs without activity"), "count"),
    Column("villages_reached", gettext_lazy("Villages reached, of those planned"), "share"),
    Column("activities", gettext_lazy("Activities that count"), "count"),
    Column("participants", gettext_lazy("Women among those present"), "share"),
    Column("deciders", gettext_lazy("Women among those deciding"), "share"),
)
_OWNER = (
    Column("owner", gettext_lazy("Owner of the program")),
    Column("programs", gettext_lazy("Programs, each counted once"), "count"),
    Column("distinct", gettext_lazy("Of them involving women"), "share"),
)
_PROGRAM = (
    Column("program", gettext_lazy("Program")),
    Column("marker", gettext_lazy("Gender marker")),
    Column("arg", gettext_lazy("Gender budget category"), paper=False),
)


def offices_table(board: Offices, place: str, now: datetime) -> Table:
    """Every owner, in the order of the page."""
    rows = [(row.title, *_owner(row.sums)) for row in board.rows]
    total = (_("Total"), *_owner(board.total.sums))
    title = _("Programs by owner, %(place)s") % {"place": place}
    notes = notes_of(board.flt, place, board.newest, now)
    stem = f"opd-{board.flt.when.code}"
    return Table(stem, title, (*_OWNER, *_SUMS), rows, notes, total, reading())


def office_table(board: Office, place: str, now: datetime) -> Table:
    """The programs of one office, in the order of the page."""
    rows = [
        (row.counts.title, row.marker, row.arg, *_sums(row.sums), str(row.uid))
        for row in board.programs
    ]
    total = (_("Total"), "", "", *_sums(board.total.sums), "")
    title = _("Programs of %(office)s") % {"office": board.opd.name}
    uid = Column("program_uid", _("Identifier of the program"), "code", paper=False)
    notes = notes_of(board.flt, place, board.newest, now)
    stem = f"opd-{board.opd.pk}-{board.flt.when.code}"
    return Table(stem, title, (*_PROGRAM, *_SUMS, uid), rows, notes, total, reading())


def _owner(found: Together) -> tuple[Any, ...]:
    return (found.programs, found.distinct.share, *_sums(found))


def _sums(found: Together) -> tuple[Any, ...]:
    """Empty where nothing took place, which is not zero programs."""
    headline = found.headline
    held = found.heads.activities
    return (
        headline.share,
        headline.no_data if held else None,
        found.not_counted,
        (found.reached, found.villages) if found.villages else None,
        found.heads.activities,
        found.heads.participants,
        found.heads.deciders,
    )
