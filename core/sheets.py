"""Tables out of the files people have: any common CSV, the first sheet of an XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

MOST_BYTES = 5_000_000
MOST_UNPACKED = 50_000_000
MOST_RATIO = 100
MOST_ENTRIES = 200


class Unusable(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_table(path: Path) -> list[Sequence[Any]]:
    """The cells by row, header first: text from CSV; text, numbers and dates from XLSX."""
    if not path.is_file():
        raise Unusable(_("The file %(name)s does not exist.") % {"name": path.name})
    if path.stat().st_size > MOST_BYTES:
        raise Unusable(_("The file is larger than 5 MB. Split it into smaller ones."))
    content = path.read_bytes()
    is_workbook = content.startswith(b"PK") or path.suffix.lower() in {".xlsx", ".xlsm"}
    return _read_workbook(content) if is_workbook else _read_csv(content)


def _read_csv(content: bytes) -> list[Sequence[Any]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Unusable(
            _("The CSV file is damaged (%(why)s). Save it again as CSV.") % {"why": error}
        ) from error


def _decoded(content: bytes) -> str:
    """UTF-8 as a rule; the Latin alphabet of older spreadsheets otherwise."""
    if b"\x00" in content:
        raise Unusable(_("This is not a CSV or XLSX file. Save the sheet as one of these."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_workbook(content: bytes) -> list[Sequence[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return list(workbook.get_sheet_by_index(0).to_python(skip_empty_area=False))
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise _damaged() from error


def _check_archive(content: bytes) -> None:
    """A workbook is an archive: refuse a cut-off one, and one that would unpack beyond bounds."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or (unpacked > MOST_BYTES and unpacked / packed > MOST_RATIO)
    ):
        raise Unusable(_("The workbook unpacks to far too much. Save a plain sheet of values."))


def _damaged() -> Unusable:
    return Unusable(
        _("The XLSX file is cut off or damaged. Save it again and send the whole file.")
    )
