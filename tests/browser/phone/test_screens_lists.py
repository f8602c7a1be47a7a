"""What came back, what waits, and what the phone says before it is sent."""

import json
import re

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from core.identifiers import uuid7
from programs.forms import ActivityForm
from programs.services import (
    correct_activity,
    return_activity,
    submit_activities,
)
from tests import make

from .screens import heads, onward, opened, rows, to_check, until

# -- The hand judges as the portal does ----------------------------------------------------------
TYPED = [
    {},
    {"title": "", "kind": ""},
    {"held_on": "31-2-2026"},
    {"held_on": "kemarin"},
    {"held_on": "1-1-2090"},
    {"held_on": "5-5-2019"},
    {"women_participants": "1,5"},
    {"women_participants": "-3", "men_participants": ""},
    {"men_participants": ""},
    {"total_participants": "50"},
    {"total_participants": "43", "unrecorded_participants": "1"},
    {"women_deciders": "9999999", "men_deciders": "1"},
    {"budget_spent": "12.50"},
    {"budget_spent": "12,5 juta", "fund_source": "dana_desa"},
    {"budget_spent": "-5"},
    {"latitude": "-1,9"},
    {"latitude": "abc", "longitude": "1"},
]


@pytest.mark.parametrize("change", TYPED, ids=json.dumps)
def test_phone_says_what_the_portal_would_say(hand, head, janju, program, change):
    base = {
        "program": str(program.pk),
        "title": "Kursus",
        "kind": "training",
        "held_on": "4-3-2026",
        "event_status": "held",
        "count_source": "attendance_list",
        "stage": "execution",
        "women_participants": "19",
        "men_participants": "24",
    }
    values = base | change
    opened(hand)
    said = hand.evaluate(
        """async ([values, program]) => {
          const { judge } = await import("/static/js/phone/judge.js");
          const ground = {program, village: {has_apbdes: true}, kept: null};
          return judge(values, ground).map(({field, detail}) => [field, detail]);
        }""",
        [values, {"state": "active", "year_from": 2024, "year_to": 2027}],
    )
    said, portal = {tuple(one) for one in said}, set(portal_says(head, janju, values))
    # The portal reads the form before it asks the rules; the hand says both at once.
    assert portal <= said
    assert bool(portal) == bool(said)


def portal_says(head, janju, values: dict) -> list[tuple[str, str]]:
    with translation.override("id"):
        data = values | {"uid": str(uuid7())}
        form = ActivityForm(data, village=janju, user=head)
        if form.is_valid():
            [outcome] = submit_activities([form.draft()], actor=head, source="browser")
            form.refuse(outcome)
        return [(name, one) for name, errors in form.errors.items() for one in errors]


# -- What came back, what waits -------------------------------------------------------------------
def test_returned_record_opens_with_its_reason_and_goes_out_under_its_uid(
    hand, head, program, sound
):
    activity = make.activity(program, author=head, title="Posyandu Melati", women_participants=3)
    return_activity(activity, actor=make.officer(), version=1, reason="Periksa jumlah perempuan.")
    hand.goto("/desa/kegiatan/?tab=perbaikan")
    sound(hand, "records-fix")
    hand.goto("/desa/")
    hand.locator("[data-task=fix] a").click()

    expect(hand.locator("body")).to_have_attribute("data-ready", "record")
    expect(hand.get_by_text("Periksa jumlah perempuan.")).to_be_visible()
    expect(hand.get_by_label("Nama kegiatan")).to_have_value("Posyandu Melati")
    sound(hand, "returned")
    onward(hand)
    heads(hand, women="13")
    onward(hand)
    hand.get_by_role("button", name="Tanpa anggaran").click()
    onward(hand)
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.get_by_role("heading", level=1)).to_have_text("Sudah diterima")
    activity.refresh_from_db()
    assert (activity.state, activity.women_participants, activity.version) == ("submitted", 13, 3)


