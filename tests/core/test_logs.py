"""The log: one line a record, who did what from where, and nowhere a secret."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.capabilities import Role
from core import logs
from core.middleware import RequestIdFilter
from programs.models import Webhook
from programs.webhooks import signing
from tests import make

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (settings.SECRET_KEY,)


@contextmanager
def listening(form: str = "json"):
    """The text of the portal's log, as production writes it."""
    text, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(text)
    handler.addFilter(RequestIdFilter())
    forms = {"json": logs.JsonLines, "text": logs.TextLines}
    handler.setFormatter(forms[form](SECRETS) if form in forms else logging.Formatter())
    root.addHandler(handler)
    try:
        yield text
    finally:
        root.removeHandler(handler)


def lines(text: io.StringIO, logger: str = "") -> list[dict]:
    found = [json.loads(line) for line in text.getvalue().splitlines()]
    return [one for one in found if one["logger"].startswith(logger)]


def record(message: str, *args: object, fault: BaseException | None = None, **facts):
    made = logging.LogRecord("pug.test", logging.ERROR, "x.py", 1, message, args, None)
    made.exc_info = (type(fault), fault, fault.__traceback__) if fault else None
    made.facts = facts
    return made


@pytest.mark.asvs("16.4.1", "16.2.4")
@pytest.mark.once
def test_a_record_is_one_line_whatever_it_says():
    try:
        raise ValueError('two\nlines " and \u2028 another')
    except ValueError as reason:
        text = logs.JsonLines().format(
            record("forged\r\n{}%s", "\x1b[2J", fault=reason, path="/a\nb")
        )
    assert len(text.splitlines()) == 1
    line = json.loads(text)
    assert line["message"] == "forged\r\n{}\x1b[2J"
    assert line["path"] == "/a\nb"
    assert line["fault"].startswith("Traceback")
    assert line["time"].endswith("Z")
    assert line["level"] == "ERROR"


@pytest.mark.once
def test_text_keeps_its_line_too():
    text = logs.TextLines().format(record("forged\n2026-01-01 INFO all is well \x1b[2J\u2028"))
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


@pytest.mark.asvs("16.2.5")
@pytest.mark.once
@pytest.mark.parametrize("form", [logs.JsonLines, logs.TextLines])
@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("GET /masuk/tautan/Zx81kdkQ_secret/ gone", "Zx81kdkQ_secret"),
        ("key pug_ABCD1234" + "s" * 43, "s" * 43),
        ("sent with whsec_c2VjcmV0c2VjcmV0", "c2VjcmV0c2VjcmV0"),
        ("postgresql://pug_app:hunter22@db.example/pug", "hunter22"),
        ("smtp+tls://office:hun%40ter@mail.example:587", "hun%40ter"),
        ("{'username': 'kades', 'password': 'hunter22 and more'}", "hunter22"),
        ('{"sandi": "hunter22"}', "hunter22"),
        ("password=hunter22&next=/", "hunter22"),
        ("new_password1=hunter22", "hunter22"),
        ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ("Cookie: sessionid=abcdef0123456789; csrftoken=x1y2z3", "x1y2z3"),
        ("otpauth://totp/PUG:officer?secret=JBSWY3DP", "JBSWY3DP"),
        ("AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", "QQPZRY9X8GF2"),
        (f"signed with {settings.SECRET_KEY}", settings.SECRET_KEY),
    ],
)
def test_no_shape_of_a_secret_is_written(form, line, secret):
    """In the message, in a fault and in a fact."""
    try:
        raise ValueError(line)
    except ValueError as reason:
        written = form(SECRETS).format(record("%s", line, fault=reason, path=line))
    assert secret not in written
    assert secret in form(()).format(record("%s", secret[::-1]))[::-1], "the check can fail"


@pytest.mark.once
def test_what_is_no_secret_stays():
    said = "POST /api/v1/submissions/ 200: 12 received, pug_app may not, 3 pins, token list"
    assert json.loads(logs.JsonLines(SECRETS).format(record(said)))["message"] == said


