"""Changes of big tables that let people go on writing; migrations may import these.

On SQLite, which has one writer anyway, they are the plain ones.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import AddIndex, AlterField


class AddIndexBesideWriters(AddIndex):
    """AddIndex, CONCURRENTLY. The migration says `atomic = False`.

    A try that was broken off leaves half an index, which `manage.py migrate` removes before the
    next one.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index, **_beside(schema_editor))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, **_beside(schema_editor))


def _beside(schema_editor: Any) -> dict[str, bool]:
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}


class RequireValue(AlterField):
    """A column that is full by now becomes NOT NULL. The migration says `atomic = False`.

    PostgreSQL looks at the rows while others write (NOT VALID, then VALIDATE), and takes the
    short lock only for what it knows already.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        quoted = schema_editor.quote_name
        table, column = quoted(model._meta.db_table), model._meta.get_field(self.name).column
        rule = quoted(f"{column}_is_filled")
        full = f"CHECK ({quoted(column)} IS NOT NULL)"
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {rule}")
        schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {rule} {full} NOT VALID")
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {rule}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
