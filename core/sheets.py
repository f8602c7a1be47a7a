"""Tables out of the files people have: any common CSV, the first sheet of an XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from . import opened

MOST_BYTES = 5_000_000
MOST_UNPACKED = 50_000_000
MOST_RATIO = 100
MOST_ENTRIES = 200
#: More columns than any sheet of people's has.
MOST_COLUMNS = 1_000
#: A workbook is read whole before its first row is known: beyond this that takes too long to be
#: waited for.
CHEAP = 1_000_000

#: What Python's reader of archives raises on a broken one.
UNREADABLE_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
    OSError,
)

_ZIP = b"PK\x03\x04"
#: How files begin that are sent by mistake: papers, pictures, empty archives.
_OTHERS = (b"%PDF", b"PK\x05", b"\xff\xd8\xff", b"\x89PNG", b"GIF8")


class Unusable(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


class Table(Protocol):
    """Cells by row: text from CSV; text, numbers and dates from XLSX."""

    #: The first row.
    head: Sequence[Any]

    def rows(self) -> Iterator[Sequence[Any]]:
        """Every row after the first, as often as it is asked."""


def read_file(path: Path) -> bytes:
    """The bytes of a file that is there and not too large."""
    if not path.is_file():
        raise Unusable(_("The file %(name)s does not exist.") % {"name": path.name})
    if path.stat().st_size > MOST_BYTES:
        raise _too_large()
    return path.read_bytes()


def read_cells(content: bytes, *, most_bytes: int = MOST_BYTES) -> Table:
    """The table in these bytes; what it is, they say themselves, and not the file's name."""
    if len(content) > most_bytes:
        raise _too_large()
    return _Workbook(content, most_bytes) if is_workbook(content) else _Csv(content)


def first_row(content: bytes) -> Sequence[Any] | None:
    """The first row alone; None where it costs too much to be told at once."""
    if not is_workbook(content):
        return _Csv(content).head
    _check_archive(content, MOST_BYTES)
    if len(content) > CHEAP:
        return None
    try:
        return _Workbook(content, MOST_BYTES, "head").head
    except opened.TooBusy:
        return None


def is_workbook(content: bytes) -> bool:
    return content.startswith(_ZIP)


class _Csv:
    def __init__(self, content: bytes):
        self._text = _decoded(content)
        first = self._text.split("\n", 1)[0]
        self._separator = max(";,\t", key=first.count)
        self.head: Sequence[Any] = next(self._read(), [])

    def rows(self) -> Iterator[Sequence[Any]]:
        reader = self._read()
        next(reader, None)
        return reader

    def _read(self) -> Iterator[list[str]]:
        try:
            lines = io.StringIO(self._text, newline="")
            for cells in csv.reader(lines, delimiter=self._separator, strict=True):
                if len(cells) > MOST_COLUMNS:
                    raise _too_much()
                yield cells
        except csv.Error as error:
            raise Unusable(
                _("The CSV file is damaged (%(why)s). Save it again as CSV.") % {"why": error}
            ) from error


class _Workbook:
    def __init__(self, content: bytes, most_bytes: int, what: str = "rows"):
        _check_archive(content, most_bytes)
        try:
            self._rows = opened.Rows(content, what)
        except opened.NotAWorkbook as error:
            raise _damaged() from error
        self.head: Sequence[Any] = next(iter(self._rows), [])

    def rows(self) -> Iterator[Sequence[Any]]:
        return islice(self._rows, 1, None)


def _decoded(content: bytes) -> str:
    """UTF-8 as a rule; the Latin alphabet of older spreadsheets otherwise."""
    if b"\x00" in content or content.startswith(_OTHERS):
        raise Unusable(_("This is not a CSV or XLSX file. Save the sheet as one of these."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _check_archive(content: bytes, most_bytes: int) -> None:
    """A workbook is an archive: refuse a cut-off one, and one that would unpack beyond bounds."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except UNREADABLE_ARCHIVE as error:
        raise _damaged() from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED * most_bytes / MOST_BYTES
        or (unpacked > MOST_BYTES and unpacked / packed > MOST_RATIO)
    ):
        raise _too_much()


def _too_much() -> Unusable:
    return Unusable(_("The workbook unpacks to far too much. Save a plain sheet of values."))


def _too_large() -> Unusable:
    return Unusable(_("The file is larger than 5 MB. Split it into smaller ones."))


def _damaged() -> Unusable:
    return Unusable(
        _("The XLSX file is cut off or damaged. Save it again and send the whole file.")
    )
