"""The public pages in a real browser: for every reader, on every screen, without scripts."""

import csv
import io
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from programs.periods import Period
from programs.services.closing import take_snapshot
from tests import make
from tests.dashboards.examples import EXAMPLES

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
SIZES = {"desk": {"width": 1280, "height": 800}, "narrow": {"width": 320, "height": 640}}
SPOTS = {JANJU: (116.20, -1.90), SENAKEN: (116.25, -1.85), KUARO: (116.10, -1.80)}
NAMES = {JANJU: "Janju", SENAKEN: "Senaken", KUARO: "Kuaro"}


@pytest.fixture
def published():
    """Worked examples, one guarded program and a map, in the snapshots of a year and a semester."""
    officer = make.officer()
    for code, (longitude, latitude) in SPOTS.items():
        village = make.village(code, NAMES[code])
        type(village).objects.filter(pk=village.pk).update(longitude=longitude, latitude=latitude)
    for number, letter in enumerate(EXAMPLES):
        village = make.village((JANJU, KUARO)[number % 2])
        program = make.program(village, title=f"Program {letter}")
        make.activity(program, village, verified_by=officer, **EXAMPLES[letter][0])
    guarded = make.program(make.village(), title="Alat bantu", target_group="disability")
    people = {"women_participants": 3, "men_participants": 8}
    make.activity(guarded, verified_by=officer, **people)
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    for period in (Period(2026), Period(2026, "semester", 1)):
        take_snapshot(make.regency(), period, actor=None, closing=False)
    return guarded


def pages(guarded):
    return {
        "public-home": "/publik/",
        "public-english": "/publik/?lang=en",
        "public-semester": "/publik/?year=2026&semester=1",
        "public-places": "/publik/wilayah/",
        "public-not-found": "/publik/wilayah/?cari=zzz",
        "public-district": "/publik/wilayah/64.01.04/",
        "public-village": f"/publik/wilayah/{JANJU}/",
        "public-silent": f"/publik/wilayah/{SENAKEN}/",
        "public-programs": "/publik/program/",
        "public-program": f"/publik/program/{guarded.pk}/",
        "public-map": "/publik/peta/",
        "public-data": "/publik/data/",
        "public-about": "/publik/tentang/",
        "public-corrections": "/publik/koreksi/",
        "public-privacy": "/publik/privasi/",
        "public-no-period": "/publik/?year=2019",
        "public-404": "/publik/wilayah/99/",
    }


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_and_fit(published, open_page, axe, fits, shot, size):
    page = open_page(size=SIZES[size])
    for name, address in pages(published).items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        for folded in page.locator("main details").all():
            folded.evaluate("one => (one.open = true)")
        axe(page)
        fits(page)
        shot(page, f"{name}-{size}")


def test_nothing_published_is_a_calm_page(open_page, axe, fits, transactional_db):
    make.regency()
    page = open_page(size=SIZES["narrow"])
    page.goto("/publik/")
    expect(page.locator("h1")).to_have_text("Belum ada angka yang diterbitkan")
    axe(page)
    fits(page)


def test_citizen_walks_to_a_village_and_its_file_without_scripts(published, open_page):
    page = open_page(size=SIZES["narrow"], javascript=False)
    page.goto("/publik/")
    said = page.locator(".figure-of").inner_text()
    involved, judged = map(int, re.search(r"(\d+) dari (\d+)", said).groups())

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Kecamatan dan desa", exact=True).click()
    page.get_by_label("Nama desa").fill("janj")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Desa Janju").click()
    expect(page.locator("h1")).to_have_text("Desa Janju")
    expect(page.get_by_role("row", name="Alat bantu")).to_contain_text("tidak ditampilkan")

    page.get_by_role("link", name="Unduh angka ini").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV – Desa").first.click()
    rows = list(csv.DictReader(io.StringIO(started.value.path().read_text("utf-8"))))
    assert sum(int(row["involved"]) for row in rows) == involved
    assert sum(int(row["judged"]) for row in rows) == judged
    assert page.context.cookies() == []


def test_map_and_period_lead_on(published, open_page):
    page = open_page()
    page.goto("/publik/peta/")
    link = page.locator(".village-map svg a").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/publik/wilayah/64\.01\."))

    page.goto("/publik/")
    page.get_by_role("link", name="Semester 1 tahun 2026").click()
    page.get_by_role("link", name="Program", exact=True).click()
    expect(page).to_have_url(re.compile(r"/publik/program/\?year=2026&semester=1"))
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"semester=1.*lang=en"))


def test_pages_stay_light_and_load_nothing_from_elsewhere(published, open_page, live_server):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/publik/")
    assert all(url.startswith(live_server.url) for url in asked)
