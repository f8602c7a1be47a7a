"""The pages of those who review: queue, decision, and what happens when two are at it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.services import (
    return_activity,
    submit_activities,
    verify_activity,
    void_activity,
)
from tests import make
from tests.typed import text

pytestmark = pytest.mark.django_db
QUEUE = "/periksa/"


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def program(janju):
    return make.program(janju)


@pytest.fixture
def officer(client):
    person = make.officer()
    sign_in(client, person)
    return person


def sign_in(client, person):
    client.force_login(person)


def address(step: str, activity) -> str:
    return reverse(f"programs:{step}", args=[activity.pk])


def test_queue_shows_what_waits_oldest_first(client, officer, janju, program):
    first = make.activity(program, janju, title="Lebih dulu")
    second = make.activity(program, janju, title="Kemudian")
    done = make.activity(program, janju, title="Sudah", verified_by=make.officer())

    page = text(client.get(QUEUE))

    assert page.index(first.title) < page.index(second.title)
    assert done.title not in page
    assert "2 catatan menunggu" in page


def test_queue_never_shows_ones_own(client, officer, janju, program):
    own = make.activity(program, janju, author=officer, title="Tulisan sendiri")

    assert own.title not in text(client.get(QUEUE))
    assert client.get(address("review-record", own)).status_code == 403
    assert client.post(address("activity-verify", own), {"version": 1}).status_code == 403
    own.refresh_from_db()
    assert own.state == "submitted"


def test_queue_is_for_reviewers(client, janju, program):
    activity = make.activity(program, janju)
    sign_in(client, make.village_head(janju))

    assert client.get(QUEUE).status_code == 403
    for step in ("activity-verify", "activity-return", "activity-merge"):
        data = {"version": 1, "quick": "heads", "canonical": str(activity.pk)}
        assert client.post(address(step, activity), data).status_code == 403
    activity.refresh_from_db()
    assert activity.state == "submitted"


def test_queue_is_filtered_by_place_and_program(client, officer, janju, program):
    far = make.village("64.01.05.2001", "Rantau")
    other = make.program(far)
    here, there = make.activity(program, janju), make.activity(other, far, title="Di seberang")

    page = text(client.get(f"{QUEUE}?district=64.01.05"))
    assert there.title in page
    assert here.title not in page
    assert "Kecamatan: " in page  # the chip
    page = text(client.get(f"{QUEUE}?program={program.pk}"))
    assert here.title in page
    assert there.title not in page


def test_accepting_leads_to_the_next_record(client, officer, janju, program):
    first, second = make.activity(program, janju), make.activity(program, janju, title="Kedua")

    start = client.get(QUEUE).context["page"][0]
    page = client.get(f"{address('review-record', start)}?queue=1")
    assert "2 catatan menunggu" in text(page)
    response = client.post(f"{address('activity-verify', first)}?queue=1", {"version": 1})

    first.refresh_from_db()
    assert first.state == "verified"
    assert response.url == f"{address('review-record', second)}?queue=1"
    last = client.post(f"{address('activity-verify', second)}?queue=1", {"version": 1})
    assert last.url == f"{QUEUE}?queue=1"
    page = text(client.get(last.url))
    assert f'Diterima: <a href="{address("activity-detail", second)}">Kedua</a>' in page
    assert "Tidak ada yang menunggu" in page


def test_accepting_on_the_record_returns_to_it(client, officer, janju, program):
    activity = make.activity(program, janju)
    assert "Minta perbaikan" in text(client.get(address("activity-detail", activity)))

    response = client.post(address("activity-verify", activity), {"version": 1})

    assert response.url == address("activity-detail", activity)


def test_second_reviewer_is_told_who_was_faster(client, officer, janju, program):
    activity = make.activity(program, janju)
    faster = make.person("district_officer", district=janju.district, username="siti")
    verify_activity(activity, actor=faster, version=1)

    response = client.post(address("activity-verify", activity), {"version": 1}, follow=True)

    assert "Siti lebih dulu" in text(response)
    assert [one.step for one in activity.reviews.all()] == ["submitted", "verified"]
    page = text(client.get(address("review-record", activity)))
    assert "Sudah diperiksa oleh Siti" in page
    assert 'form="accept"' not in page


def test_late_reviewer_stays_with_the_record(client, officer, janju, program):
    activity, _next = make.activity(program, janju), make.activity(program, janju, title="Kedua")
    faster = make.person("district_officer", district=janju.district, username="siti")
    verify_activity(activity, actor=faster, version=1)

    verify = f"{address('activity-verify', activity)}?queue=1"
    response = client.post(verify, {"version": 1}, follow=True)

    assert response.redirect_chain[-1][0] == f"{address('review-record', activity)}?queue=1"
    assert "Siti lebih dulu" in text(response)
    assert "Lanjut ke berikutnya" in text(response)
    assert "Sudah diperiksa oleh" not in text(response)  # said once


def test_second_press_is_told_that_it_was_oneself(client, officer, janju, program):
    activity = make.activity(program, janju)
    verify = f"{address('activity-verify', activity)}?queue=1"
    client.post(verify, {"version": 1})

    page = text(client.post(verify, {"version": 1}, follow=True))

    assert "Anda sudah mengubah catatan ini di halaman lain" in page
    assert "lebih dulu" not in page


def test_title_of_what_was_decided_is_escaped(client, officer, janju, program):
    activity = make.activity(program, janju, title="<b>Posyandu</b>")

    page = text(client.post(address("activity-verify", activity), {"version": 1}, follow=True))

    assert "&lt;b&gt;Posyandu&lt;/b&gt;</a>" in page
    assert "<b>Posyandu" not in page


@pytest.mark.parametrize("version", ["", "x", "99", "-1", "9" * 30])
def test_unreadable_version_verifies_nothing(client, officer, janju, program, version):
    activity = make.activity(program, janju)

    client.post(address("activity-verify", activity), {"version": version})

    activity.refresh_from_db()
    assert activity.state == "submitted"


def test_returning_needs_a_reason(client, officer, janju, program):
    activity = make.activity(program, janju)
    page = address("activity-return", activity)

    assert client.post(page, {"version": "1"}).status_code == 422
    assert client.post(page, {"version": "1", "quick": "other"}).status_code == 422
    response = client.post(
        f"{page}?queue=1", {"version": "1", "quick": "heads", "reason": "Lihat daftar hadir."}
    )

    activity.refresh_from_db()
    assert activity.state == "returned"
    assert response.url == f"{QUEUE}?queue=1"
    review = activity.reviews.get(step="returned")
    assert review.reason == "Hitung perempuan dan laki-laki terpisah.\nLihat daftar hadir."
    assert review.actor == officer


def test_verified_record_may_still_be_returned(client, officer, janju, program):
    activity = make.activity(program, janju, verified_by=make.officer())

    client.post(address("activity-return", activity), {"version": "2", "quick": "date"})

    activity.refresh_from_db()
    assert activity.state == "returned"


def test_twin_is_shown_and_merged(client, officer, janju, program):
    first = make.activity(program, janju, title="Dari kades")
    helper = make.person("facilitator", village=janju)
    twin = make.activity(program, janju, author=helper, title="Dari pendamping")
    other_day = make.activity(program, janju, title="Hari lain", held_on=date(2026, 3, 5))

    page = text(client.get(address("activity-detail", twin)))
    assert "Mungkin kegiatan yang sama" in page
    assert first.title in page
    assert other_day.title not in page
    client.post(address("activity-merge", twin), {"canonical": str(first.pk)})

    twin.refresh_from_db()
    assert twin.same_event_as == first
    page = text(client.get(address("activity-detail", twin)))
    assert "Hanya yang itu dihitung" in page
    assert "Dibenarkan orang kedua" in text(client.get(address("activity-detail", first)))


def test_only_records_that_count_are_offered_as_the_same(client, officer, janju, program):
    """Merged into a record that went back to the village, the event would count nowhere."""
    twin = make.activity(program, janju, title="Ini", author=make.village_head(janju))
    others = {
        name: make.activity(program, janju, title=name) for name in ("Balik", "Coret", "Hitung")
    }
    return_activity(others["Balik"], actor=officer, version=1, reason="Periksa.")
    void_activity(others["Coret"], actor=officer, version=1, reason="Keliru.")
    detail = address("activity-detail", twin)

    assert [one.title for one in client.get(detail).context["similar"]] == ["Hitung"]
    void_activity(twin, actor=officer, version=1, reason="Keliru.")
    assert client.get(detail).context["similar"] == []


@pytest.mark.parametrize("canonical", ["", "x", "01990000-0000-7000-8000-000000000000"])
def test_merging_with_nothing_is_not_found(client, officer, janju, program, canonical):
    activity = make.activity(program, janju)

    response = client.post(address("activity-merge", activity), {"canonical": canonical})

    assert response.status_code == 404


def test_second_person_confirms_once(client, janju, program):
    activity = make.activity(program, janju)
    helper = make.person("facilitator", village=janju)
    sign_in(client, helper)
    assert "Saya juga menyaksikan" in text(client.get(address("activity-detail", activity)))

    page = text(client.post(address("activity-confirm", activity), follow=True))

    assert activity.reviews.filter(step="confirmed", actor=helper).count() == 1
    assert "Saya juga menyaksikan" not in page


def test_struck_out_record_asks_for_no_confirmation(client, janju, program):
    activity = make.activity(program, janju)
    void_activity(activity, actor=make.officer(), version=1, reason="Keliru.")
    sign_in(client, make.person("facilitator", village=janju))

    assert "Saya juga menyaksikan" not in text(client.get(address("activity-detail", activity)))


def test_author_cannot_confirm(client, janju, program):
    head = make.village_head(janju)
    activity = make.activity(program, janju, author=head)
    sign_in(client, head)

    assert "Saya juga menyaksikan" not in text(client.get(address("activity-detail", activity)))
    assert client.post(address("activity-confirm", activity)).status_code == 403


def test_invented_and_reported_records_say_so(client, officer, janju, program):
    for origin, source, words in (
        ("sample", "", "data contoh, dibuat untuk latihan"),
        ("reported", "https://contoh.go.id/berita", "https://contoh.go.id/berita"),
    ):
        draft = make.draft(program, janju)
        submit_activities(
            [draft],
            actor=make.village_head(janju),
            source=origin,
            origin=origin,
            source_urls={draft.uid: source},
            now=timezone.now(),
        )
        page = text(client.get(reverse("programs:activity-detail", args=[draft.uid])))
        assert words in page
