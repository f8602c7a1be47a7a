"""From the village to the office and back: verified, returned, corrected, voided, merged."""

import pytest

from core.errors import Refused, Stale
from core.models import AuditEntry
from programs.models import Activity, Basis, ReviewStep, State, VillagePeriod
from programs.services import (
    confirm_activity,
    correct_activity,
    may_correct,
    may_verify,
    may_void,
    merge_twin,
    return_activity,
    set_program_state,
    verify_activity,
    void_activity,
)
from tests import make

pytestmark = pytest.mark.django_db


def period(basis=Basis.VERIFIED) -> VillagePeriod | None:
    return VillagePeriod.objects.of(2026, 0, basis).first()


def steps(activity) -> list[str]:
    return list(activity.reviews.values_list("step", flat=True))


def test_verified_record_counts_and_says_who():
    officer, activity = make.officer(), make.activity(make.program())
    assert period() is None

    verify_activity(activity, actor=officer, version=1)

    assert (activity.state, activity.version) == (State.VERIFIED, 2)
    assert period().level_2 == 1
    assert activity.reviews.last().actor == officer
    assert AuditEntry.objects.filter(action="activity.verified").count() == 1


@pytest.mark.asvs("2.3.1")
def test_nobody_verifies_her_own_record():
    officer = make.officer()
    activity = make.activity(make.program(), author=officer)

    with pytest.raises(Refused) as refusal:
        verify_activity(activity, actor=officer, version=1)

    assert refusal.value.code == "own_record"
    assert not may_verify(activity, officer)


def test_nobody_verifies_what_she_corrected():
    officer, program = make.officer(), make.program()
    activity = make.activity(program)
    correct_activity(
        activity, make.draft(program, title="Lain", uid=activity.pk), actor=officer, version=1
    )

    with pytest.raises(Refused) as refusal:
        verify_activity(activity, actor=officer, version=2)

    assert refusal.value.code == "own_record"


@pytest.mark.parametrize("role", ["village_head", "facilitator"])
def test_the_village_does_not_review(role):
    activity = make.activity(make.program())
    other = make.person(role, village=make.village())
    with pytest.raises(Refused) as refusal:
        verify_activity(activity, actor=other, version=1)
    assert refusal.value.code == "not_permitted"


def test_an_officer_of_another_district_does_not_review():
    activity = make.activity(make.program())
    stranger = make.person("district_officer", district=make.district("64.01.05", "Kuaro"))
    with pytest.raises(Refused) as refusal:
        return_activity(activity, actor=stranger, version=1, reason="x")
    assert refusal.value.code == "not_permitted"


def test_the_second_of_two_reviewers_is_told():
    one, two = make.officer(), make.officer()
    activity = make.activity(make.program())
    seen_by_two = Activity.objects.get(pk=activity.pk)
    verify_activity(activity, actor=one, version=1)

    with pytest.raises(Stale) as told:
        return_activity(seen_by_two, actor=two, version=1, reason="kurang jelas")

    assert str(one) in told.value.problems[0].detail
    assert Activity.objects.get().state == State.VERIFIED


def test_returned_needs_a_reason():
    activity = make.activity(make.program())
    with pytest.raises(Refused) as refusal:
        return_activity(activity, actor=make.officer(), version=1, reason="  ")
    assert refusal.value.code == "reason_missing"


def test_returned_corrected_verified_all_on_the_record():
    officer, program = make.officer(), make.program()
    activity = make.activity(program)
    return_activity(activity, actor=officer, version=1, reason="Jumlah tertukar")
    assert period(Basis.REPORTED) is None

    corrected = make.draft(program, uid=activity.pk, women_participants=20)
    correct_activity(activity, corrected, actor=activity.author, version=2)
    verify_activity(activity, actor=officer, version=3)

    assert steps(activity) == [
        ReviewStep.SUBMITTED,
        ReviewStep.RETURNED,
        ReviewStep.RESUBMITTED,
        ReviewStep.VERIFIED,
    ]
    changes = activity.reviews.get(step=ReviewStep.RESUBMITTED).changes
    assert changes == {"women_participants": ["19", "20"]}
    assert period().women_participants == 20


