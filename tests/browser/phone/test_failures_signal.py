"""F01–F09 and F26: what the network does to a record on its way."""

import time
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as PressedTooLate
from playwright.sync_api import expect

from programs.models import Activity

from . import faults
from .recording import until

SUBMISSIONS = "/api/v1/submissions/"
NO_SIGNAL = "Tidak ada sinyal. Catatan aman di HP ini."
ALL_RECEIVED = "Semua sudah diterima"


def test_f01_airplane_before_send(phone, recorder, many):
    recorder.ready()
    phone.context.set_offline(True)

    recorder.by_hand()
    recorder.reads("Aman di HP ini. Akan dikirim saat ada sinyal.")
    recorder.bar(NO_SIGNAL)
    recorder.by_outbox(many(4, 20) - 1)
    assert recorder.states() == {"queued"}
    assert Activity.objects.count() == 0

    phone.context.set_offline(False)
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F01")


@pytest.mark.drill
def test_f02_airplane_in_the_middle_of_an_upload(phone, recorder, network, many):
    recorder.ready()
    cdp = phone.context.new_cdp_session(recorder.page)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000}
    cdp.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 50_000})
    torn = network.fault(faults.abort_half, on=SUBMISSIONS, times=many(2, 10))
    recorder.by_hand()
    recorder.by_outbox(many(3, 20) - 1)
    until(lambda: torn.left == 0 or _try(recorder), "uploads were torn", 120, recorder.page)
    assert all(len(one.body) < int(one.headers["content-length"]) for one in _torn(network))
    phone.context.set_offline(True)
    recorder.bar(NO_SIGNAL)

    phone.context.set_offline(False)
    recorder.send_now()
    recorder.drained(60)
    recorder.bar(ALL_RECEIVED)
    recorder.close("F02", torn=len(_torn(network)))


def _torn(network) -> list:
    return [one for one in network.arrived() if one.status is None]


def _try(recorder) -> bool:
    """Press "Kirim sekarang" once more; false, for `until`."""
    recorder.send_now()
    return False


def test_f03_reply_lost_after_commit(recorder, network, many):
    recorder.ready()
    lost = network.fault(faults.drop_reply, on=SUBMISSIONS, times=many(3, 25))
    n = many(4, 50)
    recorder.by_hand()
    until(lambda: Activity.objects.count() >= 1, "the portal stored the first", page=recorder.page)
    assert recorder.waiting(), "no receipt, yet the record left the queue"
    recorder.by_outbox(n - 1)

    until(lambda: lost.left == 0 or _try(recorder), "replies were lost", 120, recorder.page)
    recorder.send_now()
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F03", replies_lost=sum(1 for one in network.arrived() if one.told is None))


@pytest.mark.drill
def test_f04_the_browser_sends_again_by_itself(recorder, network, many):
    network.keep_alive = True
    recorder.ready()
    network.fault(faults.drop_reply, on=SUBMISSIONS, times=many(3, 30))
    recorder.by_hand()
    recorder.by_outbox(many(3, 50) - 1)

    until(lambda: not recorder.waiting() or _try(recorder), "all received", 120, recorder.page)
    recorder.bar(ALL_RECEIVED)
    most = max(network.copies().values())
    assert most > 1, "no second copy came in: this drill proves nothing"
    recorder.close("F04", copies_at_most=most, arrivals=len(network.arrived()))


def test_f05_double_tap_and_two_tabs(phone, recorder, network, many):
    recorder.ready()
    network.fault(faults.delay(0.3), on=SUBMISSIONS)
    for _ in range(many(1, 5)):
        recorder.fill()
        recorder.press(lambda: recorder.send_button.dblclick(delay=0))
        recorder.reads("Sudah diterima")
    phone.context.set_offline(True)
    recorder.by_outbox(many(4, 20) - len(recorder.uids))
    second = phone.context.new_page()
    phone.context.set_offline(False)
    second.goto("/desa/kotak-kirim/")
    for page in (recorder.page, second):
        page.evaluate("""() => import("/static/js/phone/sender.js").then((one) => {
          one.send({now: true}); one.send({now: true});
        })""")

    recorder.drained(60)
    recorder.bar(ALL_RECEIVED)
    assert len(network.arrived()) == len(network.copies()), "a record was sent twice"
    recorder.close("F05", posts=len(network.arrived()))


