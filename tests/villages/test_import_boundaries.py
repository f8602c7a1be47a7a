"""import_boundaries: official lines go in whole or not at all."""

import copy
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from villages.models import AreaShape

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "paser" / "boundaries"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="no sample boundaries here")
JANJU, BATANG = "64.01.04.2002", "64.01.04.2003"


def square(west, south, side=0.1):
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code, ring):
    return {"type": "Feature", "id": code, "geometry": {"type": "Polygon", "coordinates": [ring]}}


GOOD = {
    "type": "FeatureCollection",
    "features": [feature(JANJU, square(116.2, -1.9)), feature(BATANG, square(116.1, -1.9))],
}
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [116.0, -2.0]},
    "arcs": [
        [[100, 0], [0, 100]],
        [[100, 100], [-100, 0], [0, -100], [100, 0]],
        [[100, 0], [100, 0], [0, 100], [-100, 0]],
    ],
    "objects": {
        "villages": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "properties": {"kode": JANJU}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "properties": {"kode": BATANG}, "arcs": [[[2, -1]]]},
            ],
        }
    },
}


@pytest.fixture
def file(tmp_path):
    def write(document) -> str:
        path = tmp_path / "lines.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


@pytest.fixture
def refused(load, run, file):
    """The words with which a document is refused; nothing may be stored."""
    load()

    def words_for(document) -> str:
        with pytest.raises(CommandError) as refusal:
            run("import_boundaries", file(document))
        assert not AreaShape.objects.exists()
        assert str(refusal.value).endswith("Nothing was stored.")
        return str(refusal.value)

    return words_for


def spoilt(change):
    document = copy.deepcopy(GOOD)
    change(document)
    return document


@needs_samples
def test_all_villages_of_paser_join(paser, run):
    said = run("import_boundaries", str(SAMPLES / "villages.geojson"), source="Example")

    shapes = AreaShape.objects.filter(kind="official")
    assert shapes.count() == 144
    assert set(shapes.values_list("source", flat=True)) == {"Example"}
    assert "village: 144 outlines" in said
    assert "no outline" not in said


@needs_samples
def test_topojson_holds_the_same_lines_for_three_levels(paser, run):
    run("import_boundaries", str(SAMPLES / "villages.geojson"))
    plain = dict(AreaShape.objects.values_list("area_code", "rings"))
    said = run("import_boundaries", str(SAMPLES / "paser.topojson"))

    assert AreaShape.objects.filter(kind="official").count() == 155
    assert "district: 10 outlines" in said
    for code, rings in AreaShape.objects.filter(area_code__in=plain).values_list(
        "area_code", "rings"
    ):
        ours = {tuple(round(n, 4) for n in spot) for part in rings for spot in part[0]}
        theirs = {tuple(spot) for part in plain[code] for spot in part[0]}
        assert ours == theirs


def test_second_run_writes_nothing(load, run, file):
    load()
    run("import_boundaries", file(GOOD))

    assert "0 written, 2 unchanged" in run("import_boundaries", file(GOOD))


def test_dry_run_stores_nothing(load, run, file):
    load()

    assert "2 written" in run("import_boundaries", file(GOOD), dry_run=True)
    assert not AreaShape.objects.exists()


def test_arcs_are_joined_forwards_and_backwards(load, run, file):
    load()
    run("import_boundaries", file(TOPOLOGY))

    rings = AreaShape.objects.get(area_code=BATANG).rings
    assert rings == [[[[116.1, -2.0], [116.2, -2.0], [116.2, -1.9], [116.1, -1.9], [116.1, -2.0]]]]


def test_code_may_stand_in_properties_or_without_dots(load, run, file):
    load()
    one, two = copy.deepcopy(GOOD["features"])
    one["id"], one["properties"] = 7, {"kode": "6401042002"}
    del two["id"]
    two["properties"] = {"code": BATANG}
    run("import_boundaries", file({"type": "FeatureCollection", "features": [one, two]}))

    assert set(AreaShape.objects.values_list("area_code", flat=True)) == {JANJU, BATANG}


def test_missing_villages_are_named(load, run, file):
    load()
    said = run("import_boundaries", file(GOOD))

    assert "no outline: Lolo (64.01.05.2002)" in said
    assert "64.01: 2 of 4 villages have no official outline" in said
    assert "not drawn together" in said


def test_unknown_codes_are_counted_and_five_are_named(refused):
    features = [feature(f"64.01.04.29{n:02}", square(116, -2)) for n in range(7)]
    words = refused({"type": "FeatureCollection", "features": features + GOOD["features"]})

    assert "7 unknown area codes: 64.01.04.2900, " in words
    assert "64.01.04.2904 and 2 more." in words


def swap(document):
    ring = document["features"][0]["geometry"]["coordinates"][0]
    ring[:] = [[latitude, longitude] for longitude, latitude in ring]


def metres(document):
    ring = document["features"][0]["geometry"]["coordinates"][0]
    ring[:] = [[x * 111_320, y * 111_320] for x, y in ring]


def unclosed(document):
    document["features"][0]["geometry"]["coordinates"][0].pop()


def crossing(document):
    ring = document["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]


def nothing_there(document):
    document["features"][0]["geometry"] = None


def words_for_numbers(document):
    document["features"][0]["geometry"]["coordinates"][0][1] = ["a", "b"]


def not_a_number(document):
    document["features"][0]["geometry"]["coordinates"][0][1] = [float("nan"), -1.9]


def twice(document):
    document["features"][1]["id"] = JANJU


def no_code(document):
    document["features"][1]["id"] = "Janju"


def a_point(document):
    document["features"][0]["geometry"] = {"type": "Point", "coordinates": [116, -2]}


def no_ring(document):
    document["features"][0]["geometry"]["coordinates"] = []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swap, f"longitude and latitude look swapped: {JANJU}"),
        (metres, "outside Indonesia"),
        (unclosed, f"broken ring, not closed: {JANJU}"),
        (crossing, f"broken ring, crosses itself: {JANJU}"),
        (nothing_there, f"{JANJU} has no polygon"),
        (words_for_numbers, f"{JANJU}: coordinates cannot be read"),
        (not_a_number, "coordinates are not numbers"),
        (twice, f"{JANJU} occurs twice"),
        (no_code, "feature 2 has no area code"),
        (a_point, "no polygon (geometry Point)"),
        (no_ring, "empty polygon"),
    ],
)
def test_faulty_feature_is_refused_by_its_code(refused, change, words):
    assert words in refused(spoilt(change))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,name\n64,Kaltim\n", "not JSON"),
        (json.dumps(GOOD)[:-40], "cut off"),
        (json.dumps(GOOD)[:30], "cut off"),
        ("[1, 2]", "not GeoJSON or TopoJSON"),
        ('{"type": "Feature"}', "expected FeatureCollection or Topology"),
        ('{"type": "FeatureCollection", "features": []}', "holds no features"),
        ('{"type": "Topology", "objects": {}}', "arcs cannot be read"),
        ("", "cut off"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_file_that_is_no_map_is_refused(refused, text, words):
    assert words in refused(text)


def test_arc_that_is_not_there_is_refused(refused):
    document = copy.deepcopy(TOPOLOGY)
    document["objects"]["villages"]["geometries"][0]["arcs"] = [[0, 99]]

    assert f"{JANJU}: coordinates cannot be read" in refused(document)


def test_missing_file_is_refused(load, run):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_boundaries", "nowhere.geojson")
