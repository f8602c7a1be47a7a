"""One backup: database and media of one moment, sealed, summed, and noted."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from core.models import HealthMark

from . import digests, media, places, postgres, sealing, sqlite
from .manifest import Filed, Manifest, release
from .places import Place
from .sealing import Sealed
from .trouble import Trouble

DATABASE = "database.age"
#: A copy of the cluster is made each week; older than this, one was missed.
OLDEST_BASE = timedelta(days=9)
_HEAD = "select position, hash from core_auditlink order by position desc limit 1"
_MIGRATIONS = "select app, name from django_migrations order by id"


@dataclass(frozen=True)
class Taken:
    """The set, where it lies, and how many files of media were new."""

    folder: Path
    manifest: Manifest
    new_media: int

    def __str__(self) -> str:
        rows = sum(table.rows for table in self.manifest.tables.values())
        size = sum(part.bytes for part in self.manifest.parts.values())
        return (
            f"{self.folder.name}: {len(self.manifest.tables)} tables, {rows} rows, {size} bytes; "
            f"{len(self.manifest.media)} files of media, {self.new_media} new"
        )


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """One backup at a time in a place; the next one waits."""
    place.root.mkdir(parents=True, exist_ok=True)
    with (place.root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take(place: Place, keys: Path, now: datetime) -> Taken:
    """Database first, then media: a file is there before the row that names it."""
    with places.begun(place.sets, now) as folder:
        of_database = _of_postgres if connection.vendor == "postgresql" else _of_sqlite
        sealed, facts = of_database(folder / DATABASE, keys)
        filed, new = media.store(Path(settings.MEDIA_ROOT), place, keys)
        manifest = Manifest(
            kind="set",
            made_at=now.astimezone(UTC).isoformat(),
            release=release(),
            vendor=connection.vendor,
            parts={DATABASE: sealed},
            media=filed,
            **facts,
        )
        sums = {
            DATABASE: sealed.sha256,
            places.MEDIA_LIST: _list_media(folder, filed, keys),
            places.MANIFEST: manifest.write(folder, keys),
        }
        places.write_sums(folder, sums)
        places.check_sums(folder)
    return Taken(place.sets / folder.name[1:].removesuffix(".part"), manifest, new)


def _list_media(folder: Path, filed: list[Filed], keys: Path) -> str:
    """Which sealed files the set needs, for whoever prunes without a key; no name, no place."""
    mark = sealing.fingerprint(keys)
    lines = sorted({f"{mark}/{one.sha256[:2]}/{one.sha256}.age\n" for one in filed})
    return places.write_down(folder / places.MEDIA_LIST, "".join(lines))


def _of_postgres(path: Path, keys: Path) -> tuple[Sealed, dict[str, Any]]:
    """The dump and the sums see the same moment."""
    with postgres.moment() as (cursor, snapshot):
        said, major = postgres.version(cursor)
        sealed = sealing.seal(postgres.dump(connection.settings_dict, snapshot, major), path, keys)
        owner, roles = postgres.owner_and_roles(cursor)
        tables = digests.of_postgres(cursor)
        facts = {"version": said, "tables": tables, "owner": owner, "roles": roles}
        return sealed, {**facts, **_of_rows(cursor, tables)}


def _of_sqlite(path: Path, keys: Path) -> tuple[Sealed, dict[str, Any]]:
    file = Path(connection.settings_dict["NAME"])
    with sqlite.moment(file) as source:
        tables = digests.of_sqlite(source)
        facts = {"version": sqlite.VERSION, "tables": tables, **_of_rows(source.cursor(), tables)}
        return sealing.seal(sqlite.copied(source, file.parent), path, keys), facts


def _of_rows(cursor: Any, tables: digests.Digests) -> dict[str, Any]:
    """What the migrations made, and the last place of the audit chain, of the same moment."""
    if "django_migrations" not in tables:
        raise Trouble("The database has no tables of the portal: there is nothing to back up")
    cursor.execute(_MIGRATIONS)
    facts: dict[str, Any] = {"migrations": [tuple(row) for row in cursor.fetchall()]}
    if "core_auditlink" in tables:
        cursor.execute(_HEAD)
        position, digest = cursor.fetchone() or (0, "")
        facts["audit_head"] = f"{position} {digest}".strip()
    return facts


def archive_trouble(place: Place, now: datetime) -> str:
    """What is wrong with the archive of changes, in words; "" when nothing is, or none is kept."""
    if connection.vendor != "postgresql":
        return ""
    with postgres.session() as cursor:
        cursor.execute("select current_setting('archive_mode') <> 'off'")
        if not cursor.fetchone()[0]:
            return ""
        cursor.execute(
            "select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),"
            " last_failed_wal from pg_stat_archiver"
        )
        is_failing, segment = cursor.fetchone()
    bases = places.listed(place.bases)
    if is_failing:
        return f"changes are not archived: {segment} failed"
    if not bases or now - places.moment_of(bases[-1]) > OLDEST_BASE:
        return "no copy of the cluster of the last nine days: run backup --base"
    return ""


def note(name: str, *, ok: bool, detail: str) -> None:
    """For the health page. The backup's own role reads only, but for this row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("set default_transaction_read_only = off")
    HealthMark.objects.update_or_create(name=name, defaults={"ok": ok, "detail": detail[:500]})
