"""Changing tables while people work (docs/operations.md, "Migrations").

Who changes a table waits for all who use it, and meanwhile everybody else waits behind her. So
a migration waits for a lock three seconds at most, gives up, lets the others through, and tries
again. What is already done stays done: each migration is one transaction.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connections

LOCK_WAIT = 3  # seconds; a fifth of what a request may take
TRIES = 20
_LOCK_NOT_AVAILABLE = "55P03"
#: Who holds a transaction open, longest first: never what she asked, which may name people.
_WHO = """
    SELECT pid, coalesce(nullif(application_name, ''), usename), state,
           extract(epoch FROM now() - xact_start)::int
      FROM pg_stat_activity
     WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
     ORDER BY xact_start LIMIT 5
"""
#: An index that a broken-off CONCURRENTLY left behind: it helps no query and costs every write.
_HALF = """
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT i.indisvalid AND n.nspname = current_schema()
"""


def patiently(alias: str, work: Callable[[], Any], out: Any) -> Any:
    """Do `work`, again and again while a lock is not to be had. Elsewhere than on PostgreSQL once:
    SQLite has one writer, who waits 20 seconds for the others.

    OperationalError: the lock was not to be had in any of the tries, or something else is wrong.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return work()
    for left in reversed(range(TRIES)):
        try:
            _be_patient(connection)
            if left < TRIES - 1:
                _remove_half_made(connection, out)
            return work()
        except OperationalError as reason:
            if not left or not _waited_in_vain(reason) or connection.in_atomic_block:
                raise
            _tell(connection, left, out)
            time.sleep(random.uniform(0.5, 1.5))  # noqa: S311  so that two never keep step
        finally:
            _be_as_before(connection)
    return None


def _be_patient(connection: Any) -> None:
    """No limit for the work itself: a table may be long. The limit is on waiting for others."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}s'")


def _be_as_before(connection: Any) -> None:
    """A connection that broke on the way begins anew as it always does."""
    if connection.needs_rollback:
        return
    with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
            cursor.execute(f"RESET {name}")


def _waited_in_vain(reason: OperationalError) -> bool:
    return getattr(reason.__cause__, "pgcode", None) == _LOCK_NOT_AVAILABLE


def _tell(connection: Any, left: int, out: Any) -> None:
    out.write(f"A table is in use; nobody waits longer than {LOCK_WAIT} s. {left} tries left.")
    with connection.cursor() as cursor:
        cursor.execute(_WHO)
        for pid, who, state, seconds in cursor.fetchall():
            out.write(f"  open for {seconds} s: process {pid} of {who}, {state}")


def _remove_half_made(connection: Any, out: Any) -> None:
    """What the try before left; it may have to wait for the same people."""
    with connection.cursor() as cursor:
        cursor.execute(_HALF)
        for (name,) in cursor.fetchall():
            out.write(f"  removing the unfinished index {name}")
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
