"""Counts of requests: kept cheaply, summed over processes, lost by nothing but a kill."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from core import marks, metrics
from core.models import RequestCount, Span
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def here(monkeypatch):
    """A process that has counted nothing yet."""
    fresh = metrics.Counts()
    for name in ("is_due", "flush"):
        monkeypatch.setattr(metrics, name, getattr(fresh, name))
    monkeypatch.setattr(metrics, "_here", fresh)
    return fresh


def test_requests_of_each_kind_are_counted_after_the_answer(client, settings, here):
    settings.METRICS_EVERY = 0
    head = make.village_head()
    client.force_login(head)
    for address in ("/masuk/", "/api/v1/activities/", "/healthz/", "/readyz/", "/tidak-ada/"):
        client.get(address)
    client.post("/api/v1/submissions/", "{}", content_type="application/json")
    found = dict(RequestCount.objects.values_list("kind", "requests"))
    assert found == {"page": 2, "api_read": 1, "receipt": 1}


def test_no_request_writes_before_it_is_time(client, settings, here, django_assert_num_queries):
    settings.METRICS_EVERY = 3600
    client.get("/masuk/")
    with django_assert_num_queries(0):
        for _turn in range(5):
            client.get("/masuk/")
    assert not RequestCount.objects.exists()


def test_classes_of_duration_and_failures(here):
    answers = [(200, 0.04), (200, 0.4), (404, 1.9), (200, 7), (500, 0.01), (503, 0.01)]
    for status, seconds in answers:
        here.add("page", status, seconds, NOON)
    here.flush()
    row = RequestCount.objects.get()
    assert (row.requests, row.errors, row.shed) == (6, 1, 1)
    assert [getattr(row, name) for name in metrics.NAMES] == [1, 1, 1, 1, 2, 2, 3, 3]


def test_processes_make_one_sum(here):
    other = metrics.Counts()
    for process, times in ((here, 3), (other, 4)):
        for _turn in range(times):
            process.add("page", 200, 0.1, NOON + timedelta(seconds=40))
        process.flush()
    assert list(RequestCount.objects.values_list("at", "requests")) == [(NOON, 7)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_processes_at_once_lose_no_count():
    def count():
        process = metrics.Counts()
        for turn in range(20):
            process.add(("page", "api_read")[turn % 2], 200, 0.1, NOON)
            process.flush()
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(RequestCount.objects.values_list("kind", "requests")) == [
        ("api_read", 60),
        ("page", 60),
    ]


def test_what_the_database_did_not_take_comes_later(here, monkeypatch):
    here.add("page", 200, 0.1, NOON)
    with monkeypatch.context() as away:
        away.setattr(metrics, "_store", _refuse)
        here.flush()
    here.add("page", 200, 0.1, NOON)
    here.flush()
    assert RequestCount.objects.get().requests == 2


def _refuse(rows):
    raise DatabaseError("gone")


def test_what_waits_is_bounded(here, monkeypatch):
    monkeypatch.setattr(metrics, "_MOST", 10)
    for minute in range(30):
        here.add("page", 200, 0.1, NOON + timedelta(minutes=minute))
    here.flush()
    kept = list(RequestCount.objects.order_by("at").values_list("at", flat=True))
    assert kept == [NOON + timedelta(minutes=minute) for minute in range(20, 30)]


def test_old_minutes_become_hours_and_old_hours_go(here):
    now = timezone.now().replace(minute=30, second=0, microsecond=0)
    for age in (timedelta(0), timedelta(days=3), timedelta(days=3, minutes=1), timedelta(days=36)):
        here.add("page", 200, 0.1, now - age)
    here.flush()
    metrics.tidy()
    metrics.tidy()
    rows = RequestCount.objects.order_by("at").values_list("span", "requests", "within_100")
    assert list(rows) == [(Span.HOUR, 2, 2), (Span.MINUTE, 1, 1)]


def test_a_beat_counts_one_minute_however_often_it_comes():
    for _turn in range(3):
        marks.beat()
    assert RequestCount.objects.get(kind="beat").requests in (1, 2)  # a minute may have ended
