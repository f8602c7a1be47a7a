"""F14, F15, F19 and F28: what is deployed, corrected or closed while a record waits."""

from contextlib import suppress
from dataclasses import replace

import pytest
from django.utils.translation import override
from playwright.sync_api import Error, expect

from programs import clients
from programs.flags import flags
from programs.models import Activity, Review
from programs.phone import shell
from programs.services import return_activity, set_program_state
from tests import make

from .recording import PUT, Recorder, sign_in, until

SUBMISSIONS = "/api/v1/submissions/"
ALL_RECEIVED = "Semua sudah diterima"
MARK = "build-two"


@pytest.fixture
def deploy(monkeypatch):
    """`deploy(rename={"title": "nama"})` → the next build of the phone's pages is served."""
    old = shell.built()

    def deploy(rename: dict[str, str] | None = None) -> str:
        mark = f'<body data-mark="{MARK}"'
        texts = {page: text.replace("<body", mark) for page, text in old.texts.items()}
        for before, after in (rename or {}).items():
            texts["record"] = texts["record"].replace(f'name="{before}"', f'name="{after}"')
        assert texts != old.texts
        new = replace(old, version="2" * 64, texts=texts, plan={**old.plan, "version": "2" * 64})
        monkeypatch.setattr(shell, "built", lambda: new)
        return new.version

    return deploy


def _update(page) -> None:
    page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.update())")


def _caches(page) -> list[str]:
    """What the worker keeps; [] in the moment in which the page starts anew."""
    with suppress(Error):
        return page.evaluate("() => caches.keys()")
    return []


#: A queue row as build 1.0 wrote it. It never changes: phones carry such rows for months.
FROZEN = {
    "kind": "create",
    "version": None,
    "edition": 1,
    "state": "queued",
    "tries": 3,
    "next_at": 0,
    "last_try_at": 1772600000000,
    "created_at": 1772500000000,
    "reason": "network",
    "detail": "",
    "errors": [],
    "theirs": None,
    "title": "Rapat desa",
    "held_on": "2026-03-04",
}
FROZEN_UID = "7d9b0a1e-3c52-4f6e-9a53-0c8f2f1d4b11"
FROZEN_DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
FROZEN_BODY = (
    '{"items":[{"uid":"%(uid)s","program":"%(program)s","village":"%(village)s",'
    '"held_on":"2026-03-04","title":"Rapat desa","place":"","stage":"execution",'
    '"kind":"meeting","event_status":"held","women_participants":12,"men_participants":15,'
    '"unrecorded_participants":null,"total_participants":null,"women_deciders":2,'
    '"men_deciders":3,"women_beneficiaries":null,"men_beneficiaries":null,'
    '"women_proposals_accepted":1,"count_source":"attendance_list","budget_spent":1500000,'
    '"fund_source":"dana_desa","low_women_reason":null,"note":"","reference":"",'
    '"latitude":null,"longitude":null,"device_time":"2026-03-04T11:20:00.000Z",'
    '"client_digest":"%(digest)s"}]}'
)


def test_f14_a_new_version_is_deployed_while_records_wait(
    phone, recorder, network, deploy, head, many
):
    recorder.ready()
    phone.context.set_offline(True)
    recorder.by_hand()
    recorder.by_outbox(many(3, 19) - 1)
    written = {row["body"] for row in recorder.waiting()}
    version = deploy(rename={"title": "nama", "women_participants": "perempuan"})
    recorder.page.goto("/desa/")  # nothing is open that an update would disturb
    frozen = {
        "uid": FROZEN_UID,
        "program": recorder.program.pk,
        "village": recorder.village.code,
        "digest": FROZEN_DIGEST,
    }
    row = {"uid": FROZEN_UID, "account": head.username, "village": recorder.village.code}
    kept = {"digest": FROZEN_DIGEST, "digests": [FROZEN_DIGEST], "body": FROZEN_BODY % frozen}
    recorder.page.evaluate(PUT, ["queue", {**FROZEN, **row, **kept}])
    recorder.uids.append(FROZEN_UID)
    written.add(FROZEN_BODY % frozen)

    phone.context.set_offline(False)
    _update(recorder.page)
    until(
        lambda: _caches(recorder.page) == [f"pug-shell-{version}"],
        "the new build is in use",
        page=recorder.page,
    )
    recorder.page.goto("/desa/kotak-kirim/")
    expect(recorder.page.locator(f"body[data-mark={MARK}]")).to_be_attached()
    recorder.send_now()
    recorder.drained()
    assert {one.body.decode() for one in network.arrived()} == written, "the bytes were changed"
    recorder.bar(ALL_RECEIVED)
    recorder.close("F14", builds=2)


