"""F13, F16–F18, F21, F22, F24: what the phone itself does to a record."""

import io
import random
import re
import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from programs.models import Activity, Photo, Submission

from . import faults, ledger
from .recording import Recorder, sign_in, until

SUBMISSIONS = "/api/v1/submissions/"
ALL_RECEIVED = "Semua sudah diterima"


def _clock(phone, offset: timedelta) -> None:
    """The phone believes it is this much later; its timers go on as ever."""
    phone.context.clock.set_system_time(datetime.now() + offset)  # noqa: DTZ005  the phone's own


@pytest.mark.drill
@pytest.mark.parametrize(
    ("then", "later"),
    [
        (timedelta(days=400), timedelta(days=400)),
        (timedelta(days=-2), timedelta(days=-2)),
        (timedelta(days=400), timedelta(0)),
    ],
    ids=["400 days ahead", "2 days late", "put right meanwhile"],
)
def test_f13_the_clock_of_the_phone_is_wrong(phone, recorder, network, many, then, later):
    recorder.ready()
    _clock(phone, then)
    recorder.page.goto("/desa/")
    network.fault(faults.status(500), on=SUBMISSIONS)
    recorder.by_hand(held_on="04-03-2026")
    recorder.by_outbox(many(2, 3) - 1)
    recorder.send_now()
    until(lambda: all(row["tries"] for row in recorder.waiting()), "each was tried")
    written = recorder.waiting()[0]["created_at"] / 1000
    assert abs(written - time.time() - then.total_seconds()) < 120, "the clock was not moved"

    _clock(phone, later)
    network.clear()
    recorder.page.goto("/desa/")  # opening the portal is enough, no "Kirim sekarang"
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    times = Submission.objects.values_list("device_time", flat=True)
    off = {round((one - timezone.now()).total_seconds() / 86400) for one in times}
    assert off == {then.days}, "the wrong clock is not on file"
    recorder.close(f"F13 {then.days:+} d, {later.days:+} d", clock_days=then.days)


def _quota(phone, recorder, size: int | None) -> None:
    """So many bytes for this origin; None: as before."""
    cdp = phone.context.new_cdp_session(recorder.page)
    given = {} if size is None else {"quotaSize": size}
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": recorder.origin, **given})


def _usage(recorder) -> int:
    return recorder.page.evaluate("() => navigator.storage.estimate().then((one) => one.usage)")


#: Chromium asks what is left on the disk at most every 30 s; before, small writes still pass.
QUOTA_REST = 31_000


def _to_the_field(phone, recorder) -> None:
    """Past a place with signal: a full phone let go of what can be fetched again."""
    phone.context.set_offline(False)
    recorder.ready()
    phone.context.set_offline(True)


#: The override of the quota is not told to pages; a full phone tells them.
ESTIMATE = "navigator.storage.estimate = async () => ({usage: %(usage)d, quota: %(quota)d});"


@pytest.mark.drill
def test_f16_the_phone_is_full_at_the_photo(phone, recorder, many):
    recorder.ready()
    used = _usage(recorder)
    _quota(phone, recorder, used + 150_000)
    recorder.page.add_init_script(ESTIMATE % {"usage": used, "quota": used + 150_000})
    recorder.page.wait_for_timeout(QUOTA_REST)
    for turn in range(many(1, 7)):
        _to_the_field(phone, recorder)
        recorder.fill(title=f"Rapat {turn}", photos=False)
        recorder.choose_photo(_noisy((1600, 1200)))
        recorder.reads("Ruang HP hampir penuh. Catatan tetap bisa dibuat tanpa foto.")
        recorder.to_check_page()
        recorder.press(lambda: recorder.send_button.click())
    _quota(phone, recorder, None)
    assert recorder.rows("photos") == []

    phone.context.set_offline(False)
    recorder.drained()
    recorder.bar("Ruang HP hampir penuh. Catatan tetap bisa dibuat tanpa foto.")
    recorder.close("F16 photo")


@pytest.mark.drill
def test_f16_the_phone_is_full_at_the_text(phone, recorder, many):
    for turn in range(many(1, 3)):
        _to_the_field(phone, recorder)
        recorder.fill(title=f"Rapat {turn}")
        before = len(recorder.waiting())
        _quota(phone, recorder, 1)
        recorder.page.wait_for_timeout(QUOTA_REST)
        recorder.send_button.click()
        recorder.reads("Belum tersimpan: ruang HP penuh.")
        assert len(recorder.waiting()) == before, "it was stored: the phone was not full"
        expect(recorder.page).to_have_url(re.compile("/desa/catat/"))  # her answers still stand
        _quota(phone, recorder, None)
        recorder.press(lambda: recorder.send_button.click())

    phone.context.set_offline(False)
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F16 text")


def _noisy(size: tuple[int, int]) -> bytes:
    """A picture that no camera can make smaller."""
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def test_f17_the_browser_is_killed_while_it_saves_and_sends(
    phone, recorder, network, program, janju, many
):
    """Killed at a moment nobody chose: while typing, at the press, while sending."""
    chance = random.Random(17)  # noqa: S311
    recorder.ready()
    network.fault(faults.delay(0.2), on=SUBMISSIONS)
    kills = 0
    for turn in range(many(3, 12)):
        recorder.by_outbox(many(1, 3))
        recorder.fill(title=f"Rapat {turn}")
        uid = recorder.draft_uid()
        with_mark = chance.uniform(0, 250)
        recorder.page.evaluate(PRESS_SOON, with_mark)
        time.sleep(chance.uniform(0, 0.5))
        phone.kill()
        kills += 1
        recorder.page = phone.open()
        recorder.page.goto("/desa/")
        stores = ("drafts", "queue", "receipts")
        kept = {row["uid"] for store in stores for row in recorder.rows(store)}
        assert uid in kept, f"turn {turn}: neither draft nor record is left"
        if any(row["uid"] == uid for row in recorder.rows("drafts")):
            recorder.page.goto(f"/desa/catat/?draf={uid}")
            expect(recorder.page.locator("[name=title]")).to_have_value(f"Rapat {turn}")
            recorder.to_check_page()
            recorder.press(lambda: recorder.send_button.click())
        else:
            recorder.uids.append(uid)
    network.clear()
    recorder.page.goto("/desa/")
    recorder.send_now()
    recorder.drained(60)
    recorder.bar(ALL_RECEIVED)
    recorder.close("F17", kills=kills)


