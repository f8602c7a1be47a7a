"""What a village head does on her phone, as short sentences for the drills.

At least one record of every drill goes through the five screens (`by_hand`); the rest of a large
number enters by the function behind the button "Kirim" (`by_outbox`), on the same page.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import make

from . import ledger

#: Rows of one store, read past the phone's own code; [] while there is no such database.
ROWS = """async (store) => {
  const known = await indexedDB.databases();
  if (!known.some((one) => one.name === "pug")) return [];
  const base = await new Promise((done, fail) => {
    const request = indexedDB.open("pug");
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  try {
    if (!base.objectStoreNames.contains(store)) return [];
    return await new Promise((done, fail) => {
      const request = base.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => done(request.result.map((row) => ({...row, blob: undefined})));
      request.onerror = () => fail(request.error);
    });
  } finally {
    base.close();
  }
}"""

#: Puts one row into a store, past the phone's own code.
PUT = """async ([store, row]) => {
  const base = await new Promise((done, fail) => {
    const request = indexedDB.open("pug");
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const tx = base.transaction(store, "readwrite");
  tx.objectStore(store).put(row);
  await new Promise((done, fail) => Object.assign(tx, {oncomplete: done, onabort: fail}));
  base.close();
}"""

#: The page's own copy of a module.
MODULE = "(name) => `/static/js/phone/${name}.js`"

ENQUEUE = """async ({n, village, program, title, address}) => {
  const outbox = await import(address);
  const uids = [];
  for (let i = 0; i < n; i += 1) {
    const uid = crypto.randomUUID();
    const item = {
      uid, village, program, title: `${title} ${i + 1}`, held_on: "2026-03-04", place: "Balai desa",
      stage: "execution", kind: "training", event_status: "held", count_source: "attendance_list",
      women_participants: 19, men_participants: 20 + i,
    };
    const values = {held_on: "04-03-2026", program, title: item.title, kind: "training",
      women_participants: "19", men_participants: String(20 + i)};
    await outbox.enqueue({uid, village, kind: "create", version: null, values, item, photos: []});
    uids.push(uid);
  }
  return uids;
}"""

SEND = """async ({address, wait}) => {
  const sender = await import(address);
  const done = sender.send({now: true});
  if (wait) await done;
}"""

#: The worker holds the page and the page has what it needs without signal.
READY = """async () => {
  const ready = await Promise.race([
    navigator.serviceWorker.ready.then(() => true),
    new Promise((done) => setTimeout(() => done(false), 10000)),
  ]);
  return ready;
}"""


def sign_in(page: Page, person) -> None:
    page.goto("/masuk/")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/masuk/"))


def until(true: Callable[[], bool], what: str, seconds: float = 20, page: Page | None = None):
    """Wait until `true()`; the page goes on living meanwhile."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        page.wait_for_timeout(50) if page else time.sleep(0.05)


class Recorder:
    """One village head at one page of her phone. `uids`: everything she pressed "Kirim" for."""

    def __init__(self, page: Page, program, village):
        self.page, self.program, self.village = page, program, village
        self.uids: list[str] = []
        self.began = time.monotonic()
        self.words: list[str] = []

    @property
    def origin(self) -> str:
        return self.page.evaluate("() => location.origin")

    def module(self, name: str) -> str:
        return self.page.evaluate(MODULE, name)

    # -- What lies on the phone ------------------------------------------------
    def rows(self, store: str) -> list[dict]:
        return self.page.evaluate(ROWS, store)

    def waiting(self) -> list[dict]:
        return self.rows("queue")

    def states(self) -> set[str]:
        return {row["state"] for row in self.waiting()}

    def ready(self) -> None:
        """Opened once with signal, as a phone is before it goes into the field."""
        self.page.goto("/desa/")
        assert self.page.evaluate(READY), "the worker of the village pages did not start"
        until(lambda: self.rows("reference") != [], "reference data is on the phone")

    # -- Recording -------------------------------------------------------------
    def fill(self, title: str = "Pelatihan kader posyandu", *, photos: bool = True, **values):
        """Walk the five screens, as far as the page that shows all answers; `photos` False:
        only as far as the screen that asks for them.
        """
        self.page.goto("/desa/catat/")
        self.page.locator("[name=program]").select_option(str(self.program.pk))
        self.page.locator("[name=kind]").select_option("training")
        wanted = {"women_participants": "19", "men_participants": "24"}
        self._walk({"title": title, **wanted, **values}, to=self._photo_box if not photos else None)

    def to_check_page(self, **values) -> None:
        """From any screen on to the page that shows all answers."""
        self._walk(values)

    def _walk(self, wanted: dict[str, str], to=None) -> None:
        for _screen in range(7):
            for name in list(wanted):
                box = self.page.locator(f"[name={name}]")
                if box.is_visible():
                    box.fill(wanted.pop(name))
                    box.blur()
            if (to or self.send_button).is_visible():
                break
            if self._old_date.is_visible():
                self._old_date.check()
            self._next()
        assert not wanted, f"no screen asked for {wanted}"
        expect(to or self.send_button).to_be_visible()

    def _next(self) -> None:
        """One press, and the screen after it."""
        shown = self.page.locator("main h2:visible").first.inner_text()
        self.page.locator("[data-next]:visible, [data-skip-photos]:visible").first.click()
        expect(self.page.locator("main h2:visible").first).not_to_have_text(shown)

    @property
    def send_button(self):
        return self.page.locator("[data-send]:visible").get_by_text("Kirim")

    @property
    def _old_date(self):
        """The question about a day long ago, by the phone's own clock."""
        return self.page.locator("[name=date_confirmed]")

    @property
    def _photo_box(self):
        return self.page.locator("[data-photo-add]")

    def choose_photo(self, data: bytes, name: str = "foto.jpg", kind: str = "image/jpeg") -> None:
        file = {"name": name, "mimeType": kind, "buffer": data}
        self.page.locator("[data-photo-input]").last.set_input_files(file)

    def by_plain_form(self, title: str) -> None:
        """The long form as it is without the phone's scripts, its check page, and "Kirim"."""
        page = self.page
        page.goto("/desa/catat/")
        page.locator("[name=program]").select_option(str(self.program.pk))
        page.locator("[name=title]").fill(title)
        page.locator("[name=kind]").select_option("training")
        page.locator("[name=women_participants]").fill("19")
        page.locator("[name=men_participants]").fill("24")
        page.get_by_role("button", name="Periksa").click()
        page.get_by_role("button", name="Kirim").click()

    def by_hand(self, **values) -> str:
        """One record through the screens; its uid once "Kirim" left it on the phone."""
        self.fill(**values)
        return self.press(lambda: self.send_button.click())

    def press(self, send: Callable[[], object]) -> str:
        known = self._kept()
        send()
        until(lambda: len(self._kept() - known) == 1, "Kirim leaves a record", page=self.page)
        [uid] = self._kept() - known
        self.uids.append(uid)
        return uid

    def _kept(self) -> set[str]:
        return {row["uid"] for store in ("queue", "receipts") for row in self.rows(store)}

    def open_returned(self, uid) -> None:
        """The task "Perlu perbaikan" of this record, in the form."""
        self.page.goto(f"/desa/catat/?perbaiki={uid}")
        expect(self.page.locator("body[data-ready=record]")).to_be_attached()

    def send_correction(self, uid) -> None:
        """ "Kirim" from the check page; the record is in the queue or through."""
        self.send_button.click()
        gone = lambda: all(row["uid"] != str(uid) for row in self.rows("drafts"))  # noqa: E731
        until(gone, "the correction is on its way", page=self.page)

    def open_again(self, title: str) -> None:
        """ "Perbaiki" on the card of a record that waits for help."""
        self.page.goto("/desa/kotak-kirim/")
        card = self.page.locator("[data-waiting] li").filter(has_text=title).first
        card.get_by_role("button", name="Perbaiki").click()
        expect(self.page.locator("body[data-ready=record]")).to_be_attached()

    def settle_conflict(self, choice: str) -> None:
        """Look at both versions and keep one."""
        self.page.goto("/desa/kotak-kirim/")
        self.reads("Ada dua versi")
        self.page.get_by_role("button", name="Pilih isinya").click()
        buttons = self.page.locator("[data-conflict] button")
        buttons.nth(["mine", "theirs"].index(choice)).click()

    def draft_uid(self) -> str:
        """The record that is open now, once it is kept."""
        until(lambda: self.rows("drafts") != [], "the draft is kept", page=self.page)
        return max(self.rows("drafts"), key=lambda row: row["changed_at"])["uid"]

    def by_outbox(self, n: int, title: str = "Posyandu") -> list[str]:
        """`n` records by the function behind the button."""
        if n <= 0:
            return []
        given = {"village": self.village.code, "program": str(self.program.pk), "title": title}
        made = self.page.evaluate(ENQUEUE, {"n": n, "address": self.module("outbox"), **given})
        self.uids += made
        return made

    # -- Sending ---------------------------------------------------------------
    def send_now(self, *, wait: bool = True) -> None:
        """What "Kirim sekarang" does, without leaving the page."""
        self.page.evaluate(SEND, {"address": self.module("sender"), "wait": wait})

    def drained(self, seconds: float = 30) -> None:
        until(lambda: self.waiting() == [], "everything was received", seconds, self.page)

    # -- Words -----------------------------------------------------------------
    def bar(self, text: str) -> None:
        """The state bar says this."""
        expect(self.page.locator("[data-bar]")).to_contain_text(text)
        self.words.append(" ".join(self.page.locator("[data-bar]").inner_text().split()))

    def reads(self, text: str) -> None:
        """The page says this where it can be seen."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()
        self.words.append(text)

    def close(self, failure: str, now: ledger.Held | None = None, **facts) -> None:
        """Close the books: every receipt on the phone is one of the portal's (OF-04)."""
        now = now or ledger.held()
        shown = {row["uid"]: row["number"] for row in self.rows("receipts")}
        assert {uid: now.receipts.get(uid) for uid in shown} == shown
        assert set(self.uids) <= shown.keys(), "received, but the phone does not know it"
        ledger.close(failure, self.uids, self.words, began=self.began, now=now, **facts)
