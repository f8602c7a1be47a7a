"""Intent beside achievement as a file: one row per program."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.tables import Column, Table

from .exports import notes_of, reading
from .intent import Intended, Intent, list_title

_COLUMNS = (
    Column("program", gettext_lazy("Program")),
    Column("owner", gettext_lazy("Owner of the program")),
    Column("marker", gettext_lazy("Gender marker")),
    Column("arg", gettext_lazy("Gender budget category")),
    Column("gap_approved_on", gettext_lazy("Gender analysis approved on"), "day", paper=False),
    Column("reached", gettext_lazy("What the program reached")),
    Column(
        "villages", gettext_lazy("Villages that it involves women in, of those with data"), "share"
    ),
    Column("no_data", gettext_lazy("Villages without data"), "count"),
    Column("not_started", gettext_lazy("Villages without activity"), "count"),
    Column("program_uid", gettext_lazy("Identifier of the program"), "code", paper=False),
)


def intent_table(board: Intent, word: str, place: str, now: datetime) -> Table:
    """The list of this word; all programs for ""."""
    title = _("Intent and achievement, %(place)s") % {"place": place}
    notes = notes_of(board.flt, place, board.newest, now)
    if word:
        notes.append((_("List"), list_title(word)))
    rows = [_cells(one) for one in board.listed(word)]
    return Table(f"niat-{board.flt.when.code}", title, _COLUMNS, rows, notes, None, reading())


def _cells(one: Intended) -> tuple[Any, ...]:
    return (
        one.title,
        one.owner,
        one.marker_words,
        one.arg_words,
        one.gap_approved_on,
        one.verdict_words,
        one.villages.share,
        one.villages.no_data,
        one.idle,
        str(one.uid),
    )
