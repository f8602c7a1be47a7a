"""The package itself: a CSV for each table, all of one moment, with its description."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.backups import manifest, postgres, sealing, sqlite

from . import contents, words
from .contents import Table

CHUNK = 2_000
#: What makes a cell need its quotes.
_SIGNS = re.compile(r"[,\"\r\n]|^\s|\s$")


class NotEmpty(Exception):
    """There is something already where the package should go."""


class Written(NamedTuple):
    rows: int
    sha256: str
    bytes: int


def write(target: Path) -> tuple[int, int]:
    """The package lies at `target`, a folder or a .zip, whole or not at all: (tables, rows).

    Names of people who work in the portal are in it (class I): for a successor, not for the web.
    """
    if target.exists():
        raise NotEmpty(f"{target} stands already")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        found = _fill(folder)
        if target.suffix == ".zip":
            _zip(folder, target)
        else:
            folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _fill(folder: Path) -> tuple[int, int]:
    (folder / "data").mkdir()
    tables = contents.tables()
    leaving = {table.name for table in tables}
    resources, rows = [], 0
    with _moment() as cursor:
        for table in tables:
            done = _write_table(cursor, table, folder / "data" / f"{table.name}.csv")
            resources.append(contents.resource(table, leaving, *done))
            rows += done.rows
    resources.append(_media(folder / "data" / "media.csv"))
    (folder / "datapackage.json").write_text(_describe(resources), encoding="utf-8")
    (folder / "README.md").write_text(words.ENGLISH, encoding="utf-8")
    (folder / "BACA-SAYA.md").write_text(words.INDONESIAN, encoding="utf-8")
    (folder / "load.sql").write_text(words.load_script(tables), encoding="utf-8")
    return len(tables), rows


@contextmanager
def _moment() -> Iterator[Any]:
    """A cursor that sees all tables at one moment."""
    if connection.vendor == "postgresql":
        with postgres.moment() as (cursor, _name):
            cursor.execute("set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'")
            yield cursor
        return
    with sqlite.moment(Path(connection.settings_dict["NAME"])) as source:
        yield source.cursor()


class _Counting:
    """Where the bytes of a file go: to the disk and into its sum."""

    def __init__(self, file: Any):
        self.file, self.sum, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes | bytearray | memoryview) -> int:
        self.sum.update(data)
        self.size += len(data)
        return int(self.file.write(data))


def _write_table(cursor: Any, table: Table, path: Path) -> Written:
    with path.open("wb") as file:
        counting = _Counting(file)
        columns = [one.column for one in table.fields]
        counting.write(_line(columns))
        asked = _question(table)
        if connection.vendor == "postgresql":
            rows = _copied(cursor, asked, counting)
        else:
            rows = _row_by_row(cursor, asked, table, counting)
        return Written(rows, counting.sum.hexdigest(), counting.size)


def _question(table: Table) -> str:
    named = connection.ops.quote_name
    columns = ", ".join(named(one.column) for one in table.fields)
    order = f" order by {named(table.key.column)}"
    return f"select {columns} from {named(table.name)}{order}"  # noqa: S608 - names of our models


def _copied(cursor: Any, asked: str, counting: _Counting) -> int:
    cursor.copy_expert(f"copy ({asked}) to stdout with (format csv)", counting)
    return int(cursor.rowcount)


def _row_by_row(cursor: Any, asked: str, table: Table, counting: _Counting) -> int:
    """SQLite keeps moments, identifiers and yes or no in its own way: written as elsewhere."""
    kinds = [contents.kind_of(one)[1] for one in table.fields]
    cursor.execute(asked)
    number = 0
    while rows := cursor.fetchmany(CHUNK):
        said = [[_told(v, k) for v, k in zip(row, kinds, strict=True)] for row in rows]
        counting.write(b"".join(map(_line, said)))
        number += len(rows)
    return number


def _told(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "boolean":
        return "t" if value else "f"
    if kind == "uuid" and len(str(value)) == 32:
        text = str(value)
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    if kind == "timestamptz":
        return f"{value}+00"
    return value


def _line(cells: Sequence[Any]) -> bytes:
    """As COPY writes it: what is missing is empty, an empty text is ""."""
    return (",".join(map(_cell, cells)) + "\n").encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    if text in ("", "\\.") or _SIGNS.search(text):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def _media(path: Path) -> dict[str, Any]:
    """The list of photos and documents; they themselves are copied with the media folder."""
    root = Path(settings.MEDIA_ROOT)
    files = sorted(one for one in root.rglob("*") if one.is_file() and one.suffix != ".part")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "sha256", "bytes"])
        for one in files:
            sum_ = sealing.sum_of(one)
            writer.writerow([one.relative_to(root).as_posix(), sum_, one.stat().st_size])
    kinds = {"path": "string", "sha256": "string", "bytes": "integer"}
    return {
        "name": "media",
        "path": "data/media.csv",
        "description": "Photos and documents in the media folder, by path and SHA-256",
        "profile": "tabular-data-resource",
        "hash": f"sha256:{sealing.sum_of(path)}",
        "bytes": path.stat().st_size,
        "pug:rows": len(files),
        "schema": {
            "fields": [{"name": name, "type": kind} for name, kind in kinds.items()],
            "primaryKey": ["path"],
        },
    }


def _describe(resources: list[dict[str, Any]]) -> str:
    said = {
        "profile": "tabular-data-package",
        "name": "portal-pug",
        "title": "Portal PUG: all data that is not secret",
        "created": timezone.now().isoformat(),
        "version": manifest.release(),
        "licenses": [words.LICENCE],
        "sources": [{"title": "Portal PUG", "path": settings.SITE_ADDRESS}],
        "resources": resources,
    }
    return json.dumps(said, ensure_ascii=False, indent=1)


def _zip(folder: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
