"""Pages of agreements: who sees which, what the form keeps, what is told."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.identifiers import uuid7
from mou.models import Agreement, AgreementFile
from programs import files
from tests import make
from tests.mou import made_agreements as made

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def tpp():
    return made.partner()


@pytest.fixture
def office(client):
    client.force_login(make.officer())
    return client


def page(of: Agreement, name: str = "agreement") -> str:
    return reverse(f"mou:{name}", args=[of.pk])


def said(tpp, **values) -> dict:
    opd = make.opd("DP2KBP3A")
    return {
        "uid": str(uuid7()),
        "title": "Percepatan PUG",
        "form": "synergy",
        "reach": "whole",
        "party_1": f"opd:{opd.pk}",
        "party_2": f"partner:{tpp.pk}",
        "party_2_signatory_name": "Rudi",
        **values,
    }


def test_a_village_head_sees_what_is_in_force_for_her_village_and_no_more(client, tpp):
    janju, other = make.village(), make.village("64.01.05.2001", "Kuaro")
    hers = made.agreement(tpp, areas=[janju.district], title="Janju juga")
    everywhere = made.agreement(tpp, title="Di mana pun")
    elsewhere = made.agreement(tpp, areas=[other], title="Hanya Kuaro")
    draft = made.agreement(tpp, confirmed=False, title="Belum jadi")
    client.force_login(make.village_head(janju))
    text = client.get(reverse("mou:home")).text
    assert all(one.title in text for one in (hers, everywhere))
    assert not any(one.title in text for one in (elsewhere, draft))
    assert client.get(page(hers)).status_code == 200
    assert "Riwayat" not in client.get(page(hers)).text
    assert client.get(page(hers, "agreement-edit")).status_code == 403
    assert client.get(page(elsewhere)).status_code == 404
    assert client.get(page(draft)).status_code == 404
    file = made.signed(draft)
    assert client.get(reverse("mou:file", args=[file.pk])).status_code == 404
    assert client.get(reverse("mou:file", args=[hers.files.get().pk])).status_code == 200


def test_the_list_says_where_each_stands_and_goes_out_as_a_file(office, tpp):
    areas = [make.village(), make.village("64.01.05.2001", "Kuaro").district]
    made.agreement(tpp, title="Dua kecamatan", areas=areas)
    make.village("64.01.06.2001", "Batu")
    made.agreement(tpp, confirmed=False, starts_on=None, ends_on=None, title="Draf saja")
    text = office.get(reverse("mou:home")).text
    assert "2 dari 3" in text
    assert "belum diketahui" in text
    drafts = office.get(reverse("mou:home"), {"standing": "draft"}).text
    assert "Draf saja" in drafts
    assert "Dua kecamatan" not in drafts
    found = office.get(reverse("mou:home"), {"format": "csv", "search": "TPP"})
    lines = b"".join(found.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert office.get(reverse("mou:home"), {"standing": "nonsense"}).status_code == 422


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    office, tpp, django_assert_max_num_queries
):
    for number in range(6):
        made.agreement(tpp, areas=[make.village(f"64.01.04.20{number:02}", f"Desa {number}")])
    with django_assert_max_num_queries(22):
        office.get(reverse("mou:home"))


def test_a_draft_is_entered_with_what_is_known_and_says_what_is_missing(office, tpp):
    village = make.village()
    answer = office.post(
        reverse("mou:agreement-new"), said(tpp, reach="named", villages=[village.code])
    )
    one = Agreement.objects.get()
    assert answer["Location"] == page(one)
    assert [area.village for area in one.areas.all()] == [village]
    assert one.parties.get(position=2).signatory_name == "Rudi"
    text = office.get(page(one)).text
    assert f"{page(one, 'agreement-edit')}#id_number_first" in text
    assert page(one, "file-new") in text
    refused = office.post(page(one, "agreement-confirm"), {"version": one.version})
    assert refused.status_code == 422
    assert "Belum dapat diberlakukan" in refused.text
    edit = office.get(page(one, "agreement-edit")).text
    assert f'value="{village.code}" id="id_villages_0" checked' in edit.replace("\n", " ")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": "5-11-2026", "ends_on": "1-1-2026", "source": "x"}, "ends_on"),
        ({"signed_on": "14-7-2022"}, "source"),
        ({"signed_on": "kemarin"}, "signed_on"),
        ({"reach": "named"}, "reach"),
        ({"districts": ["64.01.04"]}, "reach"),
        ({"party_1": "opd:999999"}, "party_1"),
        ({"party_2": "", "party_2_signatory_name": "Rudi"}, "party_2"),
        ({"villages": ["64.02.01.2001"], "reach": "named"}, "villages"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(office, tpp, values, field):
    make.district()
    answer = office.post(reverse("mou:agreement-new"), said(tpp, **values))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Agreement.objects.exists()


def test_two_pages_of_one_agreement_do_not_overwrite_one_another(office, tpp):
    one = made.agreement(tpp, confirmed=False)
    first = said(tpp, title="Pertama", version=one.version)
    assert office.post(page(one, "agreement-edit"), first).status_code == 302
    late = office.post(page(one, "agreement-edit"), {**first, "title": "Kedua"})
    assert late.status_code == 409
    one.refresh_from_db()
    assert one.title == "Pertama"


def test_what_is_decided_twice_is_told_and_done_once(office, tpp):
    known = {"number_first": "1", "number_second": "2", "signed_on": date(2026, 1, 1)}
    one = made.agreement(tpp, confirmed=False, **known)
    made.signed(one)
    made.promise(one)
    assert "dapat diberlakukan" in office.get(page(one)).text
    done = office.post(page(one, "agreement-confirm"), {"version": one.version}, follow=True)
    assert "Perjanjian berlaku pada masanya" in done.text
    again = office.post(page(one, "agreement-confirm"), {"version": one.version}, follow=True)
    assert "sudah diberlakukan" in again.text
    days = {"starts_on": "1-1-2027", "ends_on": ""}
    office.post(page(one, "agreement-renew"), days)
    told = office.post(page(one, "agreement-renew"), days, follow=True)
    assert "Draf perpanjangan sudah ada" in told.text
    assert one.renewals.count() == 1
    assert one.renewals.get().title in office.get(page(one)).text


def test_ending_and_cancelling_ask_for_what_belongs_to_them(office, tpp):
    one = made.agreement(tpp)
    for name in ("agreement-terminate", "agreement-cancel", "addendum-new", "evaluation-new"):
        assert office.get(page(one, name)).status_code == 200
        assert office.post(page(one, name), {"version": one.version}).status_code == 422
    said_ = {"version": one.version, "last_day": "30-6-2026", "reason": "x", "letter": "9/2026"}
    office.post(page(one, "agreement-terminate"), said_)
    assert "9/2026" in office.get(page(one)).text


def test_a_pdf_comes_in_goes_out_to_be_saved_and_disappears_but_is_kept(office, tpp):
    one = made.agreement(tpp)
    sent = {"uid": str(uuid7()), "kind": "annex", "title": "Rencana kerja"}
    wrong = SimpleUploadedFile("rencana.pdf", b"PK\x03\x04 no pdf")
    assert office.post(page(one, "file-new"), {**sent, "file": wrong}).status_code == 422
    right = SimpleUploadedFile("rencana.pdf", made.PDF)
    office.post(page(one, "file-new"), {**sent, "file": right})
    file = AgreementFile.objects.get(title="Rencana kerja")
    out = office.get(reverse("mou:file", args=[file.pk]))
    assert out["Content-Disposition"] == 'attachment; filename="rencana.pdf"'
    assert out["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert b"".join(out.streaming_content) == made.PDF
    office.post(reverse("mou:file-remove", args=[file.pk]))
    assert office.get(reverse("mou:file", args=[file.pk])).status_code == 404
    assert files.path_of(file.sha256).is_file()


def test_a_body_beyond_measure_is_answered_unread(office, tpp):
    one = made.agreement(tpp)
    answer = office.generic(
        "POST", page(one, "file-new"), b"x", CONTENT_LENGTH=str(files.MOST_BYTES * 3)
    )
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_an_empty_power_of_attorney_is_filled_in_and_history_names_it(office, tpp):
    one = made.agreement(tpp, subject="")
    form = office.get(page(one, "agreement-edit"))
    assert "DP2KBP3A" in form.text
    assert "party_1" not in form.context["form"].fields
    assert "party_1_signatory_name" not in form.context["form"].fields
    sent = {"version": one.version, "party_1_authority": "180/5/2026", "source": "Arsip"}
    assert office.post(page(one, "agreement-edit"), sent).status_code == 302
    first, second = one.parties.all()
    assert (first.authority, first.signatory_name) == ("180/5/2026", "Amir Faisal")
    assert (second.authority, one.parties.count()) == ("", 2)
    assert "Sumber keterangan, para pihak" in office.get(page(one)).text
    again = office.get(page(one, "agreement-edit")).context["form"].fields
    assert ("party_1_authority" in again, "party_2_authority" in again) == (False, True)


def test_a_renewal_brings_its_source_so_that_its_form_is_taken(office, tpp):
    one = made.agreement(tpp)
    office.post(page(one, "agreement-renew"), {"starts_on": "1-1-2027", "ends_on": "31-12-2027"})
    new = one.renewals.get()
    shown = office.get(page(new, "agreement-edit")).context["form"]
    sent = {name: shown[name].value() for name in shown.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    answer = office.post(page(new, "agreement-edit"), {**sent, "title": "Lanjutan"})
    assert answer.status_code == 302, answer.context["form"].errors
