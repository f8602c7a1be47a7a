"""One number and one sum for each table: the same before a loss and after the restore.

The sum is over the sums of all rows, in their own order, so that it does not matter in which order
a database keeps them. PostgreSQL makes it inside, SQLite with a function of ours; both in constant
memory (they sort on disk). Sums of the two kinds of database are not comparable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b, sha256
from typing import Any, NamedTuple

MEMORY = "64MB"


class Digest(NamedTuple):
    """How many rows, and the SHA-256 over what stands in them."""

    rows: int
    sha256: str


Digests = dict[str, Digest]

#: A row as text depends on these; nothing else may decide how a moment or a number is written.
_ALIKE = """
set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601';
set extra_float_digits = 1; set bytea_output = 'hex'; set xmlbinary = 'base64'
"""
#: Every table of the portal's own; parts of a divided table are seen through the whole.
_TABLES = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema' order by 1, 2
"""
#: Rows are sorted inside small heaps, told apart by how their sum begins: no heap is ever large.
_DIGEST = """
select coalesce(sum(rows), 0), encode(sha256(convert_to(
    coalesce(string_agg(heap, '' order by beginning collate "C"), ''), 'UTF8')), 'hex')
from (
  select left(one, 3) as beginning, count(*) as rows,
         md5(string_agg(one, '' order by one collate "C")) as heap
  from (select md5(row_of_it::text) as one from {table} as row_of_it) as sums group by 1
) as heaps
"""


def of_postgres(cursor: Any) -> Digests:
    """By a cursor of an open transaction: all tables at one moment."""
    cursor.execute(_ALIKE)
    cursor.execute(f"set work_mem = '{MEMORY}'")
    cursor.execute(_TABLES)
    return {
        name if schema == "public" else f"{schema}.{name}": _of_table(cursor, schema, name)
        for schema, name in cursor.fetchall()
    }


def _of_table(cursor: Any, schema: str, name: str) -> Digest:
    table = ".".join('"{}"'.format(word.replace('"', '""')) for word in (schema, name))
    cursor.execute(_DIGEST.format(table=table))
    rows, digest = cursor.fetchone()
    return Digest(int(rows), digest)


def of_sqlite(connection: sqlite3.Connection) -> Digests:
    """By a plain connection, best inside a transaction: all tables at one moment."""
    connection.create_function("row_sum", -1, _row_sum, deterministic=True)
    return {name: _of_rows(_sums(connection, name)) for name in tables_of(connection)}


def tables_of(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%'"
        " escape '\\' order by name"
    )
    return [name for (name,) in found]


def _sums(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    quoted = '"{}"'.format(table.replace('"', '""'))
    columns = [row[1] for row in connection.execute(f"pragma table_info({quoted})")]
    named = ", ".join('"{}"'.format(column.replace('"', '""')) for column in columns)
    # Names of tables and columns cannot be parameters; they come from the database, quoted.
    for (one,) in connection.execute(f"select row_sum({named}) from {quoted} order by 1"):  # noqa: S608
        yield one


def _row_sum(*values: Any) -> str:
    return blake2b(repr(values).encode(), digest_size=16).hexdigest()


def _of_rows(sums: Iterator[str]) -> Digest:
    rows, whole = 0, sha256()
    for one in sums:
        rows += 1
        whole.update(one.encode())
    return Digest(rows, whole.hexdigest())


def differences(wanted: Digests, found: Digests) -> list[str]:
    """Tables that are not the same, in words; nothing when all are."""
    said = []
    for name in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(name), found.get(name)
        if before is None or after is None:
            said.append(f"{name} {'is missing' if after is None else 'was not there'}")
        elif before != after:
            said.append(f"{name}: {before.rows} rows became {after.rows}, or others")
    return said
