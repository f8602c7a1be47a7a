"""Results, months without activities and help as a village head sees them; help without signal."""

import re

import pytest
from django.utils import timezone

from programs.phone.months import last_months
from programs.services import declare_nothing
from tests import make

from ..conftest import DESK, PHONE
from .recording import until

PAGES = ("/desa/capaian/", "/desa/nihil/", "/desa/bantuan/")
#: Everything to press that stands by itself; links inside a sentence may be as small as words.
PRESSED = "main a.button, main a.target, main button, main summary, main .rows > li > a"

KEPT = """async () => {
  const { all } = await import("/static/js/phone/store.js");
  return (await all("reference")).length > 0;
}"""


@pytest.fixture
def head():
    """A year in a village: months with records, one declared, most of them missing."""
    village, person = make.village(), make.village_head()
    program = make.program(village)
    months = last_months(timezone.localdate())
    for place, (women, men) in {3: (19, 24), 5: (2, 18), 7: (1, 1), 8: (0, 9)}.items():
        make.activity(
            program,
            author=person,
            held_on=months[place],
            women_participants=women,
            men_participants=men,
            low_women_reason="time" if women == 2 else "",
        )
    declare_nothing(village, year=months[9].year, month=months[9].month, actor=person)
    helper = make.person("facilitator", village=village)
    helper.name, helper.phone = "Sri Wahyuni", "0812 345 678"
    helper.save(update_fields=["name", "phone"])
    return person


@pytest.mark.parametrize("size", [{**PHONE, "width": 320}, PHONE, DESK], ids=["320", "360", "desk"])
def test_the_pages_are_whole_and_open_to_everybody(page_as, head, axe, fits, shot, size):
    page = page_as(head, size=size)
    for path in PAGES:
        page.goto(path)
        axe(page)
        fits(page)
        shot(page, f"{path.strip('/').replace('/', '-')}-{size['width']}")
        if size["width"] < 400:
            small = [
                (one.inner_text(), box)
                for one in page.locator(PRESSED).all()
                if (box := one.bounding_box()) and box["height"] < 48
            ]
            assert small == []


def test_an_empty_village_has_whole_pages_too(page_as, axe, fits):
    page = page_as(make.village_head(), size=PHONE)
    for path in PAGES:
        page.goto(path)
        axe(page)
        fits(page)


def test_a_month_is_declared_and_taken_back_without_scripts(page_as, head):
    page = page_as(head, size=PHONE, javascript=False)
    page.goto("/desa/nihil/")
    before = page.get_by_role("button", name="Tarik kembali").count()
    page.get_by_role("button", name="Tidak ada kegiatan pada").first.click()
    assert page.get_by_role("button", name="Tarik kembali").count() == before + 1
    page.get_by_role("button", name="Tarik kembali").first.click()
    assert page.get_by_role("button", name="Tarik kembali").count() == before


def test_help_tells_whom_to_call_without_signal(page_as, head):
    """The shell of the page names nobody; the number comes from what the phone keeps."""
    page = page_as(head, size=PHONE)
    page.goto("/desa/catat/")
    until(lambda: page.evaluate(KEPT), "the reference is kept", page=page)
    page.route("**/api/**", lambda route: route.abort())
    page.goto("/desa/cangkang/help/")
    page.locator("[data-contacts] b", has_text="Sri Wahyuni").wait_for()
    assert page.get_by_role("link", name="Telepon Sri Wahyuni").get_attribute("href") == (
        "tel:0812345678"
    )
    report = page.locator("[data-by=whatsapp]").get_attribute("href")
    assert re.match(r"https://wa\.me/62812345678\?text=.+Janju", report)


def test_the_place_of_the_phone_fills_both_boxes(page_as, head):
    page = page_as(head, size=PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": -1.9012, "longitude": 116.19, "accuracy": 12})
    page.goto("/desa/catat/")
    page.locator("[data-point] button").wait_for(state="attached")
    page.evaluate("document.querySelector('[data-point] button').click()")
    page.wait_for_function("document.querySelector('[name=latitude]').value !== ''")
    boxes = [page.locator(f"[name={name}]").input_value() for name in ("latitude", "longitude")]
    assert boxes == ["-1,90120", "116,19000"]


def test_similar_records_are_those_the_server_would_find(page_as, head):
    page = page_as(head, size=PHONE)
    page.goto("/desa/catat/")
    found = page.evaluate(
        """async () => {
          const { near } = await import("/static/js/phone/similar.js");
          const row = {uid: "a", village: "v", program: "p", title: "Kelas ibu ",
                       held_on: "2026-03-01", state: "verified"};
          const ask = (change) => near({...row, uid: "b", ...change}, [row]).length;
          return [
            ask({}), ask({held_on: "2026-02-28"}), ask({held_on: "2026-02-27"}),
            ask({program: "q", title: " kelas IBU"}),
            ask({program: "q", held_on: "2026-03-02"}),
            ask({program: "q", title: "Rapat"}), ask({village: "w"}), ask({uid: "a"}),
            near({...row, uid: "b"}, [{...row, state: "voided"}]).length,
          ];
        }"""
    )
    assert found == [1, 1, 0, 1, 0, 0, 0, 0, 0]
