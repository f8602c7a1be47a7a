"""POST /api/v1/submissions/ and the receipts: the contract of api.md section 3."""

import json

import pytest

from core.identifiers import uuid7
from programs.models import Activity, Submission
from programs.services import return_activity
from tests import make

pytestmark = pytest.mark.django_db
PATH = "/api/v1/submissions/"


def item(program, **values) -> dict:
    content = make.content(program, **values) | values
    content["held_on"] = str(content["held_on"])
    return {"uid": str(uuid7()), **content, "program": str(program.pk)}


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


def post(client, *items, path=PATH, **extra):
    return client.post(path, {"items": items}, content_type="application/json", **extra)


def test_outcomes_stand_in_the_order_sent(client, head):
    program = make.program()
    good, bad = item(program), item(program, women_participants="abc")

    answer = post(client, good, bad, {**good, "title": "Lain"}, good).json()

    assert [one["outcome"] for one in answer["results"]] == [
        "accepted",
        "rejected",
        "conflict",
        "duplicate",
    ]
    assert answer["summary"] == {"accepted": 1, "duplicate": 1, "conflict": 1, "rejected": 1}
    [error] = answer["results"][1]["errors"]
    assert (error["pointer"], error["code"]) == ("/women_participants", "invalid")


def test_receipt_number_time_and_client_digest_come_back(client, head):
    one = item(make.program(), client_digest="abc123", device_time="2026-03-04T11:20:00+08:00")
    [first] = post(client, one, HTTP_X_CLIENT="pug-pwa/1.0").json()["results"]
    [again] = post(client, one).json()["results"]

    assert first["number"].startswith("6401-")
    assert first["client_digest"] == "abc123"
    assert {**again, "outcome": "accepted"} == first
    assert Submission.objects.get().client == "pug-pwa/1.0"


def test_receipt_is_read_again_by_the_sender_alone(client, head):
    one = item(make.program())
    post(client, one)
    assert client.get(f"{PATH}{one['uid']}/").json()["outcome"] == "accepted"

    client.force_login(make.village_head())
    assert client.get(f"{PATH}{one['uid']}/").status_code == 404


def test_dry_run_judges_and_stores_nothing(client, head):
    answer = post(client, item(make.program()), path=f"{PATH}?dry_run=1").json()
    assert answer["summary"]["accepted"] == 1
    assert (answer["results"][0]["number"], answer["results"][0]["received_at"]) == (None, None)
    assert not Activity.objects.exists()
    assert not Submission.objects.exists()


def nested(depth: int) -> list:
    found: list = []
    for _ in range(depth):
        found = [found]
    return found


def test_deep_nesting_is_refused_and_breaks_nothing(client, head):
    assert client.post(PATH, "[" * 100_000, content_type="application/json").status_code == 400
    answer = post(client, item(make.program()) | {"title": nested(450)})
    assert answer.json()["summary"]["rejected"] == 1


@pytest.mark.parametrize(("text", "stored"), [("true", 0), ("1", 0), ("0", 1), ("false", 1)])
def test_dry_run_in_each_spelling(client, head, text, stored):
    assert post(client, item(make.program()), path=f"{PATH}?dry_run={text}").status_code == 200
    assert Activity.objects.count() == stored


def test_an_unclear_dry_run_is_refused_rather_than_stored(client, head):
    assert post(client, item(make.program()), path=f"{PATH}?dry_run=yes").status_code == 400
    assert not Activity.objects.exists()


def test_a_word_left_empty_means_not_said(client, head):
    empty = {"event_status": "", "kind": "", "stage": "", "count_source": ""}
    post(client, item(make.program()) | empty)
    activity = Activity.objects.get()
    assert (activity.event_status, activity.kind, activity.stage) == ("held", "other", "execution")


