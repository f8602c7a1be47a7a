"""Keys for tools: `Authorization: Bearer pug_…`."""

import re
from datetime import timedelta

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.models import ApiToken
from core.errors import Refused
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
WHO = "/api/v1/session/"
SCOPES = ["data:read"]


@pytest.fixture
def made():
    return services.create_token(
        make.village_head(), name="script", scopes=SCOPES, days=180, actor=None
    )


def call(client, key, path=WHO, **headers):
    return client.get(path, headers={"authorization": f"Bearer {key}", **headers})


def test_key_opens_the_api_as_its_person(client, made):
    answer = call(client, made.key)

    assert answer.status_code == 200
    assert answer.json()["user"]["username"] == made.token.user.username
    assert "csrf_token" not in answer.json()


@pytest.mark.asvs("11.5.1", "11.4.1")
def test_key_is_kept_only_as_a_digest(made):
    stored = str(ApiToken.objects.values().get(pk=made.token.pk))

    assert made.key[12:] not in stored
    assert len(made.key) == 4 + 8 + 43


@pytest.mark.asvs("6.3.8")
def test_bad_keys_are_all_answered_alike(client, made):
    expired = services.create_token(made.token.user, name="old", scopes=SCOPES, days=1, actor=None)
    ApiToken.objects.filter(pk=expired.token.pk).update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )
    revoked = services.create_token(made.token.user, name="gone", scopes=SCOPES, days=1, actor=None)
    services.revoke_token(revoked.token, actor=made.token.user)
    closed = services.create_token(make.person(), name="x", scopes=SCOPES, days=1, actor=None)
    services.disable_person(closed.token.user, actor=None)
    other = services.create_token(make.person(), name="y", scopes=SCOPES, days=1, actor=None)
    bad = {
        "expired": expired.key,
        "revoked": revoked.key,
        "closed person": closed.key,
        "truncated": made.key[:-1],
        "one sign longer": made.key + "A",
        "last sign changed": made.key[:-1] + ("A" if made.key[-1] != "A" else "B"),
        "another's secret": made.key[:12] + other.key[12:],
        "unknown lookup": "pug_AAAAAAAA" + made.key[12:],
        "other prefix": "ghp_" + made.key[4:],
        "empty": "",
        "not ascii": "pug_" + "é" * 51,
        "sql": "pug_' OR 1=1 --",
    }

    answers = {name: call(client, key) for name, key in bad.items()}

    for name, answer in answers.items():
        body = answer.json() | {"request_id": ""}
        assert answer.status_code == 401, name
        assert answer["Content-Type"] == "application/problem+json", name
        assert answer["WWW-Authenticate"].startswith("Bearer"), name
        assert body == answers["expired"].json() | {"request_id": ""}, name
        assert body["code"] == "invalid_token"


def test_unknown_lookup_costs_the_same_queries(client, made, django_assert_num_queries):
    for key in (made.key[:-1] + "!", "pug_AAAAAAAA" + made.key[12:], made.key[:12] + "B" * 43):
        with django_assert_num_queries(1):
            call(client, key)


@pytest.fixture
def dead(made):
    """Keys that were real ones, by what became of them."""
    person = made.token.user
    expired = services.create_token(person, name="old", scopes=SCOPES, days=1, actor=None)
    yesterday = timezone.localdate() - timedelta(days=1)
    ApiToken.objects.filter(pk=expired.token.pk).update(expires_on=yesterday)
    revoked = services.create_token(person, name="gone", scopes=SCOPES, days=1, actor=None)
    services.revoke_token(revoked.token, actor=person)
    closed = services.create_token(make.person(), name="x", scopes=SCOPES, days=1, actor=None)
    services.disable_person(closed.token.user, actor=None)
    return {"expired": expired, "revoked": revoked, "closed": closed}


