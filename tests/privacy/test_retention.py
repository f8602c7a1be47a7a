"""What was kept long enough goes, what was not stays, and facts are only told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult
from PIL import Image

from accounts.models import ApiToken, Device, EnrolmentLink, User
from accounts.services import create_token, disable_person, end_grant
from core.models import AuditEntry, HealthMark
from programs.models import Activity, ImportJob, ImportProblem, Photo, Submission
from programs.privacy.retention import due_now, keep
from programs.privacy.rules import RULES, YEAR
from programs.services import photo_file, remove_photo, submit_activities
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kept(now: datetime) -> dict[str, int]:
    """What each rule did at `now`, where it did something."""
    return {one.rule.key: one.done for one in keep(now) if one.done}


def due(now: datetime) -> dict[str, int]:
    return {one.rule.key: one.due for one in due_now(now) if one.due}


@pytest.mark.asvs("14.2.4")
def test_photo_keeps_its_thumbnail_after_two_years(client, photo, head):
    born = photo.received_at
    twin = make.photo(photo.activity, author=head)
    assert kept(born + 2 * YEAR - DAY) == {}
    Photo.objects.filter(pk=twin.pk).update(received_at=born + YEAR)

    assert kept(born + 2 * YEAR + DAY) == {"photos": 1}

    photo.refresh_from_db()
    assert photo.kept == "small"
    assert not photo_file(photo.sha256).exists()
    assert photo_file(photo.sha256, small=True).exists()
    assert photo_file(twin.sha256).exists()
    client.force_login(head)
    answer = client.get(f"/api/v1/activities/{photo.activity_id}/photos/{photo.pk}/")
    assert max(Image.open(BytesIO(b"".join(answer.streaming_content))).size) <= 320
    assert "photos" not in kept(born + 2 * YEAR + DAY)  # a second run does nothing


def test_same_picture_stays_as_long_as_one_record_needs_it(activity, head):
    picture = make.image()
    old = make.photo(activity, author=head, data=picture)
    young = make.photo(activity, author=head, data=picture)
    Photo.objects.filter(pk=young.pk).update(received_at=old.received_at + YEAR)
    assert kept(old.received_at + 2 * YEAR + DAY) == {"photos": 1}
    assert photo_file(young.sha256).exists()
    assert kept(old.received_at + 3 * YEAR + DAY) == {"photos": 1}
    assert not photo_file(young.sha256).exists()


def test_removed_photo_loses_its_files(photo, officer):
    remove_photo(photo, actor=officer)
    assert photo_file(photo.sha256).exists()
    assert kept(timezone.now()) == {"removed": 1}
    assert not photo_file(photo.sha256).exists()
    assert not photo_file(photo.sha256, small=True).exists()
    assert Photo.objects.get(pk=photo.pk).state == "removed"


def test_refused_record_is_emptied_and_a_received_one_is_not(head):
    program = make.program()
    bad, good = make.draft(program, women_participants=-5), make.draft(program)
    submit_activities([bad, good], actor=head, source="api")
    Submission.objects.update(payload={"note": "Ibu Siti"})
    now = timezone.now()
    assert kept(now + 89 * DAY) == {}
    assert kept(now + 91 * DAY) == {"refused": 1}
    assert Submission.objects.get(pk=bad.uid).payload == {}
    assert Submission.objects.get(pk=good.uid).payload == {"note": "Ibu Siti"}


def test_rows_of_a_sheet_go_after_90_days(head):
    now = timezone.now()
    job = ImportJob.objects.create(actor=head, name="a.csv", digest="0", size=1, finished_at=now)
    ImportProblem.objects.create(job=job, number=2, outcome="rejected", cells={"title": "Siti"})
    assert kept(now + 89 * DAY) == {}
    assert kept(now + 91 * DAY) == {"import_rows": 1}
    assert ImportJob.objects.filter(pk=job.pk).exists()


@pytest.fixture
def retired(officer):
    """A village head whose last task ended a year and two days before `then`."""
    person = make.village_head(make.village("64.01.04.2003", "Tetangga"))
    person.phone, person.email = "0812000111", "lama@contoh.go.id"
    person.save(update_fields=["phone", "email"])
    User.objects.update(date_joined=datetime(2020, 1, 1, tzinfo=UTC))
    TOTPDevice.objects.create(user=person, name="app")
    return person


def test_account_closes_a_year_after_the_last_task(retired, officer, head):
    person, record = retired, make.activity(make.program(), author=head)
    end_grant(person.grants.get(), actor=officer, on=timezone.localdate())
    now = timezone.now()
    assert "accounts" not in due(now + YEAR - 2 * DAY)

    assert kept(now + YEAR + 2 * DAY)["accounts"] == 1

    person.refresh_from_db()
    assert (person.is_active, person.phone, person.email) == (False, "", "")
    assert person.name  # stays on what she recorded
    assert not TOTPDevice.objects.exists()
    head.refresh_from_db()
    assert head.is_active
    assert record.author_id == head.pk
    assert "accounts" not in due(now + YEAR + 2 * DAY)


def test_closed_account_is_emptied_a_year_after_it_was_closed(retired, officer):
    disable_person(retired, actor=officer)
    assert "accounts" not in due(timezone.now() + YEAR - DAY)
    assert kept(timezone.now() + YEAR + DAY)["accounts"] == 1
    retired.refresh_from_db()
    assert retired.phone == ""


def test_facts_are_told_and_never_deleted(activity):
    Activity.objects.filter(pk=activity.pk).update(held_on=date(2026, 3, 4))
    now = datetime(2036, 3, 10, tzinfo=UTC)
    assert "records" in due(now)
    assert "records" not in due(now - 20 * DAY)
    keep(now)
    assert Activity.objects.filter(pk=activity.pk).exists()


@pytest.mark.asvs("14.2.4")
def test_what_opens_doors_goes_when_it_is_over(head, officer):
    now = timezone.now()
    make.link(head)
    create_token(head, name="alat", scopes=["data:read"], days=1, actor=head)
    make.device(head)
    Session.objects.create(session_key="old", session_data="", expire_date=now - DAY)
    Session.objects.create(session_key="live", session_data="", expire_date=now + 9 * YEAR)
    of = {"username": "x", "ip_address": "10.0.0.1", "user_agent": "", "path_info": "/"}
    AccessAttempt.objects.create(failures_since_start=1, get_data="", post_data="", **of)
    AccessFailureLog.objects.create(**of)
    AccessLog.objects.create(**of)

    assert set(kept(now)) == {"sessions"}
    assert set(kept(now + 31 * DAY)) == {"tries"}
    done = kept(now + YEAR + 5 * DAY)
    assert {"links", "keys", "phones", "refusals", "logins"} <= set(done)
    tables = (EnrolmentLink, ApiToken, Device, AccessAttempt, AccessFailureLog, AccessLog)
    assert [one.objects.count() for one in tables] == [0] * len(tables)
    assert Session.objects.get().session_key == "live"


def test_finished_work_goes_and_waiting_work_stays():
    of = {"task_path": "x", "args_kwargs": {"args": [], "kwargs": {}}, "backend_name": "default"}
    now = timezone.now()
    DBTaskResult.objects.create(status="SUCCESSFUL", finished_at=now - 31 * DAY, **of)
    DBTaskResult.objects.create(status="READY", **of)
    assert kept(now) == {"tasks": 1}
    assert DBTaskResult.objects.get().status == "READY"


def test_command_tells_first_and_does_then(photo, officer):
    remove_photo(photo, actor=officer)
    before = AuditEntry.objects.count()
    said = StringIO()
    call_command("keep_retention", "--dry-run", stdout=said)
    assert "removed      due      1  would do" in said.getvalue()
    assert photo_file(photo.sha256).exists()
    assert AuditEntry.objects.count() == before
    assert not HealthMark.objects.filter(name="retention").exists()

    call_command("keep_retention", stdout=StringIO())
    assert not photo_file(photo.sha256).exists()
    mark = HealthMark.objects.get(name="retention")
    assert (mark.ok, mark.detail) == (True, "removed 1")
    [entry] = AuditEntry.objects.filter(action__startswith="retention.")
    assert (entry.action, entry.changes) == ("retention.removed", {"rows": 1})


def test_every_rule_has_a_name_of_its_own_and_an_age():
    assert len({one.key for one in RULES}) == len(RULES)
    assert all(len(f"retention.{one.key}") <= 40 and one.age >= timedelta(0) for one in RULES)
