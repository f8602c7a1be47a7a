"""Rows of the audit trail are only ever added (trust.md C5, SEC-03)."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import append_only as tables
from core import audit, chain
from core.models import AuditEntry, AuditLink
from tests import make

pytestmark = pytest.mark.django_db


def filled():
    person = make.person("officer", regency=make.regency())
    audit.record(person, "login.succeed", person)
    chain.seal()
    return person


def tried(sql: str, *values) -> str:
    """What the database says to this statement; "" where it does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as refusal:
        return str(refusal)
    return ""


TRIES = [
    "update core_auditentry set action = 'x'",
    "update core_auditlink set hash = 'x'",
    "delete from core_auditlink",
    "delete from core_auditentry",
]


def test_every_migration_left_the_triggers_standing(append_only):
    assert not tables.missing()


def test_a_missing_trigger_is_named():
    """The control: ordinary tests run without them."""
    assert tables.missing() == tables.triggers()


@pytest.mark.asvs("16.4.2")
@pytest.mark.parametrize("sql", TRIES)
def test_rows_are_neither_changed_nor_removed(append_only, sql):
    filled()
    assert "append-only" in tried(sql)


@pytest.mark.parametrize("sql", TRIES)
def test_without_the_triggers_they_would_be(sql):
    filled()
    if "delete" in sql:
        assert tried("delete from core_auditlink") == ""
    assert tried(sql) == ""


@pytest.mark.asvs("16.4.2")
@pytest.mark.parametrize("table", tables.TABLES)
@pytest.mark.postgres
def test_no_table_is_emptied(append_only, table):
    filled()
    connection.check_constraints()  # what waits for the commit would be refused for that
    assert "append-only" in tried(f"truncate {table} cascade")


@pytest.mark.postgres
def test_emptying_the_people_does_not_take_their_trail(append_only):
    filled()
    connection.check_constraints()
    assert "append-only" in tried("truncate accounts_user cascade")


@pytest.mark.postgres
def test_a_session_that_plays_a_replica_is_refused_too(append_only):
    filled()
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
    assert "append-only" in tried("delete from core_auditentry")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a word of SQLite")
@pytest.mark.parametrize("table", tables.TABLES)
def test_no_row_is_replaced(append_only, table):
    filled()
    said = tried(f"insert or replace into {table} select * from {table}")
    assert "append-only" in said


def test_rows_are_still_added(append_only):
    person = filled()
    audit.record(person, "login.prove", person)
    assert chain.seal() == 1
    assert AuditEntry.objects.count() == AuditLink.objects.count() == 2
