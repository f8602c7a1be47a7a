"""One-time links: made and shown once; what opening one does."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import qr, services
from accounts.links import opened_by
from accounts.models import EnrolmentLink, User
from core.models import AuditEntry
from tests import make

from .linking import (
    DOUBLE,
    OWN,
    come_in,
    head_here,
    link_in_form,
    page_of,
    path,
    shown_link,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_link_is_shown_once_with_a_picture_of_it():
    head = head_here()
    client = signed_in(make.officer())

    answer = client.post(page_of(head))

    link = f"http://testserver{shown_link(answer)}"
    assert qr.picture(link) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "/masuk/tautan/" not in client.get(page_of(head)).content.decode()


@pytest.mark.asvs("11.5.1", "11.4.1")
def test_only_a_digest_is_kept_and_nothing_tells_the_secret():
    made = make.link(head_here(), by=make.officer())

    kept = str(EnrolmentLink.objects.values().get()) + str(list(AuditEntry.objects.values()))

    assert made.secret not in kept
    assert len(made.secret) == 43  # 256 bits
    assert re.fullmatch("[0-9a-f]{64}", made.link.digest)


def test_new_link_replaces_the_open_one():
    head = head_here()
    first, second = make.link(head), make.link(head)

    assert opened_by(first.secret) is None
    assert opened_by(second.secret) == second.link
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "link.make",
        "link.revoke",
        "link.make",
    ]


@pytest.mark.asvs("11.2.2")
def test_key_rotation_keeps_open_links(settings):
    made = make.link(head_here())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" + "9" * 40

    assert opened_by(made.secret) == made.link


# -- Opening -----------------------------------------------------------------------------------


def test_looking_uses_nothing_up(client):
    made = make.link(head_here())

    for _look in range(3):  # a messenger's preview, the person, the person again
        answer = Client().get(path(made.secret))
        assert answer.status_code == 200
        assert Client().head(path(made.secret)).status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]

    made.link.refresh_from_db()
    assert made.link.used_at is None
    assert Client().post(path(made.secret), DOUBLE).status_code == 405


@pytest.mark.asvs("14.2.1", "3.4.5")
def test_pages_after_it_do_not_carry_the_secret(client):
    made = make.link(head_here())

    pages = [client.get(path(made.secret)), client.get("/masuk/tautan/")]

    assert all(made.secret not in page.content.decode() for page in pages)
    assert made.secret not in str(dict(client.session))


@pytest.mark.asvs("6.3.3")
def test_person_is_in_with_her_own_password(client):
    head = head_here()
    made = make.link(head, by=make.officer())

    answer = come_in(client, made.secret)

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/", follow=True).status_code == 200
    assert int(client.session["_auth_user_id"]) == head.pk
    fresh = User.objects.get(pk=head.pk)
    assert fresh.check_password(OWN)
    assert not fresh.check_password(make.PASSWORD)
    assert fresh.devices.live().count() == 1
    assert AuditEntry.objects.filter(action="link.use", actor=head).count() == 1
    assert AuditEntry.objects.filter(action="login.succeed", actor=head).count() == 1


def test_csrf_holds_on_the_password_page():
    made = make.link(head_here())
    client = Client(enforce_csrf_checks=True)
    client.get(path(made.secret))
    words = DOUBLE | {"link": link_in_form(client)}

    assert client.post("/masuk/tautan/", words).status_code == 403
    assert opened_by(made.secret)


def test_two_links_on_one_phone_never_change_places(client):
    """Two pages are open; a password goes to the person whose name stood above it, or nowhere."""
    first, second = head_here(), make.village_head(make.village("64.01.04.2003", "Tetangga"))
    client.get(path(make.link(first).secret))
    of_first = link_in_form(client)
    client.get(path(make.link(second).secret))
    of_second = link_in_form(client)

    for wrong in (of_first, "", "no-id", "0" * 36):
        assert client.post("/masuk/tautan/", DOUBLE | {"link": wrong}).status_code == 410
    assert client.post("/masuk/tautan/", DOUBLE).status_code == 410
    assert not any(one.check_password(OWN) for one in User.objects.all())

    assert client.post("/masuk/tautan/", DOUBLE | {"link": of_second}).status_code == 302
    assert User.objects.get(pk=second.pk).check_password(OWN)
    assert not User.objects.get(pk=first.pk).check_password(OWN)


@pytest.mark.asvs("7.4.3")
def test_earlier_sessions_phones_and_keys_end(client):
    head = head_here()
    old = Client()
    old.post("/masuk/", {"username": head.username, "password": make.PASSWORD})
    key = services.create_token(head, name="t", scopes=["data:read"], days=9, actor=None)
    [phone] = head.devices.live()

    come_in(client, make.link(head).secret)

    phone.refresh_from_db()
    key.token.refresh_from_db()
    assert phone.ended_at
    assert key.token.revoked_at
    assert old.get("/kata-sandi/").status_code == 302
    assert old.get("/api/v1/session/").status_code == 401


def test_start_password_of_the_office_is_over(client):
    made = services.add_person(
        username="kades.baru",
        name="Baru",
        grants=[services.GrantDraft("village_head", make.village(), timezone.localdate())],
        actor=None,
    )

    come_in(client, make.link(made.person).secret)

    fresh = User.objects.get(pk=made.person.pk)
    assert fresh.start_password_until is None
    assert not fresh.check_password(made.start_password)
    assert client.get("/kata-sandi/").status_code == 200


def test_weak_password_leaves_the_link_open(client):
    made = make.link(head_here())
    client.get(path(made.secret))
    link = {"link": link_in_form(client)}

    for words in (
        {"new_password1": "12345678", "new_password2": "12345678"},
        {"new_password1": OWN, "new_password2": OWN + "x"},
        {"pressed": "1"},
    ):
        assert client.post("/masuk/tautan/", words | link).status_code == 422
    assert opened_by(made.secret)
    assert client.post("/masuk/tautan/", DOUBLE | link).status_code == 302


def test_wait_after_wrong_passwords_ends_with_a_new_one(client):
    head = head_here()
    for _try in range(6):
        Client().post("/masuk/", {"username": head.username, "password": "wrong"})

    come_in(client, make.link(head).secret)

    again = Client().post("/masuk/", {"username": head.username, "password": OWN})
    assert again.status_code == 302
