"""Closing while facts change, on PostgreSQL: every record is in the snapshot or comes after it."""

import random
from contextlib import suppress
from datetime import date
from time import sleep

import pytest

from core.errors import Refused, Stale
from programs import closing
from programs.models import Activity, Snapshot
from programs.periods import Period
from programs.services import (
    ask_correction,
    close_period,
    revise_period,
    submit_activities,
    verify_activities,
)
from programs.services import closing as services
from programs.services.closing import checklist
from tests import make
from tests.racing import at_once
from villages.models import Village

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PERIOD = Period(2025)


def writer(seed: int, programs, villages, officer, reviewer):
    """Sends in records of both villages and has some of them verified, all within one commit."""
    dice = random.Random(seed)  # noqa: S311

    def work():
        for _ in range(8):
            day = date(2025, dice.randint(1, 12), 9)
            drafts = [make.draft(dice.choice(programs), one, held_on=day) for one in villages]
            submit_activities(drafts, actor=officer, source="api")
            rows = Activity.objects.filter(pk__in=[one.uid for one in drafts])
            verify_activities(list(rows), actor=reviewer)

    return work


@pytest.fixture
def unhurried(monkeypatch):
    """A while between the parts of a snapshot, in which a writer that was not held could commit."""

    def slowly(*args):
        sleep(0.3)
        return checklist(*args)

    monkeypatch.setattr(services, "checklist", slowly)


def test_a_snapshot_is_of_one_moment_while_records_come_in(unhurried):
    """Every writer verifies one record in each of two villages at once: both are in, or neither;
    and what is not in is among the changes since, exactly."""
    villages = [make.village(), make.village("64.01.05.2001", "Kerang")]
    programs = [make.program(*villages) for _ in range(3)]
    officer, reviewer = make.officer(), make.officer()
    first = programs[0]
    make.activity(first, held_on=date(2025, 1, 9), verified_by=reviewer)

    def office():
        taken = [close_period(make.regency(), PERIOD, actor=reviewer)]
        for number in range(4):
            with suppress(Refused):  # nothing was committed between two revisions
                taken.append(
                    revise_period(make.regency(), PERIOD, actor=reviewer, reason=str(number))
                )
        return taken

    answers = at_once(
        office, *[writer(seed, programs, villages, officer, reviewer) for seed in range(4)]
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    every = Village.objects.all()
    verified = Activity.objects.filter(state="verified").count()
    for taken in Snapshot.objects.filter(closing=True):
        figures = closing.figures_of(taken)
        here, there = (
            {v.code: v.heads["activities"] for v in figures.villages}.get(code, 0)
            for code in ("64.01.04.2002", "64.01.05.2001")
        )
        assert here - 1 == there  # one of Janju was there before the race
        later = closing.steps_since(taken, every).filter(step="verified")
        assert here + there + later.count() == verified
        assert closing.verify(taken)


def test_two_officers_close_at_once_and_one_is_told():
    make.village()
    one, two = make.officer(), make.officer()
    answers = at_once(
        *[lambda o=o: close_period(make.regency(), PERIOD, actor=o) for o in (one, two, one, two)]
    )
    assert sum(isinstance(answer, Snapshot) for answer in answers) == 1
    assert sum(isinstance(answer, Stale) for answer in answers) == 3


def test_a_double_press_asks_once():
    head = make.village_head()
    snapshot = close_period(make.regency(), PERIOD, actor=make.officer())
    at_once(
        *[
            lambda: ask_correction(snapshot, village=make.village(), actor=head, reason="Kurang")
            for _ in range(6)
        ]
    )
    assert snapshot.requests.count() == 1
