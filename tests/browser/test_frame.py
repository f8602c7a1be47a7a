"""The frame in people's hands: menus by thumb and by key, focus, what scripts add."""

import random

import pytest
from django.utils import translation
from playwright.sync_api import expect

from core import formats
from tests import make
from tests.browser.conftest import PHONE

NOT_HERE = "/tidak/ada/"  # a page of trouble: the frame and nothing else


@pytest.mark.parametrize("javascript", [True, False])
def test_office_menu_on_a_phone_opens_by_its_button(page_as, axe, fits, javascript):
    page = page_as(make.officer(), size=PHONE, javascript=javascript)
    page.goto(NOT_HERE)
    entry = page.get_by_role("link", name="Peta")
    expect(entry).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    fits(page)
    if javascript:
        axe(page)


def test_village_menu_is_always_at_the_thumb(page_as, axe, fits):
    page = page_as(make.village_head(), size=PHONE)
    page.goto(NOT_HERE)
    box = page.get_by_role("link", name="Catat", exact=True).bounding_box()
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)
    assert box["height"] >= 48
    axe(page)
    fits(page)


def test_account_menu_closes_on_escape_and_elsewhere(page_as):
    page = page_as(make.officer())
    page.goto(NOT_HERE)
    summary, way_out = page.locator(".account > summary"), page.get_by_role("button", name="Keluar")
    summary.click()
    expect(way_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(way_out).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(way_out).to_be_hidden()


def test_first_key_press_offers_the_content(page_as):
    page = page_as(make.officer())
    page.goto(NOT_HERE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_language_switch_returns_to_the_same_page(page_as):
    page = page_as(make.officer())
    page.goto(NOT_HERE + "?a=1")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="English").click()
    assert page.url.endswith(NOT_HERE + "?a=1")
    expect(page.locator("h1")).to_have_text("This page is not here")


@pytest.mark.parametrize("language", ["id", "en"])
def test_live_total_says_what_the_server_would(page, language):
    """The module and core/formats.py agree on counts and shares."""
    page.goto("/masuk/")
    chance = random.Random(7)  # noqa: S311
    pairs = [(0, 0), (19, 24), (1, 1999), (5, 0)]
    pairs += [(chance.randrange(4000), chance.randrange(4000)) for _ in range(200)]
    said = page.evaluate(
        """async ([pairs, language]) => {
            const { sentence } = await import("/static/js/total.js");
            return pairs.map(([w, m]) => sentence("{total}|{women}|{share}", w, m, language));
        }""",
        [pairs, language],
    )
    with translation.override(language):
        expected = [
            f"{formats.count(w + m)}|{formats.count(w)}|{formats.percent((w, w + m))}"
            if w + m
            else ""
            for w, m in pairs
        ]
    assert said == expected


@pytest.mark.parametrize("text", ["19", "1.500", "1 500", "1,5", "1.50", "-3", "dua", "", "007"])
def test_live_total_reads_what_the_server_reads(page, text):
    page.goto("/masuk/")
    said = page.evaluate(
        """async (text) => (await import("/static/js/total.js")).readCount(text)""", text
    )
    try:
        read = formats.parse_count(text)
    except formats.Unreadable:
        read = None
    assert said == read
