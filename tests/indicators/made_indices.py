"""Releases for tests, made through the services."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from core.identifiers import uuid7
from indicators.models import IndexCode, IndexRelease
from indicators.services.indices import ValueSaid, add_release
from tests import make

_serial = count(1)


def unsaved(index: str = IndexCode.IPG, **values) -> IndexRelease:
    return IndexRelease(
        **{
            "uid": uuid7(),
            "index": index,
            "regency": make.regency(),
            "title": f"BPS Kaltim {next(_serial)}",
            "publisher": "BPS",
            "source": "Berita Resmi Statistik, hal. 4",
            **values,
        }
    )


def said(area: str, year: int, value: str | None, **more) -> ValueSaid:
    return ValueSaid(area, year, None if value is None else Decimal(value), **more)


def release(*cells: tuple[str, int, str], index: str = IndexCode.IPG, **values) -> IndexRelease:
    """An office's release with these values."""
    return add_release(unsaved(index, **values), actor=None, values=[said(*cell) for cell in cells])
