"""GET and PATCH /api/v1/activities/{uid}/: a correction over the version that was seen."""

import pytest

from accounts.services import create_token
from programs.models import Activity, Review, State
from programs.services import return_activity, verify_activity, void_activity
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


@pytest.fixture
def activity(head):
    return make.activity(make.program(), author=head)


@pytest.fixture
def officer():
    return make.officer()


def address(activity) -> str:
    return f"/api/v1/activities/{activity.pk}/"


def patch(client, activity, seen, /, **body):
    match = {"HTTP_IF_MATCH": f'"v{seen}"'} if seen else {}
    return client.patch(address(activity), body, content_type="application/json", **match)


def sent_back(activity, officer):
    return return_activity(
        activity, actor=officer, version=activity.version, reason="Berapa perempuan?"
    )


def test_a_record_is_read_with_its_version_and_what_is_asked(client, activity, officer):
    sent_back(activity, officer)
    answer = client.get(address(activity))
    found = answer.json()

    assert (answer["ETag"], found["version"], found["state"]) == ('"v2"', 2, "returned")
    assert found["values"]["women_participants"] == 19
    assert found["values"]["held_on"] == "2026-03-04"
    assert found["returned"]["reason"] == "Berapa perempuan?"
    assert client.get(address(activity), HTTP_IF_NONE_MATCH='"v2"').status_code == 304
    assert client.get(address(activity), HTTP_IF_NONE_MATCH='"v1"').status_code == 200


def test_what_is_read_can_be_sent_back_whole(client, activity):
    values = client.get(address(activity)).json()["values"]
    answer = patch(client, activity, 1, uid=str(activity.pk), **values | {"women_deciders": 2})
    assert answer.status_code == 422  # half a pair: men deciders are missing
    answer = patch(client, activity, 1, **values | {"women_deciders": 2, "men_deciders": 3})
    assert answer.status_code == 200, answer.json()


def test_a_task_is_corrected_and_waits_for_review_again(client, activity, officer):
    sent_back(activity, officer)
    answer = patch(client, activity, 2, women_participants=21, client_digest="ab12")

    assert answer.status_code == 200, answer.json()
    activity.refresh_from_db()
    assert (activity.state, activity.version, activity.women_participants) == ("submitted", 3, 21)
    assert activity.men_participants == 24, "what was not named stays"
    told = answer.json()
    assert answer["ETag"] == '"v3"'
    assert (told["outcome"], told["client_digest"], told["version"]) == ("accepted", "ab12", 3)
    assert told["number"] == activity.receipt.number


def test_without_the_version_seen_nothing_is_changed(client, activity):
    for unreadable in ("", "v1", "*", '"3"'):
        match = {"HTTP_IF_MATCH": unreadable} if unreadable else {}
        answer = client.patch(
            address(activity), {"title": "Lain"}, content_type="application/json", **match
        )
        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")
    assert Activity.objects.get().title != "Lain"


def test_a_version_passed_by_is_412_with_what_stands_now(client, activity, officer):
    sent_back(activity, officer)
    answer = patch(client, activity, 1, title="Lain")

    assert answer.status_code == 412
    assert answer["Content-Type"].startswith("application/problem+json")
    current = answer.json()["current"]
    assert (current["version"], current["state"]) == (2, "returned")
    assert current["values"]["title"] == activity.title
    assert Activity.objects.get().title == activity.title


def test_the_same_correction_again_is_received_again(client, activity, officer):
    """The first answer was lost on the way; the same bytes come once more, even after review."""
    sent_back(activity, officer)
    first = patch(client, activity, 2, women_participants=21, client_digest="ab12").json()
    again = patch(client, activity, 2, women_participants=21, client_digest="ab12")
    assert (again.status_code, again.json()) == (200, first)

    activity.refresh_from_db()
    verify_activity(activity, actor=officer, version=activity.version)
    later = patch(client, activity, 2, women_participants=21, client_digest="ab12")
    assert (later.status_code, later.json()["version"]) == (200, 4)
    assert later.json()["received_at"] == first["received_at"]
    assert Review.objects.filter(step="resubmitted").count() == 1


def test_the_same_content_by_somebody_else_is_no_replay(client, activity, officer):
    sent_back(activity, officer)
    assert patch(client, activity, 2, women_participants=21).status_code == 200
    client.force_login(make.village_head())
    assert patch(client, activity, 2, women_participants=21).status_code == 412


