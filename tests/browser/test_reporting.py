"""Who did not report: two clicks from the overview, the call list, the message, on every width."""

import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from programs.models import Nudge
from programs.reporting import last_due_month, month_of
from tests import make

from .conftest import DESK, PHONE

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def place():
    """Of three villages one reported the month that is due; Janju's head has a number."""
    due = last_due_month(timezone.localdate())
    told = make.village("64.01.05.2001", "Pasir Mayang")
    program = make.program(told, year_from=2020, year_to=2100)
    officer = make.officer()
    for step in (-2, -1, 0):
        make.activity(program, told, held_on=month_of(due, step), title=f"Rapat {step}")
    make.activity(
        program,
        told,
        held_on=month_of(due).replace(day=2),
        title="Musyawarah",
        verified_by=officer,
    )
    head = make.village_head()
    head.phone, head.name = "0812-3456-7890", "Siti Aminah"
    head.save()
    make.village_head(make.village("64.01.04.2003", "Tapis"))
    return officer, head


def test_two_clicks_from_the_overview_to_who_did_not_report(page_as, place):
    """UX-08: which villages did not report?"""
    officer, _head = place
    page = page_as(officer)
    page.goto("/ringkasan/")
    page.locator('main a[href^="/pelaporan/"]').first.click()
    expect(page.get_by_role("rowheader", name=re.compile("Desa Janju"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("Desa Tapis"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("Pasir Mayang"))).to_have_count(0)
    expect(page.locator(".lead")).to_contain_text("2 dari 3 desa belum melapor")


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=lambda size: str(size["width"]))
def test_the_pages_are_usable_at_every_width(page_as, axe, fits, shot, place, size):
    officer, head = place
    page = page_as(officer, size=size)
    made = f"{last_due_month(timezone.localdate()):%Y-%m}"
    for name, path in {
        "reporting": "/pelaporan/",
        "reporting-missing": "/pelaporan/?state=missing&order=silence",
        "reporting-wrong": "/pelaporan/?year=1999",
        "calls": "/pelaporan/hubungi/",
        "remind": f"/pelaporan/64.01.04.2002/ingatkan/?month={made}",
    }.items():
        page.goto(path)
        axe(page)
        fits(page)
        shot(page, f"{name}-{size['width']}")


@pytest.mark.parametrize("who", ["head", "facilitator"])
def test_those_of_the_field_see_their_own(page_as, axe, fits, place, who):
    _officer, head = place
    person = head if who == "head" else make.person("facilitator", district=make.district())
    page = page_as(person, size=PHONE)
    page.goto("/pelaporan/")
    axe(page)
    fits(page)
    expect(page.locator("table.heat tbody tr:visible th[scope=row]").last).to_contain_text("Desa")
    mark = page.locator(".spot.missing .mark:visible").first
    assert mark.evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgb(155, 44, 28)"
    expect(page.get_by_text("Pasir Mayang")).to_have_count(0)


def test_a_cell_speaks(page_as, place):
    officer, _head = place
    page = page_as(officer)
    page.goto("/pelaporan/")
    row = page.get_by_role("row", name=re.compile("Desa Janju"))
    assert row.get_by_role("cell", name=re.compile(r"\d{4}: Belum melapor")).count() >= 1
    told = page.get_by_role("row", name=re.compile("Pasir Mayang"))
    told.get_by_role("link", name=re.compile(r"\d{4}: ")).first.click()
    expect(page).to_have_url(re.compile(r"/kegiatan/\?village=64\.01\.05\.2001&held_on_after="))
    expect(page.get_by_role("link", name=re.compile("Rapat"))).to_have_count(1)


def test_one_tap_notes_the_reminder_and_whatsapp_opens_from_a_link(page_as, axe, place):
    """The policy of our pages lets no form lead to wa.me; a link may."""
    officer, head = place
    page = page_as(officer)
    page.goto("/pelaporan/hubungi/")
    page.get_by_role("button", name=re.compile("Ingatkan lewat WhatsApp.*Siti Aminah")).click()
    expect(page.get_by_role("heading", name="Tercatat. Sekarang kirim pesannya.")).to_be_visible()
    axe(page)
    made = Nudge.objects.get()
    assert (made.to, made.by, made.channel) == (head, officer, "whatsapp")

    asked = []
    page.context.route(
        "https://wa.me/**",
        lambda route: (asked.append(route.request.url), route.fulfill(body="WhatsApp")),
    )
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Buka WhatsApp").click()
    opened.value.wait_for_load_state()
    [url] = asked
    assert urlsplit(url).path == "/6281234567890"
    assert "Yth. Kepala Desa Janju," in parse_qs(urlsplit(url).query)["text"][0]
    assert opened.value.evaluate("window.opener") is None


def test_without_scripts_a_call_is_noted(page_as, place):
    officer, head = place
    page = page_as(officer, javascript=False)
    page.goto("/pelaporan/hubungi/")
    page.get_by_role("link", name=re.compile("Sudah ditelepon Desa Janju")).click()
    page.get_by_label("Catatan tambahan").fill("Akan dicatat besok")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_text("Akan dicatat besok")).to_be_visible()
    assert Nudge.objects.get().to == head


def test_the_call_list_prints_with_room_for_notes(page_as, place, tmp_path):
    officer, _head = place
    page = page_as(officer)
    for name, words in {"hubungi/": "Ditelepon tanggal", "": "Desa Janju"}.items():
        page.goto(f"/pelaporan/{name}")
        page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
        text = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "page.pdf", "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert words in text
        assert "Desa Janju" in text
        assert "Tampilkan" not in text
