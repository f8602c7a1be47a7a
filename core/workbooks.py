"""A table as XLSX: typed cells, a heading that stays, a second sheet "Catatan" with the notes.

The sheets' XML is written here, row by row and straight into the archive on disk: a million rows
take no more memory than ten, and ten thousand of forty columns are there in a second, which the
usual writers need three for (docs/decisions/0009-exports.md).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _

from . import spreadsheetml as xml
from .tables import Head, Table, cells, flat_rows, heads, neutral

#: Data rows of one sheet: the format's 1,048,576 less the heading.
SHEET_ROWS = 1_048_575
#: Bytes of one sheet before packing; beyond 2 GiB an archive needs what Excel does not read.
SHEET_BYTES = 1_900_000_000
WIDTHS = {
    "text": 28,
    "code": 16,
    "count": 12,
    "number": 12,
    "rupiah": 16,
    "percent": 9,
    "day": 12,
    "moment": 17,
}
#: Rows handed to the packer at a time.
BATCH = 500


class TooLong(Exception):
    """More rows than this format is made for; `most` says how many it takes."""

    def __init__(self, most: int):
        self.most = most
        super().__init__(f"more than {most} rows")


def workbook(
    table: Table, *, most: int | None = None, sheet_rows: int = SHEET_ROWS
) -> tuple[IO[bytes], int]:
    """The file, open at its beginning and gone when closed, and how many rows it holds.

    Raises TooLong beyond `most` rows. Rows beyond `sheet_rows` go to further sheets.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer closes it
    try:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
            rows = _Book(archive, table, most, sheet_rows).write()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, rows


class _Book:
    """Writes one table into one open archive."""

    def __init__(self, archive: ZipFile, table: Table, most: int | None, sheet_rows: int):
        self.archive, self.table, self.most, self.sheet_rows = archive, table, most, sheet_rows
        self.heads = heads(table.columns)
        self.sheets: list[str] = []
        self.rows = 0

    def write(self) -> int:
        """Every row, then the notes and what holds them together; how many rows there were."""
        rows = flat_rows(self.table)
        following: Iterator[list[Any]] = rows
        while True:
            self._data_sheet(following)
            first = next(rows, None)
            if first is None:
                break
            following = chain([first], rows)
        self._sheet(_("Notes"), self._notes())
        for name, text in xml.frame(self.sheets, self.table.title):
            self.archive.writestr(name, text)
        return self.rows

    def _data_sheet(self, rows: Iterator[list[Any]]) -> None:
        number = len(self.sheets) + 1
        name = _("Data") if number == 1 else f"{_('Data')} {number}"
        self._sheet(name, self._data(rows))

    def _sheet(self, name: str, parts: Iterable[str]) -> None:
        self.sheets.append(name)
        path = f"xl/worksheets/sheet{len(self.sheets)}.xml"
        with self.archive.open(path, "w") as sheet:
            for part in parts:
                sheet.write(part.encode())

    def _data(self, rows: Iterator[list[Any]]) -> Iterator[str]:
        yield xml.opening([WIDTHS[head.kind] for head in self.heads], frozen=True)
        yield xml.heading_row([neutral(head.label) for head in self.heads])
        line = _line_writer(self.heads)
        place, size = 1, 0
        while place <= self.sheet_rows and size < SHEET_BYTES:
            room = min(BATCH, self.sheet_rows - place + 1)
            lines = [line(number, row) for number, row in enumerate(islice(rows, room), place + 1)]
            if not lines:
                break
            place += len(lines)
            self._count(len(lines))
            text = "".join(lines)
            size += len(text)
            yield text
        yield xml.closing(len(self.heads), place)

    def _count(self, more: int) -> None:
        self.rows += more
        if self.most is not None and self.rows > self.most:
            raise TooLong(self.most)

    def _notes(self) -> Iterator[str]:
        yield xml.opening([30, 90])
        for number, (label, value) in enumerate(self._said(), start=1):
            yield xml.note_row(number, neutral(label), neutral(value))
        yield xml.closing()

    def _said(self) -> Iterator[tuple[str, str]]:
        yield _("Title"), self.table.title
        for label, value in self.table.notes:
            yield str(label), str(value)
        yield _("Rows"), str(self.rows)
        for line in self.table.reading:
            yield _("How to read it"), str(line)
        if self.table.total is not None:
            total = cells(self.table.columns, self.table.total)
            for head, value in zip(self.heads, total, strict=True):
                if value not in (None, "") and head.kind not in ("text", "code"):
                    yield _("Total: %(column)s") % {"column": head.label}, str(value)


def _line_writer(columns: Sequence[Head]) -> Callable[[int, list[Any]], str]:
    """Writes row `number` of these columns: only cells that hold something, each of its type."""
    places = [(xml.letters(place), _CELLS[head.kind]) for place, head in enumerate(columns)]

    def line(number: int, row: list[Any]) -> str:
        found = [
            cell(f"{letter}{number}", value)
            for (letter, cell), value in zip(places, row, strict=True)
            if value is not None and value != ""
        ]
        return f'<row r="{number}">{"".join(found)}</row>'

    return line


def _count(place: str, value: Any) -> str:
    return f'<c r="{place}" s="{xml.COUNT}"><v>{value}</v></c>'


def _number(place: str, value: Any) -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def _percent(place: str, value: Any) -> str:
    return f'<c r="{place}" s="{xml.PERCENT}"><v>{value}</v></c>'


def _day(place: str, value: date) -> str:
    return f'<c r="{place}" s="{xml.DAY}"><v>{xml.serial_day(value)}</v></c>'


def _moment(place: str, value: datetime) -> str:
    """Workbooks know no time zones: moments stand in the portal's own."""
    local = timezone.make_naive(value) if value.tzinfo else value
    return f'<c r="{place}" s="{xml.MOMENT}"><v>{xml.serial_moment(local)}</v></c>'


def _text(place: str, value: Any) -> str:
    if isinstance(value, int):  # a year is a number without thousands
        return f'<c r="{place}"><v>{value}</v></c>'
    return xml.text_cell(place, neutral(str(value)))


_CELLS: dict[str, Callable[[str, Any], str]] = {
    "text": _text,
    "code": _text,
    "count": _count,
    "number": _number,
    "rupiah": _count,
    "percent": _percent,
    "day": _day,
    "moment": _moment,
}