@pytest.mark.parametrize(("step", "state"), [(verify_activity, "verified"), (void_activity, "")])
def test_what_is_settled_is_corrected_no_more(client, activity, officer, step, state):
    reason = {} if state else {"reason": "Dobel"}
    step(activity, actor=officer, version=1, **reason)
    answer = patch(client, activity, 2, title="Lain")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_correctable")
    assert answer.json()["current"]["version"] == 2
    assert Activity.objects.get().title != "Lain"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"women_participants": "abc"}, "/women_participants", "invalid"),
        ({"held_on": "2099-01-01"}, "/held_on", "future"),
        ({"village": "64.01.04.2003"}, "/village", "fixed"),
        ({"perempuan": 3}, "/perempuan", "unknown_field"),
        ({"uid": "0198c6b2-0000-7000-8000-000000000001"}, "/uid", "other_record"),
        ({"title": ""}, "/title", "required"),
    ],
)
def test_what_cannot_stand_is_422_by_field(client, activity, body, pointer, code):
    answer = patch(client, activity, 1, **body)
    assert answer.status_code == 422
    assert (pointer, code) in [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert Activity.objects.get().version == 1


def test_null_takes_a_number_away(client, activity):
    answer = patch(client, activity, 1, women_participants=None, men_participants=None)
    assert answer.status_code == 200
    assert Activity.objects.get().women_share is None


@pytest.mark.parametrize("body", ["[]", "5", '"x"'])
def test_what_is_no_item_is_400(client, activity, body):
    answer = client.patch(
        address(activity), body, content_type="application/json", HTTP_IF_MATCH='"v1"'
    )
    assert answer.status_code == 400


def test_a_reviewer_reads_but_does_not_correct(client, activity):
    client.force_login(make.person("district_officer", district=make.district()))
    assert client.get(address(activity)).status_code == 200
    assert patch(client, activity, 1, title="Lain").status_code == 403


def test_a_key_corrects_with_the_scope_to_write_alone(client, head, activity):
    client.logout()
    reading, writing = (
        create_token(head, name=scope, scopes=[scope], days=30, actor=None).key
        for scope in ("activities:read", "activities:write")
    )
    kind = {"content_type": "application/json", "HTTP_IF_MATCH": '"v1"'}

    def send(key):
        auth = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
        return client.patch(address(activity), {"title": "Lain"}, **kind, **auth).status_code

    assert (send(reading), send(writing)) == (403, 200)


@pytest.mark.parametrize("seen", [1, 2, 999])
@pytest.mark.parametrize("settled", [False, True])
def test_whoever_may_not_correct_is_told_so_before_versions_are_compared(
    client, activity, officer, settled, seen
):
    if settled:
        verify_activity(activity, actor=officer, version=1)
    client.force_login(make.person("auditor", regency=make.regency()))
    answer = patch(client, activity, seen, title="Lain")
    assert answer.status_code == 403
    assert "current" not in answer.json()


@pytest.mark.parametrize(("seen", "status"), [(999, 412), (2, 409)])
def test_a_key_that_may_only_write_is_not_told_what_stands_there(
    client, head, activity, officer, seen, status
):
    verify_activity(activity, actor=officer, version=1)
    client.logout()

    def current(*scopes):
        key = create_token(head, name="k", scopes=scopes, days=30, actor=None).key
        answer = client.patch(
            address(activity),
            {"title": "Lain"},
            content_type="application/json",
            HTTP_IF_MATCH=f'"v{seen}"',
            HTTP_AUTHORIZATION=f"Bearer {key}",
        )
        assert answer.status_code == status
        return answer.json()["current"]

    told = current("activities:write")
    assert set(told) == {"version", "state", "number", "received_at"}
    both = current("activities:write", "activities:read")
    assert both == told | {"values": both["values"]}
    assert both["values"]["title"] == activity.title


def test_the_state_on_file_is_what_the_screen_would_show(client, activity, officer):
    verify_activity(activity, actor=officer, version=1)
    assert client.get(address(activity)).json()["state"] == State.VERIFIED


def test_phone_pages_too_old_are_told_so_and_nothing_is_stored(client, head):
    program = make.program()
    old = {"HTTP_X_CLIENT": "pug-pwa/0.9"}
    batch = {"items": [{"uid": "0198c6b2-0000-7000-8000-000000000001", "program": program.pk}]}
    answer = client.post("/api/v1/submissions/", batch, content_type="application/json", **old)
    assert (answer.status_code, answer.json()["code"]) == (426, "client_too_old")
    for name in ("pug-pwa/1.0", "pug-pwa/12.3", "curl/8", ""):
        answer = client.post(
            "/api/v1/submissions/", batch, content_type="application/json", HTTP_X_CLIENT=name
        )
        assert answer.status_code == 200, name
