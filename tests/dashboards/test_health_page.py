"""The page "Kesehatan sistem": the same lights as monitors see, in words for an office."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import health, metrics
from core.models import HealthMark, RequestCount, Span
from dashboards import health_figures
from dashboards.health_words import WORDS
from tests import make

pytestmark = pytest.mark.django_db
STOP = "submit|sync|upload|server|cache|token|session|valid|invalid|error|field|database|offline"


@pytest.fixture
def page(client):
    client.force_login(make.officer())
    return lambda: client.get(reverse("dashboards:health"))


def plain(response) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    main = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.asvs("13.4.5")
@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("leader", 403), ("village_head", 403)]
)
def test_for_who_looks_after_people_or_reads_the_trail(client, role, status):
    area = {"village": make.village()} if role == "village_head" else {}
    client.force_login(make.person(role, **area))
    assert client.get(reverse("dashboards:health")).status_code == status


def test_a_calm_day_says_that_nothing_is_to_be_done(page, settings):
    settings.BACKUP_RECIPIENTS = "keys"
    HealthMark.objects.create(name="backup", ok=True)
    text = plain(page())
    assert "Portal sehat. Tidak ada yang perlu dilakukan." in text
    assert not re.search(rf"\b({STOP})\b", text, re.I)


def test_what_is_worth_a_look_is_counted_though_nobody_is_called_for_it(page):
    text = plain(page())
    assert "Portal sehat. 1 hal perlu dilihat." in text
    assert "Salinan belum diatur" in text
    assert not re.search(rf"\b({STOP})\b", text, re.I)


def test_trouble_comes_first_with_what_to_do_and_whom_to_call(page):
    HealthMark.objects.create(name="audit", ok=False, detail="row 4711 of 64.01.04.2002")
    text = plain(page())
    assert "1 hal perlu ditangani." in text
    assert text.index("Jejak diubah.") < text.index("Tempat data")
    assert "Hubungi: pengelola mesin portal." in text
    assert "4711" not in text


def test_each_trouble_has_words_of_its_own():
    """Every answer that core.health can give, in every part that can give it."""
    told = {
        "database": ["does not answer"],
        "maintenance": ["on until 2026-01-01T10:00Z"],
        "disk": ["nearly full", "read only", "not there"],
        "migrations": ["3 not applied"],
        "clock": ["was set back"],
        "tend": ["too old", "never ran", "failed"],
        "worker": ["too old", "never ran", "failed"],
        "queue": ["stands still"],
        "rollups": ["differ from the facts", "too old", "never ran"],
        "audit": ["chain is broken", "too old", "never ran"],
        "backup": ["failed", "too old", "never ran", health.OFF],
        "retention": ["failed", "too old", "never ran"],
    }
    assert set(told) == set(WORDS)
    for name, answers in told.items():
        for said in [*answers, health.UNASKED]:
            assert WORDS[name].matter(said) != said, f"{name}: {said}"


def count(at, kind="page", span=Span.MINUTE, **numbers):
    RequestCount.objects.create(at=at, span=span, kind=kind, **numbers)


def local(day: int, hour: int, minute: int = 0):
    return timezone.localtime().replace(2026, 3, day, hour, minute, 0, 0)


def test_the_month_measures_what_was_promised():
    """March, counted since the 1st: two days of beats without one hour; one failure in 200."""
    now = local(3, 0)
    for day in (1, 2):
        count(local(day, 0), "beat", Span.HOUR, requests=1440 - 30)
    count(local(1, 9), "page", Span.HOUR, requests=150, errors=1, shed=7, within_500=142)
    count(local(2, 9), "receipt", requests=50, within_300=40, within_500=48, within_2000=49)
    count(local(1, 0) - timedelta(hours=1), "page", Span.HOUR, requests=999, errors=999)

    month = health_figures.this_month(now)

    assert (month.minutes.good, month.minutes.all, month.minutes.kept) == (2820, 2880, False)
    assert (month.minutes.allowed, month.minutes.left) == (223, 163)
    assert (month.answers.good, month.answers.all, month.answers.kept) == (192, 193, False)
    assert (month.receipts.good, month.receipts.all, month.receipts.kept) == (49, 50, True)
    assert month.usual == "0.5"


def test_a_month_without_counts_promises_nothing(page):
    month = health_figures.this_month(timezone.now())
    assert month.answers.kept is month.receipts.kept is month.minutes.kept is None
    assert "Belum ada yang diukur." in plain(page())


def test_the_last_day_has_a_column_for_each_hour_and_a_table(page):
    now = timezone.now()
    count(now, requests=120, errors=2, shed=1, within_1000=110)
    count(now - timedelta(hours=30), requests=500)
    count(now, "beat", requests=1)
    hours = health_figures.last_day(now)
    assert len(hours) == 24
    assert (hours[-1].requests, hours[-1].failed, hours[-1].slow) == (120, 3, 7)
    assert sum(one.requests for one in hours) == 120
    html = page().content.decode()
    assert html.count('class="column ') == 24
    assert html.count("column-failed") == 1


@pytest.mark.parametrize(("most", "top"), [(0, 10), (10, 10), (11, 20), (51, 100), (180, 200)])
def test_the_axis_ends_at_a_round_number(most, top):
    hour = health_figures.Hour(timezone.now(), most)
    drawn = health_figures.chart([hour])
    assert drawn.top == top
    assert drawn.columns[0].y >= drawn.ceiling


def test_the_page_costs_as_much_with_many_counts(page, django_assert_max_num_queries):
    for minute in range(40):
        count(timezone.now() - timedelta(minutes=minute), requests=1)
    page()
    with django_assert_max_num_queries(16):
        page()
    assert metrics.HOURS_KEPT.days >= 31, "a whole month is always there"
