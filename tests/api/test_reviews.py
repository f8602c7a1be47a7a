"""POST activities/{uid}/verify/ return/ void/ confirm/: a step over the version that was seen."""

from datetime import date

import pytest

from accounts.services import create_token
from programs.models import Activity, Review
from programs.services import correct_activity, return_activity, verify_activity
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


@pytest.fixture
def activity(officer):
    return make.activity(make.program())


def step(client, activity, word, seen=None, body=None, **headers):
    match = {"If-Match": f'"v{seen}"'} if seen else {}
    return client.post(
        f"/api/v1/activities/{activity.pk}/{word}/",
        {} if body is None else body,
        content_type="application/json",
        headers=match | headers,
    )


WHY = {"reason": "Berapa perempuan yang hadir?"}


@pytest.mark.parametrize(
    ("word", "body", "state"),
    [("verify", {}, "verified"), ("return", WHY, "returned"), ("void", WHY, "voided")],
)
def test_a_step_is_taken_over_the_version_seen(client, activity, word, body, state):
    answer = step(client, activity, word, 1, body)

    number = activity.receipt.number
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "uid": str(activity.pk),
        "version": 2,
        "state": state,
        "number": number,
    }
    assert answer["ETag"] == '"v2"'
    activity.refresh_from_db()
    assert (activity.state, activity.version) == (state, 2)
    assert activity.reviews.last().reason == body.get("reason", "")


def test_verify_needs_no_body(client, activity):
    address = f"/api/v1/activities/{activity.pk}/verify/"
    assert client.generic("POST", address, headers={"If-Match": '"v1"'}).status_code == 200


def test_confirm_is_for_a_second_person_once_and_changes_no_version(client, activity):
    client.force_login(make.person("facilitator", village=make.village()))
    for _ in range(2):
        answer = step(client, activity, "confirm")
        assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Review.objects.filter(step="confirmed").count() == 1


@pytest.mark.parametrize("word", ["verify", "return", "void"])
def test_without_the_version_seen_428(client, activity, word):
    for unreadable in ("", "v1", "*", "1"):
        headers = {"If-Match": unreadable} if unreadable else {}
        answer = step(client, activity, word, None, WHY if word != "verify" else {}, **headers)
        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")
    assert Activity.objects.get().version == 1


def corrected(activity, **changes):
    draft = make.draft(activity.program, uid=activity.pk, **changes)
    correct_activity(activity, draft, actor=activity.author, version=activity.version)


def test_another_version_412_says_what_stands_and_what_changed(client, activity):
    corrected(activity, women_participants=21)
    corrected(activity, women_participants=22, note="Daftar hadir diperiksa")

    answer = step(client, activity, "verify", 1)

    assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    body = answer.json()
    assert (body["current"]["version"], body["current"]["state"]) == (3, "submitted")
    assert body["current"]["values"]["women_participants"] == 22
    assert body["changed"] == {
        "women_participants": [19, 22],
        "note": ["", "Daftar hadir diperiksa"],
    }
    later = step(client, activity, "verify", 2).json()["changed"]
    assert later["women_participants"] == [21, 22]
    assert Activity.objects.get().state == "submitted"


def test_what_was_changed_and_changed_back_is_no_change(client, activity):
    corrected(activity, women_participants=21)
    corrected(activity)
    assert step(client, activity, "verify", 1).json()["changed"] == {}


def test_a_correction_too_late_is_told_the_same(client, activity):
    corrected(activity, held_on=date(2026, 3, 5), latitude=-1.9, longitude=116.2)
    client.force_login(activity.author)
    answer = client.patch(
        f"/api/v1/activities/{activity.pk}/",
        {"title": "Lain"},
        content_type="application/json",
        headers={"If-Match": '"v1"'},
    )
    assert answer.status_code == 412
    changed = answer.json()["changed"]
    assert changed["held_on"] == ["2026-03-04", "2026-03-05"]
    assert changed["latitude"] == [None, -1.9]


def test_a_key_that_may_only_write_learns_no_values(client, officer, activity):
    corrected(activity, women_participants=21)
    client.logout()

    def told(*scopes):
        key = create_token(officer, name="k", scopes=scopes, days=30, actor=None).key
        return step(client, activity, "verify", 1, Authorization=f"Bearer {key}").json()

    writing = told("activities:write")
    assert "values" not in writing["current"]
    assert "changed" not in writing
    assert "values" in told("activities:write", "activities:read")["current"]


def test_a_key_needs_the_scope_to_write(client, officer, activity):
    client.logout()
    key = create_token(officer, name="k", scopes=["activities:read"], days=30, actor=None).key
    answer = step(client, activity, "verify", 1, Authorization=f"Bearer {key}")
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize("word", ["verify", "return", "void", "confirm"])
def test_outside_her_reach_there_is_no_record(client, activity, word):
    client.force_login(make.village_head(make.village("64.01.04.2003", "Tetangga")))
    assert step(client, activity, word, 1, WHY).status_code == 404
    assert step(client, activity, word).status_code == 404