#: Presses "Kirim" a little later by itself, so that nobody waits for what it does.
PRESS_SOON = """(wait) => {
  const button = [...document.querySelectorAll("button")].find((one) =>
    one.textContent.trim() === "Kirim" && one.checkVisibility());
  setTimeout(() => button.click(), wait);
}"""

#: Notes the durability of every write to the record stores, before any script of the page runs.
WATCH_WRITES = """() => {
  window.relaxed = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const named = [stores].flat();
    if (mode === "readwrite" && options?.durability !== "strict") window.relaxed.push(named);
    return begin.call(this, stores, mode, options);
  };
}"""


@pytest.mark.drill
def test_f18_the_power_goes_right_after_the_press(phone, recorder, tmp_path, many):
    recorder.ready()
    recorder.page.add_init_script(f"({WATCH_WRITES})()")
    phone.context.set_offline(True)
    recorder.by_hand()
    recorder.by_outbox(many(2, 10) - 1)
    assert recorder.page.evaluate("() => window.relaxed") == []
    twin = phone.copy(tmp_path / "after-the-power-cut")  # what is on the disk this moment
    phone.kill()

    recorder.page = twin.open()
    try:
        recorder.page.goto("/desa/")
        held = {row["uid"] for s in ("queue", "receipts") for row in recorder.rows(s)}
        assert held == set(recorder.uids)
        recorder.send_now()
        recorder.drained()
        recorder.bar(ALL_RECEIVED)
        recorder.close("F18")
    finally:
        twin.close()


NO_STORE = """
  const refuse = () => { throw new DOMException("not in this window", "SecurityError"); };
  Object.defineProperty(IDBFactory.prototype, "open", {value: refuse});
"""


@pytest.mark.drill
def test_f21_a_private_window_keeps_nothing(phone, head, program, janju, many):
    n = many(1, 3)
    page = phone.open()
    phone.context.add_init_script(NO_STORE)
    sign_in(page, head)
    recorder = Recorder(page, program, janju)
    page.goto("/desa/")
    recorder.bar("tidak bisa menyimpan catatan")
    for turn in range(n):
        recorder.by_plain_form(f"Rapat {turn}")
        until(lambda turn=turn: Activity.objects.count() == turn + 1, "it was taken", page=page)
        recorder.reads("Sudah diterima")
    ledger.close(
        "F21", Activity.objects.values_list("pk", flat=True), recorder.words, began=recorder.began
    )
    assert Activity.objects.count() == n


@pytest.mark.drill
def test_f22_the_storage_was_cleared_by_hand(phone, recorder, many):
    recorder.ready()
    recorder.by_hand(title="Rapat yang sudah diterima")
    recorder.by_outbox(many(2, 3) - 1)
    recorder.drained()
    cdp = phone.context.new_cdp_session(recorder.page)
    kinds = "indexeddb,cache_storage,service_workers,local_storage"
    cdp.send("Storage.clearDataForOrigin", {"origin": recorder.origin, "storageTypes": kinds})
    recorder.page.goto("/desa/bantuan/")
    assert recorder.rows("receipts") == []

    recorder.page.goto("/desa/kegiatan/")
    recorder.reads("Rapat yang sudah diterima")
    for number in Submission.objects.values_list("uid", flat=True):
        expect(recorder.page.locator(f"[data-uid='{number}']").first).to_be_visible()
    ledger.close("F22", recorder.uids, recorder.words, began=recorder.began)


def _heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(range(256)) * 200


@pytest.mark.drill
def test_f24_pictures_that_are_none(phone, recorder, many):
    recorder.ready()
    large = _noisy((4000, 3000))
    refused = {"heic": _heic(), "empty": b"", "pdf": b"%PDF-1.7\n" + b"0" * 5000}
    for turn in range(many(1, 2)):
        for name, data in refused.items():
            recorder.fill(title=f"Rapat {name} {turn}", photos=False)
            recorder.choose_photo(data, name=f"{name}.jpg")
            recorder.reads("Foto ini tidak bisa dibuka")
            recorder.to_check_page()
            recorder.press(lambda: recorder.send_button.click())
        recorder.fill(title=f"Rapat dengan foto {turn}", photos=False)
        recorder.choose_photo(large, name="camera.jpg")  # and on at once, while it is made small
        recorder.to_check_page()
        recorder.press(lambda: recorder.send_button.click())
    recorder.drained(60)
    until(lambda: Photo.objects.count() == many(1, 2), "photos follow", 60, recorder.page)
    until(
        lambda: all(row["state"] == "sent" for row in recorder.rows("photos")),
        "the phone knows",
        page=recorder.page,
    )
    for photo in Photo.objects.all():
        assert max(photo.width, photo.height) <= 1280
    recorder.bar(ALL_RECEIVED)
    recorder.close("F24", photos=Photo.objects.count())
