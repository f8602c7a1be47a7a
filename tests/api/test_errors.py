"""Every way a call can go wrong is a problem document, on every path under /api/."""

import io
import json
import logging

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import create_token
from core.entrance import Entrance
from core.logs import JsonLines
from core.middleware import DemoStaysHereMiddleware, RequestIdFilter
from core.models import AuditEntry
from tests import make

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.urls(__name__)]
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}


class Trouble(APIView):
    required_scopes = {"GET": None, "POST": None}

    def get(self, request):
        raise {
            "broken": ZeroDivisionError("secret"),
            "gone": OperationalError("secret host"),
            "closed": InterfaceError("secret"),
            "throttled": Throttled(wait=0.2),
        }[request.query_params["as"]]

    def post(self, request):
        return Response({"read": request.data})


def breaking_page(request):
    raise {"gone": OperationalError("secret"), "broken": ZeroDivisionError("secret")}[
        request.GET["as"]
    ]


urlpatterns = [
    path("api/v1/trouble/", Trouble.as_view()),
    path("trouble/", breaking_page),
    path("", include("pug_portal.urls")),
]
handler400 = "core.trouble.bad_request"
handler403 = "core.trouble.forbidden"
handler404 = "core.trouble.not_found"
handler500 = "core.trouble.broken"


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    client.raise_request_exception = False
    return person


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert set(body) >= MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:pug:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    return body


# -- Methods ----------------------------------------------------------------------
@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "PROPFIND", "CONNECT"])
@pytest.mark.parametrize("by_key", [False, True])
def test_a_method_not_offered_405_says_which_are(client, officer, method, by_key):
    headers = {}
    if by_key:
        client.logout()
        key = create_token(officer, name="k", scopes=["data:read"], days=30, actor=None).key
        headers = {"Authorization": f"Bearer {key}"}
    answer = client.generic(method, "/api/v1/trouble/", headers=headers)
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_options_tells_the_methods(client, officer):
    """By the header Allow; what a door takes stands in the description of the API."""
    answer = client.options("/api/v1/trouble/")
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_head_is_get_without_a_body(client, officer):
    answer = client.head("/api/v1/session/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.head("/api/v1/nothing/").status_code == 404


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_in_a_header_counts_for_nothing(client, officer, header):
    activity = make.activity(make.program())
    address = f"/api/v1/activities/{activity.pk}/"
    answer = client.post(
        address, {"title": "Lain"}, content_type="application/json", headers={header: "PATCH"}
    )
    problem(answer, 405, "method_not_allowed")
    answer = client.post(f"{address}?_method=PATCH", {"_method": "PATCH"})
    assert answer.status_code == 405


# -- Addresses ----------------------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize(
    "address", ["/api/", "/api/v1/", "/api/v1/x/", "/api/v2/session/", "/api/x"]
)
def test_no_such_address_404(client, method, address):
    problem(getattr(client, method)(address), 404, "not_found")


def test_a_body_is_not_sent_on_to_the_address_with_a_slash(client, officer):
    """301 would make clients lose the body or turn the call into a GET."""
    answer = client.post("/api/v1/trouble", {}, content_type="application/json")
    problem(answer, 404, "not_found")
    assert client.get("/api/v1/session")["Location"] == "/api/v1/session/"


@pytest.mark.parametrize("host", ["evil.example", "a b", "", "[::1", "x" * 300, "é"])
def test_a_bad_host_400(client, settings, host):
    settings.ALLOWED_HOSTS = ["localhost"]
    problem(client.get("/api/v1/session/", HTTP_HOST=host), 400, "bad_request")