@pytest.mark.drill
def test_f14_pages_that_are_too_old_keep_their_records(recorder, network, monkeypatch, many):
    recorder.ready()
    monkeypatch.setattr(clients, "OLDEST", (99, 0))
    recorder.by_hand()
    recorder.by_outbox(many(2, 20) - 1)
    recorder.send_now()
    until(lambda: recorder.states() <= {"update", "queued"} and network.arrived(), "told so")
    assert any(one.told == 426 for one in network.arrived())
    assert "update" in recorder.states()
    assert Activity.objects.count() == 0
    recorder.reads("Ada versi baru. Dipakai setelah catatan ini selesai.")

    monkeypatch.setattr(clients, "OLDEST", (1, 0))  # the pages that came with the update
    recorder.page.goto("/desa/kotak-kirim/")
    recorder.send_now()
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F14 too old")


@pytest.mark.drill
def test_f15_a_new_version_waits_for_the_open_form(phone, recorder, deploy, many):
    recorder.ready()
    for turn in range(many(1, 5)):
        recorder.fill(title=f"Rapat {turn}")
        before = _caches(recorder.page)
        if turn == 0:
            version = deploy()
        _update(recorder.page)
        recorder.page.wait_for_timeout(1500)
        assert before[0] in _caches(recorder.page), "the form lost its own version"
        if turn == 0:
            expect(recorder.page.get_by_text("Ada versi baru")).to_be_visible()
            recorder.words.append("Ada versi baru. Dipakai setelah catatan ini selesai.")
        recorder.press(lambda: recorder.send_button.click())
    recorder.drained()
    phone.close()  # the old version leaves with its last page at the latest [L25]
    recorder.page = phone.open()
    recorder.page.goto("/desa/")
    until(
        lambda: _caches(recorder.page) == [f"pug-shell-{version}"], "taken over", page=recorder.page
    )
    recorder.drained()
    recorder.close("F15")


def test_f19_two_phones_correct_the_same_record(new_phone, head, program, janju, many):
    n = many(2, 10)
    made = [make.activity(program, janju, author=head, title=f"Rapat {i}") for i in range(n)]
    for one in made:
        return_activity(one, actor=make.officer(), version=1, reason="Periksa jumlah perempuan.")
    first, second = (_opened(new_phone(), head, program, janju) for _ in range(2))
    for one in made:
        second.open_returned(one.pk)
        second.to_check_page(women_participants="21")  # typed while the other one was faster
        first.open_returned(one.pk)
        first.to_check_page(women_participants="20")
        first.send_correction(one.pk)
        first.drained()
        second.send_correction(one.pk)
        until(lambda: second.states() == {"conflict"}, "both versions stand", page=second.page)
        mine = made.index(one) % 2 == 0
        second.settle_conflict("mine" if mine else "theirs")
        second.drained()
        one.refresh_from_db()
        assert one.women_participants == (21 if mine else 20)
    expected = n + (n + 1) // 2  # each was corrected once, half of them twice
    assert Review.objects.filter(step__in=["resubmitted", "corrected"]).count() == expected
    second.uids = [str(one.pk) for one in made]
    second.close("F19", corrections=expected)


def _opened(phone, head, program, janju) -> Recorder:
    page = phone.open()
    sign_in(page, head)
    recorder = Recorder(page, program, janju)
    recorder.ready()
    return recorder


@pytest.mark.drill
def test_f28_the_program_was_closed_meanwhile(phone, recorder, program, many):
    recorder.ready()
    phone.context.set_offline(True)
    recorder.by_hand()
    recorder.by_outbox(many(2, 5) - 1)
    set_program_state(program, "completed", actor=make.person("officer"), version=program.version)

    phone.context.set_offline(False)
    recorder.drained()
    recorder.bar(ALL_RECEIVED)
    recorder.close("F28", flagged=_flagged())


def _flagged() -> int:
    """How many records tell the reviewer that their program was closed before they came in."""
    with override("en"):
        told = [flags(one) for one in Activity.objects.with_places()]
    marked = [one for one in told if any("closed before" in text for text in one)]
    assert len(marked) == len(told)
    return len(marked)
