"""A copy of the whole PostgreSQL cluster: with the archived changes every second is reached."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from . import clients, manifest, places, postgres, sealing
from .manifest import Manifest
from .places import Place
from .trouble import Trouble

BASE = "base.tar.gz.age"
#: Where the copy lies in plain while it is looked through: this machine holds the same already.
_ROOM = "/var/tmp"  # noqa: S108 - a folder of its own there, closed to others
_START = re.compile(r"^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)", re.MULTILINE)
_SUPERUSER = "select rolname from pg_roles where rolsuper order by oid limit 1"


def take_base(place: Place, keys: Path, now: datetime) -> tuple[Path, Manifest]:
    """Copy the cluster, verify the copy file by file, and only then seal it."""
    if connection.vendor != "postgresql":
        raise Trouble("There is no cluster to copy: the database is SQLite. Leave --base away")
    with postgres.session() as cursor:
        said, major = postgres.version(cursor)
        cursor.execute(_SUPERUSER)
        owner = cursor.fetchone()[0]
    room = Path(tempfile.mkdtemp(prefix="pug-base-", dir=_ROOM))
    try:
        start = _copy(room / "copy", major)
        with places.begun(place.bases, now) as folder:
            command = ["tar", "-C", str(room / "copy"), "-I", "gzip -1", "-cf", "-", "."]
            packed = clients.output(command, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
            sealed = sealing.seal(packed, folder / BASE, keys)
            found = Manifest(
                kind="base",
                made_at=datetime.now(UTC).isoformat(),  # the copy holds all until this moment
                release=manifest.release(),
                vendor="postgresql",
                version=str(major),
                parts={BASE: sealed},
                owner=owner,
                database=str(connection.settings_dict["NAME"]),
            )
            sums = {
                BASE: sealed.sha256,
                places.START_WAL: places.write_down(folder / places.START_WAL, f"{start}\n"),
                places.MANIFEST: found.write(folder, keys),
            }
            places.write_sums(folder, sums)
            places.check_sums(folder)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return place.bases / folder.name[1:].removesuffix(".part"), found


def _copy(folder: Path, major: int) -> str:
    """The segment of WAL with which reading has to begin."""
    env = clients.environment(connection.settings_dict)
    command = [
        *(clients.program("pg_basebackup", major), "--pgdata", str(folder), "--format=plain"),
        *("--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256"),
        "--no-password",
    ]
    clients.run(command, env)
    clients.run([clients.program("pg_verifybackup", major), "--quiet", str(folder)], env)
    found = _START.search((folder / "backup_label").read_text(encoding="utf-8"))
    if not found:
        raise Trouble("The copy of the cluster does not say where it begins")
    return found[1]
