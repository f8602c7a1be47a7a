"""A whole copy of one moment of an SQLite file, and a new file made of it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from . import digests, sealing
from .trouble import Trouble

VERSION = sqlite3.sqlite_version
#: What SQLite keeps beside a file that is open.
BESIDE = ("-wal", "-shm")


@contextmanager
def moment(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees one moment of the file while others write."""
    if not path.is_file():
        raise Trouble(f"There is no database at {path}")
    uri = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=60, isolation_level=None)) as connection:
        connection.execute("begin")
        connection.execute("select count(*) from sqlite_master").fetchone()  # the moment is now
        yield connection


def copied(connection: sqlite3.Connection, beside: Path) -> Iterator[bytes]:
    """The bytes of the moment as a file of its own, which is looked through before it is used.

    The copy lies for a while in the folder of the database itself, open to nobody else.
    """
    handle, name = tempfile.mkstemp(prefix=".backup-", suffix=".sqlite3", dir=beside)
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as copy:
            connection.backup(copy)
            copy.execute("pragma journal_mode = delete")
            require_sound(copy)
        with Path(name).open("rb") as file:
            while block := file.read(sealing.BLOCK):
                yield block
    finally:
        for ending in ("", "-journal", *BESIDE):
            Path(f"{name}{ending}").unlink(missing_ok=True)


def require_sound(connection: sqlite3.Connection) -> None:
    try:
        found = connection.execute("pragma quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as reason:
        raise Trouble(f"The SQLite file is damaged: {reason}") from reason
    if found != "ok":
        raise Trouble(f"The SQLite file is damaged: {found.splitlines()[-1]}")


def load(path: Path, identities: Sequence[Path], target: Path) -> None:
    """A new file made of the sealed copy."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        sealing.unseal(path, identities, file)
        file.flush()
        os.fsync(file.fileno())
    with closing(sqlite3.connect(target)) as connection:
        require_sound(connection)


def digests_of(path: Path) -> digests.Digests:
    with moment(path) as connection:
        return digests.of_sqlite(connection)


def tables_in(path: Path) -> int:
    """How many tables stand in the file; 0 where there is none."""
    if not path.exists() or not path.stat().st_size:
        return 0
    try:
        with moment(path) as connection:
            return len(digests.tables_of(connection))
    except sqlite3.DatabaseError as reason:
        raise Trouble(f"{path} is no SQLite file that can be read: {reason}") from reason


def require_idle(path: Path) -> None:
    """Trouble where somebody else is at work in the file."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            connection.execute("pragma locking_mode = exclusive")
            connection.execute("begin exclusive")
            connection.execute("rollback")
    except sqlite3.OperationalError as reason:
        raise Trouble(f"{path} is in use: stop the portal first") from reason
    except sqlite3.DatabaseError:
        return  # no database at all: nobody works in it


def settle(path: Path) -> None:
    """All of it in one file, on disk for good."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.execute("pragma journal_mode = delete")
    with path.open("rb") as file:
        os.fsync(file.fileno())
