"""Where an agreement stands: one agreement and a query say the same on every day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mou.models import Agreement, Standing
from mou.standing import days_left, live, standing_of, stands
from tests.mou import made_agreements as made

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
STOPPED = date(2026, 6, 30)
DAYS = sorted(
    {
        edge + timedelta(days=step)
        for edge in (FIRST, LAST, STOPPED, LAST - timedelta(days=90), STOPPED - timedelta(days=90))
        for step in (-1, 0, 1)
    }
)


@pytest.fixture
def everything(db):
    """Agreements of every shape, by name."""
    tpp, now = made.partner(), timezone.now()
    ended = {"terminated_on": STOPPED, "termination_reason": "x", "termination_letter": "y"}
    shapes = {
        "draft": {"confirmed_at": None},
        "bare draft": {"confirmed_at": None, "starts_on": None, "ends_on": None},
        "cancelled": {"cancelled_at": now},
        "running": {},
        "without end": {"ends_on": None, "open_ended": True},
        "without days": {"starts_on": None, "ends_on": None},
        "stopped": ended,
        "stopped without end": {"ends_on": None, "open_ended": True, **ended},
        "stopped before it began": {"starts_on": date(2026, 7, 1), **ended},
        "renewed": {},
        "renewed in a draft": {},
        "renewal cancelled": {},
    }
    whole = {"starts_on": FIRST, "ends_on": LAST, "confirmed_at": now, "form": "mou"}
    rows = {
        name: Agreement.objects.create(regency=tpp.regency, title=name, **whole | values)
        for name, values in shapes.items()
    }
    later = {"starts_on": date(2027, 1, 1), "regency": tpp.regency, "form": "mou"}
    for name, values in {
        "renewed": {"confirmed_at": now},
        "renewed in a draft": {},
        "renewal cancelled": {"confirmed_at": now, "cancelled_at": now},
    }.items():
        Agreement.objects.create(title=f"after {name}", renews=rows[name], **later | values)
    return rows


def test_one_agreement_and_a_query_say_the_same_on_every_day(everything):
    rows = list(Agreement.objects.with_parts())
    for today in DAYS:
        told = {one.title: standing_of(one, today) for one in rows}
        found = {
            title: word
            for word in Standing
            for title in Agreement.objects.filter(stands(word, today)).values_list(
                "title", flat=True
            )
        }
        assert found == told, today
        assert sum(Agreement.objects.filter(stands(word, today)).count() for word in Standing) == (
            len(rows)
        ), f"two words for one agreement on {today}"
        in_force = Agreement.objects.filter(live(today)).values_list("title", flat=True)
        assert set(in_force) == {
            title for title, word in told.items() if word in (Standing.ACTIVE, Standing.ENDING)
        }


@pytest.mark.parametrize(
    ("name", "today", "word"),
    [
        ("draft", FIRST, "draft"),
        ("cancelled", FIRST, "cancelled"),
        ("running", date(2025, 12, 31), "upcoming"),
        ("running", FIRST, "active"),
        ("running", date(2026, 10, 1), "active"),
        ("running", date(2026, 10, 2), "ending"),
        ("running", LAST, "ending"),
        ("running", date(2027, 1, 1), "ended"),
        ("without end", date(2036, 1, 1), "active"),
        ("stopped", date(2026, 6, 30), "ending"),
        ("stopped", date(2026, 7, 1), "terminated"),
        ("renewed", date(2027, 1, 1), "renewed"),
        ("renewed in a draft", date(2027, 1, 1), "ended"),
        ("renewal cancelled", date(2027, 1, 1), "ended"),
    ],
)
def test_the_word_of_a_day(everything, name, today, word):
    assert standing_of(everything[name], today) == word


def test_days_left_count_the_last_day_in(everything):
    assert days_left(everything["running"], LAST) == 1
    assert days_left(everything["running"], date(2027, 1, 1)) == 0
    assert days_left(everything["stopped"], date(2026, 6, 1)) == 30
    assert days_left(everything["without end"], LAST) is None
