"""Two at once, on PostgreSQL: nobody waits for the other in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from accounts import services
from accounts.services import GrantDraft, grants
from tests import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*jobs):
    """Run the jobs in as many threads; their answers or exceptions."""

    def run(job):
        try:
            return job()
        except Exception as error:  # the answer a person would have seen
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_officers_granting_each_other_both_succeed(monkeypatch):
    first, second = make.officer(), make.officer()
    draft = GrantDraft("facilitator", make.village(), date(2026, 1, 1))
    both_hold_their_lock, overlapping = Barrier(2, timeout=20), grants.overlapping

    def met(*told):
        both_hold_their_lock.wait()
        return overlapping(*told)

    monkeypatch.setattr(grants, "overlapping", met)
    answers = at_once(
        lambda: services.grant(second, draft, actor=first),
        lambda: services.grant(first, draft, actor=second),
    )

    assert {answer.user_id for answer in answers} == {first.pk, second.pk}


def test_same_new_username_at_once_is_one_person_and_one_refusal():
    def add():
        return services.add_person(username="kades.baru", name="Baru", actor=None)

    answers = at_once(*[add] * 6)

    refusals = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(refusals) == 5
    assert {getattr(refusal, "code", refusal) for refusal in refusals} == {"taken"}
