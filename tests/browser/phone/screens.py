"""Hands and eyes for the village head's pages: walking the screens, looking at each."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

PHONE = {"width": 360, "height": 740}
WIDTHS = (320, 360, 412, 768)

#: Everything to press that is smaller than a thumb; a link in a sentence is as high as its line.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.type !== "hidden")
  .filter((one) => !one.closest(".skip, .visually-hidden, .footer"))
  .filter((one) => one.tagName !== "A" || one.parentElement.textContent === one.textContent
    || !one.closest("p, .lead"))
  .map((one) => (/radio|checkbox|file/.test(one.type) ? one.closest("label") : one))
  .map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 47.5 || box.width < 47.5))
  .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""


@pytest.fixture
def hand(page_as, head, program):
    return page_as(head, size=PHONE)


def opened(page: Page, address: str = "/desa/catat/") -> Page:
    page.goto(address)
    expect(page.locator("body")).to_have_attribute("data-ready", "record")
    return page


def onward(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Lanjut|Lewati foto)$")).click()


def what(page: Page, title: str = "Kelas ibu hamil Dusun 2") -> None:
    page.get_by_label("Nama kegiatan").fill(title)
    page.get_by_label("Jenis kegiatan").select_option("training")
    onward(page)


def heads(page: Page, women: str = "19", men: str = "24") -> None:
    present = page.get_by_role("group", name="Jumlah yang hadir")
    present.get_by_label("Perempuan").fill(women)
    present.get_by_label("Laki-laki").fill(men)
    onward(page)


def to_check(page: Page, title: str = "Kelas ibu hamil Dusun 2") -> None:
    what(page, title)
    heads(page)
    onward(page)
    page.get_by_role("button", name="Tanpa anggaran").click()
    onward(page)
    expect(page.get_by_role("heading", name="Periksa", level=2)).to_be_focused()


def rows(page: Page, store: str) -> list[dict]:
    return page.evaluate(
        """(store) => new Promise((done) => {
          indexedDB.open("pug").onsuccess = ({target: {result}}) =>
            result.transaction(store).objectStore(store).getAll().onsuccess = (found) =>
              done(found.target.result.map((row) => ({...row, blob: undefined})));
        })""",
        store,
    )


def until(page: Page, true, what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(50)


@pytest.fixture
def sound(axe, fits, shot):
    """`sound(page, "name")`: nothing to object to, at any of the four widths."""

    def sound(page: Page, name: str) -> None:
        assert page.locator("h1").count() == 1
        assert page.locator(".button:not(.secondary, .quiet, .danger):visible").count() <= 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            fits(page)
            if width < 768:
                assert page.evaluate(SMALL) == [], name
            shot(page, f"{name}-{width}")
        page.set_viewport_size(PHONE)
        axe(page)

    return sound
