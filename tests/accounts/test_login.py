"""Signing in and leaving."""

import re
import statistics
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import services
from tests import make

pytestmark = pytest.mark.django_db
WRONG = "Nama pengguna dan kata sandi tidak cocok"


def log_in(client, username, password=make.PASSWORD, **more):
    return client.post("/masuk/", {"username": username, "password": password, **more})


def test_login_leads_to_the_page_asked_for(client):
    person = make.village_head()
    asked = client.get("/kata-sandi/")
    assert asked["Location"] == "/masuk/?next=/kata-sandi/"

    answer = log_in(client, person.username, next="/kata-sandi/")

    assert answer["Location"] == "/kata-sandi/"
    assert client.get("/kata-sandi/").status_code == 200


@pytest.mark.asvs("3.7.2")
def test_login_never_leads_to_another_host(client):
    answer = log_in(client, make.village_head().username, next="https://elsewhere.example/")

    assert answer["Location"] == "/"


def test_capital_letters_of_a_phone_do_not_matter(client):
    person = make.person("village_head", username="kades.janju", village=make.village())

    assert log_in(client, " Kades.Janju ").status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.asvs("6.3.8")
def test_unknown_wrong_and_closed_get_the_same_words(client):
    known, closed = make.village_head(), make.person()
    services.disable_person(closed, actor=None)

    def shown(username):
        answer = log_in(client, username, "not-her-password")
        assert answer.status_code == 422
        page = answer.content.decode().replace(username, "…")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    pages = {shown("nobody.here"), shown(known.username), shown(closed.username)}

    assert len(pages) == 1
    assert WRONG in pages.pop()


def test_unknown_name_takes_as_long_as_a_wrong_password(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.AXES_FAILURE_LIMIT = 1000
    person = make.person()

    def seconds(username):
        began = time.perf_counter()
        assert log_in(client, username, "not-her-password").status_code == 422
        return time.perf_counter() - began

    seconds(person.username), seconds("warm-up")
    pairs = [(seconds(person.username), seconds("nobody.here")) for _ in range(9)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))

    assert unknown > known / 2  # without the dummy hash it is a tenth


@pytest.mark.asvs("7.2.4")
def test_login_gives_the_session_a_new_key(client):
    client.get("/masuk/")
    client.session.save()
    before = client.session.session_key
    client.cookies["sessionid"] = before

    log_in(client, make.village_head().username)

    assert client.session.session_key != before


@pytest.mark.asvs("7.4.1")
def test_leaving_deletes_the_session_and_needs_a_press(client):
    person = make.village_head()
    log_in(client, person.username)
    key = client.session.session_key

    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/")["Location"] == "/masuk/"

    assert not Session.objects.filter(pk=key).exists()
    assert client.get("/kata-sandi/").status_code == 302


@pytest.mark.asvs("6.4.1")
def test_start_password_must_be_replaced_first(client):
    made = services.add_person(username="baru", name="Orang Baru", actor=None)
    log_in(client, "baru", made.start_password)

    assert client.get("/")["Location"] == "/kata-sandi/"
    answer = client.post(
        "/kata-sandi/",
        {
            "old_password": made.start_password,
            "new_password1": "sungai kandilo pagi",
            "new_password2": "sungai kandilo pagi",
        },
    )

    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.asvs("6.4.1")
def test_start_password_is_refused_after_three_days(client):
    made = services.add_person(username="baru", name="Orang Baru", actor=None)
    made.person.start_password_until = timezone.now() - timezone.timedelta(seconds=1)
    made.person.save()

    answer = log_in(client, "baru", made.start_password)

    assert answer.status_code == 422
    assert "Kata sandi awal hanya berlaku tiga hari" in answer.content.decode()


@pytest.mark.asvs("7.4.3", "6.2.2")
def test_new_password_ends_the_other_sessions(client):
    person, other = make.village_head(), Client()
    log_in(client, person.username)
    log_in(other, person.username)

    client.post(
        "/kata-sandi/",
        {
            "old_password": make.PASSWORD,
            "new_password1": "kandilo sungai malam",
            "new_password2": "kandilo sungai malam",
        },
    )

    assert client.get("/kata-sandi/").status_code == 200
    assert other.get("/kata-sandi/").status_code == 302


@pytest.mark.asvs("6.3.4")
def test_admin_has_no_door_of_its_own(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer["Location"] == "/masuk/?next=/admin/"
