"""“Kunci API”: made, shown once, withdrawn; its owner hears before it ends."""

import re
from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services import create_token, disable_person
from tests import make

pytestmark = pytest.mark.django_db
KEYS, NEW = "/kunci/", "/kunci/baru/"
SHOWN = re.compile(r"pug_[A-Za-z0-9_-]{51}")


@pytest.fixture
def person():
    return make.person("facilitator", village=make.village())


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def key_of(person, **values):
    told = {"name": "Skrip", "scopes": ["activities:write"], "days": 180, "actor": None}
    return create_token(person, **(told | values))


def ending_in(person, days: int, **values):
    made = key_of(person, **values)
    last = timezone.localdate() + timedelta(days=days)
    ApiToken.objects.filter(pk=made.token.pk).update(expires_on=last)
    return made.token


def form_of(client, **values) -> dict:
    """What the form sends when it is filled in."""
    page = client.get(NEW).content.decode()
    uid = re.search(r'name="uid" value="([^"]+)"', page)[1]
    told = {"uid": uid, "name": "Skrip Grogot", "scopes": ["activities:write"], "days": "180"}
    return told | values


def main_of(response) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_empty_page_says_what_a_key_is_for(client):
    page = main_of(client.get(KEYS))

    assert "Anda belum punya kunci" in page
    assert f'href="{NEW}"' in page
    assert 'href="/api/v1/docs/"' in page


def test_key_is_shown_once_and_works(client, person):
    answer = client.post(NEW, form_of(client))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    [key] = set(SHOWN.findall(main_of(answer)))
    assert not SHOWN.search(client.get(KEYS).content.decode())
    called = Client().get("/api/v1/session/", headers={"authorization": f"Bearer {key}"})
    assert called.json()["user"]["username"] == person.username
    token = ApiToken.objects.get()
    assert (token.user, token.scopes) == (person, ["activities:write"])
    assert (token.expires_on - timezone.localdate()).days == 180


def test_sending_the_form_twice_makes_one_key(client):
    told = form_of(client)
    client.post(NEW, told)

    again = client.post(NEW, told)

    assert again.status_code == 422
    assert "sudah dibuat" in main_of(again)
    assert not SHOWN.search(again.content.decode())
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Isi nama kunci."),
        ({"scopes": []}, "Pilih"),
        ({"scopes": ["all"]}, "Pilih"),
        ({"days": "366"}, "Pilih"),
        ({"days": ""}, "Pilih"),
    ],
)
def test_what_is_missing_is_said(client, wrong, words):
    answer = client.post(NEW, form_of(client, **wrong))

    assert answer.status_code == 422
    assert words in main_of(answer)
    assert not ApiToken.objects.exists()


def test_list_says_what_each_may_do_and_how_long(client, person):
    used = key_of(person, name="Dipakai", scopes=["activities:read", "webhooks:manage"], days=30)
    Client().get("/api/v1/session/", headers={"authorization": f"Bearer {used.key}"})
    key_of(make.person(), name="Milik orang lain")

    page = main_of(client.get(KEYS))

    assert "Dipakai" in page
    assert "Membaca kegiatan" in page
    assert "Mengatur webhook" in page
    assert "Mengirim kegiatan" not in page
    assert "30 hari lagi" in page
    assert "belum pernah dipakai" not in page
    assert used.token.lookup in page
    assert used.key[12:] not in page
    assert "Milik orang lain" not in page


def test_withdrawing_asks_first(client, person):
    made = key_of(person)
    path = f"{KEYS}{made.token.pk}/cabut/"

    assert "tidak dapat dibatalkan" in main_of(client.get(path))
    assert Client().get("/api/v1/session/", headers=bearer(made.key)).status_code == 200
    assert client.post(path)["Location"] == KEYS

    assert Client().get("/api/v1/session/", headers=bearer(made.key)).status_code == 401
    page = main_of(client.get(KEYS))
    assert "Dicabut" in page
    assert "tidak berlaku lagi" in page


def bearer(key: str) -> dict:
    return {"authorization": f"Bearer {key}"}


def test_keys_of_others_cannot_be_withdrawn(client):
    other = key_of(make.person())
    path = f"{KEYS}{other.token.pk}/cabut/"

    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert Client().get("/api/v1/session/", headers=bearer(other.key)).status_code == 200


@pytest.mark.parametrize(
    ("role", "home"),
    [("facilitator", "/pendamping/"), ("village_head", "/desa/"), ("officer", "/wilayah/64.01/")],
)
def test_every_role_finds_its_keys_and_hears_before_they_end(role, home):
    where = {"regency": make.regency()} if role == "officer" else {"village": make.village()}
    person = make.person(role, **where)
    client = Client()
    client.force_login(person)
    page = client.get(home).content.decode()
    assert f'href="{KEYS}"' in page
    assert "Buat yang baru sebelum" not in page

    ending_in(person, 14, name="Skrip lama")
    ending_in(person, 15, name="Masih lama")

    page = client.get(home).content.decode()
    assert "Skrip lama" in page
    assert "Buat yang baru sebelum" in page
    assert "Masih lama" not in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (15, "Bisa dipakai"),
        (14, "Segera berakhir"),
        (0, "hari ini hari terakhir"),
        (-1, "Berakhir"),
    ],
)
def test_states_by_the_days_left(client, person, days, words):
    ending_in(person, days)
    assert words in main_of(client.get(KEYS))


class TestLetter:
    @pytest.fixture
    def person(self, person):
        person.email = "pendamping@example.go.id"
        person.save(update_fields=["email"])
        return person

    @staticmethod
    def remind(*args) -> str:
        out = StringIO()
        call_command("remind", *args, stdout=out, stderr=out)
        return out.getvalue()

    def test_owner_is_written_to_once(self, person):
        token = ending_in(person, 14, name="Skrip Grogot")
        ending_in(person, 15)

        said = self.remind()
        self.remind()

        [letter] = mail.outbox
        assert letter.to == [person.email]
        assert letter.subject.startswith("Kunci API “Skrip Grogot” berlaku sampai")
        assert "http://127.0.0.1:8000/kunci/" in letter.body
        assert f"key {token.lookup}" in said
        token.refresh_from_db()
        assert token.warned_at is not None

    def test_trying_writes_to_nobody(self, person):
        token = ending_in(person, 3)

        assert "would write" in self.remind("--dry-run")

        token.refresh_from_db()
        assert (mail.outbox, token.warned_at) == ([], None)

    def test_what_could_not_be_sent_is_tried_again(self, person, monkeypatch):
        ending_in(person, 3)

        def cut(*args, **kwargs):
            raise SMTPServerDisconnected

        with monkeypatch.context() as broken:
            broken.setattr("accounts.services.tokens.send_mail", cut)
            with pytest.raises(SystemExit):
                self.remind()
        self.remind()

        assert len(mail.outbox) == 1

    def test_nobody_hears_of_keys_that_are_dead_or_of_closed_accounts(self, person):
        ending_in(person, -1)
        ApiToken.objects.filter(pk=ending_in(person, 3).pk).update(revoked_at=timezone.now())
        ending_in(make.person(), 3)  # without an address
        closed = make.person()
        closed.email = "tutup@example.go.id"
        closed.save(update_fields=["email"])
        token = ending_in(closed, 3)
        disable_person(closed, actor=None)
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=None)

        self.remind()

        assert mail.outbox == []
