"""Headers, cookies and settings of a real installation; the middleware every request passes."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests import make

pytestmark = pytest.mark.once

PRODUCTION = {
    "PUG_SECRET_KEY": "x9-" + "kTq7Lw2Zr8" * 6,
    "PUG_ALLOWED_HOSTS": "pug.example.go.id",
    "PUG_TRUSTED_PROXIES": "1",
}


def manage(*args, tmp_path, **environment) -> subprocess.CompletedProcess:
    """One command with the environment of a real installation, and nothing of this test run."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PUG_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=settings.BASE_DIR,
        env=kept | PRODUCTION | {"PUG_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.asvs("13.4.2")
def test_deploy_check_has_nothing_to_say(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.asvs("13.3.1")
@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"PUG_SECRET_KEY": "short"}, "PUG_SECRET_KEY"),
        ({"PUG_SECRT_KEY": "x"}, "PUG_SECRT_KEY"),
        ({"PUG_DEMO": "yes"}, "PUG_DEMO"),
    ],
)
def test_wrong_environment_refuses_to_start(tmp_path, environment, word):
    done = manage("check", tmp_path=tmp_path, **environment)

    assert done.returncode != 0
    assert word in done.stderr


ASK = """
import json
from django.test import Client
asked = Client(SERVER_NAME="pug.example.go.id")
page = asked.get("/masuk/", secure=True)
plain = asked.get("/masuk/")
spoken = asked.post("/bahasa/", {"language": "en"}, secure=True)
BARE = ["/static/", "/static/css/", "/.git/config", "/.env", "/manage.py", "/media/", "/nothing/",
        "/static/../manage.py", "/static/%2e%2e/manage.py", "/var/pug.sqlite3", "/api/v1/nothing/"]
bare = {path: asked.get(path, secure=True) for path in BARE}
bare["TRACE"] = asked.generic("TRACE", "/masuk/", secure=True)
bare["csp"] = asked.post("/csp/", secure=True)
bare["http"] = asked.get("/api/v1/session/")
bare["language"] = spoken
from django.conf import settings as s
print(json.dumps({
    "names": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME,
              s.MESSAGE_COOKIE_NAME, s.KNOWN_COOKIE_NAME],
    "bare": {path: [one.status_code, dict(one.headers)] for path, one in bare.items()},
    "language": {name: dict(m.items()) for name, m in spoken.cookies.items()},
    "headers": {name.lower(): value for name, value in page.headers.items()},
    "cookies": {name: dict(morsel.items()) for name, morsel in page.cookies.items()},
    "plain": [plain.status_code, plain.headers.get("Location")],
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What the login page answers in a real installation."""
    folder = tmp_path_factory.mktemp("production")
    done = manage("collectstatic", "--noinput", "-v0", tmp_path=folder)
    assert done.returncode == 0, done.stderr
    done = manage("shell", "-v0", "-c", ASK, tmp_path=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.asvs("3.4.1", "3.4.4", "3.4.5", "3.4.8")
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
    ],
)
def test_production_header(production, header, value):
    assert production["headers"][header] == value


@pytest.mark.asvs("3.4.3", "3.4.6", "3.7.1", "14.2.3")
def test_production_policy_allows_no_inline_code(production):
    policy = dict(
        part.strip().split(" ", 1)
        for part in production["headers"]["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["form-action"] == "'self'"
    for closed in ("base-uri", "object-src", "frame-ancestors"):
        assert policy[closed] == "'none'"
    assert "unsafe" not in str(policy)


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
def test_production_cookie_is_bound_to_the_host(production):
    cookie = production["cookies"]["__Host-csrftoken"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
def test_every_cookie_of_production_is_bound_to_the_host(production):
    assert all(name.startswith("__Host-") for name in production["names"])
    cookie = production["language"]["__Host-language"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


@pytest.mark.asvs("3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6")
def test_no_answer_of_production_is_bare(production):
    for path, (_status, headers) in production["bare"].items():
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000; include"), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path


@pytest.mark.asvs("13.4.1", "13.4.3", "13.4.4", "13.4.2")
def test_production_lists_nothing_and_gives_out_no_file_of_its_own(production):
    statuses = {path: status for path, (status, _headers) in production["bare"].items()}
    assert (statuses.pop("csp"), statuses.pop("language")) == (204, 302)
    assert (statuses.pop("http"), statuses.pop("TRACE")) == (403, 405)
    assert set(statuses.values()) == {404}


@pytest.mark.asvs("3.3.1", "3.3.3", "3.3.4")
def test_production_names_the_session_cookie_after_the_host(tmp_path):
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN)"
    )
    done = manage("shell", "-v0", "-c", code, tmp_path=tmp_path)

    assert done.stdout.splitlines()[-1] == "__Host-sessionid True True Lax None", done.stderr


@pytest.mark.asvs("12.2.1")
def test_production_sends_plain_http_away(production):
    assert production["plain"] == [301, "https://pug.example.go.id/masuk/"]


# -- Middleware ----------------------------------------------------------------
@pytest.mark.asvs("16.2.1")
@pytest.mark.django_db
def test_each_answer_carries_its_own_request_id(client):
    first, second = client.get("/masuk/"), client.get("/nothing/")

    assert len(first["X-Request-ID"]) == 36
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.asvs("16.4.1", "4.1.3")
@pytest.mark.django_db
def test_caller_cannot_choose_the_request_id(client):
    answer = client.get("/masuk/", headers={"x-request-id": "forged\nline"})

    assert "forged" not in answer["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip"]
)
def test_demo_answers_nobody_behind_a_proxy(client, settings, header):
    headers = {header: "10.0.0.7"}
    assert client.get("/masuk/", headers=headers).status_code == 200
    settings.PUG_DEMO = True

    answer = client.get("/masuk/", headers=headers)

    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("text/plain")
    assert client.get("/masuk/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [(None, "en", "id"), ("en", "id", "en"), ("xx", "en", "id")],
)
def test_pages_are_indonesian_unless_chosen(client, cookie, accept, language):
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie

    page = client.get("/masuk/", headers={"accept-language": accept})

    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.asvs("14.3.2", "14.2.2")
@pytest.mark.django_db
def test_page_of_a_signed_in_person_stays_in_no_cache(client):
    client.force_login(make.person())

    answer = client.get("/kata-sandi/")

    assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


@pytest.mark.asvs("3.5.1")
@pytest.mark.django_db
def test_form_from_elsewhere_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.person())

    assert client.post("/kata-sandi/", {}).status_code == 403
    assert client.post("/keluar/", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get("/kata-sandi/").status_code == 200
