"""What the audit trail says about signing in (ASVS 16.3.1): no password, no unknown name."""

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
WRONG = "not-her-password"
WHO = "/api/v1/session/"


def attempt(client, username, password=WRONG):
    return client.post("/masuk/", {"username": username, "password": password})


def rows(prefix="login.") -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action__startswith=prefix).order_by("pk"))


@pytest.mark.asvs("16.3.1")
def test_login_and_failure_are_on_record(client):
    head = make.village_head()

    attempt(client, head.username)
    attempt(client, head.username, make.PASSWORD)

    failed, succeeded = rows()
    assert (failed.action, failed.actor, failed.object_id) == ("login.fail", None, str(head.pk))
    assert (succeeded.action, succeeded.actor) == ("login.succeed", head)
    assert WRONG not in str([row.changes for row in rows()])


@pytest.mark.asvs("16.3.3")
def test_lock_out_is_on_record_once(client):
    head = make.village_head()

    for _ in range(8):
        attempt(client, head.username)

    assert [row.action for row in rows()] == ["login.fail"] * 4 + ["login.lock"]


def test_name_that_nobody_has_stays_off_the_record(client):
    attempt(client, "a-password-typed-in-the-wrong-place")
    attempt(client, "nul\0byte")

    assert not rows()


def test_empty_form_is_no_failure(client):
    attempt(client, make.village_head().username, "")

    assert not rows()


@pytest.mark.asvs("16.3.2", "16.3.3")
def test_withdrawn_key_in_use_is_on_record_once_an_hour(client):
    made = services.create_token(
        make.village_head(), name="x", scopes=["data:read"], days=9, actor=None
    )
    services.revoke_token(made.token, actor=None)
    key = {"authorization": f"Bearer {made.key}"}

    assert [client.get(WHO, headers=key).status_code for _ in range(3)] == [401] * 3

    [row] = rows("token.refuse")
    assert (row.actor, row.object_id) == (None, str(made.token.pk))
    AuditEntry.objects.filter(pk=row.pk).update(at=timezone.now() - timezone.timedelta(minutes=61))
    client.get(WHO, headers=key)
    assert len(rows("token.refuse")) == 2


def test_guessed_key_is_in_the_log_not_on_record(client, caplog):
    made = services.create_token(
        make.village_head(), name="x", scopes=["data:read"], days=9, actor=None
    )
    guess = made.key[:12] + "B" * 43

    client.get(WHO, headers={"authorization": f"Bearer {guess}"})

    assert not rows("token.refuse")
    assert "B" * 43 not in caplog.text
    assert ApiToken.objects.get().lookup in caplog.text
