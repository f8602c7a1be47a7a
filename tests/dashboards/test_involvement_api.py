"""The numbers over REST: the same as on the pages, within the caller's reach, strict."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.achievements import village_board
from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from programs.services import verify_activity
from tests import make

from .examples import EXAMPLES

pytestmark = pytest.mark.django_db

BASE = "/api/v1/involvement/"
JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def ask(client):
    """`ask(person, "summary/?year=2026")` → the response."""

    def ask(person, address: str):
        client.force_login(person)
        return client.get(BASE + address)

    return ask


def record(of, at, letter: str, **values):
    return make.activity(of, at, **{**EXAMPLES[letter][0], **values})


@pytest.fixture
def random_facts(officer):
    """Two dozen records of all examples in three villages, some verified, in both semesters."""
    chance = random.Random(20260304)  # noqa: S311 - the same facts in every run
    villages = [make.village(JANJU), make.village(SENAKEN, "S"), make.village(KUARO, "K")]
    programs = [
        make.program(*villages),
        make.program(*villages, target_group="women"),
        make.program(villages[0], owner_village=villages[0]),
    ]
    for _ in range(24):
        program = chance.choice(programs)
        village = chance.choice([one.village for one in program.targets.select_related("village")])
        record(
            program,
            village,
            chance.choice(list(EXAMPLES)),
            held_on=date(2026, chance.randint(1, 10), 5),
            verified_by=chance.choice([officer, None]),
        )


@pytest.mark.parametrize("basis", ["verified", "reported"])
@pytest.mark.parametrize("semester", ["", "1", "2"])
@pytest.mark.usefixtures("random_facts")
def test_api_tells_what_the_boards_tell(officer, ask, basis, semester):
    flt = BoardFilter(2026, int(semester or 0), basis)
    query = f"?year=2026&semester={semester}&basis={basis}"
    board = area_board(officer, find_area(officer, "64.01"), flt)

    summary = ask(officer, f"summary/{query}&area=64.01").json()
    villages = ask(officer, f"villages/{query}").json()["results"]
    programs = ask(officer, f"programs/{query}&limit=200").json()["results"]

    assert summary["headline"] == {
        "numerator": board.headline.involved,
        "denominator": board.headline.judged,
        "no_data": board.headline.no_data,
    }
    assert [row["code"] for row in villages] == [row.code for row in board.villages]
    for place in ("numerator", "denominator", "no_data"):
        assert sum(row["headline"][place] for row in villages) == summary["headline"][place]
    pages = {
        (str(row.program), village.code): row.shown.level.code
        for village in board.villages
        for row in village_board(officer, find_area(officer, village.code), flt).rows
        if row.shown.heads.activities
    }
    listed = {(row["program"], row["village"]): row["level"] for row in programs}
    assert {key: one for key, one in listed.items() if one != "not_counted"} == pages
    assert sum(row["sums"]["activities"] for row in programs) == summary["activities"]


def test_summary_of_one_worked_example(officer, ask):
    record(make.program(), make.village(), "b", verified_by=officer)

    answer = ask(officer, "summary/?year=2026&area=64.01").json()

    assert answer["definition_version"] == 1
    assert (answer["year"], answer["semester"], answer["basis"]) == (2026, None, "verified")
    assert answer["area"] == {"level": "regency", "code": "64.01", "name": "Kabupaten Paser"}
    assert answer["programs"]["deciding"] == 1
    assert answer["distinct_programs"] == {"numerator": 1, "denominator": 1, "no_data": 0}
    assert answer["shares"] == {
        "participants": {"women": 15, "total": 45},
        "deciders": {"women": 2, "total": 5},
        "beneficiaries": None,
    }
    assert answer["coverage"] == {"with_women": 1, "counted": 1}
    assert answer["villages"] == {"reporting": 1, "total": 1}
    assert answer["waiting"] == 0


def test_program_row_names_level_and_reasons(officer, ask):
    village = make.village()
    record(make.program(village, title="Bibit lada"), village, "b", verified_by=officer)

    [row] = ask(officer, "programs/?year=2026").json()["results"]

    assert (row["title"], row["village"], row["level"]) == ("Bibit lada", JANJU, "deciding")
    assert row["owner"] == {"kind": "opd", "name": "Dinas Kesehatan"}
    assert row["reasons"] == {
        "access": True,
        "participation": True,
        "control": True,
        "benefit": False,
    }
    assert row["sums"]["women_participants"] == 15


def test_nobody_counted_is_null_and_never_zero(officer, ask):
    record(make.program(), make.village(), "e", verified_by=officer)

    answer = ask(officer, "summary/?year=2026").json()
    [row] = ask(officer, "programs/?year=2026").json()["results"]

    assert answer["shares"]["participants"] is answer["coverage"] is None
    assert answer["headline"] == {"numerator": 0, "denominator": 0, "no_data": 1}
    assert (row["level"], row["reasons"]) == ("no_data", None)


@pytest.mark.usefixtures("random_facts")
def test_programs_are_filtered_by_each_parameter(officer, ask):
    def rows(query=""):
        return ask(officer, f"programs/?year=2026&basis=reported{query}").json()["results"]

    everything = rows()
    program = everything[0]["program"]
    expected = {
        "&village=" + KUARO: lambda row: row["village"] == KUARO,
        "&district=64.01.04": lambda row: row["village"].startswith("64.01.04"),
        "&program=" + program: lambda row: row["program"] == program,
        "&owner=village": lambda row: row["owner"]["kind"] == "village",
    }
    expected |= {
        f"&level={level}": lambda row, level=level: row["level"] == level
        for level in {row["level"] for row in everything}
    }
    for query, kept in expected.items():
        assert rows(query) == [row for row in everything if kept(row)], query
        assert len(rows(query)) > 0, query


def test_pages_are_numbered(officer, ask):
    for number in range(3):
        make.village(f"64.01.04.210{number}", f"Desa {number}")
    first = ask(officer, "villages/?limit=2").json()
    second = ask(officer, "villages/?limit=2&page=2").json()
    assert (first["count"], len(first["results"]), len(second["results"])) == (3, 2, 1)
    assert first["next"].endswith("limit=2&page=2")
    assert first["previous"] is second["next"] is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("summary/?yaer=2026", "unknown_parameter"),
        ("villages/?area=64.01", "unknown_parameter"),
        ("programs/?search=x", "unknown_parameter"),
        ("summary/?year=duaribu", "unknown_value"),
        ("summary/?year=9999", "unknown_value"),
        ("villages/?semester=3", "unknown_value"),
        ("programs/?basis=guess", "unknown_value"),
        ("programs/?level=5", "unknown_value"),
        ("programs/?owner=me", "unknown_value"),
        ("programs/?program=1", "bad_uid"),
        ("villages/?limit=0", "out_of_range"),
    ],
)
def test_unknown_parameters_and_values_are_refused(officer, ask, address, code):
    answer = ask(officer, address)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        "summary/?area=64.01",
        "summary/?area=64.01.04",
        f"summary/?area={KUARO}",
        "summary/?area=nowhere",
        f"programs/?village={KUARO}",
        "villages/?district=64.01.03",
    ],
)
def test_areas_outside_the_reach_do_not_exist(ask, address):
    make.village(KUARO, "Kuaro")
    assert ask(make.village_head(), address).status_code == 404


def test_village_head_sees_her_village_alone(officer, ask):
    near, far = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(near, far)
    record(program, near, "b", verified_by=officer)
    record(program, far, "i", verified_by=officer)
    head = make.village_head(near)

    assert [row["code"] for row in ask(head, "villages/").json()["results"]] == [JANJU]
    assert [row["village"] for row in ask(head, "programs/").json()["results"]] == [JANJU]
    assert ask(head, "summary/").json()["area"]["code"] == JANJU


def test_stranger_sees_nothing(ask):
    make.village()
    stranger = make.person()
    assert ask(stranger, "summary/").status_code == 404
    assert ask(stranger, "villages/").json()["results"] == []
    assert ask(stranger, "programs/").json()["results"] == []


def test_unchanged_answer_is_304(officer, client, ask):
    record(make.program(), make.village(), "b", verified_by=officer)
    tag = ask(officer, "villages/")["ETag"]
    assert client.get(BASE + "villages/", headers={"If-None-Match": tag}).status_code == 304


def queries_of(client, address) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(BASE + address).status_code == 200
    return len(seen)


def test_cost_does_not_grow_with_villages(officer, client):
    addresses = ["summary/?area=64.01", "villages/", "programs/?basis=reported"]
    client.force_login(officer)
    record(make.program(), make.village(), "b")
    client.get(BASE + "villages/")  # the first request of a session writes it
    one = [queries_of(client, address) for address in addresses]
    for number in range(100, 129):
        village = make.village(f"64.01.04.2{number}", f"Desa {number}")
        record(make.program(village), village, "b")
    assert [queries_of(client, address) for address in addresses] == one


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["summary", "villages", "programs"])
def test_what_has_not_changed_is_not_worked_out_again(client, path):
    officer = make.officer()
    of = make.program()
    record = make.activity(of)
    client.force_login(officer)
    address = f"/api/v1/involvement/{path}/?year=2026"
    for _try in range(100):  # other tests write to other databases of the same PostgreSQL
        seen = {"If-None-Match": client.get(address)["ETag"]}
        with CaptureQueriesContext(connection) as light:
            again = client.get(address, headers=seen)
        if again.status_code == 304:
            break
    assert again.status_code == 304
    assert again["ETag"] == seen["If-None-Match"]
    assert not any("programs_" in query["sql"] for query in light)
    assert client.get(address + "&basis=reported", headers=seen).status_code == 200

    verify_activity(record, actor=make.officer(), version=record.version)
    assert client.get(address, headers=seen).status_code == 200
