"""As the role of the web server nobody tampers with the trail (SEC-03), on PostgreSQL."""

import os
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from core import append_only as tables
from core import audit, chain
from core.models import AuditEntry, AuditLink
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROLE = f"tampering_{os.getpid()}"

TRIES = {
    "change": "update core_auditentry set action = 'x'",
    "change the chain": "update core_auditlink set hash = 'x'",
    "remove": "delete from core_auditentry",
    "empty": "truncate core_auditentry cascade",
    "switch off": "alter table core_auditentry disable trigger all",
    "drop the trigger": "drop trigger core_auditentry_no_change on core_auditentry",
    "replace the function": "create or replace function core_refuse_change() returns trigger"
    " language plpgsql as 'begin return null; end'",
    "play a replica": "set session_replication_role = replica",
    "write over": "insert into core_auditlink select position, entry_id, 'x' from core_auditlink"
    " on conflict (position) do update set hash = 'x'",
    "drop the table": "drop table core_auditlink",
    "become the owner": "alter table core_auditentry owner to current_user",
}
#: What the owner herself cannot do while the triggers stand.
REFUSED_TO_ALL = {"change", "change the chain", "remove", "empty", "write over"}


@pytest.fixture
def trail(append_only):
    person = make.person("officer", regency=make.regency())
    audit.record(person, "login.succeed", person)
    chain.seal()
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"create role {ROLE}")
        cursor.execute(f"grant usage on schema public to {ROLE}")
        for table in tables.TABLES:
            cursor.execute(f"grant select, insert on {table} to {ROLE}")
        cursor.execute(f"grant usage on all sequences in schema public to {ROLE}")
    return person


@contextmanager
def as_app():
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {ROLE}")
        try:
            yield cursor
        finally:
            cursor.execute("reset role")


def refused(cursor, sql: str) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


@pytest.mark.asvs("16.4.2", "13.2.2")
@pytest.mark.parametrize("name", TRIES)
def test_the_app_tampers_in_vain(trail, name):
    before = list(AuditEntry.objects.values_list()), list(AuditLink.objects.values_list())
    with as_app() as cursor:
        assert refused(cursor, TRIES[name])
    assert (
        list(AuditEntry.objects.values_list()),
        list(AuditLink.objects.values_list()),
    ) == before
    assert tables.missing() == []


@pytest.mark.parametrize("name", sorted(set(TRIES) - REFUSED_TO_ALL))
def test_a_superuser_could(trail, name):
    """The control: these tries are real ones."""
    with connection.cursor() as cursor:
        assert not refused(cursor, TRIES[name])


def test_the_app_writes_and_seals(trail):
    with as_app():
        audit.record(None, "login.fail", trail)
        assert chain.seal() == 1
