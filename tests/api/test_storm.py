"""What clients do to us on a bad day: the same call many times at once, and senseless numbers."""

import io
import json
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.services import create_token
from core.identifiers import uuid7
from programs.models import Activity, Submission, VillagePeriod
from tests import make, typed
from tests.racing import at_once

ADDRESS = "/api/v1/submissions/"


def item(program, **changes) -> dict:
    return {
        "uid": str(uuid7()),
        "program": str(program.pk),
        "village": make.village().code,
        "title": "Pelatihan pembibitan",
        "held_on": "2026-03-04",
        "kind": "training",
        "women_participants": 19,
        "men_participants": 24,
        **changes,
    }


def at_the_same_moment(key: str, bodies: list[str]):
    def call(sent):
        bearer = {"Authorization": f"Bearer {key}"}
        return lambda: Client().post(ADDRESS, sent, content_type="application/json", headers=bearer)

    return at_once(*[call(sent) for sent in bodies])


@pytest.fixture
def key(transactional_db):
    head = make.village_head()
    return create_token(head, name="k", scopes=["activities:write"], days=30, actor=None).key


def results(answers) -> list[dict]:
    assert [one.status_code for one in answers] == [200] * len(answers)
    return [result for one in answers for result in one.json()["results"]]


@pytest.mark.django_db(transaction=True)
def test_60_equal_posts_of_10_uids_are_60_equal_successes_and_10_rows(key):
    program = make.program()
    body = json.dumps({"items": [item(program) for _ in range(10)]})

    answers = at_the_same_moment(key, [body] * 60)

    found = results(answers)
    assert {one["outcome"] for one in found} <= {"accepted", "duplicate"}
    assert sum(one["outcome"] == "accepted" for one in found) == 10
    receipts = {(one["uid"], one["number"], one["received_at"]) for one in found}
    assert len(receipts) == 10
    assert (Activity.objects.count(), Submission.objects.count()) == (10, 10)
    assert VillagePeriod.objects.get(semester=0).activities == 10


@pytest.mark.django_db(transaction=True)
def test_60_single_posts_of_10_uids_mixed_are_10_rows(key):
    program = make.program()
    bodies = [json.dumps({"items": [item(program)]}) for _ in range(10)]

    found = results(at_the_same_moment(key, bodies * 6))

    assert {one["outcome"] for one in found} <= {"accepted", "duplicate"}
    assert len({(one["uid"], one["number"], one["received_at"]) for one in found}) == 10
    assert Activity.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_one_uid_with_six_contents_at_once_keeps_the_first_and_tells_the_others(key):
    program, uid = make.program(), str(uuid7())
    bodies = [
        json.dumps({"items": [item(program, uid=uid, women_participants=number)]})
        for number in range(6)
    ]

    found = results(at_the_same_moment(key, bodies))

    words = sorted(one["outcome"] for one in found)
    assert words == ["accepted"] + ["conflict"] * 5
    kept = Activity.objects.get()
    [accepted] = [place for place, one in enumerate(found) if one["outcome"] == "accepted"]
    assert kept.women_participants == accepted


def test_same_uid_other_content_is_a_conflict_and_the_first_is_kept(client, db):
    client.force_login(make.village_head())
    sent = item(make.program())

    def post(**changes):
        body = {"items": [sent | changes]}
        return client.post(ADDRESS, body, content_type="application/json").json()["results"][0]

    first = post()
    second = post(women_participants=20)
    assert (first["outcome"], second["outcome"]) == ("accepted", "conflict")
    assert post()["number"] == first["number"]
    assert Activity.objects.get().women_participants == 19


# -- Senseless numbers, through every door --------------------------------------
def by_batch(client, head, program, values):
    body = {"items": [item(program, **values)]}
    [result] = client.post(ADDRESS, body, content_type="application/json").json()["results"]
    assert result["outcome"] == "rejected"
    return {one["pointer"].lstrip("/") for one in result["errors"]}


def by_patch(client, head, program, values):
    activity = make.activity(program, author=head)
    answer = client.patch(
        f"/api/v1/activities/{activity.pk}/",
        values,
        content_type="application/json",
        headers={"If-Match": '"v1"'},
    )
    assert answer.status_code == 422
    activity.refresh_from_db()
    assert (activity.version, activity.women_participants) == (1, 19)
    activity.reviews.all().delete()
    Activity.objects.all().delete()
    return {one["pointer"].lstrip("/") for one in answer.json()["errors"]}


def by_form(client, head, program, values):
    answer = client.post("/kegiatan/catat/", typed.activity(program, **values))
    assert answer.status_code == 422
    return set(answer.context["form"].errors)


def by_sheet(client, head, program, values):
    row = item(program, **values)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        path.write_text(";".join(row) + "\n" + ";".join(str(value) for value in row.values()))
        said, out = io.StringIO(), io.StringIO()
        with pytest.raises(SystemExit):
            call_command("import_activities", path, username=head.username, stdout=out, stderr=said)
    assert "rejected 1" in out.getvalue()
    return {name for name in row if name in said.getvalue()}


@pytest.mark.asvs("2.2.1", "1.4.2")
@pytest.mark.parametrize("door", [by_batch, by_patch, by_form, by_sheet])
@pytest.mark.parametrize(("field", "value"), [("women", -5), ("men", "abc")])
def test_senseless_numbers_are_refused_through_every_door(client, db, door, field, value):
    head, program = make.village_head(), make.program()
    client.force_login(head)
    name = f"{field}_participants"

    assert name in door(client, head, program, {name: value})
    assert not Activity.objects.exists()