def test_two_versions_stand_side_by_side_and_one_is_chosen(hand, head, janju, program, sound):
    activity = make.activity(program, author=head, title="Posyandu Melati")
    return_activity(activity, actor=make.officer(), version=1, reason="Periksa jumlah.")
    opened(hand, f"/desa/catat/?perbaiki={activity.pk}")
    onward(hand)
    heads(hand, women="13")
    onward(hand)
    hand.get_by_role("button", name="Tanpa anggaran").click()
    onward(hand)
    other = make.draft(program, uid=activity.pk, title="Posyandu Melati", women_participants=21)
    activity.refresh_from_db()
    correct_activity(activity, other, actor=make.village_head(janju), version=2)
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.locator("[data-receipt] [data-state]")).to_have_text("Ada dua versi")

    hand.goto("/desa/kotak-kirim/")
    sound(hand, "outbox-conflict")
    hand.get_by_role("button", name="Pilih isinya").click()
    versions = hand.locator(".versions")
    expect(versions).to_contain_text("13")
    expect(versions).to_contain_text("21")
    sound(hand, "conflict")
    hand.get_by_role("button", name="Pakai isi HP ini").click()
    until(hand, lambda: not rows(hand, "queue"), "the chosen version is sent")
    activity.refresh_from_db()
    assert activity.women_participants == 13


def test_lists_of_what_lies_on_the_phone_alone(hand, head, program, sound):
    make.activity(program, author=head, title="Posyandu Melati", held_on=timezone.localdate())
    opened(hand)
    to_check(hand, "Kelas sore")
    hand.context.set_offline(True)
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.get_by_role("heading", level=1)).to_have_text("Tersimpan")
    hand.route("**/api/v1/submissions/", lambda route: route.abort())
    hand.context.set_offline(False)
    hand.goto("/desa/kegiatan/")
    expect(hand.get_by_role("link", name=re.compile("Kelas sore"))).to_be_visible()
    expect(hand.get_by_role("link", name=re.compile("Posyandu Melati"))).to_be_visible()
    sound(hand, "records")
    hand.get_by_role("link", name=re.compile(r"^Menunggu")).click()
    expect(hand.get_by_role("link", name=re.compile("Kelas sore"))).to_be_visible()
    expect(hand.get_by_role("link", name=re.compile("Posyandu Melati"))).to_have_count(0)
    hand.get_by_role("link", name="Draf", exact=True).click()
    expect(hand.get_by_text("Tidak ada draf di HP ini.")).to_be_visible()
    sound(hand, "records-empty")
    hand.goto("/desa/kegiatan/?search=melati")
    expect(hand.get_by_role("link", name=re.compile("Posyandu Melati"))).to_be_visible()
    expect(hand.get_by_role("link", name=re.compile("Kelas sore"))).to_have_count(0)
    hand.goto("/desa/kotak-kirim/")
    expect(hand.get_by_text("Aman di HP ini. Akan dikirim saat ada sinyal.")).to_be_visible()
    sound(hand, "outbox")
    hand.unroute("**/api/v1/submissions/")
    hand.get_by_role("button", name="Kirim sekarang").last.click()
    expect(hand.get_by_text("Tidak ada yang menunggu di HP ini.")).to_be_visible()
    sound(hand, "outbox-empty")
    hand.goto("/desa/")
    expect(hand.locator(".month-count")).to_have_text(re.compile(r"2\s+dari 4 kegiatan"))
    sound(hand, "home")


def test_pages_without_signal(hand, head, program, sound):
    make.activity(program, author=head, title="Posyandu Melati", held_on=timezone.localdate())
    hand.goto("/desa/")
    hand.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    until(hand, lambda: rows(hand, "reference"), "the phone knows its programs")
    hand.goto("/desa/")  # from here on the worker answers
    hand.context.set_offline(True)

    hand.goto("/desa/kegiatan/")
    expect(hand.get_by_role("link", name=re.compile("Posyandu Melati"))).to_be_visible()
    sound(hand, "offline-records")
    hand.goto("/desa/")
    expect(hand.locator(".month-count")).to_have_text(re.compile(r"1\s+dari 4 kegiatan"))
    sound(hand, "offline-home")
    opened(hand)
    sound(hand, "offline-step-1")
    to_check(hand, "Kelas sore")
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.get_by_role("heading", level=1)).to_have_text("Tersimpan")
    hand.goto("/desa/kotak-kirim/")
    expect(hand.get_by_role("heading", name="Kelas sore")).to_be_visible()
    sound(hand, "offline-outbox")
    hand.goto("/desa/capaian/")
    expect(hand.get_by_role("heading", level=1)).to_have_text("Tidak ada sinyal")
    sound(hand, "offline-nosignal")
