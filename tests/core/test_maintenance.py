"""Closed for a while: a page that needs no database, an answer that tools and phones understand."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import maintenance

pytestmark = pytest.mark.once  # and without a database: a query would fail the test


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def command(*words: str) -> str:
    out = io.StringIO()
    call_command("maintenance", *words, stdout=out)
    return out.getvalue()


def test_pages_say_until_when_and_that_nothing_is_lost(client):
    command("on", "--minutes", "20", "--why", "Pemindahan <ke> mesin baru.")
    answer = client.get("/ringkasan/")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert 60 < int(answer["Retry-After"]) <= 1200
    until = timezone.localtime(maintenance.closure().until)
    assert f"{until:%H.%M} WITA" in text
    assert "Pemindahan &lt;ke&gt; mesin baru." in text
    assert "Data Anda aman" in text
    assert 'lang="id"' in text
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Request-ID"]


@pytest.mark.parametrize("address", ["/", "/masuk/", "/publik/", "/desa/", "/admin/", "/tidak/"])
def test_every_page_is_closed(client, address):
    command("on")
    assert client.get(address).status_code == client.post(address).status_code == 503


def test_tools_and_phones_are_asked_to_come_again(client):
    command("on", "--minutes", "5")
    answer = client.post("/api/v1/submissions/", "{}", content_type="application/json")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert 60 < int(answer["Retry-After"]) <= 300
    assert answer.json()["code"] == "maintenance"
    english = client.get("/api/v1/session/", HTTP_ACCEPT_LANGUAGE="en").json()
    assert english["detail"] != answer.json()["detail"]


def test_monitors_still_hear_that_the_process_lives(client):
    command("on")
    assert client.get("/healthz/").status_code == 200


@pytest.mark.django_db
def test_it_is_open_again_at_once(client):
    assert client.get("/masuk/").status_code == 200
    command("on")
    assert client.get("/masuk/").status_code == 503
    assert "open" in command("off")
    assert client.get("/masuk/").status_code == 200
    assert "already" in command("off")


def test_longer_than_planned_is_said_and_stays_closed(client, place):
    command("on")
    maintenance.close(timezone.now() - timedelta(minutes=3))
    answer = client.get("/masuk/")
    assert answer.status_code == 503
    assert "lebih lama" in answer.content.decode()
    assert answer["Retry-After"] == "60"


@pytest.mark.parametrize("content", ["", "{", '{"until": "soon", "why": 3}', "\x00", "[]"])
def test_a_flag_made_by_hand_closes_too(client, place, content):
    (place / "maintenance.on").write_text(content)
    answer = client.get("/masuk/")
    assert answer.status_code == 503
    assert 60 <= int(answer["Retry-After"]) <= 900


def test_nginx_finds_a_page_of_its_own(place):
    command("on", "--why", "Ganti disk")
    page = place / "maintenance.html"
    assert "Ganti disk" in page.read_text()
    assert oct(os.stat(page).st_mode)[-3:] == "644"
    assert sorted(path.name for path in place.iterdir()) == ["maintenance.html", "maintenance.on"]
    assert "closed, as planned until" in command("show")


@pytest.mark.parametrize("minutes", ["0", "1441"])
def test_odd_times_are_refused(minutes, place):
    with pytest.raises(CommandError, match="1 to 1440"):
        command("on", "--minutes", minutes)
    assert not list(place.iterdir())
