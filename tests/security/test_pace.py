"""Limits that stop who empties or fills the portal, and spare a village behind one address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts import known, pace
from accounts.models import Pace
from core.models import AuditEntry
from tests import make
from tests.racing import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.asvs("2.4.1", "2.3.2", "15.2.2")]
NOW = datetime(2026, 3, 4, 5, 6, 30, tzinfo=UTC)
WRONG = "wrong-word-1"
FEW = pace.Budget("writes", 5, 3600)


@pytest.fixture(autouse=True)
def counting(settings, monkeypatch):
    settings.PAGES_PER_MINUTE = 600
    monkeypatch.setattr(pace, "_here", pace.Pacer())
    monkeypatch.setattr(pace, "timezone", SimpleNamespace(now=lambda: NOW))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_files_end_at_sixty_an_hour_and_say_when_to_go_on(monkeypatch):
    monkeypatch.setattr(pace, "FILES", pace.Budget("files", 3, 3600))
    client = signed_in(make.village_head())
    assert [client.get("/kegiatan/?format=xlsx").status_code for _ in range(3)] == [200] * 3
    answer = client.get("/kegiatan/?format=csv")
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(3600 - 6 * 60 - 30 + 1)
    assert "54 " in answer.content.decode()
    assert client.get("/kegiatan/").status_code == 200
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr(pace, "timezone", SimpleNamespace(now=lambda: later))
    assert client.get("/kegiatan/?format=csv").status_code == 200


def test_a_search_counts_as_a_page_and_tools_get_a_problem(settings):
    settings.PAGES_PER_MINUTE = 4
    client = signed_in(make.village_head())
    assert [client.get(f"/kegiatan/?search={n}").status_code for n in range(4)] == [200] * 4
    answer = client.get("/api/v1/session/")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) <= 31
    assert client.post("/keluar/").status_code == 302  # leaving is always free


def test_writing_ends_and_looking_goes_on(monkeypatch):
    monkeypatch.setattr(pace, "WRITES", pace.Budget("writes", 2, 3600))
    client = signed_in(make.village_head())
    assert [client.post("/kata-sandi/", {}).status_code for _ in range(3)] == [422, 422, 429]
    assert client.get("/kata-sandi/").status_code == 200


def test_a_neighbour_behind_the_same_address_notices_nothing(settings):
    settings.PAGES_PER_MINUTE = 2
    one, other = signed_in(make.village_head()), signed_in(make.village_head())
    assert [one.get("/kegiatan/").status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("/kegiatan/").status_code == 200


def test_nobody_is_counted_before_she_is_in_and_keys_have_their_own():
    Client().get("/masuk/")
    assert not Pace.objects.exists()


def test_processes_share_one_count():
    """Two serving processes never give out more than the limit between them."""
    person, given = make.village_head(), []
    for pacer in (pace.Pacer(), pace.Pacer()):
        given += [pacer.take(person, FEW, NOW) for _ in range(5)]
    assert sum(given) == 5
    assert Pace.objects.get().taken == 5


def test_an_old_window_is_over_and_a_clock_ahead_stops_nobody():
    person = make.village_head()
    assert sum(pace.Pacer().take(person, FEW, NOW + timedelta(days=1)) for _ in range(9)) == 5
    assert sum(pace.Pacer().take(person, FEW, NOW) for _ in range(9)) == 5


def test_work_within_the_limits_costs_few_statements(django_assert_num_queries):
    person, pacer, wide = make.village_head(), pace.Pacer(), pace.Budget("pages", 600, 60)
    pacer.take(person, wide, NOW)
    with django_assert_num_queries(0):
        assert all(pacer.take(person, wide, NOW) for _ in range(19))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_take_more():
    person = make.village_head()
    given = at_once(*[lambda: pace.Pacer().take(person, FEW, NOW)] * 12)
    assert sum(given) == 5


# -- Guessing from one network -----------------------------------------------------


def guess(client, name: str, address: str = "203.0.113.9", password: str = WRONG):
    sent = {"username": name, "password": password}
    return client.post("/masuk/", sent, REMOTE_ADDR=address)


@pytest.fixture
def guessed(monkeypatch):
    """One name each of many, from one network: no single account waits for it."""
    monkeypatch.setattr(known, "MOST", 12)
    for number in range(12):
        assert guess(Client(), f"nobody{number}").status_code == 422


@pytest.mark.asvs("6.3.1", "6.1.1")
def test_a_network_that_guesses_waits_with_names_new_to_the_browser(guessed):
    head = make.village_head()
    stranger = guess(Client(), head.username, "203.0.113.200", make.PASSWORD)
    assert stranger.status_code == 429
    assert guess(Client(), head.username, "198.51.100.1", make.PASSWORD).status_code == 302


@pytest.mark.asvs("6.3.1")
def test_a_phone_that_was_here_before_goes_on_behind_that_network(monkeypatch):
    head, phone = make.village_head(), Client()
    assert guess(phone, head.username, password=make.PASSWORD).status_code == 302
    phone.post("/keluar/")
    monkeypatch.setattr(known, "MOST", 3)
    for number in range(3):
        guess(Client(), f"nobody{number}")
    assert guess(Client(), head.username, password=make.PASSWORD).status_code == 429
    assert guess(phone, head.username, password=make.PASSWORD).status_code == 302


def test_the_mark_of_another_person_helps_nobody(guessed):
    head, other, phone = make.village_head(), make.village_head(), Client()
    assert guess(phone, other.username, "198.51.100.1", make.PASSWORD).status_code == 302
    phone.post("/keluar/")
    assert guess(phone, head.username, password=make.PASSWORD).status_code == 429
    phone.cookies["known"] = phone.cookies["known"].value[:-3] + "abc"
    assert guess(phone, other.username, password=make.PASSWORD).status_code == 429


def test_a_quarter_of_an_hour_later_all_is_forgotten(guessed, monkeypatch):
    monkeypatch.setattr(known, "WITHIN", timedelta(0))
    head = make.village_head()
    assert guess(Client(), head.username, password=make.PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(action="login.succeed").exists()