def test_all_bad_keys_take_the_same_work(client, made, dead, monkeypatch, caplog):
    """Statements, comparisons and lines of the log until the answer is there; never a clock."""
    guesses = {
        "another's secret": made.key[:12] + dead["expired"].key[12:],
        "unknown lookup": "pug_AAAAAAAA" + made.key[12:],
        "truncated": made.key[:-1],
        "no key at all": "x",
    }
    bad = guesses | {name: one.key for name, one in dead.items()}
    monkeypatch.setattr("accounts.authentication.note_refused_key", lambda token: None)
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr("accounts.keys.constant_time_compare", compare)

    def work(key):
        compared.clear()
        caplog.clear()
        with CaptureQueriesContext(connection) as asked:
            call(client, key)
        lines = [line.name for line in caplog.records]
        shapes = [re.sub(r"'[^']*'", "?", one["sql"]) for one in asked.captured_queries]
        return shapes, list(compared), lines

    done = {name: work(key) for name, key in bad.items()}

    shapes, comparisons, lines = done["expired"]
    assert (len(shapes), comparisons) == (1, [(64, 64)])
    assert lines.count("accounts.authentication") == 1
    assert {name: one for name, one in done.items() if one != done["expired"]} == {}


def test_dead_key_is_noted_after_the_answer_is_out(
    rf, dead, monkeypatch, django_assert_num_queries
):
    """A server calls `close` when the last byte of the answer is on its way."""
    monkeypatch.setattr("django.core.signals.request_finished.send", lambda **told: None)
    portal = BaseHandler()
    portal.load_middleware()

    with django_assert_num_queries(1):
        answer = portal.get_response(
            rf.get(WHO, headers={"authorization": f"Bearer {dead['revoked'].key}"})
        )
    assert answer.status_code == 401
    assert not AuditEntry.objects.filter(action="token.refuse").exists()

    answer.close()
    noted = AuditEntry.objects.get(action="token.refuse")
    assert noted.object_id == str(dead["revoked"].token.pk)
    assert noted.request_id == answer["X-Request-ID"]


@pytest.mark.asvs("3.5.1")
def test_bad_key_is_not_rescued_by_a_cookie(client, made):
    client.force_login(made.token.user)

    assert call(client, "pug_bad").status_code == 401


@pytest.mark.asvs("11.2.2")
def test_key_survives_the_change_of_the_secret(client, made, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" + "x" * 50
    assert call(client, made.key).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert call(client, made.key).status_code == 401


@pytest.mark.asvs("8.2.1")
def test_key_reaches_only_what_its_scope_names(made, rf):

    class Figures(APIView):
        required_scopes = {"GET": "data:read", "POST": "activities:write"}

        def get(self, request):
            return Response({})

        post = delete = get

    def status(method):
        request = getattr(rf, method)("/x/", headers={"authorization": f"Bearer {made.key}"})
        answer = Figures.as_view()(request)
        return answer.status_code

    assert [status(m) for m in ("get", "post", "delete")] == [200, 403, 403]


def test_cookie_needs_no_scope(client):
    client.force_login(make.village_head())

    assert client.get(WHO).status_code == 200


def test_last_use_is_noted_once_a_minute(client, made):
    call(client, made.key)
    first = ApiToken.objects.get().last_used_at
    assert first is not None

    call(client, made.key)
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    call(client, made.key)
    assert ApiToken.objects.get().last_used_at >= first


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"days": 0}, "out_of_range"),
        ({"days": 366}, "out_of_range"),
        ({"scopes": []}, "unknown_scope"),
        ({"scopes": ["all"]}, "unknown_scope"),
    ],
)
def test_key_has_an_end_and_known_scopes(values, code):
    with pytest.raises(Refused) as refusal:
        services.create_token(
            make.person(), **({"name": "x", "scopes": SCOPES, "days": 1, "actor": None} | values)
        )
    assert refusal.value.code == code


def test_ended_grant_leaves_a_key_without_rights(client, made):
    person = made.token.user
    services.end_grant(person.grants.get(), on=timezone.localdate(), actor=None)

    answer = call(client, made.key).json()

    assert (answer["capabilities"], answer["areas"]) == ([], [])
