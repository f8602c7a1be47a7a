"""`tokens/`: a person's own keys, for herself alone and just after her login."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services import MOST_KEYS, create_token
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens/"
WANTED = {"name": "Skrip", "scopes": ["activities:write", "data:read"], "days": 90}


@pytest.fixture
def person():
    return make.village_head()


@pytest.fixture
def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def ask(client, method: str, path: str = TOKENS, body=None):
    if method == "get":
        return client.get(path)
    return getattr(client, method)(path, body, content_type="application/json")


def made_for(person, **values):
    told = {"name": "x", "scopes": ["data:read"], "days": 30, "actor": None} | values
    return create_token(person, **told)


def grow_old(client, minutes: float):
    session = client.session
    session["began_at"] = time.time() - minutes * 60
    session.save()


def test_key_is_made_shown_once_and_works(signed_in, person):
    answer = ask(signed_in, "post", body=WANTED)

    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    key = body.pop("key")
    assert (body["state"], body["days_left"]) == ("active", 90)
    [listed] = ask(signed_in, "get").json()["results"]
    assert listed == body
    who = Client().get("/api/v1/session/", headers={"authorization": f"Bearer {key}"}).json()
    assert who["user"]["username"] == person.username
    assert who["token"] == {
        "name": "Skrip",
        "scopes": ["activities:write", "data:read"],
        "expires_on": body["expires_on"],
        "days_left": 90,
    }
    assert AuditEntry.objects.filter(action="token.add", actor=person).count() == 1


def test_cookie_sessions_have_no_token_part(signed_in):
    assert "token" not in signed_in.get("/api/v1/session/").json()


def test_half_a_year_unless_said_otherwise(signed_in):
    told = {key: value for key, value in WANTED.items() if key != "days"}
    assert ask(signed_in, "post", body=told).json()["days_left"] == 180


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"scopes": ["all"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": "data:read"}, "/scopes"),
        ({"days": 0}, "/days"),
        ({"days": 366}, "/days"),
        ({"days": "long"}, "/days"),
        ({"name": ""}, "/name"),
        ({"name": "n" * 81}, "/name"),
        ({"name": "a\x00b"}, "/name"),
    ],
)
def test_what_is_wrong_is_named(signed_in, wrong, pointer):
    answer = ask(signed_in, "post", body=WANTED | wrong)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not ApiToken.objects.exists()


def test_nobody_has_keys_without_end(signed_in, person):
    for _ in range(MOST_KEYS):
        made = made_for(person)

    refused = ask(signed_in, "post", body=WANTED)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_keys")

    assert ask(signed_in, "delete", f"{TOKENS}{made.token.pk}/").status_code == 204
    assert ask(signed_in, "post", body=WANTED).status_code == 201


def test_withdrawn_key_is_dead_at_once_and_stays_listed(signed_in, person):
    made = made_for(person)
    path = f"{TOKENS}{made.token.pk}/"

    assert [ask(signed_in, "delete", path).status_code for _ in range(2)] == [204, 204]

    called = Client().get("/api/v1/session/", headers={"authorization": f"Bearer {made.key}"})
    assert called.status_code == 401
    [listed] = ask(signed_in, "get").json()["results"]
    assert listed["state"] == "revoked"
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1


def test_keys_of_others_do_not_exist(signed_in):
    other = made_for(make.person())

    assert ask(signed_in, "get").json()["results"] == []
    assert ask(signed_in, "delete", f"{TOKENS}{other.token.pk}/").status_code == 404
    other.token.refresh_from_db()
    assert other.token.revoked_at is None


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_key_cannot_touch_keys(person, method):
    made = made_for(person, scopes=ApiToken.Scope.values)
    path = TOKENS if method != "delete" else f"{TOKENS}{made.token.pk}/"
    bearer = Client(headers={"authorization": f"Bearer {made.key}"})

    answer = ask(bearer, method, path, WANTED)

    assert (answer.status_code, answer.json()["code"]) == (403, "session_only")
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_old_login_is_told_to_prove_itself(signed_in, person, method):
    made = made_for(person)
    path = TOKENS if method != "delete" else f"{TOKENS}{made.token.pk}/"
    grow_old(signed_in, 15.1)

    answer = ask(signed_in, method, path, WANTED)
    assert (answer.status_code, answer.json()["code"]) == (403, "login_again")

    signed_in.post("/masuk/ulang/", {"password": make.PASSWORD})
    assert ask(signed_in, method, path, WANTED).status_code in (200, 201, 204)


def test_nobody_is_asked_to_log_in():
    assert ask(Client(), "get").status_code == 401


def test_csrf_token_is_needed(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    answer = ask(client, "post", body=WANTED)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert not ApiToken.objects.exists()


def test_unknown_parameter_is_refused(signed_in):
    assert ask(signed_in, "get", f"{TOKENS}?user=1").json()["code"] == "unknown_parameter"
    assert ask(signed_in, "post", f"{TOKENS}?dry_run=1", WANTED).status_code == 400


@pytest.mark.parametrize(("days", "said"), [(15, False), (14, True), (0, True)])
def test_answers_say_when_the_key_ends_soon(person, days, said):
    made = made_for(person)
    last = timezone.localdate() + timedelta(days=days)
    ApiToken.objects.filter(pk=made.token.pk).update(expires_on=last)

    answer = Client().get("/api/v1/session/", headers={"authorization": f"Bearer {made.key}"})

    assert answer.status_code == 200
    assert answer.headers.get("Key-Expires") == (last.isoformat() if said else None)
