"""Passwords and codes as people type them: nothing cut, nothing forbidden, nothing told."""

from __future__ import annotations

import os
import re
import statistics
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import known as guessing
from accounts.models import RecoveryCodes, User
from tests import make

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LONG = "sungai Kandilo  mengalir " + "jauh sekali " * 8 + "é"  # 122 signs


def change(client, old: str, new: str):
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/kata-sandi/", sent)


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def hers(client, head):
    client.force_login(head)
    return client


@pytest.mark.asvs("6.2.3", "6.2.2")
def test_changing_takes_the_present_password(hers, head):
    assert change(hers, "not-hers-at-all", "kandilo sungai malam").status_code == 422
    head.refresh_from_db()
    assert head.check_password(make.PASSWORD)
    assert change(hers, make.PASSWORD, "kandilo sungai malam").status_code == 302


@pytest.mark.asvs("6.2.8", "6.2.9")
@pytest.mark.parametrize(
    "password", [LONG, " berawal spasi 12", "ekor spasi 1234 ", "Ünïcode kata é"]
)
def test_every_sign_counts_as_it_was_typed(hers, head, password):
    assert change(hers, make.PASSWORD, password).status_code == 302
    for typed, enters in [(password, True), (password[:-1], False), (password.swapcase(), False)]:
        sent = {"username": head.username, "password": typed}
        assert (Client().post("/masuk/", sent).status_code == 302) is enters, typed
    assert (Client().post("/masuk/", sent | {"password": password.strip()}).status_code == 302) is (
        password.strip() == password
    )


@pytest.mark.asvs("6.2.5", "6.2.10")
@pytest.mark.parametrize(
    "password", ["kandilomengalir", "48151623423141", "!!??##(())&&", "ÆØÅæøåþðñß"]
)
def test_no_kind_of_sign_is_asked_for_and_no_password_grows_old(hers, head, password):
    assert change(hers, make.PASSWORD, password).status_code == 302
    User.objects.filter(pk=head.pk).update(date_joined="2001-01-01T00:00:00Z")
    sent = {"username": head.username, "password": password}
    assert Client().post("/masuk/", sent).url == "/"


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [("Kandilo-mengalir-7", True), ("kandilo-mengalir-7", False), ("Kandilomengalir7", False)],
)
def test_mode_bssn_asks_for_kinds_of_signs(settings, password, is_taken):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.MixedValidator"}]
    if is_taken:
        validate_password(password)
        return
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.asvs("6.2.6", "6.2.7")
@pytest.mark.parametrize("address", ["/masuk/", "/kata-sandi/", "/masuk/ulang/"])
def test_password_boxes_hide_and_help_managers(head, address):
    client = Client()
    if address != "/masuk/":
        client.force_login(head)
    boxes = re.findall(r"<input[^>]*password[^>]*>", client.get(address).content.decode())
    assert boxes
    for box in boxes:
        assert 'type="password"' in box
        assert re.search(r'autocomplete="(current|new)-password"', box)
        assert "onpaste" not in box
        assert "maxlength" not in box or int(re.search(r'maxlength="(\d+)"', box)[1]) >= 128


@pytest.mark.asvs("6.4.2")
def test_nothing_is_kept_to_remember_a_password_by():
    names = {field.name for field in User._meta.get_fields()}
    assert not [one for one in names if re.search(r"hint|question|answer|secret", one)]


@pytest.mark.asvs("6.5.4", "6.5.3")
def test_recovery_codes_are_eight_different_ones_of_40_bits():
    given = [RecoveryCodes().fill() for _ in range(50)]
    codes = {code for eight in given for code in eight}
    assert len(codes) == 400
    assert all(re.fullmatch(r"[a-z2-7]{8}", code) for code in codes)


@pytest.mark.asvs("6.5.5")
def test_a_code_of_the_app_lives_thirty_seconds():
    device = TOTPDevice(user=make.officer(), key="00" * 20)
    assert (device.step, device.digits, device.tolerance) == (30, 6, 1)


# -- What a failed login tells ---------------------------------------------------


def costs(known: str, tries: int) -> tuple[float, float]:
    """Median CPU seconds of a wrong password for a name that exists and for one that does not.

    CPU and not wall clock: what else the machine does must not decide.
    """
    pairs = []
    client = Client()
    for number in range(tries + 2):
        pair = []
        for name in (known, f"nobody{number}"):
            began = time.thread_time()
            sent = {"username": name, "password": "not-her-password"}
            assert client.post("/masuk/", sent).status_code == 422
            pair.append(time.thread_time() - began)
        pairs.append(pair)
    return tuple(statistics.median(column) for column in zip(*pairs[2:], strict=True))


@pytest.fixture
def slow(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.AXES_FAILURE_LIMIT = 10_000
    monkeypatch.setattr(guessing, "MOST", 10_000)
    return make.village_head().username


@pytest.mark.asvs("6.3.8")
def test_an_unknown_name_costs_what_a_wrong_password_costs(slow):
    known, unknown = costs(slow, 9)
    assert abs(known - unknown) < 0.25 * known


@pytest.mark.drill
@pytest.mark.skipif("DRILL" not in os.environ, reason="full number: make drill")
@pytest.mark.asvs("6.3.8")
def test_two_hundred_unknown_names_cost_the_same_within_a_tenth(slow):
    known, unknown = costs(slow, 200)
    assert abs(known - unknown) < 0.10 * known
