"""The cross table: what stands in it adds up to the board."""

import csv
import io
from datetime import date

import pytest

from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from dashboards.pivots import DIMENSIONS, MEASURES
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "/tabel-silang/"
YEAR = "year=2026"


@pytest.fixture
def officer(client):
    person = make.officer()
    janju = make.village()
    make.district("64.01.03", "Kuaro")
    kuaro = make.village("64.01.03.2001", "Kuaro")
    clinic = make.program(janju, kuaro, owner_opd=make.opd(), fund_source="apbd")
    own = make.program(janju, owner_village=janju, target_group="women")
    people = {"women_participants": 3, "men_participants": 7}
    for of, at, values in (
        (clinic, janju, {"held_on": date(2026, 1, 5), "budget_spent": 1_000_000, **people}),
        (clinic, kuaro, {"held_on": date(2026, 2, 5), "kind": "training", **people}),
        (own, janju, {"held_on": date(2026, 2, 6), "women_participants": 8, "men_participants": 0}),
        (
            own,
            janju,
            {
                "held_on": date(2026, 3, 1),
                "women_participants": None,
                "men_participants": None,
                "total_participants": 9,
            },
        ),
    ):
        make.activity(of, at, verified_by=person, **values)
    client.force_login(person)
    return person


def read(client, query: str) -> dict[str, dict[str, str]]:
    """The downloaded table as {row: {column label: cell}}."""
    answer = client.get(f"{PAGE}?{YEAR}&format=csv&{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    first, *_rest = rows = list(csv.DictReader(io.StringIO(text)))
    label = next(iter(first))
    return {row[label]: row for row in rows}


def test_heads_by_district_and_month(client, officer):
    page = client.get(f"{PAGE}?{YEAR}").content.decode()
    assert "Jan 2026" in page
    found = read(client, "rows=district&columns=month&measure=participants")
    assert found["Kuaro"]["Feb 2026 (n)"] == "3"
    assert found["Kuaro"]["Jan 2026 (n)"] == ""  # nothing recorded is not zero
    assert found["Tanah Grogot"]["Mar 2026 (n)"] == ""  # a head-count alone says no share
    assert (found["Total"]["Total (n)"], found["Total"]["Total (dari)"]) == ("14", "28")


@pytest.mark.parametrize("measure", ["programs", "no_data"])
def test_programs_add_up_to_the_headline(client, officer, measure):
    headline = area_board(officer, find_area(officer, "64.01"), BoardFilter(2026)).headline
    wanted = {
        "programs": (headline.involved, headline.judged),
        "no_data": (headline.no_data, headline.judged + headline.no_data),
    }
    for rows in (name for name, one in DIMENSIONS.items() if not one.of_time):
        columns = "district" if rows != "district" else "owner"
        total = read(client, f"rows={rows}&columns={columns}&measure={measure}")["Total"]
        found = int(total["Total (n)"]), int(total["Total (dari)"])
        assert found == wanted[measure], rows


@pytest.mark.parametrize("measure", [name for name, one in MEASURES.items() if one.part])
def test_every_dimension_has_the_total_of_the_board(client, officer, measure):
    heads = area_board(officer, find_area(officer, "64.01"), BoardFilter(2026)).total.heads
    shares = {
        "coverage": heads.coverage,
        "participants": heads.participants,
        "deciders": heads.deciders,
        "beneficiaries": heads.beneficiaries,
    }
    sums = {"activities": 4, "women": 14, "men": 14, "budget": 1_000_000}
    for rows in DIMENSIONS:
        columns = "district" if rows != "district" else "kind"
        total = read(client, f"rows={rows}&columns={columns}&measure={measure}")["Total"]
        if measure in shares:
            found = total["Total (n)"], total["Total (dari)"]
            assert found == tuple(map(str, shares[measure] or ("", ""))), rows
        else:
            assert total["Total"] == str(sums[measure]), rows


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("rows=nonsense", "rows"),
        ("columns=nonsense", "columns"),
        ("measure=nonsense", "measure"),
        ("rows=month&columns=month", "columns"),
        ("measure=programs&columns=month", "columns"),
        ("measure=programs&rows=kind&columns=owner", "rows"),
        ("level=judged", "level"),
    ],
)
def test_what_says_nothing_is_refused_by_name(client, officer, query, field):
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert [problem.field for problem in answer.context["problems"]] == [field]


def test_a_head_sees_her_own_village_alone(client, officer):
    head = make.village_head(make.village("64.01.03.2001", "Kuaro"))
    client.force_login(head)
    found = read(client, "rows=village&columns=month&measure=activities")
    assert set(found) == {"Desa Kuaro, Kuaro", "Total"}
    assert found["Total"]["Total"] == "1"


def test_nothing_recorded_says_so(client, officer):
    page = client.get(f"{PAGE}?year=2019").content.decode()
    assert "Belum ada catatan" in page or "Tidak ada catatan" in page


def test_a_program_named_like_a_formula_is_harmless(client, officer):
    village = make.village()
    make.activity(make.program(village, title="=1+1"), village, verified_by=officer)
    assert "'=1+1" in read(client, "rows=program&columns=district&measure=activities")


def test_nobody_counted_is_not_zero(client, officer):
    """Mar 2026 holds one record with a head-count alone."""
    for measure in ("women", "men", "budget"):
        found = read(client, f"rows=district&columns=month&measure={measure}")
        assert found["Tanah Grogot"]["Mar 2026"] == ""
