"""The boards of offices: the owners of programs add up to the area, each number to its list."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from dashboards.standings import Together, every_pair, owner_rows
from programs.involvement import Headline
from tests import make

from .behind import sum_line
from .pages import html, links, plain, visit, words

pytestmark = pytest.mark.django_db

YEAR = BoardFilter(2026)
JANJU, KUARO = "64.01.04.2002", "64.01.03.2001"
MANY_WOMEN = {"women_participants": 8, "men_participants": 2}
NO_WOMEN = {"women_participants": 0, "men_participants": 9}
UNCOUNTED = {"women_participants": None, "men_participants": None, "total_participants": 9}


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def places():
    make.district("64.01.03", "Kuaro")
    return make.village(), make.village(KUARO, "Kuaro")


@pytest.fixture
def owned(officer, places):
    """Health involves women in one of two villages, Schools have no data, one program is idle."""
    janju, kuaro = places
    clinic = make.program(janju, kuaro, title="Klinik", gender_marker=1, arg_category=2)
    make.activity(
        clinic, janju, verified_by=officer, women_deciders=2, men_deciders=1, **MANY_WOMEN
    )
    make.activity(clinic, kuaro, verified_by=officer, **NO_WOMEN)
    school = make.program(janju, owner_opd=make.opd("Dinas Pendidikan"), title="Sekolah")
    make.activity(school, janju, verified_by=officer, **UNCOUNTED)
    make.program(kuaro, title="Belum jalan")
    own = make.program(kuaro, owner_village=kuaro, title="Jalan desa")
    make.activity(own, kuaro, verified_by=officer, **NO_WOMEN)
    make.program(kuaro, owner_district=kuaro.district, title="Pembinaan")
    return clinic


def rows_of(person) -> dict[str, Together]:
    return {row.title: row for row in owner_rows(every_pair(person.villages_with("view"), YEAR))}


@pytest.mark.usefixtures("owned")
def test_owners_add_up_to_the_area(officer):
    rows = rows_of(officer)
    board = area_board(officer, find_area(officer, "64.01"), YEAR)
    assert sum((row.headline for row in rows.values()), Headline()) == board.headline
    assert sum(row.not_counted for row in rows.values()) == board.not_counted
    assert sum(row.heads.activities for row in rows.values()) == board.total.heads.activities
    health = rows["Dinas Kesehatan"]
    assert (health.headline, health.gap) == (Headline(1, 2, 0), 1)
    assert (health.programs, health.distinct) == (2, Headline(1, 1, 0))
    assert (health.reached, health.villages, health.not_counted) == (2, 2, 1)
    assert rows["Dinas Pendidikan"].headline == Headline(0, 0, 1)


@pytest.mark.usefixtures("owned")
def test_every_number_of_the_owners_is_what_its_list_adds_up_to(client, officer):
    page = visit(client, officer, "/opd/?year=2026")
    found = re.findall(r'href="([^"]+)" data-behind="(\w+)" data-part="(\d+)"', html(page))
    assert len(found) > 8
    for link, kind, part in found:
        behind = client.get(link.replace("&amp;", "&"))
        assert sum_line(behind)["rows" if kind == "rows" else "activities"] == int(part), link


@pytest.mark.usefixtures("owned")
def test_widest_gap_comes_first_until_another_order_is_asked(client, officer):
    def titles(query):
        page = html(visit(client, officer, f"/opd/?year=2026{query}")).split("<tbody")[1]
        rows = re.findall(r'scope="row">(?:<a[^>]*>)?([^<]+)', page.split("</tbody")[0])
        return [title.strip() for title in rows]

    assert set(titles("")[:2]) == {"Dinas Kesehatan", "Desa (program sendiri)"}
    assert titles("&order=no_data")[0] == "Dinas Pendidikan"
    assert titles("&order=name")[:2] == ["Dinas Kesehatan", "Dinas Pendidikan"]
    assert visit(client, officer, "/opd/?order=none").status_code == 400


@pytest.mark.usefixtures("owned")
def test_a_level_is_refused_by_name(client, officer):
    answer = visit(client, officer, "/opd/?level=judged")
    assert answer.status_code == 400
    assert [problem.field for problem in answer.context["problems"]] == ["level"]


def test_a_focal_point_finds_her_office_first(client, owned):
    office = make.opd()
    focal = make.person("opd_focal_point", opd=office)
    page = visit(client, focal, "/opd/?year=2026")
    first, _rest = html(page).split('id="owners"')
    assert f"/opd/{office.pk}/?" in "".join(links(first))
    assert "Kantor Anda: Dinas Kesehatan" in plain(first)
    board = visit(client, focal, "/wilayah/64.01/?year=2026")
    assert any(link.startswith(f"/opd/{office.pk}/") for link in links(html(board)))


def test_an_office_says_its_programs_and_its_gap(client, officer, owned):
    office = make.opd()
    page = visit(client, officer, f"/opd/{office.pk}/?year=2026")
    said = words(page)
    assert "1 dari 2 program di desa melibatkan perempuan (0 tanpa data)" in said
    assert "2 dari 2 desa yang direncanakan" in said
    assert "2 dari 3 orang yang memutuskan" in said
    assert "1 – kesetaraan tujuan penting" in said
    assert "Sekolah" not in said
    for row in page.context["board"].programs:
        assert row.sums.programs == 1
    found = re.findall(
        r'href="([^"]+)" data-behind="(?:rows|programs)" data-part="(\d+)"', html(page)
    )
    assert found
    for link, part in found:
        assert sum_line(client.get(link.replace("&amp;", "&")))["rows"] == int(part)


def test_an_office_is_compared_with_the_year_before(client, officer, owned):
    make.activity(owned, verified_by=officer, held_on=date(2025, 5, 5), **NO_WOMEN)
    page = visit(client, officer, f"/opd/{make.opd().pk}/?year=2026")
    assert "naik 50,0 poin dari 2025" in words(page)


def test_villages_without_an_activity_are_named(client, officer, places):
    make.program(*places)
    page = visit(client, officer, f"/opd/{make.opd().pk}/?year=2026")
    assert page.context["board"].unreached == ((KUARO, "Desa Kuaro"), (JANJU, "Desa Janju"))


def test_an_office_of_another_regency_does_not_exist(client, officer, owned):
    far = make.opd("Dinas Jauh", regency=make.regency("64.02", "Kabupaten Lain"))
    assert visit(client, officer, f"/opd/{far.pk}/").status_code == 404
    stranger = make.person()
    assert visit(client, stranger, f"/opd/{make.opd().pk}/").status_code == 404
    assert visit(client, stranger, "/opd/").status_code == 404


def test_a_head_sees_her_own_village_alone(client, owned):
    page = visit(client, make.village_head(), f"/opd/{make.opd().pk}/?year=2026")
    assert page.context["board"].headline == Headline(1, 1, 0)
    assert "Desa Kuaro" not in words(page)


@pytest.mark.usefixtures("owned")
def test_the_file_has_the_rows_of_the_page(client, officer):
    answer = visit(client, officer, "/opd/?year=2026&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["Pemilik program"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Dinas Kesehatan"]["Program yang melibatkan perempuan (n)"] == "1"
    assert rows["Dinas Pendidikan"]["Program yang melibatkan perempuan (n)"] == ""  # never 0
    assert rows["Dinas Pendidikan"]["Program tanpa data"] == "1"
    for fmt in ("xlsx", "pdf"):
        assert client.get(f"/opd/{make.opd().pk}/?year=2026&format={fmt}").status_code == 200


def test_nothing_there_and_nothing_fitting_are_said_apart(client, officer, places):
    assert "Tidak ada program yang berjalan" in words(visit(client, officer, "/opd/?year=2026"))
    page = visit(client, officer, "/opd/?year=2026&target_group=men")
    assert "Tidak ada program yang cocok" in words(page)


@pytest.mark.parametrize("address", ["/opd/?year=2026", "/opd/{opd}/?year=2026"])
def test_cost_does_not_grow_with_programs(client, officer, address):
    address = address.format(opd=make.opd().pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visit(client, officer, address).status_code == 200
        return len(seen)

    def add(number):
        village = make.village(f"64.01.04.2{number:03}", f"Desa {number}")
        make.activity(make.program(village), village, verified_by=officer, **MANY_WOMEN)

    add(100)
    queries()  # signing in for the first time writes more
    one = queries()
    for number in range(101, 130):
        add(number)
    assert queries() == one
