"""Every address against forged forms, odd methods and strangers' hosts (the sweep's own rows)."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver, reverse

from core import csp_reports
from tests import make
from tests.architecture.routes import ROUTES
from tests.architecture.test_routes import routes, row_key

pytestmark = [pytest.mark.once, pytest.mark.django_db]
EVIL = "https://evil.example"
ID = "018f6d2e-0000-7000-8000-000000000001"
#: Addresses that take a form without the page's safety code, each with its reason.
WITHOUT_CODE = {
    "core:csp-report",  # browsers send these by themselves; nothing of anybody's changes
}


def addresses() -> list[tuple[str, str]]:
    """(name, address) of every route; whatever an address names need not exist."""
    found = []
    for route, parameters in routes():
        try:
            found.append((route, _address(route, parameters)))
        except Exception:  # noqa: S112 - a route without a name: the admin's own rest
            continue
    return found


def _address(route: str, parameters) -> str:
    for value in (ID, "1", "64.01.04.2002", "2025", "csv", "item", "kirim", "pdf"):
        try:
            return reverse(route, kwargs=dict.fromkeys(parameters, value) or None)
        except Exception:  # noqa: S112 - another kind of parameter
            continue
    return reverse(route, kwargs={name: _guess(name) for name in parameters})


def _guess(name: str) -> str:
    known = {"year": "2025", "fmt": "xlsx", "ending": "pdf", "format": "csv", "key": "item"}
    known |= {"level": "district", "move": "kirim", "code": "64.01.04.2002", "period": "2025"}
    return known.get(name, ID)


ADDRESSES = addresses()


@pytest.mark.asvs("15.1.2")
def test_nearly_every_route_has_an_address_here():
    named = [route for route, _parameters in routes() if not route.startswith("admin:")]
    tried = {route for route, _address in ADDRESSES}
    assert len([one for one in named if one in tried]) > 0.9 * len(named)
    assert len(ADDRESSES) > 200


def refused(request, reason=""):
    """As core.trouble.csrf_failed, without drawing a page four hundred times."""
    return HttpResponse(status=403)


@pytest.mark.asvs("3.5.1", "3.5.2")
@override_settings(CSRF_FAILURE_VIEW=f"{__name__}.refused")
def test_a_form_from_another_site_does_nothing_anywhere():
    """Cookies go along, the safety code does not: 403 at every address that takes forms."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make.officer())
    passed = []
    for route, address in ADDRESSES:
        for method in ("post", "delete") if address.startswith("/api/") else ("post",):
            headers = {"origin": EVIL, "sec-fetch-site": "cross-site"}
            answer = getattr(client, method)(address, {"a": "1"}, headers=headers)
            if answer.status_code not in (403, 405) and route not in WITHOUT_CODE:
                passed.append((route, method, answer.status_code))
    assert passed == []


@pytest.mark.asvs("3.5.1")
def test_a_form_with_the_code_passes_so_that_the_test_above_can_fail():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.officer())
    page = client.get("/kata-sandi/").content.decode()
    code = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    own = {"csrfmiddlewaretoken": code}
    assert client.post("/kata-sandi/", own).status_code == 422
    assert client.post("/kata-sandi/", own, headers={"origin": EVIL}).status_code == 403


@pytest.mark.asvs("4.1.4", "13.4.4")
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "X"])
def test_odd_methods_are_answered_405_everywhere(method):
    client = Client(raise_request_exception=False)
    found = {
        client.generic(method, address, headers={"x-secret": "word"}).status_code
        for _route, address in ADDRESSES[::3]
    }
    assert found == {405, 401}  # the API asks who calls before it says what it does not offer


@pytest.mark.asvs("13.4.4")
def test_trace_gives_nothing_back(client):
    answer = client.generic("TRACE", "/masuk/", headers={"cookie": "sessionid=abc"})
    assert b"abc" not in answer.content
    assert "TRACE" not in answer["Allow"]