def test_a_correction_moves_the_count_to_its_new_month_and_program():
    program, other = make.program(), make.program()
    activity = make.activity(program)

    moved = make.draft(other, uid=activity.pk, held_on=activity.held_on.replace(year=2025))
    correct_activity(activity, moved, actor=activity.author, version=1)

    assert not VillagePeriod.objects.filter(year=2026).exists()
    assert VillagePeriod.objects.of(2025, 0, Basis.REPORTED).get().activities == 1


def test_a_wrong_correction_changes_nothing():
    program = make.program()
    activity = make.activity(program)
    with pytest.raises(Refused) as refusal:
        correct_activity(
            activity,
            make.draft(program, uid=activity.pk, total_participants=3),
            actor=activity.author,
            version=1,
        )
    assert refusal.value.problems[0].field == "total_participants"
    assert Activity.objects.get().version == 1


def test_a_correction_on_an_old_version_is_told():
    program = make.program()
    activity = make.activity(program)
    draft = make.draft(program, uid=activity.pk, title="Satu")
    correct_activity(activity, draft, actor=activity.author, version=1)
    with pytest.raises(Stale):
        correct_activity(activity, draft, actor=activity.author, version=1)


def test_a_verified_record_is_not_corrected():
    officer, program = make.officer(), make.program()
    activity = make.activity(program, verified_by=officer)
    assert not may_correct(activity, activity.author)
    with pytest.raises(Stale):
        correct_activity(
            activity, make.draft(program, uid=activity.pk), actor=activity.author, version=2
        )


def test_voided_is_kept_and_counts_nowhere():
    officer = make.officer()
    activity = make.activity(make.program(), verified_by=officer)

    void_activity(activity, actor=officer, version=2, reason="Tercatat dua kali")

    assert Activity.objects.get().state == State.VOIDED
    assert activity.reviews.last().reason == "Tercatat dua kali"
    assert period() is None
    assert period(Basis.REPORTED) is None


def test_the_village_voids_only_what_is_not_verified():
    officer = make.officer()
    activity = make.activity(make.program())
    assert may_void(activity, activity.author)
    verify_activity(activity, actor=officer, version=1)
    assert not may_void(activity, activity.author)
    with pytest.raises(Refused):
        void_activity(activity, actor=activity.author, version=2, reason="x")


def test_twins_count_once_and_speak_again_when_the_first_is_voided():
    officer, program, village = make.officer(), make.program(), make.village()
    first = make.activity(program, verified_by=officer)
    facilitator = make.person("facilitator", village=village)
    second = make.activity(program, author=facilitator, women_participants=18, verified_by=officer)
    assert list(Activity.objects.similar_to(first)) == [second]

    merge_twin(second, canonical=first, actor=officer)
    assert period().activities == 1
    assert first.reviews.filter(step=ReviewStep.CONFIRMED, actor=facilitator).exists()

    first.refresh_from_db()
    void_activity(first, actor=officer, version=first.version, reason="salah desa")
    assert period().women_participants == 18


def test_records_far_apart_in_size_are_not_similar():
    program = make.program()
    first = make.activity(program)
    make.activity(program, women_participants=60)
    assert not Activity.objects.similar_to(first).exists()


def test_a_second_person_confirms_once_and_never_the_author():
    activity = make.activity(make.program())
    other = make.person("facilitator", village=make.village())
    confirm_activity(activity, actor=other)
    confirm_activity(activity, actor=other)
    assert steps(activity).count(ReviewStep.CONFIRMED) == 1
    with pytest.raises(Refused):
        confirm_activity(activity, actor=activity.author)


def test_a_record_sent_back_is_corrected_also_after_its_program_ended():
    officer, program = make.officer(), make.program()
    activity = make.activity(program)
    return_activity(activity, actor=officer, version=1, reason="Periksa")
    set_program_state(program, "completed", actor=officer, version=1)

    correct_activity(
        activity, make.draft(program, uid=activity.pk), actor=activity.author, version=2
    )

    assert activity.state == State.SUBMITTED
