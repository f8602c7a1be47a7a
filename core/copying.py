"""Rows straight out of the database: by COPY on PostgreSQL, row by row elsewhere, same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet

from .asking import asker, asks
from .tables import MARKED_SQL, Column

if TYPE_CHECKING:
    from .csvs import Counted

BLOCK = 1 << 16
CHUNK = 2_000  # rows fetched at a time where they come one by one
#: How long one file may take in all. A reader who has gone is noticed long before.
PATIENCE = "15min"
#: For its sort and joins, which the few megabytes of an ordinary query would send to disk.
SORT_MEMORY = "64MB"
#: How one column of the query is written, by its kind; {0} is the column.
_TEXT = MARKED_SQL.format("{0}::text")
_WRITTEN = {
    "text": _TEXT,
    "code": _TEXT,
    "moment": "to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')",
}


class QueryRows:
    """The rows of a values_list, in the order of a table's columns; no share among them.

    They are read when the file is written, never held: as often as it is iterated.
    """

    def __init__(self, rows: QuerySet[Any, Any]):
        self.rows = rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self.rows.iterator(chunk_size=CHUNK)

    def upto(self, most: int) -> QueryRows:
        """The first so many of them: what a short file asks the database for."""
        return QueryRows(self.rows[:most])

    @property
    def may_be_copied(self) -> bool:
        """COPY has a connection of its own, which would not see an open transaction's rows."""
        connection = connections[self.rows.db]
        return connection.vendor == "postgresql" and not connection.in_atomic_block

    def copied(
        self, columns: Sequence[Column], rest: Sequence[str], count: Counted
    ) -> Iterator[bytes]:
        """The rows as CSV, each followed by the cells of `rest`, in blocks as the reader takes
        them: a slow reader slows the database down, one who leaves ends the query."""
        copy = _Copy(self.rows.db, self._statement(columns, rest))
        try:
            while block := copy.read():
                yield block
            count.rows = copy.finish()
        finally:
            copy.end()

    def _statement(self, columns: Sequence[Column], rest: Sequence[str]) -> tuple[str, tuple]:
        """`select` of the query's columns as text; its parameters."""
        inner, parameters = self.rows.query.sql_with_params()
        names = [f"c{number}" for number in range(len(columns))]
        written = [
            _WRITTEN.get(column.kind, "{0}").format(name)
            for column, name in zip(columns, names, strict=True)
        ]
        said = ", ".join([*written, *("%s" for _one in rest)])
        # Nothing from outside is put into the text: names are counted, values are parameters.
        text = f"select {said} from ({inner}) as found({', '.join(names)})"  # noqa: S608
        return text, (*(value or None for value in rest), *parameters)


class _Copy:
    """One COPY in a thread with a connection of its own, read through a pipe."""

    def __init__(self, alias: str, statement: tuple[str, tuple]):
        self.alias, self.statement = alias, statement
        self.rows = 0
        self.problem: BaseException | None = None
        self.reading, self.writing = os.pipe()
        self.session: Any = None
        self.gone = False
        self.asker = asker()
        self.thread = Thread(target=self._run, name="copy", daemon=True)
        self.thread.start()

    def read(self) -> bytes:
        """The next block, as full as it comes; b"" at the end."""
        return os.read(self.reading, BLOCK)

    def finish(self) -> int:
        """How many rows there were; whatever went wrong in the database is raised here."""
        self.thread.join()
        if self.problem:
            raise self.problem
        return self.rows

    def end(self) -> None:
        """Close the pipe and give up what is still running, before its first row or between."""
        self.gone = True
        os.close(self.reading)
        if self.session and self.thread.is_alive():
            with suppress(Exception):
                self.session.cancel()
        self.thread.join()

    def _run(self) -> None:
        asks(self.asker)  # a thread begins with nobody
        connection = connections[self.alias]
        try:
            with os.fdopen(self.writing, "wb", buffering=BLOCK) as pipe:
                self._copy(connection, pipe)
        except BaseException as problem:  # handed to the reader, who raises it
            self.problem = problem
        finally:
            with suppress(Exception):
                connection.close()

    def _copy(self, connection: Any, pipe: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('statement_timeout', %s, false),"
                " set_config('timezone', %s, false), set_config('datestyle', 'ISO', false),"
                " set_config('work_mem', %s, false)",
                [PATIENCE, settings.TIME_ZONE, SORT_MEMORY],
            )
            query = cursor.mogrify(*self.statement).decode()
            self.session = connection.connection
            if self.gone:
                return
            cursor.copy_expert(f"copy ({query}) to stdout with (format csv)", pipe)
            self.rows = cursor.rowcount
