"""The filter of the boards: a form that works without scripts, an address that can be kept."""

from datetime import date

import pytest

from tests import make

from .examples import EXAMPLES
from .pages import chips, html, visit, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]

KUARO = "64.01.03.2001"


@pytest.fixture
def officer():
    return make.officer()


def record(letter="b", at=None, **values):
    of = values.pop("of", None) or make.program(at or make.village())
    return make.activity(of, at or make.village(), **{**EXAMPLES[letter][0], **values})


# -- The address ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("year=2026&period=S1&basis=verified&owner=", "year=2026&basis=verified&semester=1"),
        ("year=2025&period=Q3", "year=2025&quarter=3"),
        ("year=2026&period=11", "year=2026&month=11"),
        ("year=2026&period=", "year=2026"),
        ("period=2025-S2", "year=2025&semester=2"),
        ("year=2026&period=2025-03", "year=2025&month=3"),
        ("year=2026&period=2024", "year=2024"),
        ("year=2026&period=Q1&month=5", "year=2026&quarter=1"),
        ("year=2026&period=S1&order=highest", "year=2026&order=highest&semester=1"),
    ],
)
def test_what_the_form_sends_becomes_an_address_by_the_known_names(officer, client, sent, kept):
    make.village()
    answer = visit(client, officer, f"/ringkasan/?{sent}")
    assert (answer.status_code, answer.url) == (302, f"/ringkasan/?{kept}")
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("text", ["S3", "Q5", "13", "0", "abc", "2026-S9", "٢٠٢٦", "S1S"])
def test_unknown_period_is_named_with_a_way_out(officer, client, text):
    make.village()
    answer = visit(client, officer, f"/ringkasan/?year=2026&period={text}")
    assert answer.status_code == 400
    assert f"Masa: {text}" in words(answer)
    [out] = chips_of_refusal(answer)
    assert client.get("/ringkasan/" + out, follow=True).status_code == 200


def chips_of_refusal(answer):
    return list(chips(answer).values())


def test_two_periods_at_once_are_refused(officer, client):
    make.village()
    answer = visit(client, officer, "/ringkasan/?year=2026&semester=1&month=2")
    assert answer.status_code == 400
    assert "Masa: 2" in words(answer)


# -- The form ------------------------------------------------------------------


def test_three_lists_are_in_view_and_the_rest_is_folded_until_in_use(officer, client):
    make.village(KUARO, "Kuaro")
    record()
    for query, is_open in (("", False), ("&target_group=women", True), ("&basis=reported", True)):
        page = html(visit(client, officer, f"/ringkasan/?year=2026{query}"))
        form = page.split('class="filters"', 1)[1].split("</form>")[0]
        shown, folded = form.split('<details class="more"', 1)
        for name in ("year", "period", "district"):
            assert f'name="{name}"' in shown
        for name in ("owner", "target_group", "fund_source", "level", "basis"):
            assert f'name="{name}"' in folded
        assert folded.startswith(" open") == is_open, query


def test_lists_hold_what_is_chosen(officer, client):
    make.village(KUARO, "Kuaro")
    record()
    query = "year=2026&quarter=1&district=64.01.04&level=deciding"
    page = html(visit(client, officer, f"/ringkasan/?{query}"))
    for value in ("2026", "Q1", "64.01.04", "deciding"):
        assert f'<option value="{value}" selected>' in page


def test_districts_and_offices_are_those_of_her_reach(officer, client):
    make.village(KUARO, "Kuaro")
    make.village("64.02.01.2001", "Jauh")
    for name in ("Dinas Kesehatan", "Dinas Sosial"):
        record(of=make.program(owner_opd=make.opd(name)))
    make.opd("Dinas Tanpa Program")

    page = html(visit(client, officer, "/ringkasan/"))
    assert '<option value="64.01.03">' in page
    assert "64.02.01" not in page
    assert "Dinas Sosial" in page
    assert "Dinas Tanpa Program" not in page

    district = make.person("district_officer", district=make.district())
    page = html(visit(client, district, "/wilayah/64.01.04/"))
    assert 'name="district"' not in page


# -- Chips ---------------------------------------------------------------------


def test_each_choice_in_use_has_a_chip_that_takes_it_away(officer, client):
    make.village(KUARO, "Kuaro")
    office = make.opd("Dinas Sosial")
    record(of=make.program(owner_opd=office, target_group="women", fund_source="dana_desa"))
    record(held_on=date(2025, 3, 1))
    said = {
        "year": ("2025", "2025"),
        "semester": ("1", "Semester 1"),
        "basis": ("reported", "Semua yang dilaporkan"),
        "district": ("64.01.04", "Kecamatan Tanah Grogot"),
        "owner": ("opd", "Pemilik program: Perangkat daerah"),
        "opd": (str(office.pk), "Dinas Sosial"),
        "target_group": ("women", "Sasaran: Perempuan"),
        "fund_source": ("dana_desa", "Sumber dana: Dana Desa"),
        "level": ("judged", "Tingkat program: Program dengan data"),
    }
    query = "&".join(f"{name}={value}" for name, (value, _label) in said.items())

    answer = visit(client, officer, f"/ringkasan/?{query}")

    found = chips(answer)
    assert "Hapus semua saringan" in words(answer)
    assert set(found) == {label for _value, label in said.values()}
    for name, (value, label) in said.items():
        without = found[label]
        assert f"{name}={value}" not in without
        assert without.count("=") == len(said) - 1
        assert client.get("/ringkasan/" + without).status_code == 200


def test_default_choice_has_no_chip(officer, client):
    record()
    assert chips(visit(client, officer, "/ringkasan/?year=2026&basis=verified")) == {}


# -- What a filter may not do --------------------------------------------------


def test_no_filter_hides_the_programs_without_data(officer, client):
    village = make.village()
    for letter in ("b", "e", "i"):
        record(letter, of=make.program(village), verified_by=officer)
    for level in ("", "involved", "judged", "none", "deciding"):
        page = words(visit(client, officer, f"/ringkasan/?year=2026&level={level}"))
        assert "(1 tanpa data)" in page, level


def test_level_is_shown_as_a_part_of_all_that_was_judged(officer, client):
    village = make.village()
    for letter in ("b", "i", "f"):
        record(letter, of=make.program(village), verified_by=officer)
    page = words(visit(client, officer, "/ringkasan/?year=2026&level=none"))
    assert "1 dari 3 program pada tingkat ini (0 tanpa data)" in page


def test_district_out_of_reach_is_refused_like_an_unknown_one(officer, client):
    make.village()
    make.village("64.02.01.2001", "Jauh")
    for code in ("64.02.01", "64.01.99", "64.01", "x"):
        answer = visit(client, officer, f"/ringkasan/?district={code}")
        assert answer.status_code == 400, code
        assert f"Kecamatan: {code}" in words(answer)
