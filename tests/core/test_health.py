"""What a monitor asks: each part goes red by a real fault, and green again when it is over."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core import health, maintenance, tasks
from core.models import HealthMark
from programs.models import Delivery, ImportJob, Webhook
from tests import make

pytestmark = pytest.mark.django_db
Recorded = MigrationRecorder.Migration
WORKER = {"batch": True, "interval": 0, "verbosity": 0, "startup_delay": False}


def told(client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz/")
    return response.status_code, response.json()


@contextmanager
def red(client, part: str, said: str):
    """Red by this part and no other, with these words; green again afterwards."""
    status, parts = told(client)
    assert (status, parts[part]) == (503, said)
    assert {name for name, one in parts.items() if one not in health.WELL} == {part}
    yield
    status, parts = told(client)
    assert (status, parts[part]) == (200, "ok")


def aged(name: str, **age) -> None:
    HealthMark.objects.filter(name=name).update(at=timezone.now() - timedelta(**age))


@pytest.fixture
def lived():
    """A portal that has been in service for a while and whose duties have all been done."""
    Recorded.objects.update(applied=timezone.now() - timedelta(days=9))
    for name in ("tend", "worker", "rollups", "audit", "backup"):
        HealthMark.objects.create(name=name, ok=True)


def test_healthz_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok")


def test_a_new_portal_is_well_before_its_first_night(client):
    status, parts = told(client)
    assert status == 200
    assert parts == {
        **dict.fromkeys(["database", "maintenance", "disk", "migrations", "clock", "queue"], "ok"),
        **dict.fromkeys(["tend", "worker", "rollups", "audit"], "not yet"),
        "backup": "not set up",
    }


def test_readiness_is_cheap(client, lived, django_assert_max_num_queries):
    told(client)
    began = time.perf_counter()
    with django_assert_max_num_queries(9):
        assert told(client)[0] == 200
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("rollups", "differ from the facts"),
        ("audit", "chain is broken"),
        ("backup", "failed"),
    ],
)
def test_nightly_work_that_found_trouble(client, settings, lived, part, said):
    settings.BACKUP_RECIPIENTS = ["age1example"]
    HealthMark.objects.filter(name=part).update(ok=False, detail="3 rows in 64.01.04.2002")
    with red(client, part, said):
        assert b"64.01" not in client.get("/readyz/").content
        HealthMark.objects.filter(name=part).update(ok=True)


def test_the_weekly_copy_of_the_cluster_failed(client, settings, lived):
    """The nights in between were good: how old the copy may be is theirs to judge."""
    settings.BACKUP_RECIPIENTS = ["age1example"]
    mark = HealthMark.objects.create(name="backup_base", ok=False, detail="no room")
    with red(client, "backup", "failed"):
        mark.ok = True
        mark.save()


@pytest.mark.parametrize("part", ["rollups", "audit", "backup"])
def test_nightly_work_that_was_left_out(client, settings, lived, part):
    settings.BACKUP_RECIPIENTS = ["age1example"]
    aged(part, hours=27)
    with red(client, part, "too old"):
        HealthMark.objects.update_or_create(name=part, defaults={"ok": True})


@pytest.mark.parametrize("part", ["tend", "worker", "rollups", "audit", "backup"])
def test_nothing_stays_green_for_never_having_run(client, settings, lived, part):
    settings.BACKUP_RECIPIENTS = ["age1example"]
    HealthMark.objects.filter(name=part).delete()
    with red(client, part, "never ran"):
        HealthMark.objects.create(name=part, ok=True)


def test_the_demonstration_has_no_nights(client, settings, lived):
    settings.NIGHTLY_WORK = False
    aged("rollups", days=5)
    HealthMark.objects.filter(name="audit").delete()
    assert told(client)[0] == 200


@pytest.mark.once  # emptying all tables takes PostgreSQL long
@pytest.mark.django_db(transaction=True)
def test_what_runs_beside_the_web_server_ended(client):
    """The keeper of duties, then the worker: red until it is started again."""
    call_command("tend", once=True)
    call_command("db_worker", **WORKER)
    assert (told(client)[1]["tend"], told(client)[1]["worker"]) == ("ok", "ok")
    aged("tend", minutes=6)
    with red(client, "tend", "too old"):
        call_command("tend", once=True)
    aged("worker", minutes=21)
    tasks.ask_the_worker()
    tasks.ask_the_worker()
    waiting = tasks.DBTaskResult.objects.filter(finished_at=None)
    assert waiting.count() == 1, "one question is enough"
    with red(client, "worker", "too old"):
        call_command("db_worker", **WORKER)


def test_a_task_stands_in_the_queue(client, lived):
    tasks.answer.enqueue()
    rows = tasks.DBTaskResult.objects
    rows.update(enqueued_at=timezone.now() - timedelta(minutes=16))
    with red(client, "queue", "stands still"):
        rows.all().delete()


def test_a_sheet_and_a_message_stand_in_their_queues(client, lived):
    long_ago = timezone.now() - timedelta(minutes=16)
    sheet = ImportJob.objects.create(
        actor=make.officer(), name="x.csv", digest="0", size=1, created_at=long_ago
    )
    with red(client, "queue", "stands still"):
        ImportJob.objects.filter(pk=sheet.pk).update(state="done")
    hook = Webhook.objects.create(owner=make.officer(), name="x", url="https://x.example/")
    Delivery.objects.create(
        webhook=hook, event="activity.created", record=hook.uid, body="{}", next_at=long_ago
    )
    with red(client, "queue", "stands still"):
        Delivery.objects.update(state="sent")


def test_a_clock_that_was_set_back(client, lived):
    aged("audit", hours=-2)
    with red(client, "clock", "was set back"):
        aged("audit", hours=1)


def test_tables_older_than_the_code(client, lived):
    row = Recorded.objects.get(app="core", name="0007_request_counts")
    row.delete()
    with red(client, "migrations", "1 not applied"):
        row.pk = None
        row.save()


def test_tables_newer_than_the_code_still_serve(client, lived):
    Recorded.objects.create(app="core", name="0999_of_the_next_release", applied=timezone.now())
    assert told(client)[0] == 200


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own in memory: (path, change of its options)."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20g", "pug-test", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("only root may make a disk of its own")
    try:
        yield (
            tmp_path,
            lambda options: subprocess.run(
                ["mount", "-o", f"remount,{options}", str(tmp_path)], check=True
            ),
        )
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


@pytest.mark.once
@pytest.mark.parametrize("which", ["VAR_DIR", "BACKUP_DIR"])
def test_a_disk_that_fills_up(client, settings, lived, small_disk, which):
    place, remount = small_disk
    setattr(settings, which, place)
    assert told(client)[0] == 200
    remount("size=8m")
    (place / "ballast").write_bytes(bytes(7_500_000))
    with red(client, "disk", "nearly full"):
        (place / "ballast").unlink()
        remount("size=20g")


@pytest.mark.once
def test_a_disk_that_takes_nothing_more(client, settings, lived, small_disk):
    settings.VAR_DIR, remount = small_disk
    remount("ro")
    with red(client, "disk", "read only"):
        remount("rw")


@pytest.mark.once
def test_a_disk_that_is_not_there(client, settings, lived, tmp_path):
    settings.BACKUP_DIR = tmp_path / "mounted"
    with red(client, "disk", "not there"):
        settings.BACKUP_DIR.mkdir()


def test_a_closed_portal_says_so_to_monitors(client, settings, lived, tmp_path):
    settings.VAR_DIR = tmp_path
    until = timezone.now() + timedelta(minutes=10)
    maintenance.close(until)
    with red(client, "maintenance", f"on until {until:%Y-%m-%dT%H:%MZ}"):
        assert client.get("/healthz/").status_code == 200
        maintenance.open_again()


@contextmanager
def database_gone(monkeypatch, tmp_path: Path):
    """New connections find a server that refuses, or a file that is no database."""
    with monkeypatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
            patch.setitem(connection.settings_dict, "PORT", _closed_port())
        else:
            broken = tmp_path / "broken.sqlite3"
            broken.write_bytes(os.urandom(8192))
            patch.setitem(connection.settings_dict, "NAME", str(broken))
        yield


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def test_a_database_that_is_gone(client, lived, monkeypatch, tmp_path):
    with database_gone(monkeypatch, tmp_path):
        status, parts = told(client)
    assert status == 503
    assert parts["database"] == "does not answer"
    assert parts["rollups"] == parts["migrations"] == "cannot be asked"
    assert parts["disk"] == "ok"
    assert told(client)[0] == 200


@pytest.mark.postgres
def test_a_database_that_hangs_is_told_of_in_time(client, lived, monkeypatch):
    """It takes the connection and says nothing: no time-out of its own ever ends that."""
    monkeypatch.setattr(health, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", str(silent.getsockname()[1]))
        patch.setitem(connection.settings_dict["OPTIONS"], "connect_timeout", 3)
        spent = []
        for _turn in range(2):
            began = time.monotonic()
            assert told(client)[1]["database"] == "does not answer"
            spent.append(time.monotonic() - began)
    assert spent[0] < 2
    assert spent[1] < 0.5, "the question that hangs is not asked twice"
    time.sleep(2.2)  # until the old question gives up
    assert told(client)[0] == 200


@pytest.mark.postgres
def test_a_table_that_is_locked_is_told_of_in_time(client, lived):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(f"BEGIN; LOCK TABLE {tasks.DBTaskResult._meta.db_table}")
        began = time.monotonic()
        status, parts = told(client)
        spent = time.monotonic() - began
        cursor.execute("ROLLBACK")
    other.close()
    assert (status, parts["database"]) == (503, "does not answer")
    assert spent < 5
    assert told(client)[0] == 200


def test_every_part_has_words_for_the_office():
    from dashboards.health_words import WORDS

    assert set(WORDS) == {"database", *health.PARTS, *health.TOLD, *health.ASIDE}
