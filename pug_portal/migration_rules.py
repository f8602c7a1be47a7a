"""Is each migration safe while people work and while last release's code still runs?

`python -m pug_portal.migration_rules` prints what is not and exits 1; `make check` asks it.
docs/operations.md says how to do it instead.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState

APPS = ("core", "villages", "accounts", "programs", "planning", "mou", "indicators", "dashboards")
#: The last migration of each app in the first release: there was no data to be careful with.
FIRST_RELEASE = {
    "core": "0008",
    "villages": "0001",
    "accounts": "0008",
    "programs": "0011",
    "planning": "0002",
    "mou": "0001",
    "indicators": "0001",
    "dashboards": "0001",
}
#: Tables that grow with the work of villages: what locks them stops everybody.
BIG = frozenset(
    {
        *("core.auditentry", "core.auditlink", "core.keptanswer", "core.requestcount"),
        *("programs.activity", "programs.submission", "programs.photo", "programs.review"),
        *("programs.change", "programs.delivery", "programs.programvillage"),
        *("programs.programvillagemonth", "programs.villageperiod", "programs.importproblem"),
    }
)
#: What a migration may import of ours: made not to change, and found in old migrations.
LASTING = frozenset({"core.identifiers", "core.schema"})

Complaints = Iterator[str]


def complaints(migration: Migration, source: str, state: ProjectState) -> Complaints:
    """What is wrong with one migration. `state`: the models as they are before it."""
    yield from imports(source)
    yield from irreversible(migration)
    if _is_old(migration):
        return
    yield from mixed(migration)
    for operation in migration.operations:
        for rule in RULES:
            yield from rule(operation, migration, state)
        operation.state_forwards(migration.app_label, state)


def _is_old(migration: Migration) -> bool:
    return migration.name[:4] <= FIRST_RELEASE.get(migration.app_label, "")


def imports(source: str) -> Complaints:
    """Code of today does not fit the tables of then."""
    for node in ast.walk(ast.parse(source)):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module or ''}"]
        for name in names:
            first = name.split(".")[0]
            if (first in (*APPS, "pug_portal", "")) and name not in LASTING:
                yield f"imports {name}: write down here what it needs of it"


def irreversible(migration: Migration) -> Complaints:
    for operation in _all(migration.operations):
        if not operation.reversible:
            yield f"{_named(operation)} cannot be undone: give it the way back (noop, if nothing)"


def mixed(migration: Migration) -> Complaints:
    """A long move of data would hold the locks of a change of tables."""
    data = [isinstance(one, ops.RunPython) for one in migration.operations]
    if any(data) and not all(data):
        yield "changes tables and data together: make two migrations"


def not_null(operation, migration: Migration, state: ProjectState) -> Complaints:
    """Last release's code does not know the column and leaves it out."""
    if isinstance(operation, ops.AddField) and not _may_be_left_out(operation.field):
        yield f"{_named(operation)} is NOT NULL: null=True or db_default; the rest a release later"


def _may_be_left_out(field: models.Field) -> bool:
    return field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED


def gone(operation, migration: Migration, state: ProjectState) -> Complaints:
    """Last release's code still reads what is dropped or renamed."""
    away = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)
    if isinstance(operation, away) and not getattr(migration, "contract_of", ""):
        yield (
            f"{_named(operation)} takes away what the last release uses: first a release that does "
            'without it, then this one with contract_of = "the migration that left it unused"'
        )


def left_behind(operation, migration: Migration, state: ProjectState) -> Complaints:
    """A column that the code has forgotten gets no value from it any more."""
    if not isinstance(operation, ops.SeparateDatabaseAndState) or operation.database_operations:
        return
    for one in operation.state_operations:
        if isinstance(one, ops.RemoveField):
            model = state.models[migration.app_label, one.model_name_lower]
            if not _may_be_left_out(model.fields[one.name]):
                yield f"{_named(one)} leaves a NOT NULL column behind: make it null=True first"


def locks(operation, migration: Migration, state: ProjectState) -> Complaints:
    """An index or a rule over a big table keeps writers out while it is made."""
    plain = type(operation) in (ops.AddIndex, ops.AddConstraint, ops.AlterUniqueTogether)
    if plain and _is_big(operation, migration):
        yield f"{_named(operation)} stops all writers: core.schema.AddIndexBesideWriters"
    if isinstance(operation, ops.AddField | ops.AlterField) and _is_big(operation, migration):
        field = operation.field
        old = _before(operation, migration, state)
        new_index = (field.db_index or field.unique) and not (old and (old.db_index or old.unique))
        if new_index and not field.primary_key:
            yield f"{_named(operation)} makes an index with it: db_index=False, and the index apart"


def rewrites(operation, migration: Migration, state: ProjectState) -> Complaints:
    """Another type rewrites the table; NOT NULL reads all of it under the strongest lock."""
    if not isinstance(operation, ops.AlterField):
        return
    old, new = _before(operation, migration, state), operation.field
    if old is None:
        return
    if old.null and not new.null:
        yield f"{_named(operation)} becomes NOT NULL: fill it, then core.schema.RequireValue"
    longer = (old.max_length or 0) <= (new.max_length or 0) or new.max_length is None
    if _is_big(operation, migration) and not (_column_of(old) == _column_of(new) and longer):
        yield f"{_named(operation)} rewrites the table: a new column, filled in pieces"


def _before(operation, migration: Migration, state: ProjectState) -> models.Field | None:
    model = state.models.get((migration.app_label, operation.model_name_lower))
    return model.fields.get(operation.name) if model else None


def _column_of(field: models.Field) -> str:
    return field.get_internal_type()


def _is_big(operation, migration: Migration) -> bool:
    name = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    return f"{migration.app_label}.{name.lower()}" in BIG


def _named(operation) -> str:
    parts = [getattr(operation, name, "") for name in ("model_name", "name")]
    return f"{type(operation).__name__} {'.'.join(filter(None, map(str, parts)))}".strip()


def _all(operations) -> Iterator:
    """Each operation with those inside it."""
    for one in operations:
        yield one
        yield from _all(getattr(one, "database_operations", []))


RULES: tuple[Callable[..., Complaints], ...] = (not_null, gone, left_behind, locks, rewrites)


def check_all() -> list[str]:
    """Every complaint about the migrations of this portal."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    state, found, seen = ProjectState(), [], set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key in seen:
                continue
            seen.add(key)
            migration = loader.graph.nodes[key]
            if key[0] in APPS:
                source = Path(_module(migration).__file__ or "").read_text(encoding="utf-8")
                before = state.clone()
                found += [
                    f"{key[0]} {key[1]}: {one}" for one in complaints(migration, source, before)
                ]
            state = migration.mutate_state(state, preserve=False)
    return found


def _module(migration: Migration) -> ModuleType:
    return sys.modules[type(migration).__module__]


def main() -> None:
    import django

    django.setup()
    found = check_all()
    sys.stdout.write("".join(f"{one}\n" for one in found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
