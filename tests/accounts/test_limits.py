"""Calls of one key in one minute, counted in the database for all processes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import CallBudget
from accounts.services import create_token
from tests import make
from tests.racing import at_once

NOW = datetime(2026, 3, 4, 5, 6, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WHO = "/api/v1/session/"


@pytest.fixture
def made():
    return create_token(
        make.village_head(), name="x", scopes=["activities:write"], days=30, actor=None
    )


@pytest.fixture(autouse=True)
def small(settings, monkeypatch):
    settings.API_CALLS_PER_MINUTE = 7
    monkeypatch.setattr(limits, "_here", limits.Counter())


def taken(counter, token, calls: int, now=NOW) -> int:
    return sum(counter.take(token, now) for _ in range(calls))


def call(key: str, **headers):
    return Client().get(WHO, headers={"authorization": f"Bearer {key}", **headers})


@pytest.fixture
def still(monkeypatch):
    """The minute does not change while a test counts."""
    monkeypatch.setattr(limits.timezone, "now", lambda: NOW)


@pytest.mark.django_db
class TestAlone:
    def test_never_more_than_the_limit_and_all_of_it(self, made):
        assert taken(limits.Counter(), made.token, 50) == 7
        assert CallBudget.objects.get().taken == 7

    def test_the_next_minute_begins_anew(self, made):
        counter = limits.Counter()
        assert taken(counter, made.token, 10) == 7
        assert taken(counter, made.token, 10, NOW + MINUTE) == 7

    def test_keys_do_not_share(self, made):
        other = create_token(made.token.user, name="y", scopes=["data:read"], days=30, actor=None)
        counter = limits.Counter()
        assert (taken(counter, made.token, 9), taken(counter, other.token, 9)) == (7, 7)

    def test_what_waits_of_an_old_minute_is_not_used_in_the_next(self, made, settings):
        settings.API_CALLS_PER_MINUTE = 600
        first, second = limits.Counter(), limits.Counter()
        assert taken(first, made.token, 1) == 1  # holds 19 more
        late = NOW + MINUTE
        both = taken(first, made.token, 500, late) + taken(second, made.token, 500, late)
        assert both <= 600
        assert CallBudget.objects.get().taken <= 600

    def test_a_clock_a_little_behind_uses_the_minute_that_stands(self, made):
        assert taken(limits.Counter(), made.token, 3, NOW + MINUTE) == 3
        assert taken(limits.Counter(), made.token, 9, NOW) == 4

    def test_a_clock_that_was_far_ahead_stops_nobody(self, made):
        assert taken(limits.Counter(), made.token, 9, NOW + timedelta(days=1)) == 7
        assert taken(limits.Counter(), made.token, 9, NOW) == 7

    def test_few_calls_are_writes(self, made, settings, django_assert_num_queries):
        settings.API_CALLS_PER_MINUTE = 600
        counter = limits.Counter()
        taken(counter, made.token, 20)
        with django_assert_num_queries(1):
            assert taken(counter, made.token, 20) == 20

    def test_refused_calls_are_none(self, made, django_assert_num_queries):
        counter = limits.Counter()
        taken(counter, made.token, 8)
        with django_assert_num_queries(0):
            assert taken(counter, made.token, 100) == 0

    @pytest.mark.parametrize(
        ("limit", "lot"), [(0, 0), (1, 1), (7, 1), (60, 2), (600, 20), (90000, 20)]
    )
    def test_a_lot_is_a_small_part(self, limit, lot):
        assert limits.lot_size(limit) == lot


@pytest.mark.django_db
class TestAtTheDoor:
    def test_answer_says_when_to_come_again(self, made, still):
        assert [call(made.key).status_code for _ in range(8)] == [200] * 7 + [429]

        refused = call(made.key)

        assert refused["Content-Type"] == "application/problem+json"
        assert refused["Retry-After"] == "30"
        assert refused["RateLimit-Policy"] == '"key";q=7;w=60'
        body = refused.json()
        assert (body["status"], body["instance"]) == (429, WHO)
        assert body["code"] == "throttled"

    def test_a_batch_is_one_call(self, made, settings, still):
        settings.API_CALLS_PER_MINUTE = 1
        items = [{"uid": "not one"}] * 200

        def send():
            return Client().post(
                "/api/v1/submissions/",
                {"items": items},
                content_type="application/json",
                headers={"authorization": f"Bearer {made.key}"},
            )

        assert (send().status_code, send().status_code) == (200, 429)

    def test_cookies_are_not_limited(self, made, still):
        client = Client()
        client.force_login(made.token.user)
        assert {client.get(WHO).status_code for _ in range(20)} == {200}
        assert not CallBudget.objects.exists()

    def test_wrong_keys_cost_no_budget(self, made, still):
        assert {call(made.key[:-1] + "!").status_code for _ in range(20)} == {401}
        assert not CallBudget.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_two_processes_never_take_more(self, made, settings):
        settings.API_CALLS_PER_MINUTE = 90
        processes = [limits.Counter(), limits.Counter()]
        jobs = [lambda one=one: taken(one, made.token, 60) for one in processes * 4]

        counts = at_once(*jobs)

        assert all(isinstance(count, int) for count in counts), counts
        assert sum(counts) == 90
        assert CallBudget.objects.get().taken == 90

    def test_the_first_calls_of_a_key_hinder_nobody(self, made):
        """Each process finds no row yet, and one of them makes it."""
        processes = [limits.Counter() for _ in range(4)]
        assert at_once(*[lambda one=one: taken(one, made.token, 1) for one in processes]) == [1] * 4


@pytest.mark.django_db
def test_wait_is_never_nothing(monkeypatch):
    for second in (0, 30, 59):
        moment = NOW.replace(second=second, microsecond=999_999)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert 1 <= limits.KeyLimit().wait() <= 60
