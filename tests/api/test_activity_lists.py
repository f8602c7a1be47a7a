"""GET /api/v1/activities/: the records of the page's list, in pages by position."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import create_token
from programs.models import Activity
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/api/v1/activities/"
JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def uids(client, query="") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer.json()
    return [row["uid"] for row in answer.json()["results"]]


def days(program, *numbers, **values):
    return [make.activity(program, held_on=date(2026, 3, day), **values) for day in numbers]


def test_a_row_says_what_the_record_says_and_where_it_stands(client, officer):
    activity = make.activity(make.program(title="Pembibitan"), note="dua hari")
    [row] = client.get(LIST).json()["results"]
    item = client.get(f"{LIST}{activity.pk}/").json()

    assert row["village"] == {"code": JANJU, "name": "Janju"}
    assert row["district"] == {"code": "64.01.04", "name": "Tanah Grogot"}
    assert row["program"] == {"uid": str(activity.program_id), "title": "Pembibitan"}
    for name in set(item) - {"returned"}:
        assert row[name] == item[name], name


def test_the_newest_day_comes_first_and_the_order_can_be_chosen(client, officer):
    first, last, middle = days(make.program(), 2, 9, 5)
    by_day = [str(one.pk) for one in (last, middle, first)]
    by_change = [str(one.pk) for one in (first, last, middle)]

    assert uids(client) == by_day
    assert uids(client, "?ordering=held_on") == by_day[::-1]
    assert uids(client, "?ordering=updated_at") == by_change
    for other in ("title", "village", "held_on,-updated_at", "pk"):
        assert client.get(f"{LIST}?ordering={other}").status_code == 400, other


def test_pages_lead_through_every_row_once_while_rows_arrive(client, officer):
    program = make.program()
    days(program, 3, 3, 3, 4, 5)
    wanted = uids(client)
    found, address = [], f"{LIST}?limit=2"
    while address:
        answer = client.get(address).json()
        found += [row["uid"] for row in answer["results"]]
        address = answer["next"]
        days(program, 20)  # newer than all: before the first page

    assert found == wanted


def test_the_list_is_narrowed_as_the_page_is(client, officer):
    janju, kuaro = make.village(), make.village(KUARO, "Kuaro")
    one, two = make.program(janju, kuaro), make.program(kuaro, target_group="women")
    here = make.activity(one, janju, verified_by=officer)
    there = make.activity(one, kuaro, held_on=date(2026, 5, 1), title="Rapat")
    women = make.activity(two, kuaro, women_participants=0, men_participants=3)
    cases = {
        "": {here, there, women},
        "?district=64.01.04": {here},
        f"?village={KUARO}": {there, women},
        f"?program={one.pk}": {here, there},
        "?status=verified": {here},
        "?held_on_after=2026-04-01": {there},
        "?held_on_before=2026-04-01&area=64.01.03": {women},
        "?search=rapat": {there},
        "?target_group=women": {women},
        "?year=2026&quarter=2": {there},
        "?women=1": {here, there},
        "?updated_since=2026-01-01T00:00:00Z": {here, there, women},
        "?updated_since=2099-01-01T00:00:00Z": set(),
    }
    for query, wanted in cases.items():
        assert set(uids(client, query)) == {str(row.pk) for row in wanted}, query


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?distrik=64.01", "unknown_parameter"),
        ("?status=lost", "invalid_choice"),
        ("?quarter=1", "required"),
        ("?updated_since=yesterday", "invalid"),
        ("?village=99.99.99.9999", "invalid_choice"),
        ("?limit=201", "out_of_range"),
        ("?cursor=nonsense", "invalid_cursor"),
    ],
)
def test_what_is_not_understood_is_refused(client, officer, query, code):
    answer = client.get(LIST + query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_only_what_is_within_reach_exists(client):
    janju, kuaro = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(janju, kuaro)
    mine, other = make.activity(program, janju), make.activity(program, kuaro)
    make.village(SENAKEN, "Senaken")

    def seen_by(person) -> list[str]:
        client.force_login(person)
        return uids(client)

    assert seen_by(make.village_head(janju)) == [str(mine.pk)]
    assert seen_by(make.person("facilitator", village=kuaro)) == [str(other.pk)]
    assert seen_by(make.person("officer", district=janju.district)) == [str(mine.pk)]
    assert seen_by(make.person()) == []
    client.force_login(make.village_head(janju))
    assert client.get(f"{LIST}?village={KUARO}").status_code == 400, "no choice of hers"


def test_a_key_needs_the_scope(client):
    make.activity(make.program())
    person = make.officer()
    client.logout()
    for scopes, status in ((["activities:read"], 200), (["activities:write"], 403)):
        made = create_token(person, name="t", scopes=scopes, days=5, actor=None)
        bearer = {"authorization": f"Bearer {made.key}"}
        assert client.get(LIST, headers=bearer).status_code == status
    assert client.get(LIST).status_code == 401


def statements(client, address) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in seen]


@pytest.mark.parametrize("of", [{}, {"regency": "64.01"}, {"village": JANJU}])
def test_one_row_and_thirty_cost_the_same_statements(client, of):
    area = {name: getattr(make, name)(code) for name, code in of.items()}
    person = make.person("officer" if "village" not in of else "facilitator", **area)
    client.force_login(person)
    program = make.program()
    make.activity(program)
    client.get(LIST)  # the first request of a session writes it
    few = statements(client, LIST)
    for _ in range(29):
        make.activity(program)
    many = statements(client, LIST)

    assert len(client.get(LIST).json()["results"]) == Activity.objects.count() == 30
    assert len(many) == len(few) <= 6  # with the two of a session, and those of a phone
    assert len(of_the_list(many)) == 1, many
    filtered = "?status=submitted&updated_since=2020-01-01T00:00:00Z&ordering=-updated_at"
    assert len(of_the_list(statements(client, LIST + filtered))) == 1


def of_the_list(asked: list[str]) -> list[str]:
    """Without who calls, where she may look, and whether anything has changed."""
    return [sql for sql in asked if "programs_" in sql]
