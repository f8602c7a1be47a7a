"""`manage.py tend`: duties are done in their time, one that breaks stops nobody, and it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from programs import duties
from programs.management.commands import tend

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def done(monkeypatch):
    """Duties of a test: what was done, in order."""
    found = []

    def duty(name, wish=1.0, trouble=None):
        def do():
            found.append(name)
            if trouble:
                raise trouble
            return wish

        do.__name__ = name
        return do

    def give(*rows):
        monkeypatch.setattr(duties, "DUTIES", tuple(duty(*row) for row in rows))
        return found

    return give


@pytest.mark.django_db(transaction=True)
def test_every_duty_of_the_portal_runs(caplog):
    call_command("tend", once=True)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.django_db(transaction=True)
def test_broken_duty_is_told_and_does_not_stop_the_others(done, caplog):
    found = done(("one", 1.0, RuntimeError("broken pipe")), ("two",))
    with pytest.raises(SystemExit):
        call_command("tend", once=True)
    assert found == ["one", "two"]
    assert "The duty one failed" in caplog.text
    assert "broken pipe" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_wishes_are_kept_within_bounds(done, monkeypatch):
    """An eager duty is asked every half second, a lazy one when it wished, at most 30 s asleep."""
    found, clock, ended = done(("eager", 0.0), ("lazy", 100.0)), [0.0], []
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += seconds
        if clock[0] > 10:
            ended.append(signal.SIGTERM)

    monkeypatch.setattr(tend.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(tend.time, "sleep", sleep)
    tend._tend(ended)
    assert found.count("lazy") == 1
    assert 18 <= found.count("eager") <= 22
    assert max(slept) <= tend.SHORTEST


@pytest.mark.once
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_calmly(tmp_path, lay_tables, told):
    lay_tables(tmp_path)
    surroundings = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        "PUG_DEBUG": "1",
        "PUG_VAR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    running = subprocess.Popen(
        [sys.executable, "manage.py", "tend", "-v2"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline() == "Tending.\n"
    time.sleep(1)
    assert running.poll() is None
    running.send_signal(told)
    _, trouble = running.communicate(timeout=30)
    assert running.returncode == 0, trouble
    assert "Traceback" not in trouble
