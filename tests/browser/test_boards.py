"""The boards in a real browser: looked at, walked through by keyboard, at a desk and on a phone."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from programs.services import verify_activity
from tests import make
from tests.dashboards.examples import EXAMPLES

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
SIZES = {"desk": {"width": 1280, "height": 800}, "narrow": {"width": 320, "height": 640}}
SPOTS = {JANJU: (116.20, -1.90), SENAKEN: (116.25, -1.85), KUARO: (116.10, -1.80)}


@pytest.fixture
def officer():
    """An officer, three villages with a map, and all worked examples on file in two of them."""
    officer = make.officer()
    for code, (longitude, latitude) in SPOTS.items():
        village = make.village(code, {JANJU: "Janju", SENAKEN: "Senaken", KUARO: "Kuaro"}[code])
        type(village).objects.filter(pk=village.pk).update(longitude=longitude, latitude=latitude)
    for number, letter in enumerate(EXAMPLES):
        village = make.village((JANJU, KUARO)[number % 2])
        program = make.program(village, title=f"Program {letter}")
        verified_by = officer if number % 3 else None
        make.activity(program, village, verified_by=verified_by, **EXAMPLES[letter][0])
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    return officer


def pages():
    from programs.models import Program

    program = Program.objects.get(title="Program b")
    return {
        "board": "/ringkasan/?year=2026",
        "board-empty": "/ringkasan/?year=2019",
        "board-filtered": "/ringkasan/?year=2026&quarter=1&level=judged",
        "district": "/wilayah/64.01.04/?year=2026&basis=reported",
        "villages": "/wilayah/64.01/desa/?year=2026&order=no_data",
        "compare": "/ringkasan/banding/?year=2026&with=2025",
        "village": f"/wilayah/{JANJU}/?year=2026",
        "village-silent": f"/wilayah/{SENAKEN}/?year=2026",
        "program": f"/capaian/program/{program.pk}/?year=2026",
        "map": "/peta/?year=2026&measure=participants",
        "refused": "/ringkasan/?year=abc",
    }


@pytest.mark.parametrize("size", SIZES)
def test_boards_are_accessible_and_fit(officer, page_as, axe, fits, shot, size):
    page = page_as(officer, size=SIZES[size])
    for name, address in pages().items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        fits(page)
        shot(page, f"{name}-{size}")


def test_phone_shows_each_row_whole_and_easy_to_press(officer, page_as):
    page = page_as(officer, size={"width": 360, "height": 800})
    for name, address in pages().items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        for table in page.locator("table.stacked").all():
            wide = table.evaluate("one => one.scrollWidth - one.parentElement.clientWidth")
            assert wide <= 0, name
            expect(table.get_by_role("rowheader").first).to_be_visible()
        for link in page.locator("table.stacked a").all():
            assert link.bounding_box()["height"] >= 44, name


def test_landmarks_have_names_of_their_own(officer, page_as):
    page = page_as(officer)
    for address in pages().values():
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["landmark-unique"]}).response["violations"]
        assert found == [], address


def test_map_is_reached_and_passed_by_keyboard(officer, page_as):
    page = page_as(officer)
    page.goto("/peta/?year=2026")
    first = page.locator(".village-map svg a").first
    skip = page.locator(".village-map .skip")

    skip.focus()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#after-map")).to_be_focused()

    first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/wilayah/64\.01\."))
    expect(page.locator("h1")).to_contain_text("Desa")


def test_filter_works_without_javascript(officer, page_as):
    page = page_as(officer, javascript=False)
    page.goto("/ringkasan/?year=2026")
    before = page.locator(".figure-of").first.inner_text()

    page.get_by_text("Pilihan lain").click()
    page.get_by_label("Catatan").select_option("reported")
    page.get_by_role("button", name="Tampilkan").click()

    expect(page.get_by_role("link", name="Semua yang dilaporkan")).to_be_visible()
    assert page.locator(".figure-of").first.inner_text() != before
    page.get_by_role("link", name="Semua yang dilaporkan").click()
    assert page.locator(".figure-of").first.inner_text() == before


def test_period_is_chosen_from_one_list_and_stays_on_reload_and_back(officer, page_as):
    page = page_as(officer, javascript=False)
    page.goto("/ringkasan/?year=2026")
    page.get_by_label("Masa").select_option(label="Triwulan 1")
    page.get_by_role("button", name="Tampilkan").click()

    expect(page).to_have_url(re.compile(r"\?year=2026.*&quarter=1$"))
    page.reload()
    expect(page.get_by_label("Masa")).to_have_value("Q1")
    page.get_by_role("link", name="Hapus saringan Triwulan 1").click()
    expect(page.get_by_label("Masa")).to_have_value("")
    page.go_back()
    expect(page.get_by_label("Masa")).to_have_value("Q1")


def test_board_prints_on_two_sheets_with_area_and_period(officer, page_as, tmp_path):
    page = page_as(officer)
    page.goto("/ringkasan/?year=2026&basis=reported")
    path = tmp_path / "board.pdf"
    page.pdf(path=path, format="A4", prefer_css_page_size=True)
    paper = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert paper.count("\f") <= 2
    for said in ("Kabupaten Paser · Masa: 2026", "Catatan: semua yang", "1/2", "2/2"):
        assert said in " ".join(paper.split()).replace(" / ", "/"), said


def test_number_of_the_village_changes_after_verification(page_as):
    officer, village = make.officer(), make.village()
    activity = make.activity(make.program(village), village, **EXAMPLES["b"][0])
    page = page_as(officer)

    page.goto(f"/wilayah/{JANJU}/?year=2026")
    expect(page.get_by_text("Belum ada kegiatan yang terverifikasi")).to_be_visible()
    verify_activity(activity, actor=officer, version=activity.version)
    page.reload()

    expect(page.get_by_text("1 dari 1 program melibatkan perempuan")).to_be_visible()