@pytest.mark.asvs("3.7.2", "1.2.2")
@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example"),
        *("javascript:alert(1)", "data:text/html,x", "https:evil.example", "http:///evil.example"),
        *("/%09/evil.example", "https://pug.example.go.id@evil.example/"),
    ],
)
def test_nobody_is_sent_elsewhere(client, elsewhere):
    person = make.village_head()
    answers = [
        client.post("/bahasa/", {"language": "en", "next": elsewhere}),
        client.post(
            "/masuk/",
            {"username": person.username, "password": make.PASSWORD, "next": elsewhere},
        ),
        client.post("/masuk/ulang/", {"password": make.PASSWORD, "next": elsewhere}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert "evil" not in answer.url or answer.url == "/%09/evil.example"
        assert not answer.url.startswith(("//", "/\\", "\\", "javascript", "data", "http"))


@pytest.mark.asvs("4.1.3", "15.3.4", "6.3.1")
def test_what_callers_say_of_their_address_is_not_believed(client, settings):
    from accounts.known import network_of
    from core.origin import address_of

    asked = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=1.2.3.4",
    }
    client.get("/masuk/", headers=asked)
    request = client.get("/masuk/", headers=asked).wsgi_request
    assert address_of(request) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    spoofed = client.get("/masuk/", headers={"X-Forwarded-For": "9.9.9.9, 198.51.100.7"})
    assert address_of(spoofed.wsgi_request) == "198.51.100.7"
    assert network_of("198.51.100.7") == "198.51.100."
    assert network_of("2001:db8:1:2::5") == network_of("2001:db8:1:ffff::1")


@pytest.mark.asvs("4.1.2", "12.2.1")
def test_the_whole_api_refuses_plain_http():
    client = Client(raise_request_exception=False)
    with override_settings(SECURE_SSL_REDIRECT=True):
        plain = [address for _route, address in ADDRESSES if address.startswith("/api/")]
        answers = {client.get(address).status_code for address in plain}
        pages = client.get("/kelola/")
    assert len(plain) > 50
    assert answers == {403}
    assert (pages.status_code, pages.url) == (301, "https://testserver/kelola/")


# -- What browsers report --------------------------------------------------------
REPORT = {
    "csp-report": {
        "document-uri": "https://pug.example.go.id/kegiatan/?search=Siti",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?token=1",
    }
}


@pytest.fixture
def told(monkeypatch, caplog):
    monkeypatch.setattr(csp_reports, "_teller", csp_reports.Teller())
    return lambda: [one.getMessage() for one in caplog.records if one.name == "pug.security"]


def report(client, body) -> int:
    kind = "application/csp-report"
    return client.post("/csp/", json.dumps(body), content_type=kind).status_code


@pytest.mark.asvs("3.4.7")
def test_a_report_is_one_line_without_what_stands_behind_the_question_mark(client, told):
    assert "report-uri /csp/" in client.get("/masuk/")["Content-Security-Policy"]
    assert [report(client, REPORT) for _ in range(30)] == [204] * 30
    [line] = told()
    assert line == "The policy stopped script-src-elem from https://evil.example on /kegiatan/"


@pytest.mark.asvs("3.4.7", "2.4.1", "16.4.1")
def test_reports_do_not_flood_the_log_and_break_nothing(client, told):
    for number in range(100):
        body = {"csp-report": REPORT["csp-report"] | {"effective-directive": f"x{number}"}}
        assert report(client, body) == 204
    assert len(told()) == csp_reports.MOST_LINES
    for odd in (b"", b"[]", b"{", b'{"csp-report": 3}', b"\xff", b"[" * 7_000, b"x" * 500_000):
        assert client.generic("POST", "/csp/", odd).status_code == 204
    assert len(told()) == csp_reports.MOST_LINES


def test_the_hour_after_it_tells_again():
    teller = csp_reports.Teller()
    now = time.monotonic()
    assert [teller.is_new(("a",), now), teller.is_new(("a",), now + 10)] == [True, False]
    assert teller.is_new(("a",), now + 3_700)


# -- security.txt ----------------------------------------------------------------


def test_security_txt_names_whom_to_tell(client, settings):
    settings.SECURITY_CONTACT = "mailto:keamanan@paserkab.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert told["Contact"] == "mailto:keamanan@paserkab.example"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", told["Expires"])
    assert time.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ") > time.gmtime()
    assert not answer.cookies


def test_every_pattern_is_seen():
    """A route that the walk of addresses does not know would escape the tests above."""
    patterns = []

    def walk(resolver):
        for one in resolver.url_patterns:
            patterns.append(one) if isinstance(one, URLPattern) else walk(one)

    walk(get_resolver())
    assert len(patterns) == len(list(routes()))
    assert ROUTES.keys() >= {row_key(route) for route, _ in routes()} - {None}
