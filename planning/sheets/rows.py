"""One row of a sheet → what it says of a budget line, or what has to be put right in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.formats import Unreadable, one_line, parse_rupiah
from programs.models import ActivityCode, FundSource
from villages.models import Opd, Village

from .codes import Codes

MONEY = ("plan", "changed", "realised")
#: Other words for where money comes from, as Siskeudes and SIPD have them.
_FUNDS = {
    "dds": FundSource.DANA_DESA,
    "dd": FundSource.DANA_DESA,
    "alokasi dana desa": FundSource.ADD,
    "bagi hasil pajak": FundSource.PBH,
    "pades": FundSource.PAD,
    "pendapatan asli desa": FundSource.PAD,
    "dll": FundSource.OTHER,
    "lain-lain": FundSource.OTHER,
    "apbd kabupaten": FundSource.APBD,
    "tjsl": FundSource.CSR,
}
#: What stands in a cell that is left empty.
_NOTHING = ("", "-", "–")
_SUM_ROW = re.compile(r"(sub ?)?(jumlah|total)\b", re.IGNORECASE)


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one row: the field, what stands there, and what to do about it."""

    number: int
    field: str
    cell: str
    detail: str


@dataclass(frozen=True)
class Said:
    """What a readable row says of a line; an amount None stood empty."""

    number: int
    code: str
    account: str
    name: str
    fund_source: str
    village: Village | None
    plan: int | None
    changed: int | None
    realised: int | None


class Reader:
    """Reads rows of one owner's sheet by its columns. `columns`: {field: place in the row}."""

    def __init__(self, owner, columns: Mapping[str, int]):
        self._columns = columns
        self._codes = Codes(ActivityCode.objects.all()) if isinstance(owner, Village) else None
        self._villages = _Villages(owner) if "village" in columns else None
        self._funds = _funds()

    def read(self, number: int, cells: Sequence[Any]) -> Said | list[RowProblem] | None:
        """None: a row of sums, which is passed over."""
        row = {field: cells[at] if at < len(cells) else "" for field, at in self._columns.items()}
        if one_line(row["code"]) in _NOTHING:
            row["code"] = ""
            empty = all(one_line(row.get(name, "")) in _NOTHING for name in MONEY)
            if empty or _SUM_ROW.match(one_line(row["name"])):
                return None
        values: dict[str, Any] = {}
        problems: list[RowProblem] = []
        for field, cell in row.items():
            try:
                values[field] = self._value(field, cell)
            except Unreadable as trouble:
                problems.append(
                    RowProblem(number, field, one_line(_unfloated(cell))[:80], str(trouble.detail))
                )
        if self._codes and not problems:
            try:
                values["code"], rest = self._codes.matched(values["code"], values["name"])
            except Unreadable as trouble:
                return [RowProblem(number, "code", values["code"][:80], str(trouble.detail))]
            values["account"] = values.get("account") or rest
        if problems:
            return problems
        return Said(number, **{**_EMPTY, **values})

    def _value(self, field: str, cell: Any) -> Any:
        if field in MONEY:
            return _amount(cell)
        if isinstance(cell, date):
            text = _("The spreadsheet made a date of this. Format the column as text.")
            raise Unreadable("a_date", text)
        text = one_line(_unfloated(cell))
        if field == "fund_source":
            return self._fund(text)
        if field == "village":
            return self._villages.find(text) if text and self._villages else None
        return text

    def _fund(self, text: str) -> str:
        word = text.casefold()
        if word in self._funds:
            return self._funds[word]
        known = ", ".join(str(label) for _code, label in FundSource.choices)
        detail = _("“%(word)s” is no fund source that is known here. Write one of: %(known)s.")
        raise Unreadable("unknown_fund", detail % {"word": text[:60], "known": known})


_EMPTY = {"account": "", "fund_source": "", "village": None, "changed": None, "realised": None}


def _unfloated(cell: Any) -> Any:
    """A number as it was written: 5 and not 5.0."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _amount(cell: Any) -> int | None:
    """Whole rupiah of a number or a text; None where nothing, or a dash, stands."""
    if isinstance(cell, bool | date):
        text = _("Write an amount in rupiah, for example 12.500.000.")
        raise Unreadable("bad_amount", text)
    if isinstance(cell, int | float):
        if cell < 0:
            raise Unreadable("negative", _("Write 0 or more, without a minus sign."))
        if cell != cell or cell > 10**15 or cell != int(cell):
            raise Unreadable("cents", _("Write whole rupiah, for example 12.500.000."))
        return int(cell)
    text = one_line(cell)
    return None if text in (*_NOTHING, "Rp -", "Rp-") else parse_rupiah(text)


def _funds() -> dict[str, str]:
    """Every word for a fund source, with its code."""
    found = {"": "", **_FUNDS}
    for code, label in FundSource.choices:
        found |= dict.fromkeys((code, code.replace("_", " "), str(label).casefold()), code)
    return found


class _Villages:
    """The villages in the owner's area, by code and by name."""

    def __init__(self, owner):
        rows: Iterable[Village] = Village.objects.live().select_related("district")
        if isinstance(owner, Opd):
            rows = rows.filter(district__regency=owner.regency_id)
        elif isinstance(owner, Village):
            rows = rows.none()
        else:
            rows = rows.filter(district=owner)
        self._found: dict[str, list[Village]] = {}
        for one in rows:
            for name in (one.code, one.name, one.title, f"{one.title}, {one.district.name}"):
                self._found.setdefault(one_line(name).casefold(), []).append(one)

    def find(self, text: str) -> Village:
        found = self._found.get(text.casefold(), [])
        if len({one.pk for one in found}) == 1:
            return found[0]
        if found:
            detail = _("Several villages are called “%(name)s”. Write the village's code.")
            raise Unreadable("ambiguous", detail % {"name": text[:60]})
        detail = _("“%(name)s” is no village in the area of this office. Write its code or name.")
        raise Unreadable("unknown_village", detail % {"name": text[:60]})
