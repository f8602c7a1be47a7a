"""Two periods of one area side by side."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make

from .examples import EXAMPLES
from .pages import html, links, plain, section, visit, words

pytestmark = pytest.mark.django_db

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
NAMES = {JANJU: "Janju", SENAKEN: "Senaken", KUARO: "Kuaro"}


@pytest.fixture
def officer():
    make.district("64.01.03", "Kuaro")
    return make.officer()


def record(letter, code, year, officer, **values):
    """One program of its own in the village, judged in March of the year."""
    village = make.village(code, NAMES[code])
    of = make.program(village)
    held = date(year, 3, 4)
    values = {**EXAMPLES[letter][0], "held_on": held, "verified_by": officer} | values
    return make.activity(of, village, **values)


@pytest.fixture
def two_years(officer):
    """Of the programs: Janju 1 of 2, then 2 of 2; Senaken 1 of 1, then 0 of 1; Kuaro 2025 only."""
    for letter, code, year in (
        *(("b", JANJU, 2025), ("i", JANJU, 2025), ("b", JANJU, 2026), ("b", JANJU, 2026)),
        *(("b", SENAKEN, 2025), ("i", SENAKEN, 2026), ("b", KUARO, 2025)),
    ):
        record(letter, code, year, officer)


def rows(answer, title: str) -> list[str]:
    """The words of each row under a title."""
    part = html(answer).split(f'id="{title}"', 1)[1].split("</section>")[0]
    return [plain(row) for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", part, re.S)][1:]


def test_figures_stand_side_by_side_with_the_difference_in_points(two_years, officer, client):
    answer = visit(client, officer, "/ringkasan/banding/?year=2026&with=2025")
    first = rows(answer, "figures")[0]
    assert first == "Program yang melibatkan perempuan 75,0 % 3 dari 4 66,7 % 2 dari 3 −8,3"
    assert "Kedua masa dihitung dengan definisi versi 1." in words(answer)


def test_the_same_period_a_year_before_is_meant_when_none_is_named(two_years, officer, client):
    for query, title in (
        ("year=2026", "2026 dan 2025"),
        ("year=2026&semester=1", "semester 1 tahun 2026 dan semester 1 tahun 2025"),
        ("year=2026&month=3", "Maret 2026 dan Maret 2025"),
    ):
        page = words(visit(client, officer, f"/ringkasan/banding/?{query}"))
        assert title in page, query
        assert "75,0 % 3 dari 4 66,7 % 2 dari 3" in page


def test_any_two_periods_can_be_chosen(two_years, officer, client):
    page = words(visit(client, officer, "/ringkasan/banding/?year=2025&semester=1&with=2026-Q2"))
    assert "semester 1 tahun 2025 dan triwulan 2 tahun 2026" in page
    assert "– 75,0 % 3 dari 4 –" in page


def test_districts_and_villages_that_moved(two_years, officer, client):
    answer = visit(client, officer, "/ringkasan/banding/?year=2026&with=2025")
    assert (
        rows(answer, "districts")
        == [
            "Kecamatan Tanah Grogot 66,7 % 2 dari 3 66,7 % 2 dari 3 0,0",
            "Kecamatan Kuaro 100,0 % 1 dari 1 – –",
        ]
        or "Tanah Grogot" in rows(answer, "districts")[0]
    )
    [risen] = rows(answer, "risen")
    assert risen.startswith("Desa Janju")
    assert risen.endswith("+50,0")
    [fallen] = rows(answer, "fallen")
    assert fallen.startswith("Desa Senaken")
    assert fallen.endswith("−100,0")
    only = section(answer, "one-sided")
    assert "Hanya pada 2026 Tidak ada." in only
    assert re.search(r"Hanya pada 2025 Desa Kuaro", only)


def test_village_without_data_is_no_fall_to_zero(officer, client):
    record("b", JANJU, 2025, officer)
    record("e", JANJU, 2026, officer)
    answer = visit(client, officer, "/ringkasan/banding/?year=2026&with=2025")
    assert rows(answer, "fallen") == []
    assert "100,0 % 1 dari 1 – –" in rows(answer, "figures")[0]


def test_filter_and_basis_hold_for_both_sides(two_years, officer, client):
    record("b", JANJU, 2026, None)
    verified = rows(visit(client, officer, "/ringkasan/banding/?year=2026&with=2025"), "figures")
    page = visit(client, officer, "/ringkasan/banding/?year=2026&with=2025&basis=reported")
    assert verified[0] != rows(page, "figures")[0]
    assert "3 dari 4 75,0 % 3 dari 4 0,0" in rows(page, "figures")[0]
    narrow = visit(client, officer, "/ringkasan/banding/?year=2026&with=2025&district=64.01.03")
    assert "100,0 % 1 dari 1 – –" in rows(narrow, "figures")[0]


def test_period_that_is_not_over_is_said(two_years, officer, client):
    year = timezone.localdate().year
    running = f"Masa {year} belum selesai"
    page = words(visit(client, officer, f"/ringkasan/banding/?year={year}&with={year - 1}"))
    assert running in page
    page = words(visit(client, officer, f"/ringkasan/banding/?year={year - 1}&with={year - 2}"))
    assert "belum selesai" not in page


def test_area_can_be_named_and_has_to_be_hers(two_years, officer, client):
    page = visit(client, officer, "/ringkasan/banding/?year=2026&area=64.01.03")
    assert "Kecamatan Kuaro" in words(page)
    assert 'name="area" value="64.01.03"' in html(page)
    for code in ("64.02", "64.01.99", "x"):
        assert visit(client, officer, f"/ringkasan/banding/?area={code}").status_code == 404
    head = make.village_head(make.village(JANJU))
    assert visit(client, head, "/ringkasan/banding/?area=64.01").status_code == 404
    assert "Desa Janju" in words(visit(client, head, "/ringkasan/banding/?year=2026"))


@pytest.mark.parametrize("code", ["2025-S3", "1999", "abc", "2025-13"])
def test_unknown_period_to_compare_with_is_named(two_years, officer, client, code):
    answer = visit(client, officer, f"/ringkasan/banding/?year=2026&with={code}")
    assert answer.status_code == 400
    assert f"Dibandingkan dengan: {code}" in words(answer)


def test_file_holds_the_numbers_of_the_page(two_years, officer, client):
    address = "/ringkasan/banding/?year=2026&with=2025"
    answer = visit(client, officer, address + "&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    villages = [row for row in found if "Desa Janju" in row]
    assert villages[0][4:11] == ["1", "2", "50.0", "2", "2", "100.0", "naik 50,0"]
    assert len([row for row in found if row and row[1].startswith("64.01")]) == 5
    assert visit(client, officer, address + "&format=xlsx").status_code == 200
    assert visit(client, officer, address + "&format=doc").status_code == 400


def test_two_empty_periods_say_so(officer, client):
    make.village()
    answer = visit(client, officer, "/ringkasan/banding/?year=2019&with=2018")
    assert "Tidak ada catatan yang cocok pada kedua masa." in words(answer)
    assert "0,0 %" not in words(answer)


def test_board_leads_to_its_comparison(two_years, officer, client):
    page = html(visit(client, officer, "/wilayah/64.01.04/?year=2026&semester=1"))
    [link] = [one for one in links(page) if one.startswith("/ringkasan/banding/")]
    assert "Kecamatan Tanah Grogot" in words(client.get(link))


def test_cost_does_not_grow_with_villages(two_years, officer, client):
    def cost() -> int:
        client.force_login(officer)
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/ringkasan/banding/?year=2026&with=2025").status_code == 200
        return len(seen)

    cost()  # the first page of a process reads what it keeps
    before = cost()
    for number in range(20):
        make.village(f"64.01.04.21{number:02}", f"Desa {number}")
    assert cost() == before
