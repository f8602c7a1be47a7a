"""Women in decision making: sums over activities, by district, kind and village."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make

from .behind import sum_line
from .pages import html, visit, words

pytestmark = pytest.mark.django_db

PAGE = "/pengambilan-keputusan/"
KUARO, SENAKEN = "64.01.03.2001", "64.01.04.2008"


def deciders(women: int, men: int) -> dict:
    return {"women_deciders": women, "men_deciders": men}


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def decided(officer):
    """Janju: 3 of 10 decide, its deliberation has 6 women of 20. Kuaro: no woman of 4. Senaken:
    nobody wrote down who decides."""
    make.district("64.01.03", "Kuaro")
    villages = make.village(), make.village(KUARO, "Kuaro"), make.village(SENAKEN, "Senaken")
    janju, kuaro, senaken = villages
    program = make.program(*villages, fund_source="apbd")
    forum = {"kind": "deliberation", "women_participants": 6, "men_participants": 14}
    for village, values in (
        (janju, {**forum, **deciders(1, 4), "women_proposals_accepted": 2}),
        (janju, {**deciders(2, 3), "held_on": date(2026, 7, 1)}),
        (kuaro, deciders(0, 4)),
        (senaken, {}),
    ):
        make.activity(program, village, verified_by=officer, **values)
    make.activity(program, kuaro, **deciders(9, 0))  # not verified
    cancelled = {**deciders(9, 0), "event_status": "cancelled"}
    make.activity(program, kuaro, verified_by=officer, **cancelled)
    return program


def board(client, person, query="year=2026"):
    return visit(client, person, f"{PAGE}?{query}").context["board"]


@pytest.mark.usefixtures("decided")
def test_deciders_are_sums_over_activities(client, officer):
    found = board(client, officer)
    assert found.total.voices.deciders == (3, 14)
    assert found.total.voices.women_proposals_accepted == 2
    assert (found.total.voices.activities, found.total.voices.undecided) == (4, 1)
    assert {one.title: one.voices.deciders for one in found.ranked} == {
        "Kecamatan Tanah Grogot": (3, 10),
        "Kecamatan Kuaro": (0, 4),
    }
    kinds = {one.code: one.voices.deciders for one in found.kinds}
    assert kinds == {"training": (2, 9), "deliberation": (1, 5)}


@pytest.mark.usefixtures("decided")
def test_deliberations_stand_apart(client, officer):
    found = board(client, officer)
    assert (found.total.forum.present, found.total.forum.activities) == ((6, 20), 1)
    said = words(visit(client, officer, f"{PAGE}?year=2026"))
    assert "6 dari 20" in said
    assert "30,0 %" in said
    assert "BPD" in said


@pytest.mark.usefixtures("decided")
def test_villages_by_who_decides(client, officer):
    """3 of 10 is 30 percent exactly, and inside."""
    found = board(client, officer)
    assert [one.title for one in found.without_women] == ["Desa Kuaro"]
    assert [one.title for one in found.reached] == ["Desa Janju"]
    assert (found.village_share, found.unknown) == ((1, 2), 1)


@pytest.mark.usefixtures("decided")
def test_period_basis_and_district_narrow_the_sums(client, officer):
    assert board(client, officer, "year=2026&semester=2").total.voices.deciders == (2, 5)
    assert board(client, officer, "year=2026&basis=reported").total.voices.deciders == (12, 23)
    found = board(client, officer, "year=2026&district=64.01.03")
    assert found.total.voices.deciders == (0, 4)
    assert "Tidak ada kegiatan yang cocok" in words(
        visit(client, officer, f"{PAGE}?year=2026&fund_source=csr")
    )
    assert visit(client, officer, f"{PAGE}?level=judged").status_code == 400


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("query", ["year=2026", "year=2026&basis=reported&quarter=1"])
def test_every_number_is_what_its_list_adds_up_to(client, officer, query):
    page = html(visit(client, officer, f"{PAGE}?{query}"))
    pattern = r'href="([^"]+)" data-behind="(\w+)" data-part="(\d+)"(?: data-whole="(\d+)")?'
    found = re.findall(pattern, page)
    assert {kind for _link, kind, *_rest in found} == {"activities", "deciders", "present"}
    who = {"deciders": "deciders", "present": "present"}
    for link, kind, part, whole in found:
        said = sum_line(client.get(link.replace("&amp;", "&")))
        if kind == "activities":
            assert said["activities"] == int(part), link
        else:
            women, men = said[f"women-{who[kind]}"], said[f"men-{who[kind]}"]
            assert (women, women + men) == (int(part), int(whole)), link


@pytest.mark.usefixtures("decided")
def test_file_has_every_village_and_no_zero_for_missing(client, officer):
    answer = visit(client, officer, f"{PAGE}?year=2026&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["Desa/kelurahan"]: row for row in csv.DictReader(io.StringIO(text))}
    share = "Perempuan di antara yang ikut memutuskan (n)"
    assert [rows[f"Desa {name}"][share] for name in ("Janju", "Kuaro", "Senaken")] == ["3", "0", ""]
    assert rows["Desa Janju"]["Usulan perempuan yang diterima"] == "2"


@pytest.mark.usefixtures("decided")
def test_strangers_find_nothing_and_heads_their_own(client):
    assert visit(client, make.person(), PAGE).status_code == 404
    page = visit(client, make.village_head(), f"{PAGE}?year=2026")
    assert page.context["board"].total.voices.deciders == (3, 10)
    assert "Kuaro" not in words(page)


def test_nothing_recorded_says_so(client, officer):
    make.village()
    assert "Belum ada kegiatan 2026" in words(visit(client, officer, f"{PAGE}?year=2026"))


def test_cost_does_not_grow_with_villages(client, officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visit(client, officer, f"{PAGE}?year=2026").status_code == 200
        return len(seen)

    def add(number):
        village = make.village(f"64.01.04.2{number:03}", f"Desa {number}")
        make.activity(make.program(village), village, verified_by=officer, **deciders(1, 1))

    add(100)
    queries()
    one = queries()
    for number in range(101, 130):
        add(number)
    assert queries() == one
