"""New rows by the plainest statements: for services that insert at every record, one or thousands.

As `bulk_create`, but nothing is read back: the rows get no keys from the database, and the
statement of a table is composed once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, DateTimeField, Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault

from .asking import NOBODY, asker

#: So many rows and more go by COPY (PostgreSQL).
COPIED = 100
_PLAIN = frozenset({int, str})
#: JSON is more than its values; a moment of its own stands in no row yet.
_ASKED = frozenset({JSONField, DateField, DateTimeField})
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(
    rows: Iterable[Model], *, renewing: Sequence[str] | None = None, key: Sequence[str] = ()
) -> None:
    """Insert these rows of one model, all of them or none.

    `renewing`: the columns that are written where a row of the same `key` (columns; without any,
    the primary key) stands already, or () to leave that one as it is; None: there is none. What
    the database fills in by itself (keys that count up, defaults) is left to it.
    """
    rows = list(rows)
    if not rows:
        return
    meta = rows[0]._meta
    fields = [one for one in meta.concrete_fields if _is_ours(one, rows[0])]
    columns = tuple(str(one.column) for one in fields)
    values = (_values(row, fields) for row in rows)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if len(rows) >= COPIED and renewing is None and _may_copy():
            _copy(cursor, meta.db_table, columns, values)
            return
        conflict = ""
        if renewing is not None:
            conflict = _conflict(tuple(key) or (str(meta.pk.column),), tuple(renewing))
        while some := list(islice(values, _most(len(fields)))):
            sql = _sql(meta.db_table, columns, len(some)) + conflict
            cursor.execute(sql, [value for row in some for value in row])


def _may_copy() -> bool:
    """COPY cannot bring rows into a table that is guarded against who asks."""
    return connection.vendor == "postgresql" and asker() == NOBODY


def _is_ours(field: Field, row: Model) -> bool:
    value = getattr(row, field.attname)
    return not isinstance(value, DatabaseDefault) and (value is not None or not field.primary_key)


def _most(columns: int) -> int:
    """How many rows one statement holds."""
    return max(1, (connection.features.max_query_params or 10_000) // columns)


def _values(row: Model, fields: Sequence[Field]) -> list[Any]:
    """What the database takes; values that it takes as they are, without asking the field."""
    found = []
    for field in fields:
        value = getattr(row, field.attname)
        if field.__class__ in _ASKED or not (value is None or value.__class__ in _PLAIN):
            value = field.get_db_prep_save(field.pre_save(row, True), connection)
        found.append(value)
    return found


@lru_cache(maxsize=64)
def _sql(table: str, columns: Sequence[str], rows: int) -> str:
    quote = connection.ops.quote_name
    row = f"({', '.join(['%s'] * len(columns))})"
    named = ", ".join(map(quote, columns))
    return f"insert into {quote(table)} ({named}) values {', '.join([row] * rows)}"  # noqa: S608


@lru_cache(maxsize=64)
def _conflict(key: Sequence[str], renewing: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    changed = ", ".join(f"{quote(one)} = excluded.{quote(one)}" for one in renewing)
    met = f"update set {changed}" if renewing else "nothing"
    return f" on conflict ({', '.join(map(quote, key))}) do {met}"


def _copy(cursor: Any, table: str, columns: Sequence[str], values: Iterator[list[Any]]) -> None:
    text = io.StringIO("".join("\t".join(map(_written, row)) + "\n" for row in values))
    quote = connection.ops.quote_name
    with connection.wrap_database_errors:
        cursor.copy_expert(
            f"copy {quote(table)} ({', '.join(map(quote, columns))}) from stdin", text
        )


def _written(value: Any) -> str:
    if value is None:
        return r"\N"
    if hasattr(value, "adapted"):  # JSON, as the driver takes it
        value = value.dumps(value.adapted)
    return str(value).translate(_ESCAPES)
