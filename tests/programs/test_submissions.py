"""Claim, judge, settle: every activity once, whatever is sent and however often."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.identifiers import uuid7
from core.models import AuditEntry
from programs.drafts import ActivityDraft
from programs.models import Activity, Review, State, Submission, VillagePeriod
from programs.services import submit_activities
from tests import make

pytestmark = pytest.mark.django_db
WITA = ZoneInfo("Asia/Makassar")


def send(actor, *drafts, **values):
    return submit_activities(drafts, actor=actor, source="api", **values)


def codes(outcome) -> dict[str, str]:
    return {problem.field: problem.code for problem in outcome.problems}


def test_accepted_record_has_receipt_number_review_and_audit():
    head, program = make.village_head(), make.program()
    moment = datetime(2026, 11, 5, 14, 7, tzinfo=WITA)

    [outcome] = send(head, make.draft(program), now=moment)

    assert outcome.word == "accepted"
    assert outcome.number == "6401-2611-00001"
    activity = Activity.objects.get()
    assert (activity.author, activity.state, activity.version) == (head, State.SUBMITTED, 1)
    assert Review.objects.get().activity == activity
    assert AuditEntry.objects.filter(object_id=str(activity.pk), actor=head).count() == 1


def test_numbers_follow_each_other_within_a_month_and_start_anew_in_the_next():
    head, program = make.village_head(), make.program()
    november = datetime(2026, 11, 30, 23, 50, tzinfo=WITA)
    december = datetime(2026, 12, 1, 0, 10, tzinfo=WITA)

    first = send(head, make.draft(program), make.draft(program), now=november)
    second = send(head, make.draft(program), now=december)

    numbers = [outcome.number for outcome in first + second]
    assert numbers == ["6401-2611-00001", "6401-2611-00002", "6401-2612-00001"]


def test_the_same_uid_with_the_same_content_is_a_duplicate_with_the_first_receipt():
    head, draft = make.village_head(), make.draft(make.program())

    [first] = send(head, draft)
    [again] = send(head, draft)

    assert again.word == "duplicate"
    assert (again.number, again.received_at) == (first.number, first.received_at)
    assert Activity.objects.count() == 1


def test_the_same_uid_with_other_content_is_a_conflict_and_the_first_is_kept():
    head, program, uid = make.village_head(), make.program(), uuid7()
    send(head, make.draft(program, uid=uid, title="Pertama"))

    [outcome] = send(head, make.draft(program, uid=uid, title="Kedua"))

    assert outcome.word == "conflict"
    assert Activity.objects.get().title == "Pertama"


def test_a_uid_of_somebody_else_is_a_conflict_that_tells_nothing():
    village, program = make.village(), make.program()
    draft = make.draft(program)
    send(make.village_head(village), draft)

    [outcome] = send(make.village_head(village), draft)

    assert outcome.word == "conflict"
    assert outcome.number is None


def test_a_refused_uid_may_be_sent_again_corrected():
    head, program, uid = make.village_head(), make.program(), uuid7()
    [refused] = send(head, make.draft(program, uid=uid, held_on=date(2099, 1, 1)))

    [outcome] = send(head, make.draft(program, uid=uid))

    assert (refused.word, outcome.word) == ("rejected", "accepted")
    assert Submission.objects.get().errors == []


def test_a_refused_record_is_kept_as_evidence():
    head, program = make.village_head(), make.program()
    draft = ActivityDraft(
        uid=uuid7(), content=make.content(program, held_on=date(2099, 1, 1)), raw={"a": 1}
    )

    send(head, draft)

    receipt = Submission.objects.get()
    assert receipt.state == "rejected"
    assert receipt.payload == {"a": 1}
    assert receipt.errors[0]["field"] == "held_on"


def test_one_bad_draft_spoils_no_other():
    head, program = make.village_head(), make.program()

    outcomes = send(
        head,
        make.draft(program),
        make.draft(program, women_participants=-1),
        make.draft(program),
    )

    assert [one.word for one in outcomes] == ["accepted", "rejected", "accepted"]
    assert Activity.objects.count() == 2


def test_the_same_uid_twice_in_one_batch_is_stored_once():
    head, program, uid = make.village_head(), make.program(), uuid7()

    outcomes = send(
        head,
        make.draft(program, uid=uid),
        make.draft(program, uid=uid),
        make.draft(program, uid=uid, title="Lain"),
    )

    assert [one.word for one in outcomes] == ["accepted", "duplicate", "conflict"]
    assert Activity.objects.count() == 1


BAD = {
    "negative": ({"men_participants": -1}, "men_participants", "negative"),
    "too many": ({"women_participants": 10**9}, "women_participants", "too_large"),
    "too much": ({"budget_spent": 10**15}, "budget_spent", "too_large"),
    "future": ({"held_on": date(2099, 1, 1)}, "held_on", "future"),
    "outside years": ({"held_on": date(2019, 5, 1)}, "held_on", "outside_program_years"),
    "no date": ({"held_on": None}, "held_on", "required"),
    "no title": ({"title": "  "}, "title", "required"),
    "no village": ({"village": None}, "village", "required"),
    "unknown village": ({"village": "99.99.99.9999"}, "village", "unknown_village"),
    "no program": ({"program": None}, "program", "required"),
    "unknown program": ({"program": uuid7()}, "program", "not_open_here"),
    "total too small": ({"total_participants": 42}, "total_participants", "total_mismatch"),
    "total too large": ({"total_participants": 44}, "total_participants", "total_mismatch"),
    "unrecorded above total": (
        {
            "women_participants": None,
            "men_participants": None,
            "unrecorded_participants": 6,
            "total_participants": 5,
        },
        "total_participants",
        "total_mismatch",
    ),
    "men left out": ({"men_participants": None}, "men_participants", "half_a_pair"),
    "women left out": ({"men_deciders": 3}, "women_deciders", "half_a_pair"),
    "half a point": ({"latitude": -1.9}, "latitude", "half_a_point"),
}


@pytest.mark.parametrize("case", BAD)
def test_refused_with_the_field_named(case):
    change, field, code = BAD[case]
    head, program = make.village_head(), make.program()

    [outcome] = send(head, make.draft(program, **change))

    assert outcome.word == "rejected"
    assert codes(outcome)[field] == code
    assert not Activity.objects.exists()
    assert not VillagePeriod.objects.exists()


def test_total_with_unrecorded_people_adds_up():
    head, program = make.village_head(), make.program()
    [outcome] = send(head, make.draft(program, unrecorded_participants=2, total_participants=45))
    assert outcome.ok


def test_a_program_of_another_village_is_refused():
    other = make.village("64.01.04.2003", "Tepian Batang")
    program = make.program(other)

    [outcome] = send(make.village_head(), make.draft(program))

    assert codes(outcome) == {"program": "not_open_here"}


def test_another_village_is_refused_as_unknown():
    other = make.village("64.01.04.2003", "Tepian Batang")

    [outcome] = send(make.village_head(), make.draft(make.program(other), other))

    assert codes(outcome) == {"village": "unknown_village"}


def test_a_program_that_is_not_running_takes_no_activities():
    [outcome] = send(make.village_head(), make.draft(make.program(state="completed")))
    assert codes(outcome) == {"program": "program_not_active"}


def test_a_kelurahan_has_no_village_budget():
    ward = make.village("64.01.05.1001", "Kuaro")
    head, program = make.village_head(ward), make.program(ward)

    [refused] = send(head, make.draft(program, ward, fund_source="dana_desa"))
    [accepted] = send(head, make.draft(program, ward, fund_source="apbd"))

    assert codes(refused) == {"fund_source": "no_apbdes"}
    assert accepted.ok


def test_an_ended_facilitator_records_no_more():
    gone = make.person("facilitator", village=make.village(), valid_until=date(2024, 12, 31))
    [outcome] = send(gone, make.draft(make.program()))
    assert codes(outcome) == {"village": "unknown_village"}


@pytest.mark.postgres
def test_statements_do_not_grow_with_the_batch():
    """On SQLite Django cuts long statements at 999 variables; the number of steps is the same."""
    head, program = make.village_head(), make.program()
    counts = []
    for size in (1, 200):
        drafts = [make.draft(program) for _ in range(size)]
        with CaptureQueriesContext(connection) as captured:
            outcomes = send(User.objects.get(pk=head.pk), *drafts)
        assert all(one.word == "accepted" for one in outcomes)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 22
