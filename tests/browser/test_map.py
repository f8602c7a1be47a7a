"""The map in a real browser: for eyes, for the keyboard, for a phone and for paper."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests import make
from tests.dashboards.examples import EXAMPLES

JANJU = "64.01.04.2002"
NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
ADDRESSES = ("", "&measure=reporting", "&level_of=district", "&view=tiles&class=none", "&class=2")


@pytest.fixture
def officer():
    """An officer and all 144 villages of Paser on the map; one of them has a record."""
    call_command("import_wilayah", regency="64.01", verbosity=0)
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    officer, village = make.officer(), make.village(JANJU)
    make.activity(make.program(village), village, verified_by=officer, **EXAMPLES["b"][0])
    return officer


@pytest.mark.parametrize("size", [None, NARROW], ids=["desk", "narrow"])
def test_map_is_accessible_and_fits(officer, page_as, axe, fits, shot, size):
    page = page_as(officer, size=size)
    for number, query in enumerate(ADDRESSES):
        page.goto(f"/peta/?year=2026{query}")
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        fits(page)
        shot(page, f"map-{number}-{'narrow' if size else 'desk'}")


def test_phone_gets_tiles_that_a_thumb_can_press(officer, page_as):
    page = page_as(officer, size=PHONE)
    page.goto("/peta/?year=2026")

    expect(page.locator("svg.map")).to_be_hidden()
    tiles = page.locator(".tiles a")
    expect(tiles).to_have_count(144)
    boxes = page.evaluate(
        "() => [...document.querySelectorAll('.tiles a rect')].map(one => {"
        " const box = one.getBoundingClientRect(); return [box.width, box.height, box.right] })"
    )
    assert all(width >= 44 and height >= 44 and right <= 360 for width, height, right in boxes)

    page.get_by_role("link", name="Peta", exact=True).last.click()
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator(".tiles")).to_have_count(0)


def test_desk_gets_the_map_and_tiles_when_asked(officer, page_as):
    page = page_as(officer)
    page.goto("/peta/?year=2026")
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator(".tiles")).to_be_hidden()

    page.get_by_role("link", name="Petak desa").click()
    expect(page.locator("svg.map")).to_have_count(0)
    expect(page.locator(".tiles")).to_be_visible()


def test_tile_is_reached_by_keyboard_and_opens_its_village(officer, page_as):
    page = page_as(officer, size=PHONE)
    page.goto("/peta/?year=2026&view=tiles")

    page.locator(".village-map .skip").focus()
    page.keyboard.press("Tab")
    first = page.locator(".tiles a").first
    expect(first).to_be_focused()
    outline = first.evaluate("one => getComputedStyle(one.querySelector('.area')).strokeWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/wilayah/64\.01\.\d\d\.\d{4}/"))


def test_class_is_chosen_and_left_by_keyboard(officer, page_as):
    page = page_as(officer)
    page.goto("/peta/?year=2026")
    page.locator(".map-legend").get_by_role("link", name="75–100 %").press("Enter")

    expect(page).to_have_url(re.compile("class=4"))
    expect(page.get_by_role("row").filter(has_text="Desa")).to_have_count(1)
    faded = page.locator("svg.map .area.off")
    expect(faded).to_have_count(143)
    page.get_by_role("link", name="Tampilkan semua kelas").press("Enter")
    expect(faded).to_have_count(0)


def test_list_leads_to_the_village(officer, page_as):
    page = page_as(officer)
    page.goto("/peta/?year=2026")
    page.get_by_role("row").get_by_role("link", name="Desa Janju", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(rf"/wilayah/{JANJU}/"))


def test_paper_has_the_map_and_its_legend_but_no_tiles(officer, page_as):
    page = page_as(officer)
    page.goto("/peta/?year=2026")
    page.emulate_media(media="print")

    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator(".map-legend")).to_be_visible()
    expect(page.locator(".tiles")).to_be_hidden()
    expect(page.locator(".map-measures")).to_be_hidden()
