"""A stamp of what the database holds now: equal stamps, equal data.

It lets a process keep what it has worked out from the database without ever showing what is no
longer so: the stamp changes with every commit of anybody, and costs one light statement.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import count
from threading import Lock, local
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.http import quote_etag

#: PostgreSQL names the transactions a statement can see; SQLite counts changes, those of other
#: connections and our own.
_ASK = {
    "postgresql": "select pg_current_snapshot()::text where not pg_is_in_recovery()",
    "sqlite": "select data_version, total_changes() from pragma_data_version",
}


_numbers = count(1)
_seen = local()
_PROCESS = secrets.token_hex(8)
_RELEASE = (settings.BASE_DIR / "CHANGELOG.md").stat().st_mtime_ns


def moment() -> tuple | None:
    """(whose count it is, the stamp); None where there is none: inside a transaction, whose own
    changes it hides, and on a standby, which does not know all that is under way."""
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ASK[connection.vendor])
        stamp = cursor.fetchone()
    return (_counter(), stamp) if stamp else None


def _counter() -> int:
    """SQLite counts for each connection by itself; PostgreSQL for all alike."""
    if connection.vendor != "sqlite":
        return 0
    raw, number = getattr(_seen, "connection", (None, 0))
    if raw is not connection.connection:
        number = next(_numbers)
        _seen.connection = connection.connection, number
    return number


def tag(*parts: Any, stamp: Any = None) -> str | None:
    """A strong ETag for an answer made of `parts` and of what the database holds now.

    None where nothing may be kept. A new release (its change log) and, on SQLite, another process
    make another tag: its counts begin anew with every connection. `stamp`: what stands for the
    database where an answer depends on a part of it that counts its own changes.
    """
    now = moment() if stamp is None else (0, stamp)
    if now is None:
        return None
    whose = _PROCESS if now[0] else ""
    text = repr((whose, now, _RELEASE, *parts))
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


class Kept:
    """The latest results of a function of the database, as many as `most`, in this process."""

    def __init__(self, most: int):
        self._most = most
        self._lock = Lock()
        self._found: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result kept under `key` if the database is still the same, else a new one."""
        now = moment()
        if now is None:
            return make()
        key = now[0], key
        with self._lock:
            stamp, result = self._found.get(key, (None, None))
            if stamp == now:
                self._found.move_to_end(key)
                return result
        result = make()
        with self._lock:
            self._found[key] = now, result
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return result
