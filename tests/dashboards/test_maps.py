"""The village map: fixed classes, true places, one light query, small enough for a phone."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import translation

from dashboards.maps import VillageShare, area_map, share_class
from dashboards.outlines import outlines_of
from dashboards.tiles import initials, tile_groups
from tests import make
from villages.models import AreaShape, Village

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "paser" / "boundaries"


def square(west, south, side=0.1):
    east, north = west + side, south + side
    return [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]


def draw(code, rings, kind="schematic"):
    return AreaShape.objects.update_or_create(
        area_code=code, kind=kind, defaults={"rings": rings, "source": f"drawn {kind}"}
    )[0]


def share(code, numerator=1, denominator=2, **values):
    return VillageShare(code, f"Desa {code[-2:]}", "Tanah Grogot", numerator, denominator, **values)


def points_of(d):
    """The absolute points of path data."""
    found = []
    for start, steps in re.findall(r"M([^l]+)l([^z]+)z", d):
        x, y = (int(number) for number in re.findall(r"-?\d+", start))
        found.append((x, y))
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


@pytest.fixture
def two(db):
    """Two neighbours of one district: west and east of 116.1."""
    west, east = make.village("64.01.04.2002", "Janju"), make.village("64.01.04.2003", "Batang")
    draw(west.code, square(116.0, -2.0))
    draw(east.code, square(116.1, -2.0))
    return west, east


@pytest.fixture
def paser(db):
    call_command("import_wilayah", regency="64.01", verbosity=0)
    call_command("build_schematic_map", regency="64.01")
    return [
        share(village.code, number % 9, 8 if number % 5 else 0, url=f"/wilayah/{village.code}/")
        for number, village in enumerate(Village.objects.all())
    ]


@pytest.mark.parametrize(
    ("numerator", "denominator", "css"),
    [
        (0, 0, "share-none"),
        (0, 7, "share-0"),
        (9, 100, "share-0"),
        (1, 10, "share-1"),
        (2999, 10_000, "share-1"),
        (3, 10, "share-2"),
        (30, 100, "share-2"),
        (49, 100, "share-2"),
        (1, 2, "share-3"),
        (74, 100, "share-3"),
        (3, 4, "share-4"),
        (8, 8, "share-4"),
        (3 * 10**15, 10**16, "share-2"),
        (3 * 10**15 - 1, 10**16, "share-1"),
    ],
)
def test_share_classes_are_counted_in_whole_numbers(numerator, denominator, css):
    assert share_class(numerator, denominator) == css


def test_neighbours_share_their_line_and_north_is_up(two):
    drawn = area_map("64.01", [share(village.code) for village in two])

    west, east = (points_of(village.d) for village in drawn.villages)
    assert max(x for x, _y in west) == min(x for x, _y in east)
    south, north = square(116.0, -2.0)[0][0][0], square(116.0, -2.0)[0][0][2]
    assert south[1] < north[1]
    assert west[0][1] == max(y for _x, y in west)
    assert all(0 <= x <= 1000 and 0 <= y <= drawn.height for x, y in west + east)
    assert drawn.view_box == f"0 0 1000 {drawn.height}"


def test_longitudes_are_shortened_away_from_the_equator(db):
    code = make.village("64.01.04.2002").code
    draw(code, square(120.0, -10.0, side=2.0))

    assert area_map("64.01", [share(code)]).height == round(988 / 0.9877) + 12


def test_map_says_what_each_village_reached(two):
    west, east = two
    with translation.override("en"):
        drawn = area_map(
            "64.01",
            [
                VillageShare(west.code, "Desa Janju", "Tanah Grogot", 3, 10, url="/w/"),
                VillageShare(east.code, "Desa Batang", "Tanah Grogot", 0, 0),
            ],
        )
        first, second = drawn.villages
        assert (first.css, first.url) == ("share-2", "/w/")  # ten programs are not few
        assert first.label == "Desa Janju, Tanah Grogot: 3 of 10 programs involve women"
        assert (second.css, second.label) == (
            "share-none",
            "Desa Batang, Tanah Grogot: without data",
        )
    assert [(one.css, one.count) for one in drawn.legend if one.count] == [
        ("share-2", 1),
        ("share-none", 1),
    ]


def test_village_without_outline_is_named_not_lost(two):
    drawn = area_map("64.01", [share(two[0].code), share("64.01.04.2099")])

    assert [village.code for village in drawn.villages] == [two[0].code]
    assert drawn.missing == ("Desa 99",)
    assert sum(one.count for one in drawn.legend if one.key != "few") == 2


def test_village_out_of_reach_is_not_drawn(two):
    drawn = area_map("64.01", [share(two[0].code)])

    assert [village.code for village in drawn.villages] == [two[0].code]
    assert len(drawn.lines) == 1


def test_no_outlines_no_map(db):
    make.village()

    assert area_map("64.01", [share("64.01.04.2002")]) is None


def test_official_lines_are_drawn_once_every_village_has_them(two):
    west, east = two
    shares = [share(west.code), share(east.code)]
    draw(west.code, square(116.0, -2.0, side=0.05), "official")
    assert area_map("64.01", shares).schematic

    draw(east.code, square(116.05, -2.0, side=0.05), "official")
    drawn = area_map("64.01", shares)
    assert not drawn.schematic
    assert drawn.source == "drawn official"


def test_district_without_outline_is_joined_from_its_villages(two):
    drawn = area_map("64.01", [share(village.code) for village in two])

    [district] = drawn.lines
    both = [point for village in drawn.villages for point in points_of(village.d)]
    assert set(points_of(district)) <= set(both)
    assert max(points_of(district))[0] == max(both)[0]


def test_new_outlines_replace_the_kept_ones(two):
    before = outlines_of("64.01")
    assert outlines_of("64.01") is before

    draw(two[0].code, square(116.0, -2.1, side=0.2))
    assert outlines_of("64.01").height != before.height


def test_kept_map_costs_one_query(two, django_assert_num_queries):
    shares = [share(village.code) for village in two]
    area_map("64.01", shares)
    with django_assert_num_queries(1):
        area_map("64.01", shares)


def test_tiny_village_is_still_there(two):
    """Nothing of it is left in whole units, so a small square stands for it."""
    speck = make.village("64.01.04.2004", "Kecil")
    draw(speck.code, square(116.05, -1.95, side=0.00001))
    drawn = area_map("64.01", [share(speck.code)])

    assert re.fullmatch(r"M\d+ \d+h6v6h-6z", drawn.villages[0].d)


def test_names_of_districts_keep_apart_and_inside(paser):
    shares = [
        VillageShare(one.code, one.name, name, 1, 2)
        for one in paser
        for name in ["Kecamatan " + one.code[6:8]]
    ]
    drawn = area_map("64.01", shares)

    assert len(drawn.names) == len(drawn.lines) == 10
    for one in drawn.names:
        assert 0 < one.x < 1000
        assert 0 < one.y < drawn.height
        for other in drawn.names:
            if other is not one:
                assert abs(one.x - other.x) > 150 or abs(one.y - other.y) >= 30


def test_paser_is_small_enough_for_a_phone(paser):
    page = render_to_string("components/_village_map.html", {"map": area_map("64.01", paser)})

    assert page.count("<a href=") == 144
    assert len(gzip.compress(page.encode())) <= 60_000


@pytest.mark.skipif(not SAMPLES.exists(), reason="no sample boundaries here")
def test_imported_boundaries_are_small_enough_too(paser):
    call_command("import_boundaries", str(SAMPLES / "paser.topojson"))
    drawn = area_map("64.01", paser)
    page = render_to_string("components/_village_map.html", {"map": drawn})

    assert not drawn.schematic
    assert len(gzip.compress(page.encode())) <= 60_000


def test_component_can_be_read_and_walked(paser):
    shares = [share(paser[0].code, 1, 2, url="/wilayah/x/", label="Desa <b> & Co"), *paser[1:]]
    with translation.override("id"):
        page = render_to_string("components/_village_map.html", {"map": area_map("64.01", shares)})

    assert '<a href="/wilayah/x/"><title>Desa &lt;b&gt; &amp; Co</title>' in page
    assert "style=" not in page
    assert "<script" not in page
    assert "Peta skematis, bukan batas resmi" in page
    assert page.count('class="area share-none"') == sum(not one.denominator for one in shares)


@pytest.mark.parametrize(
    ("numerator", "denominator", "css"),
    [(0, 0, "share-none"), (1, 1, "share-4 small-n"), (2, 4, "share-3 small-n"), (3, 5, "share-3")],
)
def test_share_of_few_is_drawn_lighter(two, numerator, denominator, css):
    drawn = area_map("64.01", [share(two[0].code, numerator, denominator)])

    assert drawn.villages[0].css == css
    assert [one.count for one in drawn.legend if one.key == "few"] == [1] * ("small-n" in css)


def test_few_can_be_left_out(two):
    drawn = area_map("64.01", [share(two[0].code, 1, 2)], few=0)

    assert drawn.villages[0].css == "share-3"
    assert "few" not in [one.key for one in drawn.legend]


def test_chosen_class_stays_and_the_others_step_back(two):
    west, east = two
    shares = [share(west.code, 1, 10), share(east.code, 1, 2)]

    faded = area_map("64.01", shares, chosen="1").villages
    assert [village.css for village in faded] == ["share-1", "share-3 small-n off"]
    few = area_map("64.01", shares, chosen="few")
    assert [village.css for village in few.villages] == ["share-1 off", "share-3 small-n"]
    assert [one.key for one in few.legend if one.chosen] == ["few"]
    assert sum(one.count for one in few.legend if one.key != "few") == 2


def test_both_kinds_of_outlines_can_be_asked_for(two):
    shares = [share(village.code) for village in two]
    for place, village in enumerate(two):
        draw(village.code, square(116.0 + place / 20, -2.0 + place / 20, side=0.05), "official")

    official, schematic = (area_map("64.01", shares, kind=kind) for kind in ("", "schematic"))
    assert (official.kind, schematic.kind) == ("official", "schematic")
    assert official.kinds == schematic.kinds == ("official", "schematic")
    assert official.villages[0].d != schematic.villages[0].d


def test_kind_that_is_not_there_gives_the_one_that_is(two):
    drawn = area_map("64.01", [share(village.code) for village in two], kind="official")

    assert (drawn.kind, drawn.kinds) == ("schematic", ("schematic",))


def test_districts_are_drawn_from_the_same_cells(paser):
    names = {one.code[:8]: f"Kecamatan {one.code[6:8]}" for one in paser}
    drawn = area_map("64.01", [VillageShare(code, name, "", 9, 20) for code, name in names.items()])
    by_village = area_map("64.01", paser)

    assert drawn.level == "district"
    assert len(drawn.villages) == len(drawn.names) == 10
    assert drawn.height == by_village.height
    assert [one.d for one in drawn.villages] == list(drawn.lines) == list(by_village.lines)


def test_regencies_of_a_province_and_provinces_of_the_nation(db):
    for code, west in (("64.01", 115.0), ("64.02", 116.0), ("63.01", 114.0)):
        make.village(f"{code}.01.2001")
        draw(code, square(west, -2.0, side=1))
    draw("64", square(115.0, -2.0, side=2))
    draw("63", square(114.0, -2.0, side=1))

    province = area_map("64", [share("64.01"), share("64.02")])
    assert province.level == "regency"
    assert [one.code for one in province.villages] == ["64.01", "64.02"]
    assert len(province.lines) == 1
    nation = area_map("0", [share(code) for code in ("63.01", "64.01", "64.02")])
    assert len(nation.villages) == 3
    assert len(nation.lines) == 2
    assert [one.code for one in area_map("0", [share("63"), share("64")]).villages] == ["63", "64"]


def test_points_on_a_straight_way_are_left_out(two):
    code = two[0].code
    ring = [[116.0, -2.0], [116.05, -2.0], [116.1, -2.0], [116.1, -1.9], [116.0, -1.9]]
    draw(code, [[[*ring, ring[0]]]])

    drawn = area_map("64.01", [share(code)])
    assert len(points_of(drawn.villages[0].d)) == 4


def test_tiles_hold_every_village_once_without_two_in_one_place(paser):
    groups = tile_groups(area_map("64.01", paser).painted)

    assert len(groups) == 10
    tiles = [place for group in groups for place in re.findall(r"<rect .*?/>", group.body)]
    assert len(tiles) == 144
    for group in groups:
        places = re.findall(r'x="(\d+)" y="(\d+)" width="48" height="48"', group.body)
        assert len(places) == len(set(places))
        assert max(int(x) for x, _y in places) + 48 == group.width <= 320
        assert max(int(y) for _x, y in places) + 48 == group.height
        assert group.body.count("<title>") == len(places)


def test_tiles_are_escaped_and_say_their_share(paser):
    first = share(paser[0].code, 1, 3, url="/x/?a=1&b=2", short="<i>", label="A & B")
    with translation.override("id"):
        [group, *_] = tile_groups(area_map("64.01", [first, *paser[1:]]).painted)

    assert '<a href="/x/?a=1&amp;b=2"><title>A &amp; B</title>' in group.body
    assert "&lt;i&gt;" in group.body
    assert "33,3 %" in group.body


def test_regency_without_a_tile_grid_has_none(two):
    village = make.village("64.02.01.2001")
    draw(village.code, square(117.0, -1.0))

    assert tile_groups(area_map("64.02", [share(village.code)]).painted) == ()


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Janju", "Jan"), ("Tanah Periuk", "TP"), ("Ai", "Ai"), ("A B C D", "ABC")],
)
def test_initials(name, letters):
    assert initials(name) == letters
