"""build_schematic_map: every village with a point gets one clear cell, whatever the points."""

import time

import pytest
import shapely
from django.core.management.base import CommandError

from core.models import AuditEntry
from villages.models import AreaShape, Village
from villages.schematic import Ground, shape_of

CROWDS = {
    "one": [(116.0, -1.9)],
    "two": [(116.0, -1.9), (116.1, -1.8)],
    "three in a row": [(116.0, -1.9), (116.1, -1.9), (116.2, -1.9)],
    "all in one place": [(116.0, -1.9)] * 7,
    "two in one place among others": [
        (116.0, -1.9),
        (116.0, -1.9),
        (116.3, -1.7),
        (116.1, -2.0),
        (116.2, -1.8),
    ],
    "far apart": [(116.0, -1.9), (118.0, -1.9), (116.0, 0.9), (118.0, 0.9), (117.0, 2.5)],
    "metres apart": [(116.0 + n / 10_000, -1.9) for n in range(6)],
}


@pytest.mark.parametrize("points", CROWDS.values(), ids=CROWDS)
def test_every_point_gets_one_valid_cell(points):
    places = {f"64.01.01.{2001 + n}": point for n, point in enumerate(points)}
    cells = Ground(places).cells(places)

    shapes = [shape_of(rings) for rings in cells.values()]
    assert len(shapes) == len(points)
    assert all(shape.is_valid and shape.area > 0 for shape in shapes)
    overlap = sum(shape.area for shape in shapes) - shapely.union_all(shapes).area
    assert abs(overlap) < 1e-6


def test_no_points_give_no_cells():
    assert Ground({}).cells({}) == {}


def test_paser_is_drawn_within_five_seconds(paser, run):
    began = time.monotonic()
    said = run("build_schematic_map", regency="64.01")

    assert time.monotonic() - began < 5
    assert "villages drawn: 144 of 144" in said
    assert AreaShape.objects.filter(kind="schematic").count() == 144 + 10 + 1
    for village in Village.objects.all():
        [shape] = AreaShape.objects.filter(area_code=village.code)
        cell = shape_of(shape.rings)
        assert cell.is_valid
        assert cell.contains(shapely.Point(village.longitude, village.latitude))


def test_coordinates_have_four_decimals(paser, run):
    run("build_schematic_map", regency="64.01")

    [[[ring, *_]], *_] = AreaShape.objects.values_list("rings", flat=True)
    assert all(number == round(number, 4) for spot in ring for number in spot)


def test_districts_and_regency_are_their_villages_together(paser, run):
    run("build_schematic_map")

    rings = dict(AreaShape.objects.values_list("area_code", "rings"))
    shapes = {code: shape_of(rings[code]) for code in rings}
    assert {len(code) for code in shapes} == {2, 5, 8, 13}
    for code in (one for one in shapes if len(one) < 13):
        below = [shapes[one] for one in shapes if len(one) == 13 and one.startswith(code)]
        both = shapely.union_all(below)
        wrong = 0.001 if len(code) == 8 else 0.02  # larger areas are stored coarser
        assert shapes[code].is_valid
        assert shapes[code].symmetric_difference(both).area < wrong * both.area


def test_second_run_writes_nothing(paser, run):
    run("build_schematic_map")
    before = list(AreaShape.objects.values_list("area_code", "made_at"))
    entries = AuditEntry.objects.count()

    assert "0 written, 156 unchanged, 0 dropped" in run("build_schematic_map")
    assert list(AreaShape.objects.values_list("area_code", "made_at")) == before
    assert AuditEntry.objects.count() == entries


def test_village_that_left_loses_its_cell_and_one_without_point_is_named(load, run):
    load()
    run("build_schematic_map", regency="64.01")
    Village.objects.filter(name="Janju").update(ended_on="2026-01-31")
    Village.objects.filter(name="Lolo").update(longitude=None)

    said = run("build_schematic_map", regency="64.01")

    assert "villages drawn: 2 of 3" in said
    assert "without a centre point, not drawn: Lolo (64.01.05.2002)" in said
    drawn = set(AreaShape.objects.values_list("area_code", flat=True))
    assert drawn == {"64.01", "64.01.04", "64.01.04.1001", "64.01.04.2003"}


def test_another_regency_keeps_its_map(load, run, lists):
    lists.write("village_points", "code,longitude,latitude\n64.02.01.2001,117.2,-0.7\n")
    load()
    run("build_schematic_map", regency="64.02")
    run("build_schematic_map", regency="64.01")

    assert AreaShape.objects.filter(area_code="64.02.01.2001").exists()


def test_regency_without_villages_is_refused(run):
    with pytest.raises(CommandError, match=r"No villages of 64\.01 are loaded"):
        run("build_schematic_map", regency="64.01")


def test_nation_without_villages_is_refused(run):
    with pytest.raises(CommandError, match=r"No villages are loaded"):
        run("build_schematic_map")
