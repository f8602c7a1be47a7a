"""Idempotency-Key: a POST sent again under its key is answered as the first time, and done once."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import create_token
from core.errors import Problem, Refused
from core.idempotency import KEPT_FOR, forget_old_answers, once
from core.models import AuditEntry, KeptAnswer
from programs.models import Program, Review
from tests import make
from tests.racing import at_once

from .test_programs import body

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


class Working(APIView):
    """Writes one row, then answers as asked: what is kept of it shows in the table."""

    required_scopes = {"POST": None}
    gate: threading.Event | None = None

    @once
    def post(self, request):
        AuditEntry.objects.create(action="worked", object_type="x", object_id="x")
        if Working.gate:
            Working.gate.wait(10)
        if wanted := request.query_params.get("raise"):
            raise {
                "refused": Refused(Problem("women", "negative", "Fill in 0 or more.")),
                "broken": ZeroDivisionError(),
                "gone": OperationalError("deadlock detected"),
                "throttled": Throttled(wait=3),
            }[wanted]
        if "unwell" in request.query_params:
            return HttpResponse("later", status=503)
        made = AuditEntry.objects.filter(action="worked").count()
        return Response({"made": made}, status=201, headers={"Location": f"/api/v1/{made}/"})


urlpatterns = [
    path("api/v1/working/", Working.as_view()),
    path("api/v1/other/", Working.as_view()),
    path("", include("pug_portal.urls")),
]
handler500 = "core.trouble.broken"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def person(client):
    person = make.officer()
    client.force_login(person)
    client.raise_request_exception = False
    return person


def send(client, address="/api/v1/working/", sent=None, key=KEY, **headers):
    headers = ({"Idempotency-Key": key} if key else {}) | headers
    kind = {"content_type": "application/json"}
    return client.post(address, {"n": 1} if sent is None else sent, **kind, headers=headers)


def worked() -> int:
    return AuditEntry.objects.filter(action="worked").count()


def test_sent_again_it_is_answered_as_the_first_time(client, person):
    first, again = send(client), send(client)

    assert (first.status_code, again.status_code, worked()) == (201, 201, 1)
    assert first.content == again.content
    for name in ("Content-Type", "Location"):
        assert first[name] == again[name]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first


def test_without_a_key_it_is_done_again(client, person):
    assert [send(client, key=None).json()["made"] for _ in range(2)] == [1, 2]
    assert not KeptAnswer.objects.exists()


def test_the_order_of_members_and_quotation_marks_make_no_difference(client, person):
    send(client, sent={"a": 1, "b": [2]})
    again = send(client, sent='{"b":[2],  "a":1}', key=f'"{KEY}"')
    assert (again["Idempotent-Replayed"], worked()) == ("true", 1)


@pytest.mark.parametrize(
    ("address", "sent"),
    [("/api/v1/working/", {"n": 2}), ("/api/v1/other/", {"n": 1}), ("/api/v1/working/?a=1", None)],
)
def test_another_call_under_the_same_key_422(client, person, address, sent):
    send(client)
    answer = send(client, address, sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert worked() == 1


def test_another_version_is_another_call(client, person):
    """A 412 is not answered again to whoever has looked and sends with the version that stands."""
    send(client, **{"If-Match": '"v1"'})
    answer = send(client, **{"If-Match": '"v2"'})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_its_persons_own(client, person):
    send(client)
    client.force_login(make.officer())
    assert "Idempotent-Replayed" not in send(client)
    assert worked() == 2


def test_another_reach_of_the_same_person_gets_no_kept_answer(client, person):
    """What a key that may read was told is not for one that may not."""
    client.logout()
    one, two = (
        create_token(person, name="k", scopes=scopes, days=30, actor=None).key
        for scopes in (["activities:write", "activities:read"], ["activities:write"])
    )
    send(client, Authorization=f"Bearer {one}")
    answer = send(client, Authorization=f"Bearer {two}")
    assert answer.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "a,b", "é", "a\tb", '"', "<x>"])
def test_an_odd_key_400(client, person, key):
    answer = client.post(
        "/api/v1/working/",
        {},
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=key,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_unreadable")
    assert worked() == 0


@pytest.mark.asvs("2.3.3")
def test_a_refusal_is_kept_and_what_it_had_begun_is_undone(client, person):
    first, again = (send(client, "/api/v1/working/?raise=refused") for _ in range(2))
    assert (first.status_code, again.status_code) == (422, 422)
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"
    assert (again["Idempotent-Replayed"], worked()) == ("true", 0)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [("raise=broken", 500), ("raise=gone", 503), ("raise=throttled", 429), ("unwell=1", 503)],
)
def test_trouble_of_ours_is_not_kept(client, person, trouble, status):
    for _ in range(2):
        answer = send(client, f"/api/v1/working/?{trouble}")
        assert answer.status_code == status
        assert "Idempotent-Replayed" not in answer
    assert worked() == 0
    assert not KeptAnswer.objects.exists()


def test_a_body_that_cannot_be_read_claims_no_key(client, person):
    assert send(client, sent="{").status_code == 400
    assert send(client).status_code == 201


def test_after_30_days_a_key_is_free_again(client, person):
    send(client)
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR)
    assert "Idempotent-Replayed" not in send(client)
    assert (worked(), KeptAnswer.objects.count()) == (2, 1)


def test_old_answers_are_taken_away(client, person):
    for key in ("old", "new"):
        send(client, key=key)
    old = timezone.now() - KEPT_FOR - timedelta(minutes=1)
    KeptAnswer.objects.filter(key="old").update(created_at=old)
    assert forget_old_answers() > 0
    assert [one.key for one in KeptAnswer.objects.all()] == ["new"]


# -- The doors that take it -------------------------------------------------------
def test_a_program_without_a_uid_is_made_once(client, person):
    first, again = (send(client, "/api/v1/programs/", body()) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Location"] == first["Location"]
    assert Program.objects.count() == 1


@pytest.mark.parametrize("word", ["verify", "return", "void", "confirm"])
def test_a_review_step_under_a_key_is_answered_again(client, person, word):
    activity = make.activity(make.program())
    why = {"reason": "Dobel"} if word in ("return", "void") else {}
    address = f"/api/v1/activities/{activity.pk}/{word}/"
    first, again = (send(client, address, why, **{"If-Match": '"v1"'}) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert Review.objects.filter(activity=activity).exclude(step="submitted").count() == 1


# -- At the same moment -----------------------------------------------------------
def parallel(person, calls: int):
    """The same call from so many clients at once."""

    def call():
        client = Client(raise_request_exception=False)
        client.force_login(person)
        return send(client)

    return at_once(*[call for _ in range(calls)])


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_works_and_all_get_its_answer():
    answers = parallel(make.officer(), 8)

    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotent-Replayed" not in one for one in answers) == 1
    assert worked() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_second_waits_while_the_first_works():
    """Another key goes past meanwhile: only the same one waits."""
    person = make.officer()
    one, two, other = (Client() for _ in range(3))
    for client in (one, two, other):
        client.force_login(person)
    Working.gate, answers = threading.Event(), {}

    def call(name, client, key=KEY):
        answers[name] = send(client, key=key)
        connection.close()

    threads = [
        threading.Thread(target=call, args=(name, client))
        for name, client in [("1", one), ("2", two)]
    ]
    try:
        for thread in threads:
            thread.start()
        threads[0].join(0.5)
        assert answers == {}
    finally:
        Working.gate.set()
        for thread in threads:
            thread.join(20)
        Working.gate = None
    call("other", other, "another")
    assert {answers["1"].content, answers["2"].content} == {b'{"made":1}'}
    assert answers["other"].json() == {"made": 2}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_when_the_first_breaks_the_second_does_the_work(monkeypatch):
    person, turns = make.officer(), iter([ZeroDivisionError(), None])

    def breaks_once(*_args, **_more):
        if trouble := next(turns):
            raise trouble

    monkeypatch.setattr("core.idempotency._keep", _first_breaking(breaks_once))
    answers = parallel(person, 2)
    assert sorted(one.status_code for one in answers) == [201, 500]
    assert worked() == 1


def _first_breaking(gate):
    from core.idempotency import _keep

    def keep(*args):
        gate()
        _keep(*args)

    return keep
