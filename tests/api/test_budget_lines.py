"""budget-lines/ and gender-budget/summary/: entered, tagged, counted once its statement is
approved."""

import pytest

from planning.models import ArgTarget, BudgetLine, BudgetTotal
from planning.services.statements import approve_statement, submit_statement
from tests import make
from tests.planning import stated, written

pytestmark = pytest.mark.django_db
LIST = "/api/v1/budget-lines/"
SUMMARY = "/api/v1/gender-budget/summary/"


@pytest.fixture
def program():
    return make.program(make.village(), title="Pelatihan pembibitan")


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def officer():
    return make.officer()


def call(client, person, method, path="", body=None, seen=None, **headers):
    client.force_login(person)
    if seen is not None:
        headers["If-Match"] = f'"v{seen}"'
    if method == "get":
        return client.get(LIST + path, headers=headers)
    send = getattr(client, method)
    return send(LIST + path, body or {}, content_type="application/json", headers=headers)


def body(**changes) -> dict:
    return {
        "owner": {"level": "opd", "id": make.opd().pk},
        "year": 2026,
        "code": "1.02.02.2.02.0001",
        "name": "Kelas ibu hamil",
        "fund_source": "apbd",
        "plan": 100_000_000,
        **changes,
    }


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_a_line_is_entered_read_changed_and_taken_out(client, focal):
    sent = body(category=2, arg_plan=60_000_000, village=make.village().code)
    made = call(client, focal, "post", body=sent)
    assert made.status_code == 201, made.json()
    path = f"{made.json()['uid']}/"
    assert (made["ETag"], made["Location"]) == ('"v1"', LIST + path)
    read = call(client, focal, "get", path)
    told = read.json()
    assert told["owner"] == {
        "level": "opd",
        "code": None,
        **{"id": make.opd().pk, "name": "Dinas Kesehatan"},
    }
    assert (told["plan"], told["arg_plan"], told["category"]) == (100_000_000, 60_000_000, 2)
    assert (told["counted"], told["village"]["name"]) == (False, "Janju")
    mark = {"If-None-Match": read["ETag"]}
    assert call(client, focal, "get", path, **mark).status_code == 304

    assert call(client, focal, "patch", path, {"realised": 1}).status_code == 428
    changed = call(client, focal, "patch", path, {"realised": 40_000_000}, seen=1)
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    late = call(client, focal, "patch", path, {"realised": 1}, seen=1)
    assert (late.status_code, late.json()["current"]["values"]["realised"]) == (412, 40_000_000)
    assert call(client, focal, "delete", path).status_code == 428
    assert call(client, focal, "delete", path, seen=1).status_code == 412
    assert call(client, focal, "delete", path, seen=2).status_code == 204
    assert call(client, focal, "get", path).status_code == 404
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"arg_plan": 100_000_001, "category": 2}, ("/arg_plan", "over_ceiling")),
        ({"realised": 100_000_001}, ("/realised", "over_ceiling")),
        ({"realised": -5}, ("/realised", "negative")),
        ({"arg_plan": 5}, ("/category", "required")),
        ({"arg_plan": 5, "category": 4}, ("/category", "invalid_choice")),
        ({"arg_plan": 5, "category": [1, 2]}, ("/category", "invalid_choice")),
        ({"plan": "1.000"}, ("/plan", "invalid")),
        ({"plan": None}, ("/plan", "required")),
        ({"name": " "}, ("/name", "required")),
        ({"colour": 1}, ("/colour", "unknown_field")),
        ({"version": 9}, ("/version", "unknown_field")),
        ({"owner": {"level": "opd", "id": 999_999}}, ("/owner", "unknown_owner")),
        ({"village": "64.99.99.2999"}, ("/village", "unknown_village")),
        ({"year": 1999}, ("/year", "out_of_range")),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, focal, changes, told):
    answer = call(client, focal, "post", body=body(**changes))
    assert answer.status_code == 422
    assert told in pointers(answer), answer.json()
    assert not BudgetLine.objects.exists()


def test_the_same_line_is_not_entered_twice(client, focal):
    assert call(client, focal, "post", body=body()).status_code == 201
    again = call(client, focal, "post", body=body(name="  kelas IBU hamil"))
    assert (again.status_code, again.json()["code"]) == (422, "already_there")


def test_whose_lines_she_enters(client, focal, officer):
    other = {"level": "opd", "id": make.opd("Dinas Pendidikan").pk}
    answer = call(client, focal, "post", body=body(owner=other))
    assert pointers(answer) == {("/owner", "unknown_owner")}
    leader = make.person("leader", regency=make.regency())
    assert call(client, leader, "post", body=body()).status_code == 403
    made = call(client, officer, "post", body=body(owner=other)).json()
    assert call(client, focal, "get", f"{made['uid']}/").status_code == 404
    assert call(client, leader, "patch", f"{made['uid']}/", {"plan": 1}, seen=1).status_code == 403
    village = {"level": "village", "code": make.village().code}
    head = make.village_head()
    own = call(client, head, "post", body=body(owner=village, fund_source="dana_desa"))
    assert own.status_code == 201, own.json()


def test_owner_and_year_stay(client, focal, officer):
    made = call(client, focal, "post", body=body()).json()
    other = {"level": "opd", "id": make.opd("Dinas Pendidikan").pk}
    for change in ({"owner": other}, {"year": 2027}):
        answer = call(client, officer, "patch", f"{made['uid']}/", change, seen=1)
        assert answer.json()["code"] == "fixed", change


