"""representation/, assessments/ and instruments/: entered, sent in, reviewed, read."""

import pytest

from indicators.models import Assessment, Representation
from indicators.services import review
from tests import make

from . import made_cards, made_seats

pytestmark = [pytest.mark.django_db, pytest.mark.once]
API = "/api/v1/"
YEAR = made_seats.YEAR


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def officer():
    return make.officer()


def call(client, person, method, path, body=None, seen=None, **headers):
    client.force_login(person)
    if seen is not None:
        headers["If-Match"] = f'"v{seen}"'
    if method == "get":
        return client.get(API + path, headers=headers)
    send = getattr(client, method)
    return send(API + path, body or {}, content_type="application/json", headers=headers)


def body(**changes) -> dict:
    bpd = {"bpd": {"women": 2, "total": 7}}
    return {"village": make.village().code, "year": YEAR, "seats": bpd, **changes}


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_seats_are_entered_changed_and_reviewed(client, head, officer):
    made = call(client, head, "post", "representation/", body(head_sex="f"))
    assert made.status_code == 201, made.json()
    path = f"representation/{made.json()['uid']}/"
    assert (made["ETag"], made["Location"]) == ('"v1"', f"/{API[1:]}{path}")
    read = call(client, head, "get", path)
    told = read.json()
    assert (told["state"], told["seats"]["bpd"]) == ("draft", {"women": 2, "total": 7})
    assert (told["seats"]["pkk"], told["head_sex"], told["women_meeting"]) == (None, "f", None)
    known = call(client, head, "get", path, **{"If-None-Match": read["ETag"]})
    assert known.status_code == 304

    again = call(client, head, "post", "representation/", body(seats={}))
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert again.json()["current"]["uid"] == made.json()["uid"]

    more = {"seats": {"pkk": {"women": 9, "total": 9}}, "proposals": {"raised": {"number": 6}}}
    assert call(client, head, "patch", path, more).status_code == 428
    assert call(client, head, "patch", path, more, seen=1)["ETag"] == '"v2"'
    late = call(client, head, "patch", path, {"note": "Terlambat"}, seen=1)
    assert (late.status_code, late.json()["current"]["values"]["seats"]["pkk"]["women"]) == (412, 9)
    told = call(client, head, "get", path).json()
    assert (told["seats"]["bpd"]["women"], told["proposals"]["raised"]["number"]) == (2, 6)
    gone = call(client, head, "patch", path, {"seats": {"pkk": None}}, seen=2)
    assert gone.status_code == 200
    assert Representation.objects.get().seats.count() == 1

    sent = call(client, head, "post", f"{path}submit/", seen=3)
    assert sent.json() == {"uid": made.json()["uid"], "version": 4, "state": "submitted"}
    twice = call(client, head, "post", f"{path}submit/", seen=4)
    assert (twice.status_code, twice.json()["code"]) == (409, "step_not_possible")
    assert call(client, head, "post", f"{path}verify/", seen=4).status_code == 403
    empty = call(client, officer, "post", f"{path}return/", seen=4)
    assert (empty.status_code, pointers(empty)) == (422, {("/note", "required")})
    back = {"note": "Periksa BPD"}
    assert call(client, officer, "post", f"{path}return/", back, seen=4).status_code == 200
    assert call(client, head, "post", f"{path}submit/", seen=5).status_code == 200
    assert call(client, officer, "post", f"{path}verify/", seen=6).json()["state"] == "verified"
    wrong = call(client, head, "patch", path, {"note": "x"}, seen=7)
    assert pointers(wrong) == {("", "not_allowed")}
    right = {"seats": {"bpd": {"women": 3, "total": 7}}, "submit": True, "reason": "SK baru"}
    assert call(client, head, "patch", path, right, seen=7).json()["state"] == "submitted"


def test_what_a_body_cannot_say_is_pointed_at(client, head, officer):
    seats = {"bpd": {"women": 8, "total": 7}, "musdes": {"women": 3}}
    said = body(seats=seats, proposals={"raised": {"number": 1}, "rkpdes": {"number": 2}})
    answer = call(client, head, "post", "representation/", said)
    assert answer.status_code == 422
    assert {("/seats/bpd/women", "more_than_all"), ("/seats/musdes/total", "half_a_pair")} <= (
        pointers(answer)
    )
    assert any(pointer == "/proposals/rkpdes/number" for pointer, _code in pointers(answer))
    odd = call(client, head, "post", "representation/", body(seats={"bdp": {}}, colour="red"))
    assert pointers(odd) == {("/seats/bdp", "unknown_field"), ("/colour", "unknown_field")}
    far = call(client, head, "post", "representation/", body(village="64.99.99.2001"))
    assert pointers(far) == {("/village", "unknown_village")}
    auditor = make.person("auditor", regency=make.regency())
    assert call(client, auditor, "post", "representation/", body()).status_code == 403
    made = call(client, officer, "post", "representation/", body(submit=True)).json()
    own = call(client, officer, "post", f"representation/{made['uid']}/verify/", seen=2)
    assert (own.status_code, own.json()["code"]) == (403, "own_record")


