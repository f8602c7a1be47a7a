"""Sheets in the background: every row exactly once, whoever is killed and wherever."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.errors import Refused, Stale
from core.models import AuditEntry
from programs.imports import open_sheet
from programs.models import Activity, ImportJob, ImportProblem, ImportState, Submission
from programs.rollups import differences
from programs.services import importing
from tests import make
from tests.racing import at_once
from tests.sheets import HEADER, content, judged, line, sheet
from villages.models import Village

ROOT = Path(__file__).parents[2]


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def program():
    return make.program(title="Pelatihan Perikanan")


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(importing, "PIECE", 4)


def silence(job: ImportJob) -> None:
    """As if its worker had said nothing for long."""
    past = timezone.now() - importing.SILENCE - timedelta(seconds=1)
    ImportJob.objects.filter(pk=job.pk).update(beat_at=past)


def the_sheet_is_whole(job: ImportJob, rows: int, wrong: int) -> None:
    """Every row once: in the counters, among the refused ones, and on file."""
    job.refresh_from_db()
    assert (job.state, job.rows, job.judged) == (ImportState.DONE, rows, rows)
    assert (job.accepted, job.rejected, job.duplicate, job.conflict) == (rows - wrong, wrong, 0, 0)
    assert job.problems.count() == wrong
    assert Activity.objects.count() == rows - wrong
    assert Activity.objects.values("title").distinct().count() == rows - wrong
    assert not list(differences(Village.objects.all()))


@pytest.mark.django_db
def test_a_trial_stores_nothing_and_says_what_would_come(head, program):
    job = judged(sheet(program, 10, wrong=5), head, dry_run=True)
    assert (job.state, job.accepted, job.rejected) == ("done", 8, 2)
    assert not Activity.objects.exists()
    assert not Submission.objects.exists()
    one = job.problems.first()
    assert (one.number, one.outcome) == (2, "rejected")
    assert one.cells["women_participants"] == "banyak"
    assert one.problems[0]["field"] == "women_participants"


@pytest.mark.django_db
def test_a_tried_sheet_is_applied_once_however_often_it_is_pressed(head, program):
    tried = judged(sheet(program, 10, wrong=5), head, dry_run=True)
    first, again = importing.apply(tried, head), importing.apply(tried, head)
    assert first == again
    importing.work(first.pk)
    the_sheet_is_whole(first, 10, 2)
    assert importing.apply(tried, head) == first
    tried.refresh_from_db()
    assert (first.content, tried.content) == (None, None)


@pytest.mark.django_db
def test_a_trial_judges_as_the_real_thing_does(head, program):
    mixed = content(
        line(program, 1),
        line(program, 1),
        line(program, 2, day="31/02/2026"),
        line(program, 3, village="64.01.04.9999"),
        line(program, 4, women="-5"),
        line(program, 5, day="1/1/2019"),
        f"64.01.04.2002;Tak ada;4/3/2026;{'x' * 300};;",
    )
    tried = judged(mixed, head, dry_run=True)
    kept = judged(mixed, head)
    names = ("accepted", "duplicate", "conflict", "rejected")
    assert [getattr(tried, one) for one in names] == [getattr(kept, one) for one in names]
    told = [list(job.problems.values_list("number", "problems")) for job in (tried, kept)]
    assert told[0] == told[1]
    again = judged(mixed, head, dry_run=True)
    assert (again.duplicate, again.accepted, again.rejected) == (2, 0, 5)


@pytest.mark.django_db
def test_uids_of_the_sheets_own_clash_in_a_trial_as_they_do_in_earnest(head, program):
    uid = "0198c6b2-0000-7000-8000-000000000001"
    rows = [f"{line(program, number)};{uid}" for number in (1, 1, 2)]
    data = "\n".join([f"{HEADER};uid", *rows, f"{line(program, 9)};bukan"]).encode()
    for dry_run in (True, False):
        job = judged(data, head, dry_run=dry_run)
        counts = (job.accepted, job.duplicate, job.conflict, job.rejected)
        assert counts == (1, 1, 1, 1), dry_run


@pytest.mark.asvs("2.3.3", "16.5.3")
@pytest.mark.django_db
def test_a_piece_that_breaks_leaves_nothing_and_is_done_again(
    head, program, small_pieces, monkeypatch
):
    """Broken after the facts were written, before the counters were: both go."""
    job = importing.take_in(sheet(program, 18, wrong=6), "a.csv", head, False)
    noted, calls = importing._note_refused, []

    def breaking(*args):
        noted(*args)
        calls.append(1)
        if len(calls) in (2, 4):
            raise RuntimeError("the power went")

    monkeypatch.setattr(importing, "_note_refused", breaking)
    for done in (4, 8):
        with pytest.raises(RuntimeError):
            importing.work(job.pk)
        job.refresh_from_db()
        assert (job.state, job.judged) == (ImportState.RUNNING, done)
        assert job.accepted + job.rejected == done
        assert Activity.objects.count() == job.accepted
        assert ImportProblem.objects.count() == job.rejected
        importing.work(job.pk)  # still held by the one before
        assert ImportJob.objects.get(pk=job.pk).judged == done
        silence(job)
    importing.work(job.pk)
    the_sheet_is_whole(job, 18, 3)


@pytest.mark.django_db
def test_equal_rows_keep_their_uids_when_another_worker_goes_on(
    head, program, small_pieces, monkeypatch
):
    job = importing.take_in(content(*[line(program)] * 10), "a.csv", head, False)
    commit = importing._commit
    monkeypatch.setattr(importing, "_commit", lambda job, *rest: commit(job, *rest) and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        importing.work(job.pk)
    monkeypatch.setattr(importing, "_commit", commit)
    silence(job)
    importing.work(job.pk)
    job.refresh_from_db()
    assert (job.accepted, job.duplicate) == (10, 0)
    assert judged(content(*[line(program)] * 10), head).duplicate == 10


@pytest.mark.django_db
def test_a_sheet_that_kills_its_worker_is_given_up_in_words(head, program, monkeypatch):
    job = importing.take_in(sheet(program, 3), "a.csv", head, False)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(importing, "judge_piece", broken)
    for _try in range(importing.MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            importing.work(job.pk)
        silence(job)
    importing.work(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FAILED
    assert "kali" in job.trouble
    assert job.finished_at


@pytest.mark.django_db
def test_a_stopped_sheet_stops_at_the_next_piece(head, program, small_pieces, monkeypatch):
    job = importing.take_in(sheet(program, 12), "a.csv", head, False)
    commit = importing._commit

    def stopped_meanwhile(ours, *rest):
        went_on = commit(ours, *rest)
        importing.stop(job, head)
        return went_on

    monkeypatch.setattr(importing, "_commit", stopped_meanwhile)
    with pytest.raises(Stale):
        importing.work(job.pk)  # the second piece is refused, the second stop comes too late
    job.refresh_from_db()
    assert (job.state, job.judged, Activity.objects.count()) == (ImportState.STOPPED, 4, 4)
    with pytest.raises(Stale):
        importing.stop(job, head)


@pytest.mark.django_db
def test_whose_rights_end_meanwhile_records_nothing_more(head, program):
    job = importing.take_in(sheet(program, 3), "a.csv", head, False)
    head.grants.update(valid_until=timezone.localdate() - timedelta(days=1))
    importing.work(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FAILED
    assert job.trouble
    assert not Activity.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "unusable"),
        (b"\x00\x01", "unusable"),
        (b"%PDF-1.7", "unusable"),
        (b"PK\x03\x04 cut off", "unusable"),
        (b"x" * 5_000_001, "too_large"),
    ],
)
def test_what_can_be_told_at_once_is_told_at_once(head, data, code):
    with pytest.raises(Refused) as refusal:
        importing.take_in(data, "a.csv", head, True)
    assert (refusal.value.code, refusal.value.problems[0].field) == (code, "file")
    assert not ImportJob.objects.exists()


@pytest.mark.django_db
def test_who_records_nowhere_sends_no_sheet(program):
    with pytest.raises(Refused) as refusal:
        importing.take_in(sheet(program, 1), "a.csv", make.person("auditor"), True)
    assert refusal.value.code == "not_permitted"


@pytest.mark.django_db
def test_too_many_rows_fail_in_words(head, program, monkeypatch):
    monkeypatch.setattr(importing, "open_sheet", partial(open_sheet, most_rows=3))
    job = judged(sheet(program, 4), head)
    assert (job.state, job.judged) == (ImportState.FAILED, 0)
    assert "50.000" in job.trouble


@pytest.mark.django_db
def test_the_same_file_pressed_twice_is_one_job(head, program):
    data = sheet(program, 2)
    first = importing.take_in(data, "a.csv", head, True)
    assert importing.take_in(data, "b.csv", head, True) == first
    assert importing.take_in(data, "a.csv", head, False) != first
    assert importing.take_in(data, "a.csv", make.village_head(), True) != first
    importing.work(first.pk)
    assert importing.take_in(data, "a.csv", head, True) == first
    ImportJob.objects.update(created_at=timezone.now() - importing.SAME * 2)
    assert importing.take_in(data, "a.csv", head, True) != first


@pytest.mark.asvs("2.4.1", "15.2.2")
@pytest.mark.django_db
def test_nobody_fills_the_queue(head, program):
    for number in range(importing.MOST_WAITING):
        importing.take_in(content(line(program, number)), "a.csv", head, True)
    with pytest.raises(Refused) as refusal:
        importing.take_in(content(line(program, 99)), "a.csv", head, True)
    assert refusal.value.code == "too_many_waiting"


@pytest.mark.django_db
def test_content_goes_when_nobody_needs_it(head, program):
    old = judged(sheet(program, 2), head, dry_run=True)
    new = judged(sheet(program, 3), head, dry_run=True)
    long_ago = timezone.now() - importing.KEPT - timedelta(days=1)
    ImportJob.objects.filter(pk=old.pk).update(created_at=long_ago)
    assert importing.empty_old() > 0
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.content is None, new.content is None) == (True, False)
    with pytest.raises(Stale) as gone:
        importing.apply(old, head)
    assert gone.value.code == "content_gone"


@pytest.mark.django_db
def test_the_trail_tells_of_the_sheet(head, program):
    job = judged(sheet(program, 3, wrong=3), head)
    told = AuditEntry.objects.filter(object_type="importjob", object_id=str(job.pk))
    assert [one.action for one in told.order_by("pk")] == ["import.received", "import.done"]
    assert told.get(action="import.done").changes["accepted"] == 2


@pytest.mark.django_db
def test_silent_and_forgotten_jobs_come_before_a_worker_again(
    head, program, django_capture_on_commit_callbacks
):
    silent, waiting, lost, done = (
        importing.take_in(content(line(program, number)), "a.csv", head, True)
        for number in range(4)
    )
    long_ago = timezone.now() - importing.LOST * 2
    ImportJob.objects.filter(pk=silent.pk).update(state="running", beat_at=long_ago)
    ImportJob.objects.filter(pk=lost.pk).update(created_at=long_ago)
    ImportJob.objects.filter(pk=done.pk).update(state="done", beat_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert importing.take_up() > 0
    asked = {one.args_kwargs["args"][0] for one in DBTaskResult.objects.all()}
    assert asked == {str(silent.pk), str(lost.pk)}
    assert str(waiting.pk) not in asked


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_job(head, program):
    job = importing.take_in(sheet(program, 30, wrong=10), "a.csv", head, False)
    ImportJob.objects.filter(pk=job.pk).update(
        state="running", beat_at=timezone.now() - importing.SILENCE * 2
    )
    taken = at_once(*[lambda: importing._take(job.pk)] * 8)
    assert sum(one is not None for one in taken) == 1, taken
    silence(job)
    at_once(*[lambda: importing.work(job.pk)] * 4)
    the_sheet_is_whole(job, 30, 3)


_WORKER = """
import django, time
django.setup()
from programs.services import importing
importing.PIECE = 25
commit, noted = importing._commit, importing._note_refused
def slowly(*args):
    noted(*args)
    time.sleep(0.02)
