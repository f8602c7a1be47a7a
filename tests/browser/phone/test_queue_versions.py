"""Corrections, editions, and two versions of one record."""

import pytest

from programs.models import Activity
from programs.services import return_activity
from tests import make

from .faults import drop_reply, login_page, status

SUBMISSIONS = "/api/v1/submissions/"


def _returned(lab, **values):
    made = make.activity(lab.program, lab.village, author=lab.head, **values)
    return_activity(made, actor=make.officer(), version=made.version, reason="Periksa angka.")
    made.refresh_from_db()
    return made


def test_a_correction_goes_over_the_version_that_was_seen(lab, network):
    made = _returned(lab)
    seen = made.version
    lab.correct(made, women_participants=21)
    network.fault(drop_reply, on="/api/v1/activities/", method="PATCH", times=1)
    lab.send()
    lab.send()

    made.refresh_from_db()
    first, again = network.arrived("/api/v1/activities/", "PATCH")
    assert made.women_participants == 21
    assert first.headers["if-match"] == f'"v{seen}"'
    assert (again.body, again.headers["if-match"]) == (first.body, first.headers["if-match"])
    assert lab.rows("queue") == []
    assert lab.row(str(made.pk), "receipts")["number"] == made.receipt.number


@pytest.mark.parametrize(("choice", "women"), [("mine", 21), ("theirs", 20)])
def test_of_two_corrections_the_person_chooses(lab, choice, women):
    made = _returned(lab)
    lab.correct(made, women_participants=21)
    Activity.objects.filter(pk=made.pk).update(women_participants=20, version=made.version + 1)
    lab.send()

    row = lab.row(str(made.pk))
    assert row["state"] == "conflict"
    assert row["theirs"]["version"] == made.version + 1
    assert row["theirs"]["values"]["women_participants"] == 20
    lab.run("([uid, choice]) => pug.resolve(uid, choice)", [str(made.pk), choice])
    lab.send()

    made.refresh_from_db()
    assert made.women_participants == women
    assert lab.rows("queue") == []


def test_another_record_under_the_same_uid_can_go_as_a_new_one(lab):
    made = make.activity(lab.program, lab.village, author=lab.head)
    photo = lab.photo(str(made.pk))
    lab.enqueue(uid=str(made.pk), title="Lain sama sekali")
    lab.send()
    row = lab.row(str(made.pk))
    assert row["state"] == "conflict"
    assert row["theirs"]["values"]["title"] == made.title

    uid = lab.run("(uid) => pug.resolve(uid, 'new')", str(made.pk))
    lab.send()

    lab.received(uid)
    assert Activity.objects.get(pk=uid).photos.count() == 1
    assert lab.row(photo, "photos")["state"] == "sent"


def test_what_was_refused_comes_back_as_a_draft_and_goes_as_the_next_edition(lab):
    uid = lab.enqueue(women_participants=-1)
    lab.send()
    draft = lab.run("(uid) => pug.takeBack(uid)", uid)
    assert (draft["uid"], draft["reason"]) == (uid, "negative")
    assert lab.rows("queue") == []

    lab.enqueue(uid=uid, women_participants=1)
    assert lab.row(uid)["edition"] == 2
    lab.send()
    lab.received(uid)


def test_the_same_content_sent_under_an_earlier_edition_is_known_again(lab, network):
    network.fault(drop_reply, on=SUBMISSIONS, times=1)
    uid = lab.enqueue(device_time="2026-03-04T08:00:00+08:00")
    lab.send()
    lab.run(
        """async (uid) => {
          await pug.put("queue", {...await pug.get("queue", uid), state: "help"});
          await pug.takeBack(uid);
        }""",
        uid,
    )
    lab.enqueue(uid=uid, device_time="2026-03-05T08:00:00+08:00")
    lab.send()
    lab.received(uid)


def test_what_is_on_its_way_cannot_be_taken_back(lab, network):
    network.fault(status(500), on=SUBMISSIONS)
    uid = lab.enqueue()
    lab.send()
    assert lab.run("(uid) => pug.takeBack(uid)", uid) is None
    assert lab.row(uid)["state"] == "queued"


def test_a_record_taken_back_brings_its_photos_and_goes_with_them(lab):
    made = _returned(lab)
    photo = lab.photo(str(made.pk))
    lab.correct(made, women_participants=21)
    Activity.objects.filter(pk=made.pk).update(women_participants=20, version=made.version + 1)
    lab.send()
    draft = lab.run("(uid) => pug.takeBack(uid)", str(made.pk))

    assert draft["version"] == made.version + 1  # what she has seen now
    assert lab.row(photo, "photos")["state"] == "draft"
    made.refresh_from_db()
    lab.correct(made, women_participants=22)
    lab.send()
    made.refresh_from_db()
    assert made.women_participants == 22
    assert lab.row(photo, "photos")["state"] == "sent"


def test_a_photo_on_its_way_is_not_queued_twice(lab, network):
    network.fault(status(500), on="/photos/", method="PUT", times=1)
    made = _returned(lab)
    photo = lab.photo(str(made.pk))
    lab.correct(made, women_participants=21)
    lab.send()
    before = lab.row(photo, "photos")
    made.refresh_from_db()
    lab.run(
        """async ([uid, village, version, photo]) => pug.enqueue({uid, village, kind: "correct",
             version, values: {}, item: {women_participants: 22},
             photos: [await pug.get("photos", photo)]})""",
        [str(made.pk), lab.village.code, made.version, photo],
    )
    assert lab.row(photo, "photos")["tries"] == before["tries"] == 1
    lab.send()
    assert made.photos.count() == 1


def test_two_versions_are_only_offered_when_both_are_known(lab, network):
    made = make.activity(lab.program, lab.village, author=lab.head)
    network.fault(login_page, on=f"/api/v1/activities/{made.pk}/", method="GET", times=1)
    lab.enqueue(uid=str(made.pk), title="Lain sama sekali")
    lab.send()
    row = lab.row(str(made.pk))
    assert (row["state"], row["reason"]) == ("queued", "network")
    lab.send()
    assert lab.row(str(made.pk))["theirs"]["values"]["title"] == made.title


def test_of_a_record_that_is_not_hers_to_see_only_her_own_can_live_on(lab):
    elsewhere = make.village("64.01.04.2003", "Tepian Batang")
    made = make.activity(make.program(elsewhere), elsewhere)
    lab.enqueue(uid=str(made.pk))
    lab.send()

    assert lab.row(str(made.pk))["theirs"] is None
    settle = "([uid, choice]) => pug.resolve(uid, choice)"
    for choice in ("mine", "theirs"):
        assert lab.run(settle, [str(made.pk), choice]) is None
    uid = lab.run(settle, [str(made.pk), "new"])
    lab.send()
    lab.received(uid)
