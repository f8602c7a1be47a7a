"""Lists and boards asked for what they cannot answer: a clear page, right numbers or none."""

import re
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from tests import make
from tests.typed import text
from tests.villages.lists import Lists
from villages.models import Village

from .behind import sum_line

pytestmark = pytest.mark.django_db
JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


@pytest.fixture
def recorded(officer):
    """One verified record of March 2026 in Janju: 19 women, 24 men."""
    return make.activity(make.program(title="Bibit lada"), verified_by=officer)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("level=5", "5"),
        ("year=abc", "abc"),
        ("quarter=9", "9"),
        ("semester=1&month=2", "2"),
        ("owner=me", "me"),
        ("opd=999999", "999999"),
        ("district=64.02.99", "64.02.99"),
        ("program=abc", "abc"),
        ("ordering=password", "password"),
        ("fund_source=" + "x" * 3000, "x" * 40),
    ],
)
def test_unknown_choice_is_a_400_that_names_it(client, recorded, query, named):
    page = client.get(f"/capaian/?{query}")
    assert page.status_code == 400
    assert re.search(rf'class="chip" href="[^"]*">.*{re.escape(named)}', text(page))
    assert 'id="sum"' not in text(page)


@pytest.mark.parametrize(
    ("query", "box"),
    [
        ("basis=all", "basis"),
        ("semester=1", "year"),
        ("year=2026&semester=1&quarter=3", "quarter"),
        ("year=2026&level=involved", "basis"),
        ("year=2026&basis=verified&level=5", "level"),
        ("area=64.02", "area"),
        ("area=" + "6" * 4000, "area"),
        ("opd=me", "opd"),
        ("year=99999999999999999999", "year"),
    ],
)
def test_list_of_activities_says_which_choice_it_cannot_read(client, recorded, query, box):
    make.village("64.02.01.2001", "Muara Kembang")
    page = client.get(f"/kegiatan/?{query}")
    assert page.status_code == 422
    assert f'href="#id_{box}"' in text(page)
    assert f'id="id_{box}"' in text(page)
    assert list(page.context["page"]) == []
    assert sum_line(page) == {}


def test_area_outside_ones_rights_does_not_exist(client, recorded):
    client.force_login(make.person("district_officer", district=make.district("64.01.03", "Kuaro")))
    for code in ("64.01.04", "64.01", JANJU, "99", "x" * 500):
        assert client.get("/capaian/", {"area": code}).status_code == 404, code
        assert client.get("/kegiatan/", {"area": code}).status_code == 422, code
    assert client.get(f"/capaian/?program={recorded.program_id}").status_code == 404
    assert client.get(f"/capaian/?program={uuid4()}").status_code == 404


def test_lists_hold_ones_own_villages_alone(client, officer):
    villages = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(*villages)
    for village in villages:
        make.activity(program, village, verified_by=officer)
    query = {"program": program.pk, "year": 2026}
    assert sum_line(client.get("/capaian/", query))["rows"] == 2
    client.force_login(make.village_head(villages[1]))
    assert sum_line(client.get("/capaian/", query))["rows"] == 1
    assert sum_line(client.get("/kegiatan/", {**query, "basis": "verified"}))["activities"] == 1


def test_year_without_data_says_so_and_shows_no_zero(client, recorded):
    page = client.get("/capaian/?area=64.01&year=2031")
    assert page.status_code == 200
    assert sum_line(page) == {}
    assert "2031" in text(page)
    assert "0 dari" not in text(page)
    board = text(client.get("/wilayah/64.01/?year=2031"))
    assert "Belum ada laporan" in board
    assert "0 dari 0" not in board
    assert "0 %" not in board
    listed = client.get("/kegiatan/?year=2031&basis=verified")
    assert "Tidak ada yang cocok" in text(listed)


def test_filter_that_finds_nothing_offers_to_clear_it(client, recorded):
    page = client.get("/capaian/?year=2026&level=no_data")
    assert sum_line(page) == {}
    assert re.search(r'class="empty">.*href="/capaian/"', text(page))


def test_last_of_repeated_choices_holds(client, recorded):
    page = client.get("/capaian/?level=foo&year=2025&year=2026&level=involved")
    assert sum_line(page)["rows"] == 1
    listed = client.get("/kegiatan/?basis=x&basis=verified&year=2025&year=2026")
    assert sum_line(listed)["activities"] == 1


def test_absurdly_long_address_is_answered(client, recorded):
    assert client.get("/capaian/?" + "&".join(f"a{n}=1" for n in range(900))).status_code == 200
    assert client.get("/capaian/?" + "&".join(["year=2026"] * 5000)).status_code == 400
    assert client.get("/capaian/?page=" + "9" * 5000).status_code == 200
    assert client.get("/capaian/?year=2026%00&level=%F0%9F%8C%BE").status_code == 400


# -- Villages that change ------------------------------------------------------


@pytest.fixture
def load(tmp_path):
    """Import the small lists, after `edit` of them."""
    lists = Lists(tmp_path)

    def load(*edits, drop: str = "", **options):
        for edit in edits:
            lists.edit(*edit)
        if drop:
            lists.drop(drop)
        call_command("import_wilayah", lists=lists.folder, stdout=StringIO(), **options)

    load()
    return load


def test_village_renamed_in_mid_year_stays_one_row_under_its_new_name(client, officer, load):
    village = Village.objects.get(code=JANJU)
    program = make.program(village)
    make.activity(program, village, held_on=date(2026, 3, 1), verified_by=officer)
    load(("villages", "64.01.04,Janju,desa", "64.01.04,Janju Baru,desa"))
    make.activity(program, village, held_on=date(2026, 8, 1), verified_by=officer)

    page = client.get("/capaian/?area=64.01&year=2026")

    assert sum_line(page)["rows"] == 1
    assert "Desa Janju Baru" in text(page)
    listed = client.get(f"/kegiatan/?area={JANJU}&year=2026&basis=verified")
    assert sum_line(listed)["activities"] == 2


def test_old_code_of_a_village_leads_to_its_present_page(client, officer, load, tmp_path):
    village = Village.objects.get(code=JANJU)
    make.activity(make.program(village), village, verified_by=officer)
    changes = tmp_path / "changes.csv"
    changes.write_text(f"level,old_code,new_code,on\nvillage,{JANJU},64.01.04.2020,2026-06-30\n")
    load(
        ("villages", f"{JANJU},", "64.01.04.2020,"),
        ("village_points", f"{JANJU},", "64.01.04.2020,"),
        code_changes=changes,
    )

    moved = client.get(f"/wilayah/{JANJU}/?year=2026")

    assert (moved.status_code, moved["Location"]) == (302, "/wilayah/64.01.04.2020/?year=2026")
    assert sum_line(client.get("/capaian/?area=64.01.04.2020&year=2026"))["judged"] == 1
    client.force_login(make.village_head(make.village("64.01.05.2002")))
    assert client.get(f"/wilayah/{JANJU}/").status_code == 404  # not hers: nothing is told


def test_village_that_ended_keeps_its_records_in_the_figures(client, officer, load):
    village = Village.objects.get(code=JANJU)
    make.activity(make.program(village), village, verified_by=officer)
    load(drop=JANJU)
    assert Village.objects.get(code=JANJU).ended_on

    assert sum_line(client.get("/capaian/?area=64.01&year=2026"))["judged"] == 1
    board = client.get("/wilayah/64.01.04/?year=2026")
    assert board.context["board"].headline.judged == 1
    assert sum_line(client.get("/kegiatan/?area=64.01&year=2026&basis=verified"))["activities"] == 1
