"""The pages of people who record: form, receipt, correction, striking out."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import Activity, Submission
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


def test_form_names_village_and_carries_one_uid(client, head, program):
    response = client.get(CREATE)

    assert response.status_code == 200
    assert "Desa Janju, Kecamatan Tanah Grogot" in text(response)
    assert re.search(r'name="uid" value="[0-9a-f-]{36}"', text(response))
    assert timezone.localdate().year == response.context["form"]["held_on"].initial.year


def test_record_gets_receipt_with_number(client, head, program):
    response = client.post(CREATE, typed(program, budget_spent="12,5 juta", fund_source="add"))

    activity = Activity.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("programs:activity-receipt", args=[activity.pk])
    assert (activity.women_participants, activity.budget_spent) == (19, 12_500_000)
    assert activity.held_on == date(2026, 3, 4)
    page = text(client.get(response.url))
    assert "Sudah diterima" in page
    assert activity.receipt.number in page
    assert "19 perempuan, 24 laki-laki" in page


def test_same_uid_twice_is_one_record_and_one_page(client, head, program):
    row = typed(program)

    first, second = client.post(CREATE, row), client.post(CREATE, row)

    assert first.url == second.url
    assert Activity.objects.count() == 1


def test_same_uid_with_other_content_is_a_conflict_and_keeps_the_first(client, head, program):
    row = typed(program)
    client.post(CREATE, row)

    response = client.post(CREATE, row | {"women_participants": "30"})

    assert response.status_code == 422
    assert Activity.objects.get().women_participants == 19
    assert reverse("programs:activity-detail", args=[row["uid"]]) in text(response)


REFUSED = {
    "negative": ({"women_participants": "-3"}, "women_participants", "jumlah perempuan"),
    "words": ({"men_participants": "dua puluh"}, "men_participants", "Tulis angka saja"),
    "total": ({"total_participants": "50"}, "total_participants", "berjumlah 43"),
    "month first": ({"held_on": "3/25/2026"}, "held_on", "Periksa hari dan bulannya"),
    "no date": ({"held_on": ""}, "held_on", "Isi tanggal kegiatan"),
    "dollars": ({"budget_spent": "12.50"}, "budget_spent", "titik pemisah ribuan"),
    "no name": ({"title": "  "}, "title", "Isi nama kegiatan"),
    "unknown kind": ({"kind": "party"}, "kind", "dari daftar"),
    "half a point": ({"latitude": "-1,9"}, "latitude", "lintang dan bujur"),
    "far off": ({"latitude": "91", "longitude": "1"}, "latitude", "Tulis derajat"),
}


@pytest.mark.parametrize(("change", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_named_beside_its_field_and_nothing_is_lost(
    client, head, program, change, field, words
):
    response = client.post(CREATE, typed(program, **change))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = text(response)
    assert words in page
    assert "<title>Ada kesalahan: " in page
    assert f'<a href="#id_{field}">' in page
    assert 'value="Pelatihan pembibitan"' in page or field == "title"
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("name", ["title", "place", "note", "reference", "held_on", "latitude"])
def test_nul_is_refused_beside_its_field(client, head, program, name):
    response = client.post(CREATE, typed(program, **{name: "a\0b"}))

    assert response.status_code == 422
    assert name in response.context["form"].errors
    assert not Submission.objects.exists()


def test_what_was_sent_is_kept_fit_for_storing(client, head, program):
    sent = typed(program, date_confirmed="on\0", note="baik 👍")

    client.post(CREATE, sent)

    assert Submission.objects.get(pk=sent["uid"]).payload["date_confirmed"] == "on"


@pytest.mark.parametrize("degrees", ["nan", "inf", "-inf", "91", "1e400", "x"])
def test_latitude_that_is_none_is_refused(client, head, program, degrees):
    response = client.post(CREATE, typed(program, latitude=degrees, longitude="116,2"))

    assert response.status_code == 422
    assert "latitude" in response.context["form"].errors


@pytest.mark.asvs("2.2.1", "2.2.2")
def test_future_date_is_refused(client, head, program):
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = client.post(CREATE, typed(program, held_on=tomorrow.strftime("%d-%m-%Y")))

    assert response.status_code == 422
    assert "Tanggal kegiatan belum terjadi" in text(response)


def test_date_long_ago_is_asked_about_once(client, head, program):
    past = timezone.localdate() - timedelta(days=400)
    row = typed(program, held_on=past.strftime("%d-%m-%Y"))

    asked = client.post(CREATE, row)
    assert asked.status_code == 422
    assert "Ya, tanggalnya benar" in text(asked)
    assert "Ya, tanggalnya benar" not in text(client.get(CREATE))

    confirmed = client.post(CREATE, row | {"date_confirmed": "on"})
    assert confirmed.status_code == 302
    assert Activity.objects.get().held_on == past


def test_program_of_another_village_is_refused(client, head, program):
    elsewhere = make.program(make.village("64.01.04.2003", "Tetangga"))

    response = client.post(CREATE, typed(program) | {"program": str(elsewhere.pk)})

    assert response.status_code == 422
    assert "Program ini tidak berjalan di desa ini" in text(response)
    assert elsewhere.title not in text(response)


def test_only_a_total_is_enough(client, head, program):
    row = typed(program, women_participants="", men_participants="", total_participants="50")

    response = client.post(CREATE, row, follow=True)

    assert Activity.objects.get().total_participants == 50
    assert "belum dihitung terpisah" in text(response)


def test_total_alone_stands_on_receipt_and_record(client, head, program):
    row = typed(program, women_participants="", men_participants="", total_participants="40")
    response = client.post(CREATE, row)
    words = "40 orang, belum dihitung menurut laki-laki dan perempuan"

    assert words in text(client.get(response.url))
    assert words in text(client.get(reverse("programs:activity-detail", args=[row["uid"]])))


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ({"men_participants": ""}, "men_participants"),
        ({"women_deciders": "3"}, "men_deciders"),
        ({"men_beneficiaries": "3"}, "women_beneficiaries"),
    ],
)
def test_half_a_pair_is_named_beside_the_empty_box(client, head, program, counts, field):
    response = client.post(CREATE, typed(program, **counts))

    assert response.status_code == 422
    assert response.context["form"].has_error(field, "half_a_pair")
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"women_participants": "1900", "men_participants": "101"}, "Periksa nolnya"),
        ({"women_deciders": "2001", "men_deciders": "0"}, "Periksa nolnya"),
        ({"children": "44"}, "Jumlah anak lebih besar"),
    ],
)
def test_improbable_numbers_are_remarked(client, head, program, counts, words):
    assert words in text(client.post(CREATE, typed(program, **counts), follow=True))


def test_probable_numbers_are_not_remarked(client, head, program):
    row = typed(program, women_participants="1000", men_participants="1000", children="2000")

    assert client.post(CREATE, row, follow=True).context["flags"] == []


def test_receipt_of_a_cancelled_event_promises_no_count(client, head, program):
    row = typed(program, event_status="cancelled", women_participants="", men_participants="")

    page = text(client.post(CREATE, row, follow=True))

    assert "tidak ikut dihitung" in page
    assert "catatan masuk ke angka desa" not in page


def test_more_deciders_than_present_is_a_remark_not_a_block(client, head, program):
    row = typed(program, women_deciders="40", men_deciders="1")

    page = text(client.post(CREATE, row, follow=True))

    assert "Yang ikut memutuskan lebih banyak daripada yang hadir" in page
    assert Activity.objects.get().women_deciders == 40


def test_kelurahan_is_offered_no_village_budget(client):
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    program = make.program(kelurahan)
    sign_in(client, make.village_head(kelurahan))

    offered = dict(client.get(CREATE).context["form"].fields["fund_source"].choices)
    response = client.post(CREATE, typed(program, fund_source="dana_desa"))

    assert "dana_desa" not in offered
    assert "apbd" in offered
    assert list(response.context["form"].errors) == ["fund_source"]
    assert Activity.objects.count() == 0


def test_several_villages_are_asked_for_first(client, janju, program):
    other = make.village("64.01.04.2003", "Tepian Batang")
    both = make.person("facilitator", district=janju.district)
    sign_in(client, both)

    page = text(client.get(CREATE))
    assert "Desa mana?" in page
    assert f"?village={other.code}" in page

    response = client.post(f"{CREATE}?village={janju.code}", typed(program))
    assert response.status_code == 302
    assert Activity.objects.get().village == janju


@pytest.mark.parametrize("code", ["99.99.99.9999", "64.01.05.2001", "x"])
def test_village_that_is_not_hers_is_not_known(client, head, program, code):
    make.village("64.01.05.2001", "Lain")

    assert client.get(f"{CREATE}?village={code}").status_code == 404
    assert client.post(f"{CREATE}?village={code}", typed(program)).status_code == 404
    assert Activity.objects.count() == 0


def test_village_without_program_is_told_what_to_do(client, head):
    page = text(client.get(CREATE))

    assert "Belum ada program yang berjalan di desa ini" in page
    assert reverse("programs:program-register") in page


def test_reader_may_not_record(client, janju):
    sign_in(client, make.person("leader", regency=make.regency()))

    assert client.get(CREATE).status_code == 403


def test_programs_used_last_stand_first(client, head, janju, program):
    make.program(janju, title="A lebih dulu menurut abjad")
    make.activity(program, janju, author=head)

    form = client.get(CREATE).context["form"]

    assert form["program"].value() is None  # a program chosen for her goes unnoticed
    assert form.fields["program"].choices[1][0] == str(program.pk)


def test_the_only_program_is_chosen_already(client, head, program):
    assert client.get(CREATE).context["form"]["program"].value() == program.pk


def test_programs_are_told_apart_by_year_and_owner(client, head, janju):
    this = timezone.localdate().year
    years = (this, this - 2, this - 1)
    for year in years:
        values = {"owner_village": janju, "year_from": year, "year_to": year}
        make.program(janju, title="Pembinaan PKK", **values)

    offered = client.get(CREATE).context["form"].fields["program"].choices

    names = [f"Pembinaan PKK · {year} · Desa Janju" for year in (this, this - 1, this - 2)]
    assert [name for _key, name in offered][1:] == names
    box = client.get("/kegiatan/").context["filter"].form.fields["program"]
    assert [name for _key, name in box.choices][1:] == names


def test_rejected_form_leaves_its_uid_free(client, head, program):
    row = typed(program, total_participants="50")
    client.post(CREATE, row)

    assert client.post(CREATE, row | {"total_participants": "43"}).status_code == 302
    assert Submission.objects.count() == 1
