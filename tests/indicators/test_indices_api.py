"""indices/ and population/: read by anyone with a key, written by who keeps the regency."""

import pytest

from indicators.services.indices import load_indices
from tests import make

from .made_indices import release

pytestmark = pytest.mark.django_db
INDICES, POPULATION = "/api/v1/indices/", "/api/v1/population/"


def call(client, person, method, path, body=None, seen=None):
    client.force_login(person)
    headers = {} if seen is None else {"If-Match": f'"v{seen}"'}
    if method == "get":
        return client.get(path, body or {}, headers=headers)
    send = getattr(client, method)
    return send(path, body or {}, content_type="application/json", headers=headers)


def body(**changes) -> dict:
    return {
        "index": "IPG",
        "title": "BPS Kaltim, BRS 2025",
        "publisher": "BPS",
        "source": "BRS, hal. 4",
        "values": [{"area_code": "64.01", "year": 2024, "value": 72.35}],
        **changes,
    }


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_a_release_is_sent_read_and_changed(client):
    officer = make.officer()
    made = call(client, officer, "post", INDICES, body())
    assert (made.status_code, made["ETag"]) == (201, '"v1"'), made.json()
    path = made["Location"]
    told = call(client, officer, "get", path).json()
    assert (told["state"], told["values"][0]["value"]) == ("unknown", 72.35)
    assert call(client, officer, "patch", path, {"state": "final"}).status_code == 428
    cells = [
        {"area_code": "64.01", "year": 2024, "value": None},
        {"area_code": "64", "year": 2024, "value": 87.46},
    ]
    changed = call(client, officer, "patch", path, {"state": "final", "values": cells}, seen=1)
    assert changed.status_code == 200, changed.json()
    late = call(client, officer, "patch", path, {"state": "revised"}, seen=1)
    assert (late.status_code, late.json()["current"]["values"]["state"]) == (412, "final")
    assert [one["area_code"] for one in late.json()["current"]["values"]["values"]] == ["64"]
    whole = {"method": "LF", "values": [{"area_code": "64", "year": 2024, "value": 200}]}
    seen = changed.json()["version"]
    refused = call(client, officer, "patch", path, whole, seen=seen)
    assert pointers(refused) == {("/values/0/value", "out_of_range")}
    assert call(client, officer, "get", path).json()["method"] == ""  # both or neither


def test_what_cannot_be_is_pointed_at(client):
    officer = make.officer()
    cells = [{"area_code": "64.01.04", "year": 2024, "value": 1.23456}]
    answer = call(client, officer, "post", INDICES, body(values=cells, source=""))
    assert pointers(answer) == {("/values/0/value", "invalid"), ("/source", "blank")}
    answer = call(client, officer, "post", INDICES, body(regency="64.02"))
    assert pointers(answer) == {("/regency", "unknown_value")}
    assert call(client, make.village_head(), "post", INDICES, body()).status_code == 403


def test_lists_are_narrowed_and_shipped_releases_stay(client):
    load_indices()
    mine = release(("64.01", 2022, "72"))
    officer = make.officer()
    asked = {"index": "IPG", "area": "64.01", "year": 2022}
    rows = call(client, officer, "get", INDICES, asked).json()["results"]
    assert {one["value"] for one in rows} == {71.98, 72.0}
    asked = {"release": str(mine.pk)}
    [one] = call(client, officer, "get", INDICES, asked).json()["results"]
    assert one["release"]["source"] == mine.source
    shipped = next(one for one in rows if one["value"] == 71.98)["release"]["uid"]
    answer = call(client, officer, "patch", f"{INDICES}{shipped}/", {"state": "final"}, seen=1)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    stranger = make.person()
    assert call(client, stranger, "get", f"{INDICES}{mine.pk}/").status_code == 404
    file = call(client, officer, "get", INDICES, {"format": "csv", "index": "IKG"})
    assert b"".join(file.streaming_content).count(b"\n") > 15


def test_population_is_entered_and_read(client):
    village, officer = make.village(), make.officer()
    sent = {
        **{"area_code": village.code, "year": 2025, "series": "registry", "count": "semester 2"},
        **{"women": 1204, "men": 1287, "source": "DKB"},
    }
    made = call(client, officer, "post", POPULATION, sent)
    assert (made.status_code, made.json()["total"]) == (201, 2491), made.json()
    wrong = call(client, officer, "post", POPULATION, {**sent, "year": 2024, "total": 1})
    assert pointers(wrong) == {("/total", "total_mismatch")}
    assert call(client, make.village_head(), "post", POPULATION, sent).status_code == 403
    seen = call(client, officer, "get", POPULATION, {"under": "64.01.04"}).json()["results"]
    assert [one["series"] for one in seen] == ["registry"]
    assert call(client, make.person(), "get", POPULATION).json()["results"] == []
