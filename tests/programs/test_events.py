"""Several records of one event: what is merged never makes a verified event disappear."""

from datetime import date

import pytest

from core.errors import Refused
from core.models import AuditEntry
from programs.models import Activity, Basis, ReviewStep, VillagePeriod
from programs.rollups import differences
from programs.services import (
    confirm_activity,
    correct_activity,
    merge_twin,
    return_activity,
    verify_activities,
    verify_activity,
    void_activity,
)
from tests import make

pytestmark = pytest.mark.django_db


def counted(basis=Basis.VERIFIED) -> int:
    row = VillagePeriod.objects.of(2026, 0, basis).first()
    return row.activities if row else 0


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def program():
    return make.program()


@pytest.fixture
def twin(officer, program):
    """A verified record by the facilitator."""
    facilitator = make.person("facilitator", village=make.village())
    return make.activity(program, author=facilitator, verified_by=officer)


def fresh(activity):
    return Activity.objects.get(pk=activity.pk)


def refusal_of(call, *args, **values) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **values)
    return refusal.value.code


def test_a_verified_record_is_not_merged_into_one_that_counts_less(officer, program, twin):
    submitted = make.activity(program)
    assert refusal_of(merge_twin, twin, canonical=submitted, actor=officer) == "verify_first"

    void_activity(submitted, actor=officer, version=1, reason="x")
    assert refusal_of(merge_twin, twin, canonical=submitted, actor=officer) == "not_alike"
    assert counted() == 1


@pytest.mark.parametrize("change", [{"kind": "administration"}, {"event_status": "cancelled"}])
def test_nothing_is_merged_into_what_does_not_count(officer, program, twin, change):
    other = make.activity(program, verified_by=officer, **change)
    assert refusal_of(merge_twin, twin, canonical=other, actor=officer) == "not_alike"


def test_nothing_is_merged_into_another_program(officer, twin):
    other = make.activity(make.program(), verified_by=officer)
    assert refusal_of(merge_twin, twin, canonical=other, actor=officer) == "not_alike"


def test_a_returned_canonical_lets_its_twin_count(officer, program, twin):
    first = make.activity(program, verified_by=officer)
    merge_twin(twin, canonical=first, actor=officer)
    assert counted() == 1

    return_activity(first, actor=officer, version=first.version, reason="Periksa")

    assert fresh(twin).same_event_as is None
    assert counted() == 1


def test_a_canonical_corrected_to_another_day_lets_its_twin_count(officer, program):
    first, facilitator = make.activity(program), make.person("facilitator", village=make.village())
    second = make.activity(program, author=facilitator)
    merge_twin(second, canonical=first, actor=officer)

    moved = make.draft(program, uid=first.pk, held_on=date(2025, 5, 5))
    correct_activity(first, moved, actor=first.author, version=1)

    assert counted(Basis.REPORTED) == 1
    assert VillagePeriod.objects.of(2025, 0, Basis.REPORTED).get().activities == 1


def test_a_twin_corrected_to_another_day_counts_for_itself(officer, program):
    first, facilitator = make.activity(program), make.person("facilitator", village=make.village())
    second = make.activity(program, author=facilitator)
    merge_twin(second, canonical=first, actor=officer)
    second = fresh(second)

    moved = make.draft(program, uid=second.pk, held_on=date(2026, 5, 5))
    correct_activity(second, moved, actor=facilitator, version=second.version)

    assert counted(Basis.REPORTED) == 2


def test_the_audit_says_who_merged_and_the_record_whose_word_confirms(officer, program, twin):
    first = make.activity(program, verified_by=officer)
    merge_twin(twin, canonical=first, actor=officer)
    assert first.reviews.get(step=ReviewStep.CONFIRMED).actor == twin.author
    assert AuditEntry.objects.get(action="activity.confirmed").actor == officer


def test_what_is_struck_out_is_not_confirmed(officer, program, twin):
    void_activity(twin, actor=officer, version=twin.version, reason="x")
    assert refusal_of(confirm_activity, twin, actor=make.village_head()) == "voided"


def test_an_officer_does_not_void_her_own_verified_record(officer, program):
    own = make.activity(program, author=officer)
    verify_activity(own, actor=make.officer(), version=1)
    assert refusal_of(void_activity, own, actor=officer, version=2, reason="x") == "not_permitted"


@pytest.fixture
def merged(officer, program):
    """Two records of one event, both waiting: (the one that counts, its twin)."""
    first = make.activity(program)
    second = make.activity(program, author=make.person("facilitator", village=make.village()))
    merge_twin(second, canonical=first, actor=officer)
    return fresh(first), fresh(second)


def verified_one(activity, officer):
    verify_activity(activity, actor=officer, version=activity.version)


def verified_with_others(activity, officer):
    verify_activities([activity], actor=officer)


@pytest.mark.parametrize("verify", [verified_one, verified_with_others])
def test_a_verified_twin_of_a_waiting_record_tells_the_event(officer, merged, verify):
    first, second = merged
    verify(second, officer)
    assert (counted(), counted(Basis.REPORTED)) == (1, 1)
    assert fresh(first).same_event_as_id == second.pk

    verify(fresh(first), make.officer())
    assert (counted(), counted(Basis.REPORTED)) == (1, 1)


def test_two_twins_verified_at_once_are_one_event(officer, program, merged):
    first, second = merged
    third = make.activity(program, author=make.person("facilitator", village=make.village()))
    merge_twin(third, canonical=first, actor=officer)

    verify_activities([second, fresh(third)], actor=officer)

    assert (counted(), counted(Basis.REPORTED)) == (1, 1)


def test_of_three_records_the_two_that_are_left_stay_one_event(officer, program, twin):
    first = make.activity(program, verified_by=officer)
    third = make.activity(program, author=make.person("facilitator", village=make.village()))
    merge_twin(third, canonical=first, actor=officer)
    merge_twin(twin, canonical=first, actor=officer)

    void_activity(first, actor=officer, version=first.version, reason="x")

    assert (counted(), counted(Basis.REPORTED)) == (1, 1)
    assert fresh(third).same_event_as_id == twin.pk  # the verified one tells it


@pytest.mark.parametrize("change", [{"kind": "administration"}, {"event_status": "cancelled"}])
def test_a_canonical_corrected_to_count_no_more_lets_its_twin_count(merged, program, change):
    first, second = merged

    kept = make.draft(program, uid=first.pk, **change)
    correct_activity(first, kept, actor=first.author, version=first.version)

    assert counted(Basis.REPORTED) == 1
    assert fresh(second).same_event_as is None


def test_one_village_of_a_joint_event_changes_its_own_number_alone(officer):
    """Each village's record of an event in several villages stands for itself."""
    here, there = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    program, joint = make.program(here, there), make.draft(make.program()).uid
    one = make.activity(program, here, joint_event=joint, verified_by=officer)
    make.activity(program, there, joint_event=joint, verified_by=officer)

    return_activity(one, actor=officer, version=one.version, reason="Periksa")
    draft = make.draft(program, here, uid=one.pk, joint_event=joint, women_participants=3)
    correct_activity(one, draft, actor=one.author, version=one.version)
    verify_activity(one, actor=officer, version=one.version)

    women = VillagePeriod.objects.of(2026, 0, Basis.VERIFIED).order_by("village__code")
    assert list(women.values_list("women_participants", flat=True)) == [3, 19]
    assert list(differences([here.pk, there.pk])) == []