def test_under_an_approved_statement_only_what_came_later_is_entered(
    client, focal, officer, program
):
    statement = stated.approved(program, by=focal, officer=officer)
    line = statement.lines.get()
    path = f"{line.pk}/"
    locked = call(client, focal, "patch", path, {"plan": 1}, seen=line.version)
    assert ("/plan", "locked") in pointers(locked)
    assert call(client, focal, "delete", path, seen=line.version).json()["code"] == "locked"
    later = call(
        client, focal, "patch", path, {"realised": 5, "arg_realised": 5}, seen=line.version
    )
    assert later.status_code == 200, later.json()
    foreign = call(client, focal, "post", body=body(statement=str(statement.pk)))
    assert ("/statement", "locked") in pointers(foreign)


def uids(client, person, query):
    answer = call(client, person, "get", query)
    assert answer.status_code == 200, answer.json()
    return {one["uid"] for one in answer.json()["results"]}


def test_a_line_counts_once_its_statement_is_approved(client, focal, officer, program):
    statement = stated.drafted(program, by=focal)
    line = statement.lines.get()
    loose = call(client, focal, "post", body=body()).json()["uid"]
    both = {str(line.pk), loose}
    assert uids(client, officer, "?counted=true") == set()
    assert uids(client, officer, "?counted=false") == both
    submit_statement(statement, actor=focal, version=statement.version)
    approve_statement(statement, actor=officer, version=statement.version)
    assert uids(client, officer, "?counted=true") == {str(line.pk)}
    assert uids(client, officer, "?counted=false") == {loose}
    assert uids(client, officer, "?category=2&year=2026") == {str(line.pk)}
    assert uids(client, officer, f"?statement={statement.pk}") == {str(line.pk)}
    assert uids(client, officer, f"?opd={make.opd().pk}") == both
    assert uids(client, officer, "?owner=village") == set()
    assert call(client, officer, "get", "?counted=maybe").status_code == 400
    page = call(client, officer, "get", "?limit=1").json()
    assert len(page["results"]) == 1
    assert page["next"]


def test_the_recap_is_that_of_the_lines(client, focal, officer, program):
    """20 of 50 million are tagged 10 million; the office's whole budget is 200 million."""
    stated.approved(program, by=focal, officer=officer)
    BudgetTotal.objects.create(
        regency=make.regency(), year=2026, kind="total_apbd", plan=200_000_000, source="DPA"
    )
    ArgTarget.objects.create(regency=make.regency(), year=2026, percent=7, denominator="total_apbd")
    client.force_login(officer)
    told = client.get(SUMMARY, {"year": 2026, "denominator": "total_apbd", "by": "opd"}).json()
    assert told["area"] == {
        "level": "regency",
        "id": None,
        "code": "64.01",
        "name": "Kabupaten Paser",
    }
    [row] = told["rows"]
    assert (row["title"], row["opd"], row["lines"]) == ("Dinas Kesehatan", make.opd().pk, 1)
    assert row["money"] == {"plan": 10_000_000, "changed": 10_000_000, "realised": None}
    assert {one["category"]: one["plan"] for one in row["categories"]} == {
        1: 0,
        2: 10_000_000,
        3: 0,
    }
    assert told["whole"]["shares"]["plan"] == {
        "numerator": 10_000_000,
        "denominator": 200_000_000,
        "percent": 5.0,
    }
    assert told["target"] == {"percent": 7.0, "denominator": "total_apbd"}
    by_office = client.get(SUMMARY, {"year": 2026, "opd": make.opd().pk}).json()
    assert by_office["whole"]["money"]["plan"] == 10_000_000
    assert client.get(SUMMARY, {"year": 2025}).json()["whole"]["money"]["plan"] == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?by=moon", 400),
        ("?denominator=gold", 400),
        ("?year=19", 400),
        ("?colour=red", 400),
        ("?area=64.99", 404),
        ("?area=64.01.99.2999", 404),
        ("?opd=999999", 404),
        ("?area=x", 404),
        ("?area=64%0001", 400),
    ],
)
def test_a_recap_of_what_is_not_there(client, officer, query, status):
    client.force_login(officer)
    assert client.get(SUMMARY + query).status_code == status


def test_a_recap_ends_where_her_sight_ends(client, officer):
    client.force_login(make.village_head())
    assert client.get(f"{SUMMARY}?area=64.01").status_code == 404
    told = client.get(SUMMARY).json()
    assert told["area"]["code"] == make.village().code
    client.force_login(make.person())
    assert client.get(SUMMARY).status_code == 404


@pytest.mark.parametrize("by", ["opd", "category", "district", "village"])
def test_every_way_of_rows(client, focal, officer, program, by):
    statement = stated.drafted(program, by=focal)
    statement.lines.update(village=make.village())
    submit_statement(statement, actor=focal, version=statement.version)
    approve_statement(statement, actor=officer, version=statement.version)
    client.force_login(officer)
    told = client.get(SUMMARY, {"year": 2026, "by": by}).json()
    full = [one for one in told["rows"] if one["lines"]]
    assert sum(one["money"]["plan"] for one in told["rows"]) == 10_000_000
    wanted = {"district": ("code", "64.01.04"), "village": ("code", "64.01.04.2002")}
    wanted |= {"opd": ("opd", make.opd().pk), "category": ("category", 2)}
    name, value = wanted[by]
    assert [one[name] for one in full] == [value]