def test_a_format_not_offered_406(client, officer):
    answer = client.get("/api/v1/session/", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/problem+json"


# -- Bodies -------------------------------------------------------------------------
def post(client, sent, kind="application/json", **more):
    return client.generic("POST", "/api/v1/trouble/", sent, content_type=kind, **more)


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "nonsense",
        b'{"a":"\xff"}',
        '{"a":NaN}',
        '{"a":' + "1" * 5000 + "}",
        "[" * 100_000,
        "\ufeff{}",
        "\x00",
    ],
    ids=lambda sent: str(sent)[:12],
)
def test_unreadable_json_400(client, officer, sent):
    for language, other in (("id", "en"), ("en", "id")):
        answer = post(client, sent, headers={"Accept-Language": language})
        said = problem(answer, 400, "parse_error")["detail"]
        answer = post(client, sent, headers={"Accept-Language": other})
        assert said != problem(answer, 400, "parse_error")["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "a", "application/x-json"])
def test_a_content_type_not_read_415_says_which_are(client, officer, kind):
    answer = post(client, "{}", kind)
    assert "application/json" in problem(answer, 415, "unsupported_media_type")["detail"]


def test_longer_than_allowed_413(client, officer):
    problem(post(client, '"' + "x" * 1_000_001 + '"'), 413, "body_too_large")
    assert post(client, '"' + "x" * 900_000 + '"').status_code == 200


@pytest.mark.asvs("5.2.1")
def test_longer_than_allowed_is_refused_by_what_it_declares(client, officer):
    """Nothing of it is read: a fake stream that breaks when touched stays untouched."""
    answer = post(client, "{}", CONTENT_LENGTH="5000000000", **{"wsgi.input": Untouchable()})
    problem(answer, 413, "body_too_large")


class Untouchable(io.BytesIO):
    def read(self, *_args):
        raise AssertionError("read")


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize("length", [10, 5_000_000_000])
def test_in_chunks_411_however_long(client, officer, length):
    answer = post(client, "{}", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH=str(length))
    problem(answer, 411, "length_required")


@pytest.mark.parametrize(
    "sent", ['{"items": "a\\u0000b"}', '{"a\\u0000": 1}', '{"items": ["\\ud800"]}']
)
def test_signs_no_database_keeps(client, officer, sent):
    answer = client.generic("POST", "/api/v1/submissions/", sent, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert answer["Content-Type"] in ("application/problem+json", "application/json")


# -- What Django itself would break on -------------------------------------------------
def through_the_entrance(path="/api/v1/trouble/", method="POST", **environ):
    """(status, headers, body) of the whole application, as a server calls it."""
    told = {}

    def start(status, headers, _trouble=None):
        told.update(status=int(status[:3]), headers={k.lower(): v for k, v in headers})

    base = RequestFactory().generic(method, path).environ
    environ = base | {"QUERY_STRING": "a=b", "HTTP_HOST": "testserver"} | environ
    body = b"".join(Entrance(environ.pop("app", None) or application())(environ, start))
    return told["status"], told["headers"], body


def application():
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=rot13",
        "application/json; charset=zlib",
        "application/json; charset=undefined",
        "application/json; charset=a\x00b",
        "application/json; charset*=foo''x",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
    ],
)
def test_a_content_type_that_cannot_be_read_400(kind):
    status, headers, body = through_the_entrance(CONTENT_TYPE=kind)
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert json.loads(body)["code"] == "bad_content_type"
    assert json.loads(body)["request_id"] == headers["x-request-id"]

    status, headers, body = through_the_entrance("/masuk/", CONTENT_TYPE=kind)
    assert status == 400
    assert "tidak terbaca" in body.decode()


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", "", "a; b"]
)
def test_other_content_types_pass_the_entrance(kind):
    assert through_the_entrance(CONTENT_TYPE=kind)[0] == 401


@pytest.mark.asvs("16.3.4", "16.5.1")
@pytest.mark.parametrize("address", ["/api/v1/trouble/", "/masuk/"])
def test_what_breaks_outside_django_is_told_in_shape_and_logged(address, caplog):
    def breaks(environ, start):
        raise ZeroDivisionError("secret")

    status, headers, body = through_the_entrance(address, app=breaks)
    assert status == 500
    assert b"secret" not in body
    assert headers["x-request-id"].encode() in body
    if address.startswith("/api/"):
        told = json.loads(body)
        assert set(told) == MEMBERS
        assert (told["code"], told["status"]) == ("server_error", 500)
    [line] = [one for one in caplog.records if one.name == "core.entrance"]
    assert line.exc_info[0] is ZeroDivisionError


