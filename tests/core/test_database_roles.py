"""Each role of the database connects and tries what it may not do (ASVS 13.2.1 to 13.2.3)."""

import io
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import database_roles
from core.append_only import TABLES
from tests import roles

pytestmark = pytest.mark.django_db
postgres = pytest.mark.postgres
ACTIVITY, PEOPLE, KEYS = "programs_activity", "accounts_user", "accounts_apitoken"

#: What each role tries, and whether it may. `{}`: a name that nobody else has.
TRIES = {
    "select count(*) from programs_activity": {"pug_app", "pug_duty", "pug_read", "pug_backup"},
    "select username from accounts_user": {"pug_app", "pug_duty", "pug_read", "pug_backup"},
    # Secrets: for the portal and its copy.
    "select password from accounts_user": {"pug_app", "pug_duty", "pug_backup"},
    "select * from accounts_apitoken": {"pug_app", "pug_duty", "pug_backup"},
    "select * from django_session": {"pug_app", "pug_duty", "pug_backup"},
    "select key from otp_totp_totpdevice": {"pug_app", "pug_duty", "pug_backup"},
    # Rows: for the two that serve.
    "update accounts_user set name = name": {"pug_app", "pug_duty"},
    "delete from core_healthmark": {"pug_app", "pug_duty"},
    "insert into core_healthmark values ('x', true, '', now())": {"pug_app", "pug_duty"},
    # The shape of tables, and what only the owner may do.
    "create table stray (i int)": set(),
    "create temporary table stray (i int)": set(),
    "alter table programs_activity add stray int": set(),
    "alter table programs_activity disable row level security": set(),
    "drop policy pug_app_rows on programs_activity": set(),
    "truncate core_healthmark": set(),
    "delete from django_migrations": set(),
    "create role stray": set(),
    "set role pug_owner": set(),
    "set role pug_duty": set(),  # pug_duty itself may, of course
    "alter role current_user bypassrls": set(),
    "copy (select 1) to program 'true'": set(),
    "select pg_read_file('PG_VERSION')": set(),
    **{f"update {table} set id = id": set() for table in TABLES},
    **{f"delete from {table}": set() for table in TABLES},
    **{f"truncate {table}": set() for table in TABLES},
    "alter table core_auditentry disable trigger all": set(),
    "select pug_sees_everything()": {"pug_app"},
}
ITSELF = {("pug_duty", "set role pug_duty")}
SERVING = ("pug_app", "pug_duty", "pug_read", "pug_backup")


@pytest.fixture
def line(request):
    """A connection of its own, as this role, to the test's database."""
    to = connection.settings_dict
    where = {"host": to["HOST"], "port": to["PORT"] or None, "dbname": to["NAME"]}
    with closing(psycopg2.connect(user=request.param, **where)) as opened:
        opened.autocommit = True
        yield opened


@postgres
@pytest.mark.parametrize("line", SERVING, indirect=True)
def test_each_role_may_do_this_and_no_more(line):
    surprises = {}
    for statement, who in TRIES.items():
        may = line.info.user in who or (line.info.user, statement) in ITSELF
        told = tried(line, statement)
        if (told is None) != may:
            surprises[statement] = told or "was done"
    assert surprises == {}


def tried(line, statement: str) -> str | None:
    """What stood against it; None where it was done (and undone)."""
    with line.cursor() as cursor:
        cursor.execute("begin; set local statement_timeout = '5s'")
        try:
            cursor.execute(statement)
        except psycopg2.Error as refusal:
            return str(refusal).strip()
        finally:
            cursor.execute("rollback")
    return None


@postgres
@pytest.mark.parametrize("line", ["pug_read"], indirect=True)
def test_a_reader_writes_nothing_even_where_it_says_it_will(line):
    """Its sessions are read-only by default; that is a word, the missing rights are the lock."""
    with line.cursor() as cursor:
        cursor.execute("set default_transaction_read_only = off")
    assert "permission denied" in tried(line, "update accounts_user set name = name")


@postgres
@pytest.mark.parametrize("line", ["pug_app"], indirect=True)
def test_a_new_table_is_nobodys_until_it_is_secured(line):
    """Negative control of the rights: what was not given is not there."""
    with connection.cursor() as cursor:
        cursor.execute("create table just_made (i int)")
        try:
            cursor.execute("commit; begin")
            assert "permission denied" in tried(line, "select * from just_made")
        finally:
            cursor.execute("drop table just_made; commit; begin")


@postgres
def test_securing_again_changes_nothing():
    before = rights()
    call_command("secure_database", stdout=io.StringIO())
    assert rights() == before


def rights() -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relacl::text from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') order by 1"
        )
        tables = cursor.fetchall()
        cursor.execute("select polname, polrelid::regclass::text, oid from pg_policy order by 1, 2")
        return [*tables, *cursor.fetchall()]


@postgres
def test_a_policy_that_was_changed_by_hand_is_put_back():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("drop policy pug_app_rows on programs_nudge")
        cursor.execute("create policy pug_app_rows on programs_nudge using (true)")
        call_command("secure_database", stdout=io.StringIO())
        cursor.execute(
            "select pg_get_expr(polqual, polrelid) from pg_policy"
            " where polname = 'pug_app_rows' and polrelid = 'programs_nudge'::regclass"
        )
        assert "pug_villages" in cursor.fetchone()[0]
        transaction.set_rollback(True)


@postgres
def test_without_the_roles_it_says_what_to_run(monkeypatch):
    monkeypatch.setattr(database_roles, "ALL", ("pug_owner", "pug_nobody_made"))
    with pytest.raises(CommandError, match=r"pug_nobody_made.*roles\.sql"):
        call_command("secure_database")


@postgres
def test_roles_may_be_made_again():
    """As often as it is run: the same roles, and nobody's membership but the backup's."""
    roles.psql("-v", f"database={connection.settings_dict['NAME']}", "-f", str(roles.SQL))
    told = roles.psql(
        "-At",
        "-c",
        "select rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        " from pg_roles where rolname like 'pug\\_%' order by 1",
    )
    assert told.splitlines() == [
        "pug_app|f|f|f|f|f",
        "pug_backup|f|f|f|t|t",
        "pug_duty|f|f|f|f|t",
        "pug_owner|f|f|f|f|f",
        "pug_read|f|f|f|f|f",
    ]


def test_on_sqlite_there_is_nothing_to_do():
    if connection.vendor == "sqlite":
        said = io.StringIO()
        call_command("secure_database", stdout=said)
        assert "SQLite has no roles" in said.getvalue()
