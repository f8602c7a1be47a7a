"""What each role of a PostgreSQL may do with which table (ASVS 13.2.1 to 13.2.3).

The roles themselves are made by deploy/database/roles.sql. The statements here are run by the
owner of the tables, after every change of their shape, and may be run again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from .append_only import TABLES as APPEND_ONLY

OWNER, APP, DUTY, READ, BACKUP = "pug_owner", "pug_app", "pug_duty", "pug_read", "pug_backup"
ALL: Final = (OWNER, APP, DUTY, READ, BACKUP)
#: Who writes rows. The backup reads by a right of its role; the owner needs none to its own.
WRITERS: Final = (APP, DUTY)
#: What the portal asks of the history of its tables' shape, and never writes while it serves.
READ_ONLY: Final = ("django_migrations",)


def missing() -> list[str]:
    """Roles that roles.sql has not made in this cluster yet."""
    with connection.cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname = any(%s)", [list(ALL)])
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in ALL if name not in found]


def grants() -> Iterator[str]:
    """Every right of every role but the owner, from nothing: what is not named here is taken."""
    everybody = ", ".join(("public", *ALL[1:]))
    yield f"revoke all on schema public from {everybody}"
    yield f"grant usage on schema public to {', '.join(ALL[1:])}"
    for kind in ("tables", "sequences", "functions"):
        yield f"revoke all on all {kind} in schema public from {everybody}"
        # A table that is made tomorrow belongs to nobody else until this has run again.
        yield f"alter default privileges revoke all on {kind} from {everybody}"
    yield f"grant usage on all sequences in schema public to {', '.join(WRITERS)}"
    yield from map(_writing, _tables())
    # How a backup ended is the one thing that it writes (core/backups/taking.py).
    yield f"grant insert, update on core_healthmark to {BACKUP}"
    yield from _reading()


def _tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _writing(table: str) -> str:
    rights = "select, insert, update, delete"
    if table in APPEND_ONLY:
        rights = "select, insert"
    elif table in READ_ONLY:
        rights = "select"
    return f"grant {rights} on {_quoted([table])} to {', '.join(WRITERS)}"


def _reading() -> Iterator[str]:
    """Tables of class R stay closed to readers, and so do columns that no export may carry."""
    standing = _columns()
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        there = standing.get(meta.db_table, set())
        open_ones = [str(one.column) for one in meta.concrete_fields if not _is_secret(meta, one)]
        if _is_readable(meta.label_lower) and there:
            columns = _quoted(one for one in open_ones if one in there)
            yield f"grant select ({columns}) on {_quoted([meta.db_table])} to {READ}"


def _columns() -> dict[str, set[str]]:
    """The columns of each table as they stand: a release that goes back finds other ones."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add(column)
    return found


def _is_readable(label: str) -> bool:
    """A table without a class is told to nobody."""
    found = import_string(settings.DATA_CLASSES).get(label)
    return found is not None and found.letter != "R"


def _is_secret(meta, field) -> bool:
    return f"{meta.label_lower}.{field.name}" in import_string(settings.SECRET_FIELDS)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)
