"""From the bytes of a sheet to numbered rows of cells, each under the field it stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from core.formats import storable
from core.sheets import Table, Unusable, first_row, read_cells

from ..drafts import CONTENT_FIELDS

MOST_ROWS = 50_000

#: Column titles of the Indonesian template → field.
COLUMNS = {
    "kode desa": "village",
    "program": "program",
    "tanggal": "held_on",
    "nama kegiatan": "title",
    "tempat": "place",
    "tahap": "stage",
    "jenis": "kind",
    "status kegiatan": "event_status",
    "hadir perempuan": "women_participants",
    "hadir laki-laki": "men_participants",
    "hadir tidak tercatat": "unrecorded_participants",
    "hadir total": "total_participants",
    "memutuskan perempuan": "women_deciders",
    "memutuskan laki-laki": "men_deciders",
    "penerima perempuan": "women_beneficiaries",
    "penerima laki-laki": "men_beneficiaries",
    "usulan perempuan diterima": "women_proposals_accepted",
    "anak": "children",
    "disabilitas": "with_disability",
    "lansia": "elderly",
    "perempuan kepala keluarga": "women_household_heads",
    "sumber angka": "count_source",
    "alasan perempuan sedikit": "low_women_reason",
    "anggaran terpakai": "budget_spent",
    "sumber dana": "fund_source",
    "catatan": "note",
    "rujukan": "reference",
    "lintang": "latitude",
    "bujur": "longitude",
}
#: Field → the title of its column.
TITLES = {field: title for title, field in COLUMNS.items()}
NEEDED = ("village", "program", "held_on", "title")
#: What the portal itself writes beside refused rows: a corrected file may carry it back.
ROW_TITLE, ADVICE_TITLE = "baris", "yang perlu diperbaiki"
#: Names the example of the template, which nobody means to record.
EXAMPLE = "CONTOH – hapus baris ini"
_KNOWN = {*CONTENT_FIELDS, "uid"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet: its number as the person sees it, and its cells by field."""

    number: int
    cells: dict[str, Any]


class Sheet:
    """A sheet with its column names understood. Rows come one by one and are not held."""

    def __init__(self, table: Table, most_rows: int | None = MOST_ROWS):
        self._names = column_names(table.head)
        self._places = [(at, name) for at, name in enumerate(self._names) if name]
        self._title = self._names.index("title")
        self._table, self._most = table, most_rows

    def __iter__(self) -> Iterator[Row]:
        """The rows below the column names that hold anything; Unusable beyond the limit."""
        count = 0
        for number, cells in enumerate(self._table.rows(), start=2):
            if not any(cell is not None and str(cell).strip() for cell in cells):
                continue
            if cells[self._title : self._title + 1] == [EXAMPLE]:
                continue
            count += 1
            if self._most is not None and count > self._most:
                raise Unusable(
                    _("The sheet has more than 50,000 rows. Split it into smaller ones.")
                )
            width = len(cells)
            yield Row(number, {name: cells[at] for at, name in self._places if at < width})

    def count(self) -> int:
        """How many rows there are; Unusable when there is none, or more than may be."""
        found = sum(1 for _row in self)
        if not found:
            raise Unusable(_("There is no row below the column names."))
        return found


def open_sheet(
    content: bytes, *, most_rows: int | None = MOST_ROWS, most_bytes: int | None = None
) -> Sheet:
    """The sheet in these bytes; Unusable when the file as a whole cannot be read."""
    limits = {} if most_bytes is None else {"most_bytes": most_bytes}
    return Sheet(read_cells(content, **limits), most_rows)


def check_header(content: bytes) -> None:
    """Unusable for what can be told at once: damaged, no table, columns that are not known."""
    head = first_row(content)
    if head is not None:
        column_names(head)


def column_names(head: Sequence[Any]) -> list[str]:
    """The field of each column, "" for one that is passed over; Unusable says what is wrong."""
    if not any(str(cell).strip() for cell in head):
        raise Unusable(_("The first row is empty. It must hold the names of the columns."))
    names = [_column(cell) for cell in head]
    unknown = [str(cell)[:60] for cell, name in zip(head, names, strict=True) if name is None]
    if unknown:
        raise Unusable(
            _("These columns are not known: %(names)s. Known columns: %(known)s.")
            % {"names": ", ".join(unknown[:20]), "known": ", ".join(COLUMNS)}
        )
    repeated = [name for name, count in Counter(names).items() if name and count > 1]
    missing = set(NEEDED) - set(names)
    if repeated or missing:
        raise Unusable(
            _("Columns missing: %(missing)s. Columns standing twice: %(repeated)s.")
            % {"missing": _titles(sorted(missing)), "repeated": _titles(repeated)}
        )
    return [name or "" for name in names]


def _titles(fields: Sequence[str | None]) -> str:
    return ", ".join(TITLES.get(str(field), str(field)) for field in fields) or "–"


def _column(cell: Any) -> str | None:
    """The field a column title stands for; "" for a column without a title or of our own."""
    title = " ".join(str(cell).replace("_", " ").lower().split())
    if title in ("", ROW_TITLE, ADVICE_TITLE):
        return ""
    name = title.replace(" ", "_")
    return COLUMNS.get(title) or (name if name in _KNOWN else None)


def shown(cell: Any) -> str:
    """A cell as a person wrote it, and as it can be read again: 19, not 19.0; a day, no hour."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return storable(str(cell).strip())
