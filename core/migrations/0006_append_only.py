"""Rows of the audit trail are only ever added: triggers refuse all else.

On SQLite a later migration that alters one of these tables builds it anew, and the triggers with
the old one are gone: such a migration has to make them again. A test looks for them.
"""

from django.db import migrations

TABLES = ("core_auditentry", "core_auditlink")

POSTGRESQL = """
create function core_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end $$;
"""
# For each statement, not row: whoever tries is refused even where nothing would be hit.
# "Always": a session that plays a replica passes ordinary triggers by.
POSTGRESQL_TABLE = """
create trigger {table}_no_change before update or delete on {table}
  for each statement execute function core_refuse_change();
create trigger {table}_no_emptying before truncate on {table}
  for each statement execute function core_refuse_change();
alter table {table} enable always trigger {table}_no_change;
alter table {table} enable always trigger {table}_no_emptying;
"""
POSTGRESQL_UNDO = """
drop trigger if exists {table}_no_change on {table};
drop trigger if exists {table}_no_emptying on {table};
"""

SQLITE = {
    "no_update": "before update on {table}",
    "no_delete": "before delete on {table}",
    # INSERT OR REPLACE removes the row it meets without asking the trigger on DELETE.
    "no_replacing": "before insert on {table} when exists (select 1 from {table} where {met})",
}
MET = {
    "core_auditentry": "id = new.id",
    "core_auditlink": "position = new.position or entry_id = new.entry_id",
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_TABLE.format(table=table))
        return
    for table in TABLES:
        for kind, when in SQLITE.items():
            schema_editor.execute(
                f"create trigger {table}_{kind} {when.format(table=table, met=MET[table])} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_UNDO.format(table=table))
        schema_editor.execute("drop function if exists core_refuse_change()")
        return
    for table in TABLES:
        for kind in SQLITE:
            schema_editor.execute(f"drop trigger if exists {table}_{kind}")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_audit_chain"),
    ]

    operations = [migrations.RunPython(make, remove)]
