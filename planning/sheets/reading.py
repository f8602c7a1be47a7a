"""A sheet opened: where its headings stand, what they are called, and the rows below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.opened import TooBusy
from core.sheets import Table, Unusable, read_cells

MOST_ROWS, MOST_COLUMNS = 20_000, 200
#: Headings stand within the first rows; above them a sheet says what it is.
MOST_ABOVE = 25
LONGEST_HEADING = 120
#: Our fields of a line, as the page asks for their columns.
FIELDS = {
    "code": gettext_lazy("Code of the sub-activity or activity"),
    "name": gettext_lazy("Description"),
    "plan": gettext_lazy("Plan (pagu)"),
    "account": gettext_lazy("Account code"),
    "fund_source": gettext_lazy("Fund source"),
    "changed": gettext_lazy("After the change"),
    "realised": gettext_lazy("Realised"),
    "village": gettext_lazy("Village where it is spent"),
}
NEEDED = ("code", "name", "plan")
#: Words by which headings are guessed, the surest first; all in small letters.
_GUESSES = {
    "account": ("kode rekening", "kode akun", "rekening", "akun"),
    "code": ("kode sub kegiatan", "kode subkegiatan", "kode kegiatan", "kode"),
    "fund_source": ("sumber dana", "sumber pendanaan", "sumber"),
    "changed": ("setelah perubahan", "sesudah perubahan", "perubahan", "pergeseran"),
    "realised": ("realisasi", "terpakai"),
    "village": ("desa", "lokasi"),
    "name": (
        *("nama sub kegiatan", "nama kegiatan", "sub kegiatan", "uraian", "kegiatan"),
        *("keterangan belanja", "nama"),
    ),
    "plan": ("pagu", "sebelum perubahan", "anggaran", "jumlah", "nilai"),
}


@dataclass(frozen=True)
class Opened:
    """The headings of a sheet, each once, and the row in which they stand (the first is 1)."""

    headings: Sequence[str]
    at: int
    _table: Table

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows below the headings that hold anything, with their numbers in the sheet."""
        count = 0
        for number, cells in islice(_all(self._table), self.at, None):
            if not any(cell is not None and str(cell).strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Unusable(
                    _("The sheet has more than 20,000 rows. Split it into smaller ones.")
                )
            yield number, cells

    def place(self, heading: str) -> int | None:
        return self.headings.index(heading) if heading in self.headings else None


def open_sheet(content: bytes) -> Opened:
    """The sheet in these bytes; Unusable says in words why it cannot be read."""
    try:
        table = read_cells(content)
    except TooBusy as busy:
        raise Unusable(_("The portal is very busy. Try it again in a minute.")) from busy
    above = list(islice(_all(table), MOST_ABOVE))
    if any(len(cells) > MOST_COLUMNS for _number, cells in above):
        raise Unusable(_("The sheet has more than 200 columns. Keep those that are needed."))
    best = max(above, key=lambda row: (_likeness(row[1]), -row[0]), default=None)
    if best is None or _likeness(best[1]) < len(NEEDED):
        text = _(
            "No row with headings was found. The sheet needs a row that names its columns: at "
            "least code, description and plan (pagu)."
        )
        raise Unusable(text)
    number, cells = best
    return Opened(_once(cells), number, table)


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """{field: heading} as far as the words of the headings tell; no heading twice."""
    found: dict[str, str] = {}
    for field, words in _GUESSES.items():
        free = [one for one in headings if one and one not in found.values()]
        for word in words:
            like = [one for one in free if word in one.casefold()]
            if like:
                found[field] = min(like, key=len)
                break
    return found


def _all(table: Table) -> Iterator[tuple[int, Sequence[Any]]]:
    return enumerate(chain([table.head], table.rows()), start=1)


def _likeness(cells: Sequence[Any]) -> int:
    """How much a row looks like headings: texts, and among them words that headings have."""
    texts = [str(one).strip() for one in cells if isinstance(one, str) and str(one).strip()]
    if len(texts) < len(NEEDED) or any(_is_figure(one) for one in texts):
        return 0
    return len(texts) + 10 * len(guessed(texts))


def _is_figure(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


def _once(cells: Sequence[Any]) -> list[str]:
    """The headings as they are offered: single spaces, a second one of the same words numbered."""
    found: dict[str, None] = {}
    times: Counter[str] = Counter()
    offered = []
    for cell in cells:
        name = text = " ".join(str(cell or "").split())[:LONGEST_HEADING]
        while name and name in found:
            times[text] += 1
            name = f"{text} ({times[text] + 1})"
        found[name] = None
        offered.append(name)
    return offered
