"""The pages that put a record right: correction, striking out, and who may not."""

import pytest
from django.urls import reverse

from core.identifiers import uuid7
from programs.models import Activity
from programs.services import correct_activity, return_activity, verify_activity
from tests import make
from tests.typed import activity as typed
from tests.typed import text

pytestmark = pytest.mark.django_db
CREATE = "/kegiatan/catat/"


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def program(janju):
    return make.program(janju, title="Kelas ibu hamil")


@pytest.fixture
def head(janju, client):
    person = make.village_head(janju)
    client.force_login(person)
    return person


def sign_in(client, person):
    client.force_login(person)


def test_returned_record_is_corrected_and_verified(client, head, janju, program):
    officer = make.officer()
    activity = make.activity(program, janju, author=head)
    return_activity(activity, actor=officer, version=1, reason="Hitung lagi yang hadir.")
    address = reverse("programs:activity-correct", args=[activity.pk])

    assert "Hitung lagi yang hadir." in text(
        client.get(reverse("programs:activity-detail", args=[activity.pk]))
    )
    form = client.get(address).context["form"]
    assert form["women_participants"].value() == 19
    row = typed(program, uid=str(activity.pk), version=form["version"].value())
    response = client.post(address, row | {"women_participants": "21"})
    assert response.status_code == 302

    activity.refresh_from_db()
    assert (activity.state, activity.women_participants) == ("submitted", 21)
    page = text(client.get(response.url))
    assert "dari “19” menjadi “21”" in page
    verify_activity(activity, actor=officer, version=activity.version)
    assert client.get(address).status_code == 403


def test_unchanged_correction_is_refused_with_the_reason_on_top(client, head, janju, program):
    activity = make.activity(program, janju, author=head)
    return_activity(activity, actor=make.officer(), version=1, reason="Hitung lagi yang hadir.")
    address = reverse("programs:activity-correct", args=[activity.pk])
    shown = client.get(address)
    assert "Hitung lagi yang hadir." in text(shown)
    form = shown.context["form"]
    same = {name: form[name].value() or "" for name in form.fields}
    same |= {"held_on": "4-3-2026", "date_confirmed": "on"}

    response = client.post(address, same)

    assert response.status_code == 422
    assert "Belum ada yang diubah" in text(response)
    activity.refresh_from_db()
    assert activity.state == "returned"
    assert client.post(address, same | {"note": "Sudah dihitung ulang."}).status_code == 302


def test_own_change_on_another_page_is_said_so(client, head, janju, program):
    activity = make.activity(program, janju, author=head)
    address = reverse("programs:activity-correct", args=[activity.pk])
    row = typed(program, uid=str(activity.pk), version="1")
    client.post(address, row | {"place": "Balai desa"})

    response = client.post(address, row | {"place": "Posyandu"})

    assert response.status_code == 409
    assert "Anda sudah mengubah catatan ini di halaman lain" in text(response)


def test_correction_keeps_what_the_form_does_not_ask(client, head, janju, program):
    shared = uuid7()
    activity = make.activity(program, janju, author=head, joint_event=shared)
    address = reverse("programs:activity-correct", args=[activity.pk])

    client.post(address, typed(program, uid=str(activity.pk), version="1", title="Lain"))

    activity.refresh_from_db()
    assert (activity.title, activity.joint_event) == ("Lain", shared)


def test_overtaken_correction_shows_both_and_can_be_sent_again(client, head, janju, program):
    activity = make.activity(program, janju, author=head)
    pendamping = make.person("facilitator", village=janju)
    other = make.draft(program, janju, uid=activity.pk, women_participants=25)
    correct_activity(activity, other, actor=pendamping, version=1)
    address = reverse("programs:activity-correct", args=[activity.pk])
    row = typed(program, uid=str(activity.pk), version="1", women_participants="22")

    response = client.post(address, row)

    assert response.status_code == 409
    page = text(response)
    assert "<td>25</td><td>22</td>" in page
    assert pendamping.name in page
    assert 'name="version" value="2"' in page
    assert client.post(address, row | {"version": "2"}).status_code == 302
    assert Activity.objects.get().women_participants == 22


def test_correction_after_verification_says_who_was_faster(client, head, janju, program):
    officer = make.officer()
    activity = make.activity(program, janju, author=head, verified_by=officer)

    response = client.post(
        reverse("programs:activity-correct", args=[activity.pk]),
        typed(program, uid=str(activity.pk), version="1", women_participants="22"),
    )

    assert response.status_code == 409
    assert officer.name in text(response)
    assert "Kirim perbaikan" not in text(response)
    assert Activity.objects.get().women_participants == 19


def test_striking_out_needs_a_reason_and_keeps_the_history(client, head, janju, program):
    activity = make.activity(program, janju, author=head)
    address = reverse("programs:activity-void", args=[activity.pk])

    assert "Pelatihan pembibitan" in text(client.get(address))
    assert client.post(address, {"version": "1", "reason": " "}).status_code == 422
    response = client.post(address, {"version": "1", "reason": "Tercatat dua kali"}, follow=True)

    activity.refresh_from_db()
    assert activity.state == "voided"
    assert [review.step for review in activity.reviews.all()] == ["submitted", "voided"]
    assert "Tercatat dua kali" in text(response)
    assert client.get(address).status_code == 403


def test_void_on_an_old_version_is_told_and_ready_to_repeat(client, head, janju, program):
    activity = make.activity(program, janju, author=head)
    correct_activity(
        activity, make.draft(program, janju, uid=activity.pk, place="Balai"), actor=head, version=1
    )
    address = reverse("programs:activity-void", args=[activity.pk])

    response = client.post(address, {"version": "1", "reason": "Ganda"})

    assert response.status_code == 409
    assert client.post(address, {"version": "2", "reason": "Ganda"}).status_code == 302


def test_neighbour_finds_nothing(client, head, janju, program):
    activity = make.activity(program, janju, author=head, title="Rahasia desa")
    sign_in(client, make.village_head(make.village("64.01.04.2003", "Tetangga")))

    for name in ("detail", "receipt", "correct", "void"):
        address = reverse(f"programs:activity-{name}", args=[activity.pk])
        assert client.get(address).status_code == 404
    assert "Rahasia desa" not in text(client.get("/kegiatan/"))
