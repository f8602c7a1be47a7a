"""Two at once, on PostgreSQL: nobody waits for the other in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from accounts import services
from accounts.links import opened_by
from accounts.models import User
from accounts.services import GrantDraft, grants
from core.errors import Stale
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


def test_one_link_used_by_many_at_once_lets_one_in():
    made = make.link(make.village_head())
    words = [f"kata-sandi-panjang-nomor-{number}" for number in range(6)]

    answers = at_once(*[lambda word=word: services.use_link(made.link, word) for word in words])

    refusals = [answer for answer in answers if isinstance(answer, Exception)]
    assert {getattr(refusal, "code", refusal) for refusal in refusals} == {"link_over"}
    assert len(refusals) == len(words) - 1
    person = User.objects.get(pk=made.link.person_id)
    [winner] = [word for word, answer in zip(words, answers, strict=True) if answer == person]
    assert person.check_password(winner)
    assert person.session_version == 1


def test_two_links_made_at_once_leave_one_open():
    head = make.village_head()

    made = at_once(*[lambda: services.make_link(head, actor=None)] * 4)

    assert [answer for answer in made if isinstance(answer, Exception)] == []
    assert sum(opened_by(one.secret) is not None for one in made) == 1


@pytest.mark.parametrize("_round", range(5))
def test_link_withdrawn_while_it_is_used_does_one_of_the_two(_round):
    made = make.link(make.village_head())

    used, _withdrawn = at_once(
        lambda: services.use_link(made.link, "kopi-tubruk-di-beranda"),
        lambda: services.revoke_link(made.link, actor=None),
    )

    made.link.refresh_from_db()
    assert bool(made.link.used_at) == isinstance(used, User)
    assert bool(made.link.used_at) != bool(made.link.revoked_at)


@pytest.mark.parametrize("_round", range(5))
def test_password_changed_while_the_link_is_used_waits_for_nobody_in_a_circle(_round):
    made = make.link(make.village_head())
    services.begin_device(made.link.person, "HP")
    person = User.objects.get(pk=made.link.person_id)

    used, changed, reset = at_once(
        lambda: services.use_link(made.link, "kopi-tubruk-di-beranda"),
        lambda: services.change_password(person, "sesuatu-yang-baru-99"),
        lambda: services.reset_password(User.objects.get(pk=person.pk), actor=None),
    )

    made.link.refresh_from_db()
    assert isinstance(changed, User)
    assert isinstance(reset, str)
    assert isinstance(used, User | Stale)
    assert bool(made.link.used_at) == isinstance(used, User)
    assert bool(made.link.used_at) != bool(made.link.revoked_at)


def test_village_handed_over_twice_at_once_has_one_new_head():
    held, officer = make.village_head().grants.get(), make.officer()

    answers = at_once(
        *[
            lambda name=name: services.hand_over(
                held, services.Newcomer(name, "Baru"), actor=officer
            )
            for name in ("kades.a", "kades.b", "kades.c")
        ]
    )

    assert sum(isinstance(answer, Stale) for answer in answers) == 2
    assert User.objects.filter(username__startswith="kades.").count() == 1
