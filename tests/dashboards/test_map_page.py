"""/peta/: what it draws, how it may be asked, and to whom it answers."""

import gzip
import re
from datetime import date

import pytest
from django.core.management import call_command

from dashboards import boards, map_views, measures
from dashboards.areas import find_area
from dashboards.filters import BoardFilter
from programs.reporting import discipline_of
from tests import make
from villages.models import AreaShape, Village

from .examples import EXAMPLES

pytestmark = pytest.mark.django_db

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
SPOTS = {JANJU: (116.20, -1.90), SENAKEN: (116.25, -1.85), KUARO: (116.10, -1.80)}
NAMES = {JANJU: "Janju", SENAKEN: "Senaken", KUARO: "Kuaro"}


@pytest.fixture
def officer():
    """Three villages on the map: Janju with 1 of 1 program, Kuaro where nobody was counted."""
    officer = make.officer()
    for code, (longitude, latitude) in SPOTS.items():
        make.village(code, NAMES[code])
        Village.objects.filter(code=code).update(longitude=longitude, latitude=latitude)
    for code, letter in ((JANJU, "b"), (KUARO, "e")):
        village = make.village(code)
        make.activity(make.program(village), village, verified_by=officer, **EXAMPLES[letter][0])
    call_command("build_schematic_map", verbosity=0)
    return officer


@pytest.fixture
def read(client):
    def read(person, query: str = "", status: int = 200) -> str:
        client.force_login(person)
        response = client.get(f"/peta/?year=2026{query}")
        assert response.status_code == status, query
        return response.content.decode()

    return read


def svg_of(page: str) -> str:
    return page.split('<svg class="map')[1].split("</svg>")[0]


def listed(page: str) -> list[str]:
    return re.findall(r'scope="row"><a[^>]*>([^<]+)<', page)


def classes(page: str) -> dict[str, str]:
    found = re.findall(
        r'<a href="/wilayah/([\d.]+)/[^>]*><title>[^<]*</title><path class="([^"]*)"', page
    )
    return dict(found)


def test_map_and_list_hold_the_same_villages(officer, read):
    page = read(officer)

    assert classes(svg_of(page)) == {
        JANJU: "area share-4 small-n",
        SENAKEN: "area share-none",
        KUARO: "area share-none",
    }
    assert sorted(listed(page)) == ["Desa Janju", "Desa Kuaro", "Desa Senaken"]
    assert "Peta skematis, bukan batas resmi" in page
    assert "kurang dari 5 program" in page


@pytest.mark.parametrize(
    ("measure", "css"),
    [
        ("programs", {JANJU: "share-4 small-n", KUARO: "share-none"}),
        ("participants", {JANJU: "share-2", KUARO: "share-none"}),
        ("no_data", {JANJU: "share-0 small-n", KUARO: "share-4 small-n"}),
    ],
)
def test_each_measure_has_its_own_colours(officer, read, measure, css):
    found = classes(svg_of(read(officer, f"&measure={measure}")))

    assert {code: words.removeprefix("area ") for code, words in found.items()} == {
        SENAKEN: "share-none",
        **css,
    }


def test_a_legend_class_narrows_the_list_and_fades_the_others(officer, read):
    page = read(officer)
    [link] = re.findall(r'href="([^"]*class=4[^"]*)#list"', page)
    page = read(officer, "&" + link.replace("&amp;", "&").lstrip("?"))

    assert listed(page) == ["Desa Janju"]
    assert classes(svg_of(page))[KUARO] == "area share-none off"
    assert listed(read(officer, "&class=few")) == ["Desa Janju"]
    assert sorted(listed(read(officer, "&class=none"))) == ["Desa Kuaro", "Desa Senaken"]
    assert "Tidak ada wilayah di kelas ini" in read(officer, "&class=2")


def test_districts_are_sums_of_their_villages(officer, read):
    page = read(officer, "&level_of=district")

    assert classes(svg_of(page)) == {
        "64.01.03": "area share-none",
        "64.01.04": "area share-4 small-n",
    }
    assert listed(page) == ["Kecamatan Tanah Grogot"] * 2


def test_months_late_or_missing_are_of_those_due(officer):
    today = date(2026, 12, 1)
    villages = officer.villages_with("view").under("64.01")
    months = [date(2026, month, 1) for month in range(1, 13)]
    discipline = discipline_of(villages, months, today)
    measure = measures.reporting(discipline)
    flt = BoardFilter(2026)
    board = boards.area_board(officer, find_area(officer, "64.01"), flt)

    by_code = {row.code: row for row in discipline.rows}
    for row in board.villages:
        states = [state.value for state in by_code[row.code].states]
        due = [state for state in states if state not in ("running", "before")]
        failed = [state for state in due if state in ("missing", "late")]
        assert measure.of(row) == ((len(failed), len(due)) if due else None)
    for row in board.districts:
        parts = [measure.of(one) or (0, 0) for one in board.villages if one.code[:8] == row.code]
        assert measure.of(row) == tuple(map(sum, zip(*parts, strict=True)))