# -- Trouble of ours --------------------------------------------------------------------
@pytest.mark.asvs("16.5.1")
def test_a_view_that_breaks_500_tells_nothing(client, officer):
    answer = client.get("/api/v1/trouble/?as=broken")
    assert "secret" not in str(problem(answer, 500, "server_error"))


class BreakingMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raise ZeroDivisionError("secret")


@pytest.mark.parametrize("place", [1, 8, -1])
def test_a_middleware_that_breaks_500_too(settings, place):
    stack = list(settings.MIDDLEWARE)
    stack.insert(place if place > 0 else len(stack), f"{__name__}.BreakingMiddleware")
    settings.MIDDLEWARE = stack
    client = Client(raise_request_exception=False)
    problem(client.get("/api/v1/session/"), 500, "server_error")
    assert client.get("/masuk/").status_code == 500


@pytest.mark.asvs("16.5.2")
@pytest.mark.parametrize("trouble", ["gone", "closed"])
def test_the_database_gone_503_says_when_to_come_again(client, officer, trouble, caplog):
    answer = client.get(f"/api/v1/trouble/?as={trouble}")
    assert "secret" not in str(problem(answer, 503, "unavailable"))
    assert int(answer["Retry-After"]) > 0
    assert any(one.exc_info for one in caplog.records), "the reason stands in the log"


@pytest.mark.parametrize(("trouble", "status"), [("gone", 503), ("broken", 500)])
def test_a_page_says_so_too(client, officer, trouble, status):
    answer = client.get(f"/trouble/?as={trouble}")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert ("Retry-After" in answer) is (status == 503)


def test_the_database_gone_before_any_view(client, officer, monkeypatch):
    def gone(*_args, **_more):
        raise OperationalError("secret")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    problem(client.get("/api/v1/session/"), 503, "unavailable")


def test_too_many_429_says_when_to_come_again(client, officer):
    answer = client.get("/api/v1/trouble/?as=throttled")
    problem(answer, 429, "throttled")
    assert answer["Retry-After"] == "1"


def test_the_demo_answers_a_proxys_call_of_the_api_in_shape(settings, rf):
    settings.PUG_DEMO = True
    request = rf.get("/api/v1/session/", headers={"X-Real-IP": "10.0.0.1"})
    answer = DemoStaysHereMiddleware(lambda _request: HttpResponse("in"))(request)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "demo_stays_here")


# -- Words and the log --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("GET", "/api/v1/nothing/", {}),
        ("GET", "/api/v1/trouble/?as=broken", {}),
        ("GET", "/api/v1/trouble/?as=gone", {}),
        ("GET", "/api/v1/trouble/?as=throttled", {}),
        ("PUT", "/api/v1/trouble/", {}),
        ("GET", "/api/v1/trouble/", {"Accept": "image/png"}),
        ("POST", "/api/v1/trouble", {}),
    ],
)
def test_words_are_in_the_callers_language(client, officer, method, address, headers):
    def told(language):
        asked = headers | {"Accept-Language": language}
        body = json.loads(client.generic(method, address, headers=asked).content)
        return body["title"], body["detail"]

    indonesian, english = told("id"), told("en")
    assert indonesian[0] != english[0]
    assert indonesian[1] != english[1]
    assert told("fr") == indonesian


def test_the_id_in_the_answer_stands_in_the_log_line(client, officer):
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(JsonLines())
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = client.get("/api/v1/trouble/?as=broken")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    named = problem(answer, 500, "server_error")["request_id"]
    [line] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["request_id"], line["level"]) == (named, "ERROR")
    assert line["message"] == "Internal Server Error: /api/v1/trouble/"
    assert AuditEntry.objects.filter(request_id=named).count() == 0