def test_f06_the_portal_fails_then_recovers(recorder, network, many):
    recorder.ready()
    network.fault(faults.status(500), on=SUBMISSIONS)
    recorder.by_hand()
    recorder.by_outbox(many(3, 20) - 1)
    recorder.send_now()
    until(lambda: all(row["tries"] > 0 for row in recorder.waiting()), "each was tried")
    assert recorder.states() == {"queued"}
    recorder.page.goto("/desa/kotak-kirim/")
    recorder.reads("Pelatihan kader posyandu")

    button = recorder.page.get_by_role("button", name="Kirim sekarang").first
    expect(button).to_be_visible(timeout=15_000)
    network.clear()
    if recorder.waiting():  # the phone may have tried again by itself by now
        with suppress(PressedTooLate):
            button.click(timeout=3_000)
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    failed = sum(1 for one in network.arrived() if one.told == 500)
    recorder.close("F06", answers_500=failed)


@pytest.mark.drill
def test_f07_a_busy_portal_is_given_its_time(recorder, network, many):
    recorder.ready()
    network.fault(faults.busy(6), on=SUBMISSIONS, times=1)
    recorder.by_hand()
    recorder.by_outbox(many(3, 5) - 1)
    until(lambda: network.arrived() != [], "the first try", page=recorder.page)
    recorder.drained(60)

    asked = [one for one in network.arrived() if one.body == network.arrived()[0].body]
    waited = asked[1].at - asked[0].at
    assert waited >= 6, f"came back after {waited:.1f} s, was asked to wait 6 s"
    recorder.bar(ALL_RECEIVED)
    recorder.close("F07", waited=round(waited, 1))


@pytest.mark.drill
def test_f08_an_answer_that_takes_longer_than_a_minute(recorder, network, many):
    recorder.ready()
    network.fault(faults.delay(61), on=SUBMISSIONS, times=1)
    recorder.by_hand()
    recorder.reads("Sedang dikirim. Bapak/Ibu boleh menutup halaman ini.")
    network.fault(faults.delay(5), on=SUBMISSIONS, times=2)
    recorder.by_outbox(many(3, 5) - 1)

    began = time.monotonic()
    until(lambda: any(row["tries"] for row in recorder.waiting()), "it gave up", 80, recorder.page)
    assert time.monotonic() - began > 50, "a slow answer was given up too early"
    recorder.send_now()
    recorder.drained(60)
    recorder.bar(ALL_RECEIVED)
    recorder.close("F08", arrivals=len(network.arrived()))


@pytest.mark.parametrize("mode", [faults.login_page, faults.redirect], ids=["200", "302"])
def test_f09_the_operator_answers_in_our_place(phone, recorder, network, many, mode):
    phone.forgiven.append("wifi.operator.invalid")
    recorder.ready()
    network.fault(mode, on=SUBMISSIONS)
    network.fault(mode, on="/api/v1/session/", method="GET", times=2)
    recorder.by_hand()
    recorder.by_outbox(many(2, 5) - 1)
    for _ in range(4):
        recorder.send_now()
    assert network.arrived() != [], "the fault was never met"
    assert recorder.states() == {"queued"}
    assert recorder.rows("receipts") == []
    recorder.page.goto(f"/desa/bukti/?uid={recorder.uids[0]}")
    recorder.reads("Menunggu sinyal")
    expect(recorder.page.locator("main").get_by_text("Sudah diterima")).to_have_count(0)
    assert Activity.objects.count() == 0

    network.clear()
    recorder.send_now()
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close(f"F09 {mode.__name__}", foreign_answers=_foreign(network))


def _foreign(network) -> int:
    return sum(1 for one in network.arrived() if one.status is None)


@pytest.mark.drill
def test_f26_nobody_is_found_at_the_address(phone, recorder, network, many):
    recorder.ready()
    network.go_dark()
    recorder.by_hand()
    recorder.by_outbox(many(2, 5) - 1)
    recorder.send_now()
    assert recorder.states() == {"queued"}
    recorder.reads("Aman di HP ini.")
    network.listen()
    recorder.send_now()
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F26 refused")
