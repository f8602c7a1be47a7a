"""What the portal holds on a person, for her and for the office; requests and their answers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from accounts.models import DataRequest, Grant
from accounts.own_data import held_on, links_to_people
from accounts.services import ask_about_data, create_token, disable_person
from core.errors import Refused
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def copy_of(client, address: str) -> dict:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return json.loads(answer.content)


@pytest.mark.asvs("14.2.4")
def test_copy_holds_everything_of_hers_and_no_secret(head, activity):
    made = create_token(head, name="Buku tamu", scopes=["data:read"], days=9, actor=head)
    head.phone = "0812000111"
    head.save(update_fields=["phone"])
    client = signed_in(head)
    copy = copy_of(client, "/akun/data/salinan/")

    assert copy["account"]["phone"] == "0812000111"
    assert [one["role"] for one in copy["grant"]] == ["village_head"]
    assert [one["name"] for one in copy["apitoken"]] == ["Buku tamu"]
    assert copy["named_in"]["programs.activity.author"] == 1
    assert copy["named_in"]["programs.submission.actor"] == 1
    assert any(one["action"] == "token.add" for one in copy["last_actions"])
    text = json.dumps(copy)
    head.refresh_from_db()
    for secret in (head.password, made.key, made.token.digest, made.token.lookup):
        assert secret not in text
    assert AuditEntry.objects.filter(action="export.person", actor=head).count() == 1


def test_every_table_that_names_people_is_asked():
    found = {f"{one.model._meta.label_lower}.{one.name}" for one in links_to_people()}
    expected = {
        *("programs.activity.author", "programs.review.actor", "core.auditentry.actor"),
        *("mou.bodymember.person", "planning.step.actor", "accounts.grant.granted_by"),
        *("programs.photo.author", "otp_totp.totpdevice.user", "admin.logentry.user"),
    }
    assert expected - found == set()


def test_nobody_gets_the_copy_of_another(head, officer):
    neighbour = make.village_head(make.village("64.01.04.2003", "Tetangga"))
    far = make.officer(regency=make.regency("64.02", "Kabupaten Jauh"))
    address = f"/kelola/pengguna/{head.uid}/data/salinan/"
    assert signed_in(neighbour).get(address).status_code == 403
    assert signed_in(far).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert copy_of(signed_in(officer), address)["account"]["username"] == head.username
    assert AuditEntry.objects.get(action="export.person").object_id == str(head.pk)


def test_one_task_here_opens_nothing_of_who_works_elsewhere_too(head, officer):
    """Who helps a village once is seen by its office; what is held on her stays closed."""
    wide = make.person("officer")
    Grant.objects.create(
        user=wide, role="facilitator", village=make.village(), valid_from=date(2020, 1, 1)
    )
    asked = ask_about_data(wide, "correct", wish="Rahasia saya.", actor=wide)
    office = signed_in(officer)
    for address in (
        f"/kelola/pengguna/{wide.uid}/data/",
        f"/kelola/pengguna/{wide.uid}/data/salinan/",
        f"/kelola/privasi/permintaan/{asked.pk}/",
    ):
        assert office.get(address).status_code == 403, address


def test_request_is_made_decided_and_read(head, officer):
    client, office = signed_in(head), signed_in(officer)
    told = {"kind": "correct", "wish": "Nomor telepon saya 0812000222."}
    assert client.post("/akun/data/", told).status_code == 302
    assert client.post("/akun/data/", told).status_code == 422  # it waits already
    asked = DataRequest.objects.get()
    address = f"/kelola/privasi/permintaan/{asked.pk}/"
    assert address in office.get("/kelola/privasi/").content.decode()
    assert told["wish"] in office.get(address).content.decode()
    assert office.post(address, {"decision": "done"}).status_code == 422  # without a reason
    answer = {"decision": "done", "reason": "Nomor sudah diganti."}
    assert office.post(address, answer).status_code == 302
    assert office.post(address, answer).status_code in (409, 422)
    assert "Nomor sudah diganti." in client.get("/akun/data/").content.decode()


def test_erasing_waits_for_the_account_to_be_closed(head, officer):
    head.phone, head.email = "0812000111", "kades@contoh.go.id"
    head.save(update_fields=["phone", "email"])
    asked = ask_about_data(head, "erase", actor=head)
    office, address = signed_in(officer), f"/kelola/privasi/permintaan/{asked.pk}/"
    answer = {"decision": "partly", "reason": "Nama tetap pada arsip."}
    assert office.post(address, answer).status_code == 422
    asked.refresh_from_db()
    assert asked.decision == "open"
    disable_person(head, actor=officer)
    assert office.post(address, answer).status_code == 302
    head.refresh_from_db()
    assert (head.phone, head.email) == ("", "")
    assert head.name
    assert AuditEntry.objects.get(action="person.forget").changes == {"erased": ["phone", "email"]}


def test_nobody_decides_on_her_own_request(officer):
    asked = ask_about_data(officer, "erase", actor=officer)
    address = f"/kelola/privasi/permintaan/{asked.pk}/"
    answer = {"decision": "done", "reason": "Saya sendiri."}
    assert signed_in(officer).post(address, answer).status_code == 403
    assert DataRequest.objects.get().decision == "open"


def test_request_for_another_is_entered_by_who_looks_after_her(head, officer):
    neighbour = make.village_head(make.village("64.01.04.2003", "Tetangga"))
    with pytest.raises(Refused):
        ask_about_data(head, "erase", actor=neighbour)
    signed_in(officer).post(f"/kelola/pengguna/{head.uid}/data/", {"kind": "erase"})
    assert DataRequest.objects.get().entered_by == officer


def test_held_on_costs_the_same_for_whoever_did_much(head, activity, django_assert_max_num_queries):
    make.photo(activity, author=head)
    with django_assert_max_num_queries(len(links_to_people()) + 10):
        held_on(head)


def test_auditor_reads_the_register_and_decides_nothing(officer, head):
    ask_about_data(head, "erase", actor=head)
    auditor = signed_in(make.person("auditor", regency=make.regency()))
    shown = auditor.get("/kelola/privasi/")
    assert shown.status_code == 200
    assert "Daftar pemrosesan" in shown.content.decode()
    assert head.name not in shown.content.decode()
    address = f"/kelola/privasi/permintaan/{DataRequest.objects.get().pk}/"
    assert auditor.get(address).status_code == 403
