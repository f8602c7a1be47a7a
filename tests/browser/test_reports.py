"""Documents in a real browser: chosen, looked at, given out, printed, checked."""

import subprocess

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from tests import make
from tests.dashboards.examples import EXAMPLES

JANJU, KUARO = "64.01.04.2002", "64.01.03.2001"
SIZES = {"desk": {"width": 1280, "height": 800}, "narrow": {"width": 320, "height": 640}}
SPOTS = {JANJU: (116.20, -1.90), KUARO: (116.10, -1.80)}


@pytest.fixture
def officer():
    """An officer, two villages with a map, and all worked examples on file in them."""
    officer = make.officer()
    for code, (longitude, latitude) in SPOTS.items():
        village = make.village(code, {JANJU: "Janju", KUARO: "Kuaro"}[code])
        type(village).objects.filter(pk=village.pk).update(longitude=longitude, latitude=latitude)
    for number, letter in enumerate(EXAMPLES):
        village = make.village((JANJU, KUARO)[number % 2])
        program = make.program(village, title=f"Program {letter}")
        make.activity(program, village, verified_by=officer, **EXAMPLES[letter][0])
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    return officer


def preview(kind: str, area: str, period: str = "2026") -> str:
    return f"/laporan/pratinjau/?kind={kind}&area={area}&period={period}&basis=verified"


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_and_fit(officer, page_as, axe, fits, shot, size):
    page = page_as(officer, size=SIZES[size])
    issued = make.report(officer, "64.01", "one-page")
    addresses = {
        "reports": "/laporan/",
        "one-page": "/satu-halaman/?year=2026",
        "one-page-empty": "/satu-halaman/?year=2019",
        "preview-village": preview("village", JANJU),
        "preview-district": preview("district", "64.01.04"),
        "preview-semester": preview("semester", "64.01", "2026-S1"),
        "refused": preview("village", "64.01"),
        "issued": reverse("dashboards:report", args=[issued.code]),
        "check": reverse("dashboards:check", args=[issued.code]),
    }
    for name, address in addresses.items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        fits(page)
        shot(page, f"{name}-{size}")


def test_leader_has_her_paper_in_two_clicks_from_the_one_page(officer, page_as):
    """From the overview it is one more: three in all (UX-08)."""
    page = page_as(make.person("leader", regency=make.regency()))
    page.goto("/satu-halaman/?year=2026")

    with page.expect_download(timeout=60_000) as loading:  # drawing takes seconds
        page.get_by_role("button", name="Unduh PDF").click(timeout=60_000)

    body = loading.value.path().read_bytes()
    assert body.startswith(b"%PDF")
    assert loading.value.suggested_filename.startswith("satu-halaman-untuk-pimpinan-64.01-2026-")


def test_one_page_prints_on_one_sheet(officer, page_as, tmp_path):
    page = page_as(officer)
    page.goto("/satu-halaman/?year=2026")
    numbers = page.locator(".doc-value").all_inner_texts()

    path = tmp_path / "one.pdf"
    page.pdf(path=path, prefer_css_page_size=True)

    done = subprocess.run(["pdfinfo", path], stdout=-1, check=True)
    facts = done.stdout.decode()
    assert "Pages:           1\n" in facts
    assert "A4" in facts
    text = subprocess.run(["pdftotext", path, "-"], stdout=-1, check=True).stdout.decode()
    assert all(number in text for number in numbers)
    assert "Unduh" not in text


def test_document_is_given_out_without_scripts(officer, page_as):
    page = page_as(officer, javascript=False)
    page.goto("/laporan/")
    page.get_by_label("Wilayah", exact=True).select_option(JANJU)
    page.get_by_label("Dokumen", exact=True).select_option("village")
    page.get_by_label("Masa", exact=True).select_option("2026")
    page.get_by_role("button", name="Lihat isinya").click()
    page.get_by_role("button", name="Terbitkan").click()

    expect(page.locator("h1")).to_contain_text("Profil desa")
    expect(page.get_by_text("Angka sama.")).to_be_visible()
    expect(page.get_by_role("link", name="Unduh PDF")).to_be_visible()