def test_lists_are_narrowed_and_taken_along(client, officer):
    made_seats.seats()
    made_seats.seats(make.village("64.01.05.2001"), send=False, year=YEAR - 1)
    for query, count in (
        ("", 2),
        (f"?year={YEAR}", 1),
        ("?state=draft", 1),
        ("?village=64.01.05.2001", 1),
        ("?updated_since=2099-01-01T00:00:00Z", 0),
    ):
        found = call(client, officer, "get", f"representation/{query}").json()["results"]
        assert len(found) == count, query
    assert call(client, officer, "get", "representation/?colour=1").status_code == 400
    file = call(client, officer, "get", f"representation/?format=csv&year={YEAR}")
    head, line = b"".join(file.streaming_content).decode("utf-8-sig").strip().splitlines()
    row = dict(zip(head.split(","), line.split(","), strict=True))
    assert (row["seats_bpd_women"], row["seats_bpd_total"], row["seats_pkk_women"]) == (
        *("2", "7"),
        "",
    )


def test_a_scorecard_is_answered_and_reviewed(client, head, officer):
    instrument = made_cards.shipped("drppa")
    village = make.village()
    said = {"instrument": str(instrument.pk), "village": village.code, "year": made_cards.YEAR}
    made = call(client, head, "post", "assessments/", said)
    assert made.status_code == 201, made.json()
    assert call(client, head, "post", "assessments/", said).json() == made.json()
    unknown = call(client, head, "post", "assessments/", said | {"instrument": str(village.pk)})
    assert pointers(unknown) == {("/instrument", "invalid")}
    path = f"assessments/{made.json()['uid']}/"
    first = call(client, head, "get", path).json()
    hand = [one for one in first["answers"] if not one["by_portal"]]
    assert (len(first["answers"]), first["state"]) == (10, "draft")
    code = hand[0]["item"]
    answers = [{"item": code, "state": "met", "evidence": "Kelompok PEKKA"}]
    assert call(client, head, "patch", path, {"answers": answers}, seen=1)["ETag"] == '"v2"'
    bad = [{"item": "XX99"}, {"item": code, "value": 5}, {"item": code}]
    wrong = call(client, head, "patch", path, {"answers": bad}, seen=2)
    assert wrong.status_code == 422
    assert ("/answers/0/item", "unknown_value") in pointers(wrong)
    told = call(client, head, "get", path).json()
    [one] = [one for one in told["answers"] if one["item"] == code]
    assert (one["state"], one["evidence"], told["result"]["met"]) == ("met", "Kelompok PEKKA", 1)
    sent = call(client, head, "post", f"{path}submit/", seen=2)
    assert sent.json()["state"] == "submitted"
    closed = call(client, head, "patch", path, {"answers": answers}, seen=3)
    assert (closed.status_code, closed.json()["code"]) == (409, "not_correctable")
    assert call(client, officer, "post", f"{path}verify/", seen=3).status_code == 200
    [row] = call(client, officer, "get", "assessments/?instrument=drppa&state=verified").json()[
        "results"
    ]
    assert (row["instrument"]["key"], row["result"]["met"]) == ("drppa", 1)
    assert Assessment.objects.get().state == "verified"
    file = call(client, officer, "get", "assessments/?format=csv")
    assert "result_met" in b"".join(file.streaming_content).decode()


def test_what_is_restricted_is_kept_back(client, officer):
    village = make.village()
    head = make.village_head(village)
    row = made_cards.card(village, actor=head)
    [item] = list(row.instrument.items.filter(restricted=True))[:1]
    answers = [made_cards.answer(item.code, 2)]
    made_cards.save_answers(row, answers, actor=None, version=row.version)
    review.submit(row, actor=head, version=row.version)
    auditor = make.person("auditor", regency=make.regency())
    for person, value, state in ((officer, "2.00", "not_met"), (auditor, None, None)):
        told = call(client, person, "get", f"assessments/{row.pk}/").json()
        [one] = [one for one in told["answers"] if one["item"] == item.code]
        assert (one["value"], one["state"]) == (value, state)
        assert (one["reporter"] == "", one["kept_back"]) == (value is None, value is None)
        assert (told["result"]["done"], told["result"]["kept_out"]) == (
            (0, 3) if value is None else (1, 0)
        )


def test_instruments_are_read(client, head):
    row = made_cards.shipped("drg")
    found = call(client, head, "get", "instruments/?key=drg").json()["results"]
    assert [one["uid"] for one in found] == [str(row.pk)]
    whole = call(client, head, "get", f"instruments/{row.pk}/").json()
    assert sum(one["weight"] for one in whole["pillars"]) == 100
    assert {one["pillar"] for one in whole["items"]} <= {one["code"] for one in whole["pillars"]}
    assert whole["levels"][0]["least"] == 0
    assert whole["gates"][0]["item"] in {one["code"] for one in whole["items"]}
    assert call(client, head, "get", "instruments/?year=2010").json()["results"] == []
    assert call(client, make.person(), "get", "instruments/").json()["results"] != []
