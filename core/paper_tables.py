"""A table on paper: every cell as people read it, shares as one cell, lying when it is wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import formats
from .tables import Column, Table

#: Columns that stand upright on A4, and amounts of billions among them; beyond `LYING` the letters
#: get small.
UPRIGHT, UPRIGHT_AMOUNTS, LYING = 6, 3, 14
#: How wide a column is, against the others.
_WEIGHTS = {
    **{"text": 24, "code": 14, "count": 10, "number": 10},
    **{"rupiah": 16, "share": 15, "day": 14, "moment": 20},
}
_CSS = {
    **{"count": "num", "number": "num", "rupiah": "num"},
    **{"share": "num share", "day": "day", "moment": "day"},
}

_SHOWN: dict[str, Callable[[Any], str]] = {
    "count": formats.count,
    "number": formats.count,
    "rupiah": formats.rupiah,
    "day": formats.day_short,
    "moment": formats.moment,
}


@dataclass(frozen=True)
class Cell:
    text: str
    css: str = ""


def context_of(table: Table, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """What `paper/table.html` draws."""
    places = [place for place, one in enumerate(table.columns) if one.paper]
    columns = [table.columns[place] for place in places]
    amounts = sum(one.kind == "rupiah" for one in columns)

    def line(row: Sequence[Any]) -> list[Cell]:
        return _cells(columns, [row[place] for place in places])

    return {
        "table": table,
        "heads": list(_heads(columns)),
        "rows": [line(row) for row in rows],
        "total": line(table.total) if table.total is not None else None,
        "wide": len(columns) > UPRIGHT or amounts > UPRIGHT_AMOUNTS,
        "dense": len(columns) > LYING,
    }


def _heads(columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """Each heading with its share of the sheet's width, in whole percent."""
    whole = sum(_WEIGHTS[one.kind] for one in columns)
    for one in columns:
        yield {
            "label": str(one.label),
            "css": _CSS.get(one.kind, ""),
            "width": f"{100 * _WEIGHTS[one.kind] // whole}%",
        }


def _cells(columns: Sequence[Column], row: Sequence[Any]) -> list[Cell]:
    return [
        Cell(_shown(value, column.kind), _CSS.get(column.kind, ""))
        for column, value in zip(columns, row, strict=True)
    ]


def _shown(value: Any, kind: str) -> str:
    if kind in ("text", "code") or isinstance(value, str):
        return "" if value is None else str(value)
    if kind == "share":
        return _share(value)
    return _SHOWN[kind](value)


def _share(value: tuple[int, int] | None) -> str:
    """The percentage, and below it what it is made of; a dash where nobody was counted."""
    if value is None:
        return formats.NOTHING
    words = {"n": formats.count(value[0]), "m": formats.count(value[1])}
    return f"{formats.percent(value)}\n{_('%(n)s of %(m)s') % words}"
