"""The triggers on append-only tables: lifted for ordinary tests, whose tables are emptied between
them; put back as the migrations made them where a test is about them."""

from django.db import connection

from core.append_only import TABLES

_READ = {
    "postgresql": "select tgname, tgrelid::regclass::text, tgenabled::text from pg_trigger"
    " where not tgisinternal and tgrelid::regclass::text = any(%s)",
    "sqlite": "select name, tbl_name, sql from sqlite_master"
    " where type = 'trigger' and tbl_name in (%s, %s)",
}
_ENABLED = {"A": "enable always", "O": "enable"}
#: (name, table, how it stood) as the migrations left them.
_made: list[tuple[str, str, str]] = []


def lift() -> None:
    """Take the triggers away, having read from the catalog what stood there."""
    global _made
    _settle()
    with connection.cursor() as cursor:
        postgres = connection.vendor == "postgresql"
        if not _made:
            cursor.execute(_READ[connection.vendor], [list(TABLES)] if postgres else TABLES)
            _made = [row for row in cursor.fetchall() if row[2] != "D"]
        for name, table, _how in _made:
            if postgres:
                cursor.execute(f"alter table {table} disable trigger {name}")
            else:
                cursor.execute(f"drop trigger if exists {name}")


def restore() -> None:
    """Put back what `lift` took away, as it stood."""
    _settle()
    with connection.cursor() as cursor:
        for name, table, how in _made:
            if connection.vendor == "postgresql":
                cursor.execute(f"alter table {table} {_ENABLED[how]} trigger {name}")
            else:
                cursor.execute(how)


def _settle() -> None:
    """PostgreSQL alters no table on which a check waits for the commit."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()
