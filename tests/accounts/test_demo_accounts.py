"""Accounts of the demonstration have a public password: outside the demonstration they are shut."""

from datetime import date

import pytest

from accounts import services
from accounts.services import GrantDraft
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
PUBLIC = "paser-demo-2026"
WHO = "/api/v1/session/"


@pytest.fixture
def demo():
    return services.add_person(
        username="officer",
        name="Contoh",
        actor=None,
        password=PUBLIC,
        demo=True,
        grants=[GrantDraft("officer", make.regency(), date(2024, 1, 1))],
    ).person


def log_in(client):
    return client.post("/masuk/", {"username": "officer", "password": PUBLIC})


def test_demo_account_opens_in_the_demonstration(client, demo, settings):
    settings.PUG_DEMO = True

    assert log_in(client).status_code == 302
    assert client.get(WHO).status_code == 200


@pytest.mark.asvs("6.3.2", "15.2.3")
def test_demo_password_opens_nothing_elsewhere(client, demo):
    answer = log_in(client)

    assert answer.status_code == 422
    assert "Nama pengguna dan kata sandi tidak cocok" in answer.content.decode()
    assert AuditEntry.objects.get(action="login.fail").object_id == str(demo.pk)


def test_demo_session_and_key_end_with_the_demonstration(client, demo, settings):
    settings.PUG_DEMO = True
    made = services.create_token(demo, name="x", scopes=["data:read"], days=9, actor=None)
    key = {"authorization": f"Bearer {made.key}"}
    log_in(client)
    assert client.get(WHO, headers=key).status_code == 200

    settings.PUG_DEMO = False

    assert client.get("/kata-sandi/")["Location"].startswith("/masuk/")
    assert client.get(WHO, headers=key).status_code == 401


def test_new_password_does_not_open_a_demo_account(client, demo):
    start = services.reset_password(demo, actor=make.officer())

    answer = client.post("/masuk/", {"username": "officer", "password": start})

    assert answer.status_code == 422