def test_reporting_page_answers_with_the_worst_first(officer, read):
    page = read(officer, "&measure=reporting")

    assert "Bulan terlambat atau belum dilaporkan" in page
    assert (
        'aria-current="true" class="chip" href="?year=2026&amp;measure=reporting&amp;order=highest'
        in page
    )
    assert "small-n" not in svg_of(page)


def test_both_outlines_are_offered_once_both_are_there(officer, read):
    assert "outline=" not in read(officer)
    for place, code in enumerate(SPOTS):
        west = 116 + place / 10
        ring = [[west, -2], [west + 0.1, -2], [west + 0.1, -1.9], [west, -2]]
        AreaShape.objects.create(
            area_code=code, kind="official", rings=[[ring]], source="Kantor <Batas>"
        )

    page = read(officer)
    assert "Kantor &lt;Batas&gt;" in page
    assert "Peta skematis, bukan batas resmi" not in page
    assert "Peta skematis, bukan batas resmi" in read(officer, "&outline=schematic")
    assert "Kantor &lt;Batas&gt;" in read(officer, "&outline=official")


@pytest.mark.parametrize("name", ["class", "view", "outline", "level_of", "measure", "order"])
def test_unknown_choice_is_named_with_a_way_out(officer, read, name):
    page = read(officer, f"&{name}=perhaps", status=400)

    assert ": perhaps" in page
    assert 'href="?year=2026"' in page


def test_tiles_stand_beside_the_map_or_instead_of_it(officer, read):
    page = read(officer)
    assert page.count('<div class="tiles') == page.count('<svg class="map') == 1
    assert '<svg class="map' not in read(officer, "&view=tiles")
    assert '<div class="tiles' not in read(officer, "&view=map")
    assert '<div class="tiles' not in read(officer, "&level_of=district")


def test_another_area_may_be_named_within_the_reach(officer, read):
    make.village("64.02.01.2001")

    assert sorted(listed(read(officer, "&area=64.01.04"))) == ["Desa Janju", "Desa Senaken"]
    for code in ("64.02", "64", "0", JANJU, "x"):
        read(officer, f"&area={code}", status=404)


def test_nation_by_province_and_by_regency(officer, read):
    ministry = make.person("auditor")

    assert list(classes(svg_of(read(ministry, "&area=0")))) == ["64"]
    by_regency = read(ministry, "&area=0&level_of=regency")
    assert list(classes(svg_of(by_regency))) == ["64.01"]
    assert "1 dari 1" in by_regency
    assert list(classes(svg_of(read(ministry, "&area=64")))) == ["64.01"]
    assert "measure=reporting" not in by_regency
    read(ministry, "&area=64&measure=reporting", status=400)


def test_page_of_paser_is_small(read):
    officer = make.officer()
    call_command("import_wilayah", regency="64.01", verbosity=0)
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    page = read(officer)

    assert svg_of(page).count("<a href=") == 144
    assert len(gzip.compress(page.encode())) <= 60_000


def test_queries_do_not_grow_with_the_villages(officer, django_assert_max_num_queries):
    flt = BoardFilter(2026)
    board = boards.area_board(officer, find_area(officer, "64.01"), flt)
    measures.map_of(board, flt)
    with django_assert_max_num_queries(1):
        measures.map_of(board, flt)


def test_features_say_what_the_map_says(officer):
    flt = BoardFilter(2026)
    board = boards.area_board(officer, find_area(officer, "64.01"), flt)
    found = {one["id"]: one for one in measures.features(board)}

    assert set(found) == set(SPOTS)
    assert found[JANJU]["geometry"]["type"] == "MultiPolygon"
    properties = found[JANJU]["properties"]
    assert (properties["numerator"], properties["denominator"], properties["share"]) == (1, 1, 1.0)
    assert properties["kind"] == "schematic"
    nobody = found[KUARO]["properties"]
    assert (nobody["numerator"], nobody["denominator"], nobody["share"]) == (None, None, None)
    assert nobody["no_data"] == 1


def test_features_without_outlines_keep_their_numbers(officer):
    AreaShape.objects.all().delete()
    flt = BoardFilter(2026)
    board = boards.area_board(officer, find_area(officer, "64.01"), flt)

    [janju] = [one for one in measures.features(board) if one["id"] == JANJU]
    assert janju["geometry"] is None
    assert (janju["properties"]["numerator"], janju["properties"]["kind"]) == (1, None)


def test_every_switch_has_its_words():
    assert set(map_views.KINDS) == set(AreaShape.Kind.values)
    assert {level.value for level in measures.Level} == set(map_views.LEVELS)
