"""The queue's modules on a bare page of the portal: nobody calls them there but the test."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from programs.models import Activity, Submission

from ..entering import enter

MODULES = [
    "store",
    "outbox",
    "row",
    "replies",
    "request",
    "session",
    "tries",
    "delivery",
    "status",
    "sender",
    "photo",
    "conflict",
]
OPEN = """async (names) => {
  window.pug = {};
  for (const name of names) Object.assign(pug, await import(`/static/js/phone/${name}.js`));
}"""
#: A noisy picture, drawn in the page: {blob} as a camera hands it over.
DRAW = """async ([width, height, type, noise]) => {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  const dots = pen.createImageData(width, height);
  for (let i = 0; i < dots.data.length; i += 1) {
    dots.data[i] = i % 4 === 3 ? 255 : noise ? Math.random() * 256 : (i >> 12) % 256;
  }
  pen.putImageData(dots, 0, 0);
  window.picture = await canvas.convertToBlob({ type, quality: 0.95 });
  return picture.size;
}"""


class Lab:
    """One browser of one village head; `run` evaluates with all modules' names in `pug`."""

    def __init__(self, context: BrowserContext, program, village, head):
        self.context, self.program, self.village, self.head = context, program, village, head
        self.page = context.new_page()

    def sign_in(self, person=None) -> None:
        self.page.goto("/healthz/")
        enter(self.context, self.page.url, person or self.head)

    def open(self, page: Page | None = None) -> Page:
        """The bare page, its scripts loaded anew."""
        page = page or self.page
        page.goto("/healthz/")
        page.evaluate(OPEN, MODULES)
        page.evaluate("(name) => pug.setAccount(name)", self.head.username)
        return page

    def run(self, code: str, given=None, page: Page | None = None):
        return (page or self.page).evaluate(code, given)

    # -- What a screen would do --------------------------------------------------
    def enqueue(self, *, page: Page | None = None, uid: str = "", **values) -> str:
        """One record goes into the queue; its uid."""
        uid = uid or str(uuid4())
        item = {
            "village": self.village.code,
            "program": str(self.program.pk),
            "title": "Pelatihan kader",
            "held_on": "2026-03-04",
            "kind": "training",
            "women_participants": 19,
            "men_participants": 24,
            **values,
        }
        facts = {"uid": uid, "village": self.village.code, "kind": "create", "values": {}}
        self.run("(row) => pug.enqueue(row)", {**facts, "item": item}, page)
        return uid

    def correct(self, activity, **values) -> None:
        """The same record over the version that stands on file now."""
        item = {"title": activity.title, "held_on": str(activity.held_on), **values}
        row = {"uid": str(activity.pk), "village": self.village.code, "kind": "correct"}
        more = {"version": activity.version, "values": {}, "item": item}
        self.run("(row) => pug.enqueue(row)", row | more)

    def send(self, page: Page | None = None) -> None:
        self.run("() => pug.send({now: true})", None, page)

    def received(self, uid: str) -> None:
        """The phone says so, and the portal holds that very record, once."""
        receipt, kept = self.row(uid, "receipts"), Submission.objects.get(uid=uid)
        assert (receipt["number"], receipt["digest"]) == (kept.number, kept.client_digest)
        assert self.row(uid) is None
        assert Activity.objects.filter(pk=uid).count() == 1

    def rows(self, store: str) -> list[dict]:
        return self.run("(store) => pug.all(store)", store)

    def row(self, uid: str, store: str = "queue") -> dict | None:
        return self.run("([store, uid]) => pug.get(store, uid)", [store, uid])

    def status(self) -> dict:
        return self.run("() => pug.status()")

    def photo(self, uid: str, *, size=(1600, 1200), noise=False) -> str:
        """A picture is shrunk and lies beside the draft of `uid`; the photo's uid."""
        photo = str(uuid4())
        self.run(DRAW, [*size, "image/jpeg", noise])
        self.run(
            """async ([uid, parent]) => {
              const made = await pug.shrink(picture);
              const row = { uid, parent, account: await pug.account(), state: "draft", ...made };
              await pug.put("photos", row);
            }""",
            [photo, uid],
        )
        return photo
