"""Offices, intent beside achievement and who decides, in a real browser at a desk and narrow."""

import pytest
from playwright.sync_api import expect

from tests import make

SIZES = {"desk": {"width": 1280, "height": 800}, "narrow": {"width": 320, "height": 640}}
KUARO = "64.01.03.2001"


@pytest.fixture
def officer():
    """Two villages, two offices with long names, and programs on both axes."""
    officer = make.officer()
    janju, kuaro = make.village(), make.village(KUARO, "Kuaro")
    office = make.opd("Dinas Pengendalian Penduduk, Keluarga Berencana dan Perlindungan Anak")
    marked = make.program(janju, kuaro, owner_opd=office, gender_marker=2, arg_category=1)
    plain = make.program(janju, kuaro, title="Program biasa")
    make.program(kuaro, title="Belum jalan", gender_marker=1)
    forum = {"kind": "deliberation", "women_deciders": 0, "men_deciders": 5}
    nobody = {"women_participants": 0, "men_participants": 30}
    make.activity(marked, janju, verified_by=officer, **forum, **nobody)
    make.activity(plain, janju, verified_by=officer, women_deciders=2, men_deciders=2)
    make.activity(plain, kuaro, verified_by=officer, **nobody, women_deciders=0, men_deciders=3)
    return officer


def pages():
    from programs.models import Program
    from villages.models import Opd

    office = Opd.objects.get(name="Dinas Kesehatan")
    program = Program.objects.get(title="Program biasa")
    return {
        "offices": "/opd/?year=2026",
        "offices-empty": "/opd/?year=2019",
        "office": f"/opd/{office.pk}/?year=2026&semester=1",
        "intent": "/niat-dan-capaian/?year=2026",
        "intent-list": "/niat-dan-capaian/?year=2026&list=paper",
        "deciding": "/pengambilan-keputusan/?year=2026",
        "deciding-empty": "/pengambilan-keputusan/?year=2026&target_group=men",
        "program": f"/capaian/program/{program.pk}/?year=2026",
    }


@pytest.mark.parametrize("size", SIZES)
def test_more_boards_are_accessible_and_fit(officer, page_as, axe, fits, shot, size):
    page = page_as(officer, size=SIZES[size])
    for name, address in pages().items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
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
        for link in page.locator("table.stacked a").all():
            assert link.bounding_box()["height"] >= 44, name


def test_from_the_matrix_to_the_program_and_its_four_marks(officer, page_as):
    page = page_as(officer)
    page.goto("/ringkasan/?year=2026")
    page.get_by_role("link", name="Niat dan capaian").click()
    page.locator("[data-cell='2-not']").click()
    expect(page.get_by_role("status")).to_contain_text("1 program")
    page.locator("tbody").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Akses, partisipasi, kontrol, manfaat")).to_be_visible()
    expect(page.locator("tbody .apkm-not").first).to_have_text("A")
