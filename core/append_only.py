"""Tables to which rows are only ever added, and the triggers that see to it.

The migration that makes a table makes its triggers too; this module names them and reads from the
catalog whether they stand. Roles of the database get INSERT and SELECT on these tables, no more
(`manage.py secure_database`).
"""

from __future__ import annotations

from django.db import connection

#: In the order in which rows are added.
TABLES: tuple[str, ...] = ("core_auditentry", "core_auditlink")

#: Each trigger is called by its table and what it refuses.
_KINDS = {
    "postgresql": ("no_change", "no_emptying"),
    # "replacing": INSERT OR REPLACE removes a row without asking the trigger on DELETE.
    "sqlite": ("no_update", "no_delete", "no_replacing"),
}
_STANDING = {
    # "A": fires for everyone, in a session that plays a replica too.
    "postgresql": "select tgname from pg_trigger where tgenabled = 'A' and not tgisinternal",
    "sqlite": "select name from sqlite_master where type = 'trigger'",
}


def triggers() -> list[str]:
    """The names of all triggers that have to stand on this kind of database."""
    return [f"{table}_{kind}" for table in TABLES for kind in _KINDS[connection.vendor]]


def missing() -> list[str]:
    """Those that do not stand, or are switched off. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name in triggers() if name not in standing]
