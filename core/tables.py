"""A table that leaves the portal: its columns, its rows, and what must be known to read it.

Text that a spreadsheet would take for a formula is made harmless here and nowhere else:
`neutral` for one cell, `MARKED_SQL` the same rule for PostgreSQL; a test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .formats import storable

KINDS = ("text", "count", "number", "rupiah", "share", "day", "moment", "code")
TEXT_KINDS = frozenset({"text", "code"})

#: What a spreadsheet reads as the beginning of a formula; the full-width ones as well, which
#: some turn into the plain ones. Tab, CR and the other control characters: see `neutral`.
FORMULA_SIGNS = "=+-@＝＋－＠"
#: Control characters no cell has a use for; tabs and new lines inside a text stay.
CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A})
_BEGINS_BADLY = re.compile(rf"[{re.escape(FORMULA_SIGNS)}\x00-\x1f\x7f]")
_CONTROLS = dict.fromkeys(CONTROLS)
#: `marked` in the words of PostgreSQL.
MARKED_SQL = (
    "case when ascii({0}) in ("
    + ", ".join(str(ord(sign)) for sign in FORMULA_SIGNS)
    + ", 127) or ascii({0}) between 1 and 31 then '''' || {0} else nullif({0}, '') end"
)


@dataclass(frozen=True)
class Column:
    """One column. `name` is English and stable (for tools), `label` what people read.

    `kind` says what a cell holds: text, code (text, never a number), count and rupiah (whole
    numbers), number (any other), share ((n, m) or None), day (date), moment (aware datetime).
    None is an empty cell.
    `paper`: whether a sheet of paper has room for it; files always have.
    """

    name: str
    label: Any
    kind: str = "text"
    paper: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind {self.kind!r}; known: {', '.join(KINDS)}")


@dataclass(frozen=True)
class Table:
    """What one download holds. `name` is the stem of the file's name.

    `notes` (label, value): filter, period, basis, definition version, time stamp …; they travel
    in every row of a CSV, on the sheet "Catatan" of a workbook and in the head of a page.
    `reading` holds sentences for people, which stay out of the CSV. `total` is shaped as a row.
    `record_as`: under this name every download goes into the audit trail, however short it is.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[tuple[str, str]] = ()
    total: Sequence[Any] | None = None
    reading: Sequence[str] = ()
    record_as: str = ""


@dataclass(frozen=True)
class Head:
    """One column of the file: a share has become three."""

    name: str
    label: str
    kind: str


def heads(columns: Iterable[Column]) -> list[Head]:
    """The columns of the file, each share as part, whole and percent."""
    return [head for column in columns for head in _heads_of(column)]


def _heads_of(column: Column) -> list[Head]:
    label = str(column.label)
    if column.kind != "share":
        return [Head(column.name, label, column.kind)]
    return [
        Head(f"{column.name}_n", _("%(what)s (n)") % {"what": label}, "count"),
        Head(f"{column.name}_of", _("%(what)s (of)") % {"what": label}, "count"),
        Head(f"{column.name}_percent", _("%(what)s (%%)") % {"what": label}, "percent"),
    ]


def cells(columns: Sequence[Column], row: Sequence[Any]) -> list[Any]:
    """The row with each share as its three cells."""
    if len(columns) != len(row):
        raise ValueError(f"{len(row)} cells for {len(columns)} columns")
    found: list[Any] = []
    for column, value in zip(columns, row, strict=True):
        if column.kind == "share":
            found += share_cells(value)
        else:
            found.append(value)
    return found


def share_cells(share: tuple[int, int] | None) -> tuple[int | None, int | None, float | None]:
    """n, m and the percentage to one decimal, half up; all empty when nobody was counted."""
    if share is None:
        return None, None, None
    n, m = share
    return n, m, (2000 * n + m) // (2 * m) / 10 if m else None


def marked(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run."""
    text = storable(text)
    return f"'{text}" if _BEGINS_BADLY.match(text) else text


def neutral(text: str) -> str:
    """The text as a cell may hold it: marked, and without control characters."""
    return marked(text).translate(_CONTROLS)


def written(value: Any, kind: str) -> str | int | float | None:
    """One cell of a CSV: numbers stay numbers, days and moments ISO 8601, texts marked.

    Control characters go from the bytes of the whole file, where that costs nothing.
    """
    if value is None or value == "":
        return None
    if kind in ("count", "number", "rupiah", "percent"):
        return value
    if kind == "day":
        return _day(value).isoformat()
    if kind == "moment":
        return timezone.localtime(value).replace(microsecond=0).isoformat()
    return marked(str(value))


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def flat_rows(table: Table) -> Iterator[list[Any]]:
    """Every row of the file, shares as three cells each, values as they are."""
    return (cells(table.columns, row) for row in table.rows)
