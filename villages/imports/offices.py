"""A regency's own lists: its government offices and the population figures found for it."""

from dataclasses import dataclass
from pathlib import Path

from ..models import Opd
from .tables import FileProblem, read_table


@dataclass(frozen=True)
class OpdRow:
    """One government office; `area_code` is its regency or, for a district office, its district."""

    name: str
    acronym: str
    kind: str
    area_code: str
    evidence: str
    source: str


@dataclass(frozen=True)
class PopulationRow:
    """Women and men of one area in one year; None = the source does not say."""

    area_code: str
    year: int
    period: str
    women: int | None
    men: int | None
    total: int | None
    source: str
    note: str


def read_opds(path: Path) -> list[OpdRow]:
    columns = ("name", "acronym", "kind", "area_code", "evidence", "source")
    rows: dict[tuple[str, str], OpdRow] = {}
    for line, row in read_table(path, columns):
        opd = OpdRow(**{name: row[name] for name in columns})
        if opd.kind not in Opd.Kind.values:
            raise FileProblem(path, line, f'unknown kind "{opd.kind}".')
        key = (opd.area_code[:5], opd.name)
        if not opd.name or key in rows:
            raise FileProblem(path, line, f'office "{opd.name}" is empty or occurs twice.')
        rows[key] = opd
    return list(rows.values())


def read_population(path: Path) -> list[PopulationRow]:
    """Rows that hold a figure; a row kept empty as a form to fill is passed over."""
    columns = ("area_code", "year", "period", "male", "female", "total", "source", "note")
    return [
        _population_row(path, line, row)
        for line, row in read_table(path, columns)
        if row["male"] or row["female"] or row["total"]
    ]


def _population_row(path: Path, line: int, row: dict) -> PopulationRow:
    year, women, men, total = (
        _count(path, line, row, name) for name in ("year", "female", "male", "total")
    )
    if year is None or not row["source"]:
        raise FileProblem(path, line, "a figure needs a year and a source.")
    if women is not None and men is not None and total not in (None, women + men):
        raise FileProblem(path, line, f"female {women} + male {men} is not total {total}.")
    return PopulationRow(
        row["area_code"], year, row["period"], women, men, total, row["source"], row["note"]
    )


def _count(path: Path, line: int, row: dict, name: str) -> int | None:
    text = row[name]
    if text and not text.isdecimal():
        raise FileProblem(path, line, f'{name} "{text}" is not a whole number.')
    return int(text) if text else None
