"""Many at once, on PostgreSQL: one row, one winner, and no count lost."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import OperationalError, connection, transaction

from accounts.services import create_token
from core.errors import Stale
from core.identifiers import uuid7
from programs.models import Activity, Program, State, Submission, VillagePeriod
from programs.rollups import differences
from programs.services import (
    Target,
    change_program,
    confirm_activity,
    merge_twin,
    record_gap_approval,
    return_activity,
    submit_activities,
    verify_activity,
    void_activity,
)
from tests import make
from tests.racing import at_once
from villages.models import Village

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_same_uid_from_50_clients_is_one_row_and_50_equal_answers():
    head, draft = make.village_head(), make.draft(make.program())

    answers = at_once(
        *[lambda: submit_activities([draft], actor=head, source="api") for _ in range(50)]
    )

    outcomes = [answer[0] for answer in answers]
    assert Activity.objects.count() == 1
    assert {one.word for one in outcomes} == {"accepted", "duplicate"}
    assert sum(one.word == "accepted" for one in outcomes) == 1
    assert len({(one.number, one.received_at) for one in outcomes}) == 1


def test_overlapping_batches_in_any_order_neither_double_nor_deadlock():
    head, program = make.village_head(), make.program()
    drafts = [make.draft(program) for _ in range(20)]

    def shuffled(seed):
        mine = random.Random(seed).sample(drafts, len(drafts))  # noqa: S311
        return lambda: submit_activities(mine, actor=head, source="api")

    answers = at_once(*[shuffled(seed) for seed in range(8)])

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Activity.objects.count() == 20
    assert VillagePeriod.objects.get(semester=0).activities == 20


@pytest.mark.asvs("2.3.4")
def test_two_reviewers_at_once_one_wins_and_the_other_is_told():
    for _ in range(5):
        activity = make.activity(make.program())
        one, two = make.officer(), make.officer()
        answers = at_once(
            lambda a=activity, o=one: verify_activity(
                Activity.objects.get(pk=a.pk), actor=o, version=1
            ),
            lambda a=activity, o=two: return_activity(
                Activity.objects.get(pk=a.pk), actor=o, version=1, reason="x"
            ),
        )
        assert sum(isinstance(answer, Stale) for answer in answers) == 1
        activity.refresh_from_db()
        assert activity.version == 2
        assert activity.state in {State.VERIFIED, State.RETURNED}


@pytest.mark.asvs("2.3.4")
def test_no_count_is_lost_when_many_write_to_the_same_villages():
    villages = [make.village(), make.village("64.01.04.2003", "Tepian Batang")]
    programs = [make.program(*villages) for _ in range(3)]
    officer, reviewer = make.officer(), make.officer()

    def busy(seed):
        dice = random.Random(seed)  # noqa: S311

        def work():
            for _ in range(6):
                drafts = [
                    make.draft(dice.choice(programs), dice.choice(villages))
                    for _ in range(dice.randint(1, 4))
                ]
                submit_activities(drafts, actor=officer, source="api")
                verify_activity(Activity.objects.get(pk=drafts[0].uid), actor=reviewer, version=1)

        return work

    answers = at_once(*[busy(seed) for seed in range(6)])

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert list(differences(list(Village.objects.values_list("pk", flat=True)))) == []


def test_voiding_the_first_while_its_twin_is_verified_waits_and_does_not_deadlock():
    for _ in range(3):
        officer, program = make.officer(), make.program()
        first = make.activity(program)
        second = make.activity(program, author=make.person("facilitator", village=make.village()))
        merge_twin(second, canonical=first, actor=officer)
        answers = at_once(
            lambda a=first, o=officer: void_activity(
                Activity.objects.get(pk=a.pk), actor=o, version=1, reason="x"
            ),
            lambda a=second, o=officer: verify_activity(
                Activity.objects.get(pk=a.pk), actor=o, version=2
            ),
        )
        assert not [answer for answer in answers if isinstance(answer, OperationalError)]
    assert list(differences(list(Village.objects.values_list("pk", flat=True)))) == []


def test_a_plan_changed_while_records_come_in_leaves_no_difference():
    officer = make.officer()
    for _ in range(4):
        program = make.program(target_group="men", gender_marker=1)
        answers = at_once(
            lambda p=program: record_gap_approval(p, actor=officer, approved_on=date(2026, 1, 1)),
            *[
                lambda p=program: submit_activities(
                    [make.draft(p, women_participants=0)], actor=officer, source="api"
                )
                for _ in range(3)
            ],
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert list(differences(list(Village.objects.values_list("pk", flat=True)))) == []


def test_a_village_leaves_a_program_or_a_record_comes_in_never_both():
    officer, kept = make.officer(), make.village("64.01.04.2003", "Tepian Batang")
    for _ in range(4):
        leaving, program = make.village(), make.program(make.village(), kept)
        answers = at_once(
            lambda p=program: change_program(
                Program.objects.get(pk=p.pk), [Target(kept)], actor=officer, version=1
            ),
            lambda p=program: submit_activities([make.draft(p)], actor=officer, source="api"),
        )
        accepted = isinstance(answers[1], list) and answers[1][0].ok
        assert program.targets.filter(village=leaving).exists() == accepted


def test_a_double_press_confirms_once():
    activity = make.activity(make.program())
    witness = make.person("facilitator", village=make.village())
    at_once(
        *[
            lambda: confirm_activity(Activity.objects.get(pk=activity.pk), actor=witness)
            for _ in range(8)
        ]
    )
    assert activity.reviews.filter(step="confirmed").count() == 1


def test_postgresql_ends_the_connection_in_mid_request(live_server):
    """The request fails cleanly, nothing half stored; the same one sent again succeeds."""
    head, program = make.village_head(), make.program()
    key = create_token(head, name="x", scopes=["activities:write"], days=30, actor=None).key
    body = {"items": [{**make.content(program), "uid": str(uuid7())}]}

    def send():
        return _post(f"{live_server.url}/api/v1/submissions/", body, key)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        list(Village.objects.select_for_update())  # the request has to wait here
        waiting = pool.submit(send)
        _terminate_whoever_waits()
        status, problem = waiting.result(timeout=20)

    assert status == 503
    assert problem["code"] == "unavailable"
    assert not Submission.objects.exists()
    status, answer = send()
    assert status == 200
    assert answer["summary"]["accepted"] == 1


def _post(address: str, body: dict, key: str) -> tuple[int, dict]:
    request = Request(  # noqa: S310 - the test's own server
        address,
        json.dumps(body, default=str).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as answer:
        return answer.code, json.load(answer)


def _terminate_whoever_waits() -> None:
    """End the one server process that waits for a lock, as a restart of PostgreSQL would."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pid) from pg_locks where not granted")
            if cursor.fetchall():
                return
        time.sleep(0.05)
    raise AssertionError("the request never came to wait")
