"""`manage.py migrate` beside people who write: it waits a little, lets them by, and succeeds."""

from __future__ import annotations

import io
import threading
import time

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from core import patience

WRITERS, PACE = 5, 0.25  # 20 lines a second
BAR = 5  # seconds that nobody may wait longer
LOOK = "SELECT count(*) FROM migrating_written"


@pytest.fixture
def table(settings, monkeypatch, django_db_setup, django_db_blocker):
    """The first migration of an app of its own; taken back at the end, whatever stands. No other
    table is written, so that none has to be emptied."""
    monkeypatch.setattr(patience, "LOCK_WAIT", 1)
    ours = "tests.core.migrating.apps.MigratingConfig"
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, ours]
    with django_db_blocker.unblock():
        migrate("migrating", "0001")
        yield "migrating_written"
        migrate("migrating", "zero")
        ContentType.objects.filter(app_label="migrating").delete()


def migrate(*words: str) -> str:
    out = io.StringIO()
    call_command("migrate", *words, verbosity=0, stdout=out)
    return out.getvalue()


class Writers:
    """Threads that write with a steady hand, and remember how long each line took."""

    def __init__(self, table: str):
        self.took: list[float] = []
        self.failed: list[str] = []
        self._over = threading.Event()
        self._statement = f"INSERT INTO {table} (said) VALUES ('x')"
        self._threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *trouble):
        self._over.set()
        for one in self._threads:
            one.join(20)

    def _write(self):
        own = connection.copy()
        while not self._over.is_set():
            began = time.monotonic()
            try:
                with own.cursor() as cursor:
                    cursor.execute(self._statement)
            except Exception as reason:
                self.failed.append(str(reason))
            self.took.append(time.monotonic() - began)
            self._over.wait(PACE)
        own.close()


class Holding:
    """A transaction that stays open for so long after somebody began to wait for its table."""

    def __init__(self, statement: str, seconds: float):
        self._statement, self._seconds = statement, seconds
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self):
        self._thread.start()
        assert self._begun.wait(10)

    def __exit__(self, *trouble):
        self._thread.join(40)

    def _hold(self):
        own = connection.copy()
        with own.cursor() as cursor:
            cursor.execute(f"BEGIN; {self._statement}")
            self._begun.set()
            self._await_somebody(cursor)
            time.sleep(self._seconds)
            cursor.execute("ROLLBACK")
        own.close()

    @staticmethod
    def _await_somebody(cursor):
        """Until somebody waits for us; a busy machine takes its time to get there."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)


def columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {one.name for one in connection.introspection.get_table_description(cursor, table)}


@pytest.mark.postgres
@pytest.mark.alone
def test_a_column_is_added_beside_writers_and_a_long_look(table):
    with Writers(table) as writers, Holding(LOOK, 2):
        said = migrate("migrating", "0002")
    assert "at" in columns(table)
    assert "A table is in use" in said
    assert "process" in said, "whoever waits is told for whom"
    assert writers.failed == []
    assert len(writers.took) > 15
    assert max(writers.took) < BAR


@pytest.mark.postgres
@pytest.mark.alone
def test_without_patience_writers_wait_for_the_whole_look(table, monkeypatch):
    """The control: the same, as Django does it, keeps everybody out for as long as it takes."""
    monkeypatch.setattr(patience, "patiently", lambda alias, work, out: work())
    monkeypatch.setattr("core.management.commands.migrate.patiently", patience.patiently)
    look = 3
    with Writers(table) as writers, Holding(LOOK, look):
        migrate("migrating", "0002")
    assert max(writers.took) > look - 1


@pytest.mark.postgres
@pytest.mark.alone
def test_a_half_made_index_is_removed_and_made_again(table):
    """CONCURRENTLY waits for whoever writes, and leaves its half behind when it gives up."""
    migrate("migrating", "0002")
    with Holding(f"INSERT INTO {table} (said) VALUES ('x')", 2.5):
        said = migrate("migrating", "0003")
    assert "removing the unfinished index" in said
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'written_by_said'::regclass"
        )
        assert cursor.fetchall() == [(True,)]


@pytest.mark.postgres
@pytest.mark.alone
def test_it_gives_up_in_the_end_and_leaves_all_as_it_was(table, monkeypatch):
    monkeypatch.setattr(patience, "TRIES", 1)
    with Holding(LOOK, 2), pytest.raises(OperationalError, match="lock timeout"):
        migrate("migrating", "0002")
    assert "at" not in columns(table)
    applied = MigrationRecorder(connection).applied_migrations()
    assert ("migrating", "0002_at") not in applied
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",), "what held before holds again"


def test_elsewhere_it_is_the_plain_one(table):
    assert apps.is_installed("tests.core.migrating")
    migrate("migrating")
    assert "at" in columns(table)


@pytest.mark.django_db
def test_inside_somebody_elses_transaction_it_tries_once():
    """What was done before in that transaction would be lost by trying again."""
    tries = []

    def work():
        tries.append(1)
        raise OperationalError("canceling statement due to lock timeout")

    with pytest.raises(OperationalError, match="lock timeout"):
        patience.patiently("default", work, io.StringIO())
    assert tries == [1]
