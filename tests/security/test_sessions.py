"""Computers of the offices: seen, ended, and no act on an account without a fresh proof."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Device
from tests import make

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEW = {"new_password1": "kandilo sungai malam", "new_password2": "kandilo sungai malam"}


def logged_in(person) -> Client:
    client = Client(headers={"user-agent": FIREFOX})
    sent = {"username": person.username, "password": make.PASSWORD}
    assert client.post("/masuk/", sent).status_code == 302
    return client


def grow_old(client) -> None:
    session = client.session
    session["began_at"] = session["proved_at"] = time.time() - 1_000
    session.save()


@pytest.fixture
def officer():
    return make.officer()


@pytest.mark.asvs("7.5.2", "7.1.2")
def test_an_officer_sees_her_computers_and_ends_one(officer):
    here, there = logged_in(officer), logged_in(officer)
    page = here.get("/desa/akun/").content.decode()
    assert page.count("<strong>Komputer Windows, Firefox") == 2
    row = Device.objects.get(pk=there.session["computer"])
    assert page.count(f"/desa/akun/hp/{row.pk}/akhiri/") == 1
    assert f"/desa/akun/hp/{here.session['computer']}/akhiri/" not in page

    assert here.post(f"/desa/akun/hp/{row.pk}/akhiri/").url == "/desa/akun/"

    assert not Session.objects.filter(pk=row.session_key).exists()
    assert there.get("/kata-sandi/").status_code == 302
    assert here.get("/kata-sandi/").status_code == 200


@pytest.mark.asvs("7.5.2")
def test_ending_one_takes_a_fresh_proof(officer):
    here, there = logged_in(officer), logged_in(officer)
    grow_old(here)
    answer = here.post(f"/desa/akun/hp/{there.session['computer']}/akhiri/")
    assert answer.url == "/masuk/ulang/?next=%2Fdesa%2Fakun%2F"
    assert there.get("/kata-sandi/").status_code == 200


@pytest.mark.asvs("7.2.4", "7.4.1")
def test_the_row_follows_the_session_through_its_new_keys(officer):
    client = logged_in(officer)
    keys = [client.session.session_key]
    client.post("/masuk/ulang/", {"password": make.PASSWORD, "next": "/"})
    keys.append(client.session.session_key)
    client.post("/kata-sandi/", {"old_password": make.PASSWORD, **NEW})
    keys.append(client.session.session_key)
    row = Device.objects.get(user=officer, pk=client.session["computer"])
    assert len(set(keys)) == 3
    assert not Session.objects.filter(pk__in=keys[:2]).exists()
    assert (row.ended_at, row.session_key) == (None, keys[-1])


@pytest.mark.asvs("7.4.1")
def test_leaving_ends_the_row_and_the_session(officer):
    client = logged_in(officer)
    pk, key = client.session["computer"], client.session.session_key
    client.post("/keluar/")
    assert Device.objects.get(pk=pk).ended_at
    assert not Session.objects.filter(pk=key).exists()
    client.cookies["sessionid"] = key
    assert client.get("/kata-sandi/").status_code == 302


def test_a_login_that_ran_out_by_itself_is_listed_no_more(officer):
    client = logged_in(officer)
    Device.objects.update(last_seen_at=timezone.now() - timezone.timedelta(minutes=31))
    assert not officer.devices.present(timezone.now()).exists()
    assert client.get("/desa/akun/").status_code == 200


@pytest.mark.asvs("7.4.2", "7.4.5")
def test_closing_an_account_ends_every_computer_and_phone_at_once(officer):
    head = make.village_head()
    others = [logged_in(head), logged_in(head)]
    client = logged_in(officer)
    assert client.post(f"/kelola/pengguna/{head.uid}/tutup/").status_code == 302
    assert [one.get("/kata-sandi/").status_code for one in others] == [302, 302]


@pytest.mark.asvs("7.4.5")
def test_an_officer_ends_one_phone_of_a_person(officer):
    head = make.village_head()
    phone, client = logged_in(head), logged_in(officer)
    client.post(f"/desa/akun/hp/{phone.session['device']}/akhiri/")
    assert phone.get("/kata-sandi/").status_code == 302


@pytest.mark.asvs("7.5.1")
@pytest.mark.parametrize("act", ["ubah", "kata-sandi", "kode", "tautan"])
def test_what_opens_an_account_takes_a_fresh_proof(officer, act):
    """Name and number, start password, code app, one-time link."""
    head, client = make.village_head(), logged_in(officer)
    address = f"/kelola/pengguna/{head.uid}/{act}/"
    assert client.get(address).status_code == 200
    grow_old(client)
    for answer in (client.get(address), client.post(address, {"pressed": "1"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/masuk/ulang/?next=")
    head.refresh_from_db()
    assert head.check_password(make.PASSWORD)


@pytest.mark.asvs("7.4.4")
@pytest.mark.parametrize("address", ["/desa/akun/", "/kata-sandi/", "/kunci/", "/kelola/"])
def test_leaving_is_on_every_page(officer, address):
    assert 'action="/keluar/"' in logged_in(officer).get(address).content.decode()


@pytest.mark.asvs("7.2.3", "7.2.2", "7.2.1", "11.5.1")
def test_session_keys_are_long_and_never_the_callers_choice(officer):
    client = Client()
    client.cookies["sessionid"] = "chosen-by-the-caller-0123456789ab"
    client.post("/masuk/", {"username": officer.username, "password": make.PASSWORD})
    key = client.session.session_key
    assert key != "chosen-by-the-caller-0123456789ab"
    assert len(key) == 32  # of 36 signs each: 165 bits
    client.cookies["sessionid"] = key[:-1] + ("a" if key[-1] != "a" else "b")
    assert client.get("/kata-sandi/").status_code == 302


@pytest.mark.asvs("11.2.2", "13.3.1")
def test_a_new_secret_key_ends_nobodys_login_while_the_old_one_is_a_fallback(officer, settings):
    client, old = logged_in(officer), settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[old]):
        assert client.get("/kata-sandi/").status_code == 200
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[]):
        assert client.get("/kata-sandi/").status_code == 200  # it was signed anew meanwhile
    with override_settings(SECRET_KEY="m" * 60, SECRET_KEY_FALLBACKS=[]):
        assert client.get("/kata-sandi/").status_code == 302


@pytest.mark.asvs("7.6.2")
def test_looking_at_a_link_begins_no_session_of_a_person():
    made = make.link(make.village_head())
    client = Client()
    assert client.get(f"/masuk/tautan/{made.secret}/").status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.get("/kata-sandi/").status_code == 302
