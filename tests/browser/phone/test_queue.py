"""The queue by itself: what is sent, how often, and what frees a record from the phone."""

import json
import re
from uuid import uuid4

import pytest

from tests import make

from .faults import abort_half, drop_reply, login_page, redirect, refuse, status
from .recording import until

SUBMISSIONS = "/api/v1/submissions/"


def test_a_record_lies_on_the_phone_before_anything_is_sent(lab, network):
    network.go_dark()
    uid = lab.enqueue()

    row = lab.row(uid)
    [item] = json.loads(row["body"])["items"]
    assert row["state"] == "queued"
    assert row["edition"] == 1
    assert item["uid"] == uid
    assert item["client_digest"] == row["digest"]
    assert re.fullmatch("[0-9a-f]{64}", row["digest"])


def test_enqueueing_ends_the_draft_and_keeps_the_photos_that_were_sent_along(lab):
    uid = str(uuid4())
    kept, taken_out = lab.photo(uid), lab.photo(uid)
    lab.run(
        "(uid) => pug.put('drafts', {uid, account: 'x', values: {}, changed_at: 1})",
        uid,
    )
    lab.run(
        """async ([uid, village, photo]) => pug.enqueue({uid, village, kind: "create", values: {},
             item: {title: "x"}, photos: [await pug.get("photos", photo)]})""",
        [uid, lab.village.code, kept],
    )
    assert lab.row(uid, "drafts") is None
    assert lab.row(kept, "photos")["state"] == "queued"
    assert lab.row(taken_out, "photos") is None


def test_a_record_is_there_after_the_page_is_gone(lab):
    uid = lab.enqueue()
    lab.page.close()
    lab.page = lab.context.new_page()
    lab.open()

    assert lab.row(uid)["state"] == "queued"


@pytest.mark.parametrize(
    "fault", [drop_reply, abort_half, refuse, login_page, redirect, status(500)]
)
def test_every_try_sends_the_same_bytes_and_one_record_comes_of_it(lab, network, fault):
    uid = lab.enqueue()
    network.fault(fault, on=SUBMISSIONS, times=2)

    for _ in range(2):
        lab.send()
        assert lab.row(uid)["state"] == "queued"
        assert lab.rows("receipts") == []
    lab.send()

    lab.received(uid)
    whole = [one.body for one in network.arrived() if one.body == network.arrived()[-1].body]
    assert len(whole) == (1 if fault in (abort_half, refuse) else 3)


def test_a_record_left_in_sending_by_a_crash_waits_and_goes_again(lab, network):
    uid = lab.enqueue()
    lab.run(
        "async (uid) => pug.put('queue', {...await pug.get('queue', uid), state: 'sending'})", uid
    )
    network.go_dark()
    lab.send()
    assert (lab.row(uid)["state"], lab.row(uid)["tries"]) == ("queued", 1)
    assert lab.status()["state"] == "offline"

    network.listen()
    lab.send()
    lab.received(uid)


def test_two_tabs_send_a_record_once(lab, network):
    other = lab.open(lab.context.new_page())
    uids = [lab.enqueue() for _ in range(3)]
    lab.page.evaluate("() => { pug.send({now: true}); }")
    lab.send(other)
    lab.send()

    for uid in uids:
        lab.received(uid)
    assert set(network.copies().values()) == {1}


def test_a_refused_record_does_not_stop_the_next(lab, network):
    bad = lab.enqueue(women_participants=-1)
    good = lab.enqueue()

    lab.send()

    lab.received(good)
    row = lab.row(bad)
    assert row["state"] == "fix"
    assert row["errors"][0]["pointer"] == "/women_participants"
    assert [json.loads(one.body)["items"][0]["uid"] for one in network.arrived()] == [bad, good]


def test_a_record_of_a_village_that_is_no_longer_hers_asks_for_help(lab):
    uid = lab.enqueue(village=make.village("64.01.04.2003", "Tepian Batang").code)
    lab.send()
    assert (lab.row(uid)["state"], lab.row(uid)["reason"]) == ("help", "village")


def test_a_record_that_cannot_even_be_tried_does_not_stop_the_next(lab):
    bad = lab.enqueue()
    lab.run("async (uid) => pug.put('queue', {...await pug.get('queue', uid), kind: '?'})", bad)
    good = lab.enqueue()
    lab.send()

    lab.received(good)
    assert lab.row(bad) is not None


def test_what_was_taken_back_meanwhile_is_not_sent(lab, network):
    uid = lab.enqueue()
    lab.run(
        """async (uid) => {
          const row = await pug.get("queue", uid);
          await pug.takeBack(uid);
          window.taken = await pug.sendText(row, { csrf: "x" });
        }""",
        uid,
    )
    assert lab.run("() => taken") is None
    assert network.arrived() == []
    assert lab.row(uid, "drafts")["uid"] == uid


def test_a_page_that_is_open_sends_by_itself(lab, network):
    network.go_dark()
    lab.run("() => { pug.start(); }")
    uid = lab.enqueue()
    until(lambda: lab.status()["state"] == "offline", "it was tried", page=lab.page)
    network.listen()
    lab.run("() => { dispatchEvent(new Event('online')); }")
    until(lambda: lab.row(uid, "receipts"), "the signal came back", page=lab.page)
    lab.received(uid)

    network.fault(refuse, on="/api/v1/session/", method="GET", times=1)
    lab.run("() => { Math.random = () => 0; }")
    second = lab.enqueue()  # the first question is refused; the next comes by the clock
    until(lambda: lab.row(second, "receipts"), "its time came", page=lab.page)
    lab.received(second)


def test_the_portal_hears_how_many_wait(lab, network):
    for _ in range(2):
        lab.enqueue()
    lab.send()
    asked = [one.path for one in network.arrived("/api/v1/session/", "GET")]
    assert re.sub(r"&oldest=[\d-]+T[\d:.]+Z", "", asked[0]) == "/api/v1/session/?waiting=2"
    assert "&oldest=" in asked[0]
    assert asked[1:] == ["/api/v1/session/?waiting=0"]
