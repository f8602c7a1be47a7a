"""A dump of one moment of PostgreSQL, and a new database made of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.db import DEFAULT_DB_ALIAS, connections

from . import clients, digests, sealing

#: Gzip at this level is as fast as the rest; age does not compress.
COMPRESSION = "3"


@contextmanager
def session() -> Iterator[Any]:
    """A cursor of a connection of its own, with no limit of time, each statement by itself."""
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;"
                " set lock_timeout = 0"
            )
            yield cursor
    finally:
        connection.close()


@contextmanager
def moment() -> Iterator[tuple[Any, str]]:
    """A cursor that sees one moment of the database, and the name others see the same by."""
    with session() as cursor:
        cursor.execute("begin isolation level repeatable read read only")
        cursor.execute("select pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]
        cursor.execute("rollback")


def dump(database: dict[str, Any], snapshot: str, major: int) -> Iterator[bytes]:
    """The database of that moment in pg_dump's own format, without owners and rights: those of
    the place it comes to hold there."""
    command = [
        *(clients.program("pg_dump", major), "--format=custom", f"--compress={COMPRESSION}"),
        *("--no-owner", "--no-privileges", "--no-password", f"--snapshot={snapshot}"),
    ]
    return clients.output(command, clients.environment(database))


def version(cursor: Any) -> tuple[str, int]:
    """As people say it, and the whole number before the point."""
    cursor.execute(
        "select current_setting('server_version'), current_setting('server_version_num')"
    )
    said, number = cursor.fetchone()
    return said.split()[0], int(number) // 10_000


def owner_and_roles(cursor: Any) -> tuple[str, list[str]]:
    """Who owns the tables; which roles the rules on rows name."""
    cursor.execute(
        "select tableowner from pg_tables where schemaname = 'public'"
        " group by 1 order by count(*) desc, 1 limit 1"
    )
    owner = (cursor.fetchone() or ("",))[0]
    cursor.execute("select distinct unnest(roles)::text from pg_policies order by 1")
    return owner, [role for (role,) in cursor.fetchall() if role != "public"]


def table_count(cursor: Any) -> int:
    cursor.execute(digests._TABLES)
    return len(cursor.fetchall())


def load(
    path: Path, identities: Sequence[Path], database: dict[str, Any], major: int, role: str
) -> None:
    """Fill an empty database from a sealed dump; nothing of it lies on the disk in plain."""
    command = [
        *(clients.program("pg_restore", major), "--no-owner", "--no-privileges", "--exit-on-error"),
        *("--no-password", "--single-transaction", f"--dbname={database['NAME']}"),
        *([f"--role={role}"] if role else []),
    ]
    with subprocess.Popen(  # noqa: S603 - a list, of our own words
        command,
        env=clients.environment(database),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        # One that ends early says why itself, below.
        with suppress(BrokenPipeError):
            sealing.unseal(path, identities, cast(BinaryIO, child.stdin))
        _out, said = child.communicate()
        if child.returncode:
            raise clients.failed(command[0], said)