@pytest.mark.parametrize("seen", [None, 1, 7])
@pytest.mark.parametrize("word", ["verify", "return"])
def test_seen_but_not_hers_to_review_403_whatever_version(client, activity, word, seen):
    client.force_login(make.person("auditor", regency=make.regency()))
    answer = step(client, activity, word, seen, WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    client.force_login(activity.author)
    assert step(client, activity, word, seen, WHY).json()["code"] == "not_permitted"


def test_her_own_record_is_not_hers_to_review(client, officer):
    mine = make.activity(make.program(), author=officer)
    for word in ("verify", "return", "confirm"):
        answer = step(client, mine, word, 1, WHY if word == "return" else {})
        assert (answer.status_code, answer.json()["code"]) == (403, "own_record"), word
    assert step(client, mine, "void", 1, WHY).status_code == 200


@pytest.mark.parametrize("word", ["return", "void"])
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": None}])
def test_no_reason_422(client, activity, word, body):
    answer = step(client, activity, word, 1, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "reason_missing")
    assert answer.json()["errors"][0]["pointer"] == "/reason"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "x" * 501}, "max_length"),
        ({"reason": ["x"]}, "invalid"),
        ({"reason": "a\x00b"}, "invalid"),
        ({"reason": "x", "version": 1}, "unknown_field"),
    ],
)
def test_a_reason_that_cannot_stand_422(client, activity, body, code):
    answer = step(client, activity, "return", 1, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert Activity.objects.get().version == 1


@pytest.mark.parametrize("body", ["[]", "5", '"x"'])
def test_a_body_that_is_no_object_400(client, activity, body):
    answer = client.post(
        f"/api/v1/activities/{activity.pk}/return/",
        body,
        content_type="application/json",
        headers={"If-Match": '"v1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "not_an_item")


def test_a_state_that_forbids_the_step_409(client, officer, activity):
    return_activity(activity, actor=officer, version=1, reason="x")
    other = make.officer()
    client.force_login(other)
    answer = step(client, activity, "verify", 2)
    assert (answer.status_code, answer.json()["code"]) == (409, "step_not_possible")
    assert answer.json()["current"]["state"] == "returned"

    assert step(client, activity, "void", 2, WHY).status_code == 200
    for word in ("return", "void"):
        answer = step(client, activity, word, 3, {"reason": "Lain"})
        assert (answer.status_code, answer.json()["code"]) == (409, "step_not_possible"), word
    assert step(client, activity, "confirm").json()["code"] == "voided"


def test_the_same_step_again_by_the_same_person_is_the_same_success(client, officer, activity):
    """The first answer was lost on the way, and others went on meanwhile."""
    first = step(client, activity, "return", 1, WHY)
    again = step(client, activity, "return", 1, WHY)
    assert (again.status_code, again.json(), again["ETag"]) == (200, first.json(), '"v2"')

    activity.refresh_from_db()
    corrected(activity, women_participants=21)
    later = step(client, activity, "return", 1, WHY)
    assert (later.status_code, later.json()) == (200, first.json())
    assert Review.objects.filter(step="returned").count() == 1


def test_the_same_step_by_another_person_or_with_another_reason_is_none(client, officer, activity):
    step(client, activity, "return", 1, WHY)
    assert step(client, activity, "return", 1, {"reason": "Lain"}).status_code == 412
    client.force_login(make.officer())
    assert step(client, activity, "return", 1, WHY).status_code == 412
    assert step(client, activity, "verify", 1).status_code == 412


@pytest.mark.parametrize("word", ["verify", "return", "void", "confirm"])
def test_a_parameter_is_unknown(client, activity, word):
    address = f"/api/v1/activities/{activity.pk}/{word}/?dry_run=1"
    answer = client.post(address, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_records_are_not_deleted(client, officer, activity):
    answer = client.delete(f"/api/v1/activities/{activity.pk}/", headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "PATCH" in answer["Allow"]
    key = create_token(officer, name="k", scopes=["activities:write"], days=30, actor=None).key
    client.logout()
    bearer = {"Authorization": f"Bearer {key}"}
    assert client.delete(f"/api/v1/activities/{activity.pk}/", headers=bearer).status_code == 405
    assert Activity.objects.count() == 1


def test_a_verified_record_is_struck_out_by_a_reviewer_only(client, officer, activity):
    verify_activity(activity, actor=officer, version=1)
    client.force_login(activity.author)
    answer = step(client, activity, "void", 2, WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    client.force_login(make.officer())
    assert step(client, activity, "void", 2, WHY).json()["state"] == "voided"
