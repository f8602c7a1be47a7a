"""The password once more: before keys are made, and nowhere around it."""

import time

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
AGAIN = "/masuk/ulang/"
NEW = "/kunci/baru/"


def old(person, minutes: float = 16) -> Client:
    """She logged in some time ago."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["began_at"] = session["seen_at"] = time.time() - minutes * 60
    session.save()
    return client


@pytest.fixture
def person():
    return make.village_head()


@pytest.mark.parametrize(("minutes", "status"), [(14.5, 200), (15.5, 302)])
def test_fifteen_minutes_after_the_login(person, minutes, status):
    assert old(person, minutes).get(NEW).status_code == status


@pytest.mark.asvs("7.5.1", "7.2.4")
def test_password_leads_on_and_counts_for_a_while(person):
    client = old(person)
    asked = client.get(NEW)
    assert asked["Location"] == f"{AGAIN}?next=%2Fkunci%2Fbaru%2F"
    before = client.session.session_key

    answer = client.post(asked["Location"], {"password": make.PASSWORD})

    assert answer["Location"] == NEW
    assert client.get(NEW).status_code == 200
    assert client.session.session_key != before
    assert AuditEntry.objects.filter(action="login.prove", actor=person).count() == 1


def test_a_later_proof_grows_old_too(person):
    client = old(person)
    client.post(AGAIN, {"password": make.PASSWORD})
    session = client.session
    session["proved_at"] = time.time() - 16 * 60
    session.save()

    assert client.get(NEW).status_code == 302


def test_form_sent_too_late_makes_no_key(person):
    told = {"name": "x", "scopes": ["data:read"], "days": "30", "uid": "0" * 32}
    assert old(person).post(NEW, told)["Location"].startswith(AGAIN)
    assert not person.tokens.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_next_never_leads_to_another_host(person, method):
    client = old(person)
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        page = client.get(AGAIN, {"next": elsewhere}).content.decode()
        assert "elsewhere" not in page.split("<main", 1)[1]
        sent = {"password": make.PASSWORD, "next": elsewhere}
        query = f"?next={elsewhere}" if method == "get" else ""
        assert client.post(AGAIN + query, sent)["Location"] == "/kunci/"


def test_wrong_passwords_wait_as_at_the_door(person):
    client = old(person)
    for _ in range(4):
        answer = client.post(AGAIN, {"password": "not-hers"})
        assert answer.status_code == 422
        assert "Tulis kata sandi Anda yang sekarang" in answer.content.decode()

    assert client.post(AGAIN, {"password": "not-hers"}).status_code == 429
    waiting = client.post(AGAIN, {"password": make.PASSWORD})
    assert (waiting.status_code, client.get(NEW).status_code) == (429, 302)
    assert int(waiting["Retry-After"]) > 0
    login = Client().post("/masuk/", {"username": person.username, "password": make.PASSWORD})
    assert login.status_code == 429
    assert AuditEntry.objects.filter(action="login.lock").count() == 1


def test_right_password_forgets_the_wrong_ones(person):
    client = old(person)
    for _ in range(2):
        for _ in range(3):
            client.post(AGAIN, {"password": "not-hers"})
        assert client.post(AGAIN, {"password": make.PASSWORD}).status_code == 302


def test_closed_account_cannot_prove_itself(person):
    client = old(person)
    person.is_active = False
    person.save(update_fields=["is_active"])

    assert client.post(AGAIN, {"password": make.PASSWORD})["Location"].startswith("/masuk/")


class TestSecondFactor:
    @pytest.fixture
    def officer(self, settings):
        settings.SECOND_FACTOR_ASKED = True
        officer = make.officer()
        device = second_factor.pending_device(officer)
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        return officer

    @pytest.fixture
    def client(self, officer):
        """She gave her code when she logged in."""
        client = old(officer)
        session = client.session
        session["otp_device_id"] = TOTPDevice.objects.get().persistent_id
        session.save()
        return client

    @staticmethod
    def code() -> str:
        device = TOTPDevice.objects.get()
        return f"{totp(device.bin_key, step=device.step, digits=device.digits):06d}"

    @pytest.mark.asvs("7.5.1")
    def test_password_and_code_lead_on(self, client):
        assert client.get(NEW).status_code == 302
        answer = client.post(AGAIN, {"password": make.PASSWORD, "code": self.code(), "next": NEW})
        assert answer["Location"] == NEW
        assert client.get(NEW).status_code == 200

    @pytest.mark.parametrize("code", ["", "000000", "abcdefgh"])
    def test_password_alone_does_not(self, client, code):
        answer = client.post(AGAIN, {"password": make.PASSWORD, "code": code})
        assert answer.status_code == 422
        assert client.get(NEW).status_code == 302

    def test_code_is_not_used_up_by_a_wrong_password(self, client):
        code = self.code()
        client.post(AGAIN, {"password": "not-hers", "code": code})
        answer = client.post(AGAIN, {"password": make.PASSWORD, "code": code})
        assert answer.status_code == 302
