"""A full phone, old receipts, and how much code all this is."""

import gzip
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from programs.models import Activity

from .lab import MODULES, Lab

FOLDER = Path(django_settings.BASE_DIR) / "static/js/phone"


def test_receipts_go_after_400_days_by_the_portals_clock(lab):
    old, young = lab.enqueue(), lab.enqueue()
    lab.send()
    lab.run(
        """async (uid) => pug.put("receipts",
             {...await pug.get("receipts", uid), received_at: "2025-01-01T00:00:00Z"})""",
        old,
    )
    lab.run("() => pug.forgetOld(Date.parse('2026-01-01T00:00:00Z'))")
    assert lab.row(old, "receipts"), "365 days are not 401"
    lab.run("() => pug.forgetOld(Date.parse('2026-02-06T00:00:00Z'))")

    assert [row["uid"] for row in lab.rows("receipts")] == [young]


FILL = """async ([isReference, size]) => {
  const data = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(data.subarray(at, at + 65536));
  window.filling = data;
  if (!isReference) return;
  await pug.put("reference", {account: "x", etag: "1", data: {programs: ["p"], recent: data}});
}"""
ENQUEUE_WITH_PHOTO = """async ([uid, village]) => pug.enqueue({uid, village, kind: "create",
  values: {}, item: {title: "x"}, photos: [{uid: crypto.randomUUID(), blob: filling}]})"""


#: Bytes of reference data and of the photo, and the room there is.
FULL = [(1_300_000, 0, 2_000_000), (0, 3_000_000, 2_700_000)]


@pytest.mark.parametrize(("reference", "photo", "room"), FULL)
def test_on_a_full_phone_the_record_stays(
    browser, network, program, janju, head, reference, photo, room
):
    lab = Lab(browser.new_context(base_url=network.url), program, janju, head)
    lab.page.goto("/healthz/")
    cdp = lab.context.new_cdp_session(lab.page)
    # Set before the first write: Chromium remembers for a while how much room there was.
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": network.url, "quotaSize": room})
    lab.open()
    lab.run(FILL, [True, reference])
    lab.run(FILL, [False, photo or 900_000])
    uid = str(uuid4())

    kept = lab.run(ENQUEUE_WITH_PHOTO, [uid, janju.code])

    assert lab.row(uid)["state"] == "queued"
    [row] = lab.rows("reference")
    assert row["data"]["programs"] == ["p"], "what recording needs stays"
    assert len(row["data"]["recent"]) == 0
    assert row["etag"] == ("" if reference else "1")
    assert kept["photosKept"] is (photo == 0)
    assert len(lab.rows("photos")) == (0 if photo else 1)
    lab.context.close()


def test_without_a_store_the_page_knows_it(browser, network):
    context = browser.new_context(base_url=network.url)
    context.add_init_script(
        "delete Object.getPrototypeOf(window).indexedDB; delete window.indexedDB"
    )
    page = context.new_page()
    page.goto("/healthz/")
    available = "() => import('/static/js/phone/store.js').then((store) => store.available())"
    assert page.evaluate(available) is False
    context.close()


def test_the_queue_code_is_small():
    """As one text without its comments, as a browser reads it."""
    comment = re.compile(r"^\s*(//|/?\*).*\n", re.M)
    text = "".join(comment.sub("", (FOLDER / f"{name}.js").read_text()) for name in MODULES)
    assert len(gzip.compress(text.encode(), 9)) <= 10_000


FULL_FOR_PHOTOS = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row) {
    if (this.name === "photos") throw new DOMException("full", "QuotaExceededError");
    return put.call(this, row);
  };
  window.roomAgain = () => (IDBObjectStore.prototype.put = put);
}"""


def test_a_photo_that_lies_on_a_full_phone_already_is_sent_all_the_same(lab):
    uid = str(uuid4())
    photo = lab.photo(uid)
    lab.run(FULL_FOR_PHOTOS)
    lab.enqueue(uid=uid)
    lab.run("() => roomAgain()")
    assert lab.row(photo, "photos")["state"] == "draft"  # there was no room even for the mark
    lab.send()

    lab.received(uid)
    assert lab.row(photo, "photos")["state"] == "sent"
    assert Activity.objects.get(pk=uid).photos.count() == 1


def test_a_photo_of_a_draft_is_not_sent_before_kirim(lab, network):
    uid = lab.enqueue()
    lab.send()
    photo = lab.photo(uid)  # chosen for a correction that is not finished
    lab.send()
    assert lab.row(photo, "photos")["state"] == "draft"
    assert network.arrived("/photos/", "PUT") == []


def test_a_store_that_was_cleared_under_the_page_is_made_anew(lab):
    lab.enqueue()
    other = lab.open(lab.context.new_page())
    cleared = """() => new Promise((done, fail) => {
      const request = indexedDB.deleteDatabase("pug");
      request.onsuccess = () => done(true);
      request.onblocked = () => fail(new Error("an open page is in the way"));
    })"""
    assert lab.run(cleared, None, other) is True

    assert lab.rows("queue") == []
    lab.run("(name) => pug.setAccount(name)", lab.head.username)
    uid = lab.enqueue()
    lab.send()
    lab.received(uid)
