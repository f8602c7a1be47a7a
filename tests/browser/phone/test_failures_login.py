"""F10–F12: what happens to records when the login behind them changes."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import Grant
from accounts.services import disable_person, enable_person
from programs.models import Activity, Submission
from tests import make

from . import faults
from .recording import sign_in, until

SUBMISSIONS = "/api/v1/submissions/"
ALL_RECEIVED = "Semua sudah diterima"


def _log_in_again(recorder, head) -> None:
    """Through the words in the bar, as she would."""
    recorder.page.locator("[data-bar]").get_by_role("link", name="Masuk").click()
    expect(recorder.page).to_have_url(re.compile("/masuk/"))
    recorder.page.locator("[name=username]").fill(head.username)
    recorder.page.locator("[name=password]").fill(make.PASSWORD)
    recorder.page.locator("[name=password]").press("Enter")
    expect(recorder.page.locator("[data-bar]")).to_be_attached()


def test_f10_the_login_ran_out_while_there_was_no_signal(phone, recorder, head, many):
    recorder.ready()
    phone.context.set_offline(True)
    n = many(3, 10)
    recorder.by_hand()
    recorder.by_outbox(n - 1)
    Session.objects.all().delete()

    phone.context.set_offline(False)
    recorder.send_now()
    recorder.bar(f"Masuk lagi untuk mengirim {n} catatan. Catatan tidak hilang.")
    assert recorder.states() == {"queued"}
    assert Activity.objects.count() == 0

    _log_in_again(recorder, head)
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F10")


def test_f11_another_tab_signed_in_anew(phone, recorder, head, network, many):
    recorder.ready()
    recorder.fill()
    stale = recorder.page.evaluate(
        "() => fetch('/api/v1/session/').then((one) => one.json()).then((one) => one.csrf_token)"
    )
    tab = phone.context.new_page()
    phone.context.clear_cookies()  # her login ended; in another tab she signs in again
    sign_in(tab, head)
    tab.close()
    # The safety code changes between the question and the sending, as by a login just then.
    network.fault(_with_token(stale), on="/api/v1/session/", method="GET", times=1)

    recorder.press(lambda: recorder.send_button.click())
    recorder.by_outbox(many(2, 10) - 1)
    recorder.drained()
    refused = [one for one in network.arrived() if one.told == 403]
    assert refused, "the old safety code was never refused: this drill proves nothing"
    recorder.bar(ALL_RECEIVED)
    recorder.close("F11", refused_403=len(refused))


def _with_token(token: str) -> faults.Mode:
    """The portal's answer about the session, with the safety code of the login before."""

    async def old(call: faults.Call) -> None:
        call.seen.headers["accept-encoding"] = "identity"
        status, headers, body = await call.ask()
        facts = json.loads(body) | {"csrf_token": token}
        await call.tell(status, headers, json.dumps(facts).encode())

    return old


@pytest.mark.drill
def test_f12_the_account_is_closed_and_opened_again(phone, recorder, head, many):
    recorder.ready()
    phone.context.set_offline(True)
    n = many(2, 5)
    recorder.by_hand()
    recorder.by_outbox(n - 1)
    disable_person(head, actor=None)

    phone.context.set_offline(False)
    recorder.send_now()
    recorder.bar("Masuk lagi untuk mengirim")
    assert recorder.states() == {"queued"}
    assert Activity.objects.count() == 0

    enable_person(head, actor=None)
    _log_in_again(recorder, head)
    recorder.drained()
    recorder.close("F12 closed")


@pytest.mark.drill
def test_f12_she_was_moved_to_another_village(phone, recorder, head, janju, many):
    recorder.ready()
    phone.context.set_offline(True)
    n = many(2, 5)
    recorder.by_hand()
    recorder.by_outbox(n - 1)
    grant = Grant.objects.get(user=head)
    grant.village = make.village("64.01.04.2003", "Tepian Batang")
    grant.save()

    phone.context.set_offline(False)
    recorder.send_now()
    until(lambda: recorder.states() == {"help"}, "all need help", page=recorder.page)
    recorder.page.goto("/desa/kotak-kirim/")
    recorder.reads("Perlu bantuan")
    recorder.reads("Belum bisa dikirim. Isi tetap aman.")
    assert Activity.objects.count() == 0
    assert Submission.objects.filter(state="rejected").count() == n  # the office can take over

    grant.village = janju
    grant.save()
    for row in recorder.waiting():
        recorder.open_again(row["title"])
        recorder.to_check_page()
        recorder.send_correction(row["uid"])
    recorder.drained()
    recorder.close("F12 moved")