@pytest.mark.asvs("16.2.1", "16.2.2")
@pytest.mark.django_db
def test_a_line_for_each_answer_says_who_and_what(client):
    officer = make.officer()
    client.force_login(officer)
    with listening() as text:
        client.get("/kegiatan/?q=Siti%20Aminah", REMOTE_ADDR="10.1.2.3")
    [line] = lines(text, "pug.request")
    assert line["user"] == str(officer.uid)
    assert line["roles"] == ["officer"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/kegiatan/", 200)
    assert (line["address"], line["event"]) == ("10.1.2.3", "answered")
    assert line["ms"] >= 0
    assert len(line["request_id"]) == 36
    assert "Siti" not in text.getvalue(), "people search for names"


@pytest.mark.asvs("16.3.4")
@pytest.mark.django_db
def test_a_fault_has_its_traceback_and_one_line_besides(client, monkeypatch, settings):
    monkeypatch.setattr("core.health.report", lambda: 1 / 0)
    client.raise_request_exception = False
    with listening() as text:
        client.get("/readyz/")
        client.get("/publik/tidak-ada/")
    faults = [one for one in lines(text) if "fault" in one]
    assert [(one["logger"], one["level"]) for one in faults] == [("django.request", "ERROR")]
    assert "ZeroDivisionError" in faults[0]["fault"]
    assert [one["status"] for one in lines(text, "pug.request")] == [500, 404]
    assert len(lines(text)) == 3


@pytest.mark.asvs("15.3.4", "4.1.3")
@pytest.mark.django_db
def test_an_address_is_believed_of_our_own_proxy_only(client, settings):
    with listening() as text:
        client.get("/masuk/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6")
        settings.TRUSTED_PROXIES = 1
        client.get("/masuk/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.9.9.9")
    assert [one["address"] for one in lines(text, "pug.request")] == ["10.0.0.1", "10.9.9.9"]


@pytest.mark.asvs("16.3.2", "16.3.3")
@pytest.mark.django_db
def test_a_key_is_named_and_a_refused_call_told_as_such(client):
    head = make.village_head()
    made = services.create_token(
        head, name="Pencatat", scopes=["activities:read"], days=30, actor=head
    )
    with listening() as text:
        client.get("/api/v1/activities/", HTTP_AUTHORIZATION=f"Bearer {made.key}")
        client.post("/api/v1/submissions/", HTTP_AUTHORIZATION=f"Bearer {made.key}")
        client.get("/api/v1/activities/", HTTP_AUTHORIZATION="Bearer pug_" + "A" * 51)
        client.force_login(head)
        client.get(reverse("accounts:people"))
    told = lines(text, "pug.request")
    assert [(one["status"], one["event"], one["level"]) for one in told] == [
        (200, "answered", "INFO"),
        (403, "denied", "WARNING"),
        (401, "not signed in", "WARNING"),
        (403, "denied", "WARNING"),
    ]
    assert told[0]["key"] == f"{made.token.lookup} Pencatat"
    assert told[0]["roles"] == [Role.VILLAGE_HEAD]


@pytest.mark.asvs("16.3.1")
@pytest.mark.django_db
def test_signing_in_and_failing_to_are_told(client):
    person = make.officer()
    form = {"username": person.username, "password": make.PASSWORD}
    with listening() as text:
        for _turn in range(5):
            client.post("/masuk/", form | {"password": "salah-sekali-99"})
        client.post("/masuk/", form | {"username": "my own secret by mistake"})
        other = make.officer()
        client.post("/masuk/", form | {"username": other.username})
        client.post("/keluar/")
    events = [(one["event"], one["user"]) for one in lines(text, "pug.security")]
    here = str(person.uid)
    assert events == [
        *[("login.fail", here)] * 4,
        ("login.lock", here),
        ("login.fail", "nobody's name"),
        ("login.succeed", str(other.uid)),
        ("logout", str(other.uid)),
    ]
    assert 429 in [one["status"] for one in lines(text, "pug.request")]
    assert "mistake" not in text.getvalue()


@pytest.mark.asvs("16.2.5")
@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "text", "as Python writes it"])
def test_no_secret_of_a_whole_round_is_in_the_log(client, form):
    """Passwords, links, keys and secrets of webhooks, by the doors people use, then once more in
    a fault. The same round without our lines shows all of them: the scan is not blind."""
    officer, head = make.officer(), make.village_head()
    link = make.link(head)
    made = services.create_token(head, name="x", scopes=["activities:read"], days=30, actor=head)
    hook = Webhook.objects.create(owner=head, name="x", url="https://x.example/")
    secrets = {make.PASSWORD, link.secret, made.key[12:], signing.secret_of(hook)[6:]}
    with listening(form) as text:
        client.post("/masuk/", {"username": officer.username, "password": make.PASSWORD})
        Client().get(f"/masuk/tautan/{link.secret}/")
        client.get("/api/v1/activities/", HTTP_AUTHORIZATION=f"Bearer {made.key}")
        client.get(f"/kegiatan/?token={made.key}&password={make.PASSWORD}")
        try:
            raise RuntimeError(
                f"Bearer {made.key} password={make.PASSWORD!r} /masuk/tautan/{link.secret}/ "
                f"{signing.secret_of(hook)}"
            )
        except RuntimeError:
            logging.getLogger("programs").exception("It broke")
    assert "It broke" in text.getvalue()
    found = {one for one in secrets if one in text.getvalue()}
    assert found == (secrets if form.startswith("as") else set())


@pytest.mark.asvs("16.2.3", "16.2.4")
@pytest.mark.once
@pytest.mark.parametrize(("form", "expected"), [("json", True), ("text", False)])
def test_commands_write_the_same_lines(tmp_path, form, expected):
    """tend and db_worker, as units run them, on a database that is not there."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        "PUG_VAR": str(tmp_path),
        "PUG_LOG": form,
        "DATABASE_URL": f"sqlite://{tmp_path}/none.sqlite3",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "tend", "--once"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = [line for line in done.stderr.splitlines() if "The duty" in line]
    assert len(told) >= 5
    assert all(_is_json(line) == expected for line in told)
    if expected:
        assert all("no such table" in json.loads(line)["fault"] for line in told)


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.mark.once
def test_an_unknown_form_stops_the_start(monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    from pug_portal import env

    monkeypatch.setenv("PUG_LOG", "xml")
    with pytest.raises(ImproperlyConfigured, match="PUG_LOG must be one of json, text"):
        env.one_of("PUG_LOG", ("json", "text"), "json")