@pytest.mark.parametrize("body", [[], {}, {"items": []}, {"items": "x"}, {"items": {"a": 1}}, 5])
def test_what_is_no_batch_is_400(client, head, body):
    answer = client.post(PATH, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_more_than_200_items_is_400(client, head):
    program = make.program()
    assert post(client, *[item(program) for _ in range(201)]).status_code == 400


ODD = {
    "word for a number": {"women_participants": "abc"},
    "fraction": {"women_participants": 1.5},
    "negative": {"women_participants": -5},
    "true": {"women_participants": True},
    "list": {"women_participants": [1]},
    "immense": {"women_participants": 10**30},
    "date of another land": {"held_on": "03/04/2026"},
    "date and time": {"held_on": "2026-03-04T10:00:00"},
    "unknown word": {"kind": "party"},
    "unknown name": {"women": 3},
    "broken program": {"program": "x"},
    "object as text": {"title": {"a": 1}},
    "nul": {"title": "a\x00b"},
    "half a character": {"title": "a\ud800b"},
    "too long": {"title": "x" * 500},
    "off the globe": {"latitude": 95, "longitude": 3},
    "nowhere": {"latitude": "nan", "longitude": "nan"},
    "nul in a word": {"kind": "a\x00"},
    "half a character in a word": {"kind": "\ud800"},
    "nul in a name": {"a\x00b": 1},
    "clock before time": {"device_time": "0001-01-01T00:00:00"},
    "clock beyond time": {"device_time": "9999-12-31T23:59:59-12:00"},
}


@pytest.mark.parametrize("case", ODD)
def test_odd_values_are_refused_by_field_and_kept_as_evidence(client, head, case):
    change = ODD[case]
    body = json.dumps({"items": [item(make.program()) | change]})
    answer = client.post(PATH, body, content_type="application/json")

    assert answer.status_code == 200, answer.content
    [result] = answer.json()["results"]
    assert result["outcome"] == "rejected"
    name = next(iter(change)).replace("\x00", "")
    assert f"/{name}" in {error["pointer"] for error in result["errors"]}
    assert Submission.objects.get().state == "rejected"
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "thing",
    [5, "x", None, [], {"title": "no uid"}, {"uid": "nonsense"}, {"uid": "\ud800\x00"}],
)
def test_an_item_without_a_uid_is_refused_alone(client, head, thing):
    answer = post(client, thing, item(make.program())).json()
    assert [one["outcome"] for one in answer["results"]] == ["rejected", "accepted"]


def test_errors_speak_the_language_asked_for(client, head):
    bad = item(make.program(), held_on="2099-01-01")
    texts = {
        language: post(client, bad, HTTP_ACCEPT_LANGUAGE=language).json()["results"][0]["errors"]
        for language in ("id", "en")
    }
    assert texts["id"] != texts["en"]
    assert {error["code"] for error in texts["id"]} == {"future"}


def test_a_body_of_20_mb_is_413_and_stores_nothing(client, head):
    huge = json.dumps({"items": [item(make.program(), note="x" * 20_000_000)]})
    answer = client.post(PATH, huge, content_type="application/json")
    assert answer.status_code == 413
    assert not Submission.objects.exists()


def test_a_body_in_chunks_is_411(client, head):
    answer = post(client, item(make.program()), HTTP_TRANSFER_ENCODING="chunked")
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_anonymous_is_401(client):
    assert post(client, {}).status_code == 401


def test_programs_are_those_open_to_the_caller(client, head):
    mine = make.program()
    make.program(make.village("64.01.05.2002", "Lolo"))
    answer = client.get("/api/v1/programs/").json()
    assert [one["uid"] for one in answer["results"]] == [str(mine.pk)]
    assert answer["results"][0]["villages"] == [make.village().code]


def test_programs_name_only_villages_in_sight(client, head):
    far = make.village("64.01.05.2001", "Rantau")
    program = make.program(make.village(), far)

    [row] = client.get("/api/v1/programs/").json()["results"]
    assert (row["uid"], row["villages"]) == (str(program.pk), ["64.01.04.2002"])
    for query in (f"village={far.code}", f"villages__code={far.code}", "village=00"):
        assert client.get(f"/api/v1/programs/?{query}").status_code == 400, query


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("village=64.01.04.2002", ["Aren", "Bibit"]),
        ("state=active", ["Aren", "Bibit"]),
        ("state=completed", []),
        ("search=ARE", ["Aren"]),
        ("target_group=women", ["Bibit"]),
        ("year=2030", ["Bibit"]),
        ("limit=1", ["Aren"]),
    ],
)
def test_programs_are_narrowed_like_the_list_page(client, head, query, titles):
    make.program(title="Aren")
    make.program(title="Bibit", target_group="women", year_to=2030)

    answer = client.get(f"/api/v1/programs/?{query}").json()

    assert [row["title"] for row in answer["results"]] == titles


def test_session_says_how_many_records_wait(client):
    officer, head, program = make.officer(), make.village_head(), make.program()
    sent_back = make.activity(program, author=head)
    make.activity(program, author=head)
    return_activity(sent_back, actor=officer, version=1, reason="Periksa lagi")

    waiting = {}
    for person in (officer, head):
        client.force_login(person)
        waiting[person] = client.get("/api/v1/session/").json()["waiting"]

    assert waiting == {officer: 2, head: 1}
