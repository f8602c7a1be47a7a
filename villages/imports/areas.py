"""The ministry's lists of provinces, regencies, districts and villages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ..models import Level, Village
from .tables import FileProblem, read_table

_LIST_FILES = {
    Level.PROVINCE: "provinces.csv",
    Level.REGENCY: "regencies.csv",
    Level.DISTRICT: "districts.csv",
    Level.VILLAGE: "villages.csv",
}
_SHAPES = {
    Level.PROVINCE: re.compile(r"\d\d"),
    Level.REGENCY: re.compile(r"\d\d\.\d\d"),
    Level.DISTRICT: re.compile(r"\d\d\.\d\d\.\d\d"),
    Level.VILLAGE: re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}"),
}
_EXAMPLES = {
    Level.PROVINCE: "64",
    Level.REGENCY: "64.01",
    Level.DISTRICT: "64.01.04",
    Level.VILLAGE: "64.01.04.2002",
}
#: Indonesia with its waters, degrees: west, east, south, north.
WEST, EAST, SOUTH, NORTH = 94.0, 142.0, -12.0, 7.0


@dataclass(frozen=True)
class AreaRow:
    """One area as the list has it. `kind` and the centre point are a village's."""

    code: str
    parent_code: str
    name: str
    kind: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class CodeChange:
    """One area got another code on a day; `place` says where this is written."""

    level: Level
    old_code: str
    new_code: str
    on: date
    place: str


AreaLists = dict[Level, dict[str, AreaRow]]


def read_area_lists(folder: Path) -> AreaLists:
    """All four levels by code, top down; every parent is there, no code occurs twice."""
    lists: AreaLists = {}
    parents: dict[str, AreaRow] = {}
    for level in _LIST_FILES:
        parents = lists[level] = _read_level(_list_file(folder, level), level, parents)
    points = _find(folder, "village_points.csv")
    if points.exists():
        _add_points(points, lists[Level.VILLAGE])
    return lists


def read_code_changes(path: Path) -> list[CodeChange]:
    """Rows level, old_code, new_code, on (2026-01-31)."""
    table = read_table(path, ("level", "old_code", "new_code", "on"))
    return [_code_change(path, line, row) for line, row in table]


def look_swapped(longitude: float, latitude: float) -> bool:
    """Outside Indonesia as written, inside when the two change places."""
    return not in_indonesia(longitude, latitude) and in_indonesia(latitude, longitude)


def in_indonesia(longitude: float, latitude: float) -> bool:
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def _find(folder: Path, name: str) -> Path:
    plain = folder / name
    return plain if plain.exists() else folder / f"{name}.gz"


def _list_file(folder: Path, level: Level) -> Path:
    path = _find(folder, _LIST_FILES[level])
    if not path.exists():
        raise FileProblem(folder / _LIST_FILES[level], 0, f"not found in {folder}.")
    return path


def _read_level(path: Path, level: Level, parents: dict[str, AreaRow]) -> dict[str, AreaRow]:
    columns = ("code", "parent_code", "name") + (("kind",) if level == Level.VILLAGE else ())
    rows: dict[str, AreaRow] = {}
    for line, row in read_table(path, columns):
        words = _fault(row, level, parents, rows)
        if words:
            raise FileProblem(path, line, words)
        code = row["code"]
        rows[code] = AreaRow(code, row["parent_code"], row["name"], row.get("kind", ""))
    return rows


def _fault(row: dict, level: Level, parents: dict, seen: dict) -> str:
    """What is wrong with one row of a list; "" when nothing is."""
    code, parent = row["code"], row["parent_code"]
    if not _SHAPES[level].fullmatch(code):
        return f'"{code}" is not the code of a {level.value}; it looks like {_EXAMPLES[level]}.'
    if code in seen:
        return f"code {code} occurs twice."
    if level != Level.PROVINCE and parent not in parents:
        return f'unknown parent "{parent}" of {code}.'
    if level != Level.PROVINCE and not code.startswith(f"{parent}."):
        return f"code {code} does not begin with its parent's code {parent}."
    if not 0 < len(row["name"]) <= 120:
        return f"{code} needs a name of 1 to 120 characters."
    if level == Level.VILLAGE and row["kind"] not in Village.Kind.values:
        return f'unknown kind "{row["kind"]}"; known: {", ".join(Village.Kind.values)}.'
    return ""


def _add_points(path: Path, villages: dict[str, AreaRow]) -> None:
    for line, row in read_table(path, ("code", "longitude", "latitude")):
        village = villages.get(row["code"])
        if village is None:
            raise FileProblem(path, line, f'unknown village "{row["code"]}".')
        longitude, latitude = _position(path, line, row)
        villages[village.code] = replace(village, longitude=longitude, latitude=latitude)


def _position(path: Path, line: int, row: dict) -> tuple[float, float]:
    try:
        longitude, latitude = float(row["longitude"]), float(row["latitude"])
    except ValueError as fault:
        raise FileProblem(path, line, "longitude and latitude must be numbers.") from fault
    if look_swapped(longitude, latitude):
        raise FileProblem(path, line, "longitude and latitude look swapped.")
    if not in_indonesia(longitude, latitude):
        raise FileProblem(path, line, f"{longitude}, {latitude} lies outside Indonesia.")
    return longitude, latitude


def _code_change(path: Path, line: int, row: dict) -> CodeChange:
    if row["level"] not in Level.values:
        words = f'unknown level "{row["level"]}"; known: {", ".join(Level.values)}.'
        raise FileProblem(path, line, words)
    level = Level(row["level"])
    for code in (row["old_code"], row["new_code"]):
        if not _SHAPES[level].fullmatch(code):
            words = (
                f'"{code}" is not the code of a {level.value}; it looks like {_EXAMPLES[level]}.'
            )
            raise FileProblem(path, line, words)
    try:
        day = date.fromisoformat(row["on"])
    except ValueError as fault:
        words = f'"{row["on"]}" is not a date like 2026-01-31.'
        raise FileProblem(path, line, words) from fault
    return CodeChange(level, row["old_code"], row["new_code"], day, f"{path.name}, line {line}")
