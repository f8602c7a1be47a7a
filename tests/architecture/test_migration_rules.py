"""`make check` refuses migrations that stop people, or the last release's code; each rule shown."""

from __future__ import annotations

import pytest
from django.db import migrations as m
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from core import schema
from pug_portal import migration_rules as rules

pytestmark = pytest.mark.tree
NOT_GIVEN = object()


def state() -> ProjectState:
    """One big table and a small one."""
    made = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("title", models.CharField(max_length=80)),
        ("note", models.TextField(null=True)),
        ("held_on", models.DateField(null=True)),
    ]
    for name in ("Activity", "Nudge"):
        made.add_model(ModelState("programs", name, [(key, one.clone()) for key, one in fields]))
    return made


def said(*operations, name="0999_later", source="", **given) -> list[str]:
    kind = type("Migration", (m.Migration,), {"operations": list(operations), **given})
    return list(rules.complaints(kind(name, "programs"), source, state()))


def text(**options) -> models.Field:
    return models.CharField(max_length=80, **options)


def noop(apps, editor):
    """Nothing to do."""


INDEX = models.Index(fields=["title"], name="by_title")
UNIQUE = models.UniqueConstraint(fields=["title"], name="once")
REMOVE = m.RemoveField("activity", "title")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (m.AddField("nudge", "x", text()), "is NOT NULL"),
        (m.AddField("nudge", "x", text(default="-")), "is NOT NULL"),
        (REMOVE, "takes away"),
        (m.DeleteModel("Nudge"), "takes away"),
        (m.RenameField("nudge", "title", "name"), "takes away"),
        (m.RenameModel("Nudge", "Push"), "takes away"),
        (m.AlterModelTable("nudge", "push"), "takes away"),
        (m.SeparateDatabaseAndState(state_operations=[REMOVE]), "leaves a NOT NULL column behind"),
        (m.AddIndex("activity", INDEX), "stops all writers"),
        (m.AddConstraint("activity", UNIQUE), "stops all writers"),
        (m.AddField("activity", "x", text(null=True, db_index=True)), "makes an index"),
        (m.AddField("activity", "x", text(null=True, unique=True)), "makes an index"),
        (m.AlterField("activity", "title", text(db_index=True)), "makes an index"),
        (m.AlterField("activity", "note", models.TextField()), "becomes NOT NULL"),
        (m.AlterField("activity", "title", models.TextField()), "rewrites the table"),
        (m.AlterField("activity", "title", models.CharField(max_length=8)), "rewrites the table"),
        (m.RunPython(noop), "cannot be undone"),
        (m.RunSQL("SELECT 1"), "cannot be undone"),
        (
            m.SeparateDatabaseAndState(database_operations=[m.RunSQL("SELECT 1")]),
            "cannot be undone",
        ),
    ],
)
def test_what_harms_is_refused(operation, words):
    assert any(words in one for one in said(operation)), said(operation)


@pytest.mark.parametrize(
    "operation",
    [
        m.AddField("activity", "x", text(null=True)),
        m.AddField("activity", "x", text(db_default="-")),
        m.AlterField("activity", "title", models.CharField(max_length=200)),
        m.AddIndex("nudge", INDEX),
        m.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("x", text())]),
        m.SeparateDatabaseAndState(state_operations=[m.RemoveField("activity", "note")]),
        schema.AddIndexBesideWriters("activity", INDEX),
        m.RunPython(noop, noop),
        m.RunSQL("SELECT 1", m.RunSQL.noop),
    ],
)
def test_what_does_no_harm_is_let_through(operation):
    assert said(operation) == []


def test_a_release_later_what_nobody_uses_may_go():
    assert said(REMOVE, contract_of="programs 0012_without_title") == []
    assert said(REMOVE, contract_of="") != []


def test_tables_and_data_are_two_migrations():
    both = m.AddField("activity", "x", text(null=True)), m.RunPython(noop, noop)
    assert ["changes tables and data together" in one for one in said(*both)] == [True]


def test_each_operation_is_judged_by_what_stands_before_it():
    first = m.AddField("activity", "x", models.TextField(null=True))
    assert said(first, m.AlterField("activity", "x", models.TextField())) != []


@pytest.mark.parametrize(
    "line",
    [
        "from programs.models import Activity",
        "import programs.services",
        "from core import audit",
        "from pug_portal import settings",
        "from ..models import Activity",
        "from . import words",
    ],
)
def test_code_of_today_is_refused_in_old_and_new(line):
    assert any("imports" in one for one in said(source=line))
    assert any("imports" in one for one in said(source=line, name="0001_first"))


@pytest.mark.parametrize("line", ["import core.identifiers", "import core.schema", "import uuid"])
def test_what_lasts_may_be_imported(line):
    assert said(source=line) == []


def test_the_first_release_had_nobody_to_be_careful_with():
    assert said(m.DeleteModel("Nudge"), name="0001_first") == []


def test_the_migrations_of_this_portal_are_safe():
    assert rules.check_all() == []
