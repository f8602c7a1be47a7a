"""Two people, one phone: what one has on it is never the other's to see, send or overwrite."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.services import end_grant
from tests import make

from ..conftest import PHONE
from .recording import ROWS

CLEAR_DRAFTS = """async () => {
  const { write } = await import("/static/js/phone/store.js");
  await write(["drafts"], (tx) => tx.objectStore("drafts").clear());
}"""


@pytest.fixture
def second(lab, janju):
    """Another tab of the same phone, where somebody else signed in later."""
    head = make.village_head(janju)
    page = lab.open(lab.context.new_page())
    lab.run("(name) => pug.setAccount(name)", head.username, page)
    return page, head


def test_what_was_begun_stays_with_who_began_it(lab, second):
    """The page stays its person's, whoever signs in beside it."""
    uid = lab.enqueue()

    [row] = lab.rows("queue")
    assert (row["uid"], row["account"]) == (uid, lab.head.username)
    assert lab.run("() => pug.waiting()", None, second[0]) == []


def test_two_people_correct_the_same_record(lab, second, program, janju):
    made = make.activity(program, janju)
    page, other = second
    lab.correct(made, title="Kata yang pertama")
    row = {"uid": str(made.pk), "village": janju.code, "kind": "correct", "version": made.version}
    item = {"title": "Kata yang kedua", "held_on": str(made.held_on)}
    lab.run("(row) => pug.enqueue(row)", {**row, "values": {}, "item": item}, page)

    kept = {row["account"]: row["title"] for row in lab.rows("queue")}
    assert kept == {lab.head.username: "Kata yang pertama", other.username: "Kata yang kedua"}


def test_photos_of_a_draft_are_its_persons(lab, second):
    uid = str(uuid4())
    photo = lab.photo(uid)
    page, _other = second
    row = {"uid": uid, "village": lab.village.code, "kind": "create", "values": {}}
    lab.run("(row) => pug.enqueue(row)", {**row, "item": {"title": "x"}}, page)

    assert lab.row(photo, "photos")["state"] == "draft"
    assert lab.row(photo, "photos")["account"] == lab.head.username


def test_whose_task_has_ended_leaves_nothing_behind(page_as, janju, program, axe, fits):
    head = make.village_head(janju)
    make.activity(program, janju, author=head)
    page = page_as(head, size=PHONE)
    page.goto("/desa/catat/")
    expect(page.get_by_text("Langkah 1 dari 5")).to_be_visible()
    page.locator("[name=title]").fill("Rapat yang belum selesai")
    expect(page.get_by_text("Tersimpan")).to_be_visible()
    page.goto("/desa/")
    [grant] = head.grants.all()
    end_grant(grant, on=timezone.localdate(), actor=make.officer())
    page.goto("/desa/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tugas Bapak/Ibu sudah berakhir")
    axe(page)
    fits(page)
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("dialog")).to_contain_text("belum terkirim")
    expect(page.get_by_role("dialog")).to_be_visible()

    page.evaluate(CLEAR_DRAFTS)
    page.reload()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(re.compile("/masuk/"))
    assert page.evaluate(ROWS, "reference") == []
    assert "account" not in [row["key"] for row in page.evaluate(ROWS, "meta")]
