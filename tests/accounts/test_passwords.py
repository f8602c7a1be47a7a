"""What a password must be."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import services
from tests import make

pytestmark = pytest.mark.django_db


def codes(password, person=None) -> set[str]:
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        return {error.code for error in refusal.error_list}
    return set()


@pytest.mark.asvs("6.2.1", "6.2.4", "6.2.5", "6.2.9", "6.2.11", "6.2.12")
@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("sungai kandilo pagi", set()),
        ("qzvx-wk", {"password_too_short"}),
        ("kz" * 64, set()),
        ("kz" * 64 + "k", {"password_too_long"}),
        ("password1", {"password_too_common"}),
        ("paser2026", {"password_local_words"}),
        ("Paser-Demo-2026", {"password_local_words"}),
        ("kabupatenpaser", {"password_local_words"}),
        ("pug12345678", {"password_local_words"}),
        ("di desa kami ada durian", set()),
        ("ikan di sungai paser besar", set()),
    ],
)
def test_password_is_judged(password, expected):
    assert codes(password) == expected


@pytest.mark.asvs("6.2.11")
@pytest.mark.parametrize("password", ["janju2026!", "DesaJanju1", "sitirahmah88", "Siti-Rahmah"])
def test_own_names_are_no_password(password):
    person = make.village_head(make.village())
    person.name = "Siti Rahmah"

    assert codes(password, person) == {"password_local_words"}


def test_own_password_page_says_what_is_wrong_and_keeps_the_old_one(client):
    person = make.village_head()
    client.force_login(person)

    answer = client.post(
        "/kata-sandi/",
        {
            "old_password": make.PASSWORD,
            "new_password1": "paser2026",
            "new_password2": "paser2026",
        },
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["new_password1"]
    assert "Tambahkan kata lain" in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


@pytest.mark.asvs("7.4.3")
@pytest.mark.parametrize("end_keys", [True, False])
def test_new_password_ends_the_keys_when_that_is_wished(client, end_keys):
    person = make.officer()
    services.create_token(person, name="Rekap", scopes=["data:read"], days=30, actor=person)
    client.force_login(person)
    assert "Akhiri juga kunci API saya (1)" in client.get("/kata-sandi/").content.decode()

    new = "sungai kandilo pagi"
    sent = {"old_password": make.PASSWORD, "new_password1": new, "new_password2": new}
    answer = client.post("/kata-sandi/", sent | ({"end_keys": "on"} if end_keys else {}))

    assert answer.status_code == 302
    assert services.live_keys(person).exists() is not end_keys


def test_who_has_no_key_is_asked_nothing_about_keys(client):
    client.force_login(make.village_head())
    assert "end_keys" not in client.get("/kata-sandi/").content.decode()


@pytest.mark.asvs("11.4.2", "11.4.4")
def test_production_hashes_with_argon2id(settings):
    from pug_portal import settings as portal

    settings.PASSWORD_HASHERS = portal.PASSWORD_HASHERS
    stored = make_password("sungai kandilo pagi")

    assert identify_hasher(stored).algorithm == "argon2"
    assert "$argon2id$" in stored