importing._note_refused = slowly
importing.work({uid!r})
"""


@pytest.mark.django_db(transaction=True)
def test_workers_killed_again_and_again_do_every_row_once(head, program):
    """Real processes, SIGKILL at whatever they are doing: in a piece, between two, at a commit."""
    job = importing.take_in(sheet(program, 600, wrong=50), "a.csv", head, False)
    killed = 0
    for pause in (0.0, 0.03, 0.07, 0.11, 0.17, 60.0):
        before = ImportJob.objects.get(pk=job.pk).judged
        worker = subprocess.Popen(  # noqa: S603 - this test's own text
            [sys.executable, "-c", _WORKER.format(uid=str(job.pk))], cwd=ROOT, env=_same_database()
        )
        if pause < 60:
            _until(lambda then=before: ImportJob.objects.get(pk=job.pk).judged > then)
            time.sleep(pause)
            worker.send_signal(signal.SIGKILL)
        worker.wait(60)
        killed += worker.returncode == -signal.SIGKILL
        now = ImportJob.objects.get(pk=job.pk)
        assert now.accepted + now.rejected == now.judged
        assert Activity.objects.count() == now.accepted
        assert now.problems.count() == now.rejected
        silence(job)
    assert killed >= 3
    the_sheet_is_whole(job, 600, 12)


def _same_database() -> dict[str, str]:
    """The surroundings of a process that works in the tests' own database."""
    made = connection.settings_dict
    name = made["NAME"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.same_database"}
    return {**env, "TESTS_DATABASE": str(name)}


def _until(what, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)
