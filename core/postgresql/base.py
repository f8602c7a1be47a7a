"""Django's PostgreSQL, whose connections always know who asks (core/asking.py).

A connection outlives its request. So each statement is preceded, where it differs from what this
connection was told last, by the name of who asks now: it can never answer for the last person. A
request without a question to the database costs nothing; the others one short statement each.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from core.asking import NOBODY, asker

_TELL = "select set_config('pug.person', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    #: What this connection was told last; None where a rollback may have taken it back.
    _told: str | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._told = NOBODY  # the server's own answer for a name that was never set
        return super().get_new_connection(conn_params)

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]  # the stubs leave it out
        self._tell()
        return cursor

    def _tell(self) -> None:
        who = asker()
        if who == self._told:
            return
        with self.wrap_database_errors, self.connection.cursor() as raw:
            raw.execute(_TELL, [who])
        self._told = who

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = asker()  # in a broken transaction nothing can be told before this statement
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._told = None
