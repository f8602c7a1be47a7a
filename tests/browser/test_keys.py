"""A key in people's hands: made, copied, withdrawn, on a narrow phone and without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import ApiToken
from accounts.services import create_token
from programs.services import submit_activities
from tests import make

NARROW = {"width": 320, "height": 640}
SHAPE = re.compile(r"pug_[A-Za-z0-9_-]{51}")


@pytest.fixture
def person():
    return make.person("facilitator", village=make.village())


@pytest.mark.parametrize("javascript", [True, False])
def test_key_is_made_copied_and_withdrawn(page_as, person, axe, fits, shot, javascript):
    page = page_as(person, size=NARROW, javascript=javascript)

    def looked_at(name: str) -> None:
        fits(page)
        if javascript:
            axe(page)
        shot(page, name)

    page.goto("/pendamping/")
    looked_at("keys-home")
    page.locator("main").get_by_role("link", name="Kunci API").click()
    looked_at("keys-empty")
    page.get_by_role("link", name="Buat kunci").click()
    looked_at("keys-new")
    page.get_by_role("button", name="Buat kunci ini").click()
    expect(page.locator(".error-summary")).to_be_visible()
    looked_at("keys-problem")
    page.get_by_label("Nama kunci").fill("Skrip Tanah Grogot")
    page.get_by_label("Mengirim kegiatan").check()
    page.get_by_role("button", name="Buat kunci ini").click()

    shown = page.get_by_label("Kunci", exact=True)
    key = shown.input_value()
    assert SHAPE.fullmatch(key)
    looked_at("keys-shown")
    copy = page.get_by_role("button", name="Salin kunci")
    if javascript:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copy.click()
        expect(page.get_by_role("button", name="Sudah disalin")).to_be_visible()
        assert page.evaluate("() => navigator.clipboard.readText()") == key
    else:
        expect(copy).to_be_hidden()
    page.get_by_role("link", name="Selesai").click()
    expect(page.get_by_text("180 hari lagi")).to_be_visible()
    assert not SHAPE.search(page.content())
    looked_at("keys-list")

    page.get_by_role("link", name="Cabut: Skrip Tanah Grogot").click()
    looked_at("keys-revoke")
    page.get_by_role("button", name="Cabut kunci").click()
    expect(page.get_by_text("tidak berlaku lagi")).to_be_visible()
    assert ApiToken.objects.get().revoked_at is not None


def test_what_was_sent_is_read_on_a_narrow_phone(page_as, person, axe, fits, shot):
    program = make.program(make.village())
    wrong = make.draft(program, title="Rapat dusun", women_participants=-5)
    right = make.draft(program, title="Pelatihan pembibitan di Balai Desa Janju")
    submit_activities([wrong, right], actor=person, source="api", client="skrip-grogot/1.2")
    ending = create_token(person, name="Lama", scopes=["data:read"], days=30, actor=None).token
    ApiToken.objects.update(expires_on=ending.expires_on - timedelta(days=20))

    page = page_as(person, size=NARROW)
    page.goto("/pendamping/")
    expect(page.get_by_text("Buat yang baru sebelum")).to_be_visible()
    page.goto("/kiriman/")
    axe(page)
    fits(page)
    shot(page, "sent-list")
    page.get_by_role("link", name="1 kiriman perlu perbaikan").click()
    expect(page.get_by_text("Pelatihan pembibitan")).to_be_hidden()
    page.locator("main li a", has_text="Perlu perbaikan").last.click()
    expect(page.get_by_text("Cara mengirim lagi")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "sent-detail")
