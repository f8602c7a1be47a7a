"""The second factor of office roles."""

import time
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor, services
from accounts.models import RecoveryCodes
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
CODE, SETUP = "/masuk/kode/", "/masuk/kode/pasang/"


@pytest.fixture(autouse=True)
def _asked(settings):
    settings.SECOND_FACTOR_ASKED = True


def present_code(device: TOTPDevice, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def enrolled() -> tuple:
    """An officer with an app and recovery codes, enrolled one code ago."""
    officer = make.officer()
    device = second_factor.pending_device(officer)
    _, codes = second_factor.enrol(officer, present_code(device, -1))
    return officer, TOTPDevice.objects.get(pk=device.pk), codes


def signed_in(person) -> Client:
    client = Client()
    answer = client.post("/masuk/", {"username": person.username, "password": make.PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.asvs("6.3.3")
def test_officer_enrols_at_the_first_login():
    officer = make.officer()
    client = signed_in(officer)
    assert client.get("/kelola/")["Location"] == SETUP

    page = client.get(SETUP)
    device = TOTPDevice.objects.get(user=officer)
    assert not device.confirmed
    assert second_factor.secret_text(device) in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()

    codes = client.post(SETUP, {"code": present_code(device)})
    assert codes.status_code == 200
    assert codes.content.decode().count("<li><strong>") == 8
    assert client.get("/kelola/").status_code == 200
    assert client.get(SETUP).status_code == 302  # the codes are not shown again
    assert AuditEntry.objects.filter(action="second_factor.enrol", actor=officer).exists()


def test_reloading_keeps_the_secret_already_scanned():
    officer = make.officer()
    client = signed_in(officer)

    client.get(SETUP)
    client.get(SETUP)

    assert TOTPDevice.objects.filter(user=officer).count() == 1


def test_wrong_code_does_not_enrol():
    client = signed_in(make.officer())
    client.get(SETUP)

    assert client.post(SETUP, {"code": "000000"}).status_code == 422
    assert client.get("/kelola/")["Location"] == SETUP


def test_code_is_asked_once_per_session():
    officer, device, _ = enrolled()
    client = signed_in(officer)
    assert client.get("/kelola/")["Location"] == CODE
    before = client.session.session_key

    assert client.post(CODE, {"code": present_code(device)}).status_code == 302

    assert client.get("/kelola/").status_code == 200
    assert client.session.session_key != before
    assert signed_in(officer).get("/kelola/")["Location"] == CODE


@pytest.mark.asvs("6.5.1")
def test_code_cannot_be_used_twice():
    officer, device, _ = enrolled()
    code = present_code(device)
    assert signed_in(officer).post(CODE, {"code": code}).status_code == 302

    replay = signed_in(officer)

    assert replay.post(CODE, {"code": code}).status_code == 422
    assert replay.get("/kelola/")["Location"] == CODE


@pytest.mark.asvs("6.3.1")
def test_guessing_is_slowed_down():
    officer, device, _ = enrolled()
    client = signed_in(officer)
    device.throttling_failure_count, device.throttling_failure_timestamp = 8, timezone.now()
    device.save()

    answer = client.post(CODE, {"code": present_code(device)})

    assert answer.status_code == 422
    assert "Tunggu 12" in answer.content.decode()  # 2^7 seconds
    assert client.get("/kelola/")["Location"] == CODE


@pytest.mark.asvs("6.5.1")
def test_recovery_code_works_once():
    officer, _, codes = enrolled()

    assert signed_in(officer).post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert signed_in(officer).post(CODE, {"code": codes[0]}).status_code == 422
    assert len(RecoveryCodes.objects.get(user=officer).hashes) == 7
    assert AuditEntry.objects.filter(action="second_factor.recovery_code").count() == 1


def test_guessing_recovery_codes_is_slowed_down():
    officer, _, codes = enrolled()
    assert signed_in(officer).post(CODE, {"code": "aaaaaaaa"}).status_code == 422

    answer = signed_in(officer).post(CODE, {"code": codes[0]})

    assert answer.status_code == 422
    assert "Tunggu 1 detik" in answer.content.decode()
    RecoveryCodes.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=1))
    assert signed_in(officer).post(CODE, {"code": codes[0]}).status_code == 302


@pytest.mark.asvs("6.5.2")
def test_recovery_codes_are_kept_as_passwords_are(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    officer, _, codes = enrolled()

    [kept] = RecoveryCodes.objects.values()

    assert not [code for code in codes if code in str(kept)]
    assert all(one.startswith("argon2$argon2id$") for one in kept["hashes"])
    assert len({one.split("$")[4] for one in kept["hashes"]}) == 8  # each with a salt of its own
    assert signed_in(officer).post(CODE, {"code": codes[3]}).status_code == 302


@pytest.mark.asvs("6.5.2")
def test_codes_that_were_kept_readable_are_hashed_by_the_upgrade():
    officer = make.officer()
    with connection.cursor() as cursor:
        cursor.execute("create table otp_static_staticdevice (id integer, user_id bigint)")
        cursor.execute("create table otp_static_statictoken (device_id integer, token varchar(16))")
        cursor.execute("insert into otp_static_staticdevice values (5, %s)", [officer.pk])
        cursor.execute("insert into otp_static_statictoken values (5, 'abcdefg2'), (5, 'abcdefg3')")
        step = import_module("accounts.migrations.0010_hash_kept_codes")
        step.hash_codes(apps, SimpleNamespace(connection=connection))
        cursor.execute("select count(*) from otp_static_statictoken")
        assert cursor.fetchall() == [(0,)]

    hers = RecoveryCodes.objects.get(user=officer)

    assert "abcdefg" not in str(hers.hashes)
    assert [hers.verify_token(code) for code in ("abcdefg2", "abcdefg3")] == [True, True]
    assert hers.hashes == []


def test_session_of_a_device_that_is_no_more_is_asked_for_a_code_again():
    """It was opened with a recovery code of the release before, or of the one left again."""
    officer, _, _ = enrolled()
    client = signed_in(officer)
    session = client.session
    session["otp_device_id"] = "otp_static.staticdevice/1"
    session.save()

    assert client.get("/kelola/")["Location"] == CODE


@pytest.mark.asvs("6.3.3", "6.3.4")
def test_password_alone_reads_nothing_through_the_api():
    officer, device, _ = enrolled()
    client = signed_in(officer)

    answer = client.get("/api/v1/session/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "login_incomplete"

    client.post(CODE, {"code": present_code(device)})
    assert client.get("/api/v1/session/").status_code == 200


@pytest.mark.asvs("6.3.3")
def test_password_alone_cannot_change_the_password_of_an_enrolled_officer():
    officer, _, _ = enrolled()
    services.reset_password(officer, actor=None)
    officer.set_password(make.PASSWORD)
    officer.save()

    assert signed_in(officer).get("/kata-sandi/")["Location"] == CODE


def test_key_needs_no_second_factor():
    officer, _, _ = enrolled()
    made = services.create_token(officer, name="x", scopes=["data:read"], days=1, actor=None)

    answer = signed_in(officer).get(
        "/api/v1/session/", headers={"authorization": f"Bearer {made.key}"}
    )

    assert answer.status_code == 200


def test_invented_key_does_not_get_round_the_second_factor():
    officer, _, _ = enrolled()

    answer = signed_in(officer).get(
        "/api/v1/session/", headers={"authorization": "Bearer pug_invented"}
    )
    page = signed_in(officer).get("/kelola/", headers={"authorization": "Bearer pug_invented"})

    assert answer.status_code == 401
    assert page["Location"] == CODE


def test_village_head_is_not_asked():
    client = signed_in(make.village_head())

    assert client.get("/kata-sandi/").status_code == 200
    assert client.get(SETUP)["Location"] == "/"


def test_demo_does_not_ask(settings):
    settings.SECOND_FACTOR_ASKED = False

    assert signed_in(make.officer()).get("/kelola/").status_code == 200


@pytest.mark.asvs("7.4.3")
def test_reset_by_a_colleague_ends_sessions_and_starts_anew():
    officer, device, _ = enrolled()
    colleague = make.officer()
    client = signed_in(officer)
    client.post(CODE, {"code": present_code(device)})

    services.reset_second_factor(officer, actor=colleague)

    assert client.get("/kelola/")["Location"].startswith("/masuk/")
    assert signed_in(officer).get("/kelola/")["Location"] == SETUP
    entry = AuditEntry.objects.get(action="person.reset_second_factor")
    assert (entry.actor, entry.object_id) == (colleague, str(officer.pk))
