"""The 24 edge cases of the domain reference (section 3.5), in their order, through the services."""

from datetime import date

import pytest

from core.errors import Refused
from core.identifiers import uuid7
from programs.involvement import Headline, Level, Sums, aspects, headline, level
from programs.models import Basis, ProgramVillageMonth, VillagePeriod
from programs.periods import Period
from programs.rollups import by_program, plan_of
from programs.services import (
    merge_twin,
    record_gap_approval,
    return_activity,
    submit_activities,
)
from tests import make

pytestmark = pytest.mark.django_db

NOBODY_COUNTED = {"women_participants": None, "men_participants": None}


def levels(program, basis=Basis.REPORTED, year=2026, semester=0) -> dict[str, Level]:
    """{village code: level} of one program in one period."""
    when = Period(year, "semester", semester) if semester else Period(year)
    months = ProgramVillageMonth.objects.within(when).filter(program=program, basis=basis)
    return {
        row["village__code"]: level(Sums.of(row, "sum_"), plan_of(row))
        for row in by_program(months, "village__code")
    }


def the_level(program, **period) -> Level | None:
    return next(iter(levels(program, **period).values()), None)


def whole_year(basis=Basis.REPORTED) -> VillagePeriod | None:
    return VillagePeriod.objects.of(2026, 0, basis).first()


def test_01_no_participant_data_is_no_data():
    program = make.program()
    make.activity(program, **NOBODY_COUNTED)
    assert the_level(program) is Level.NO_DATA
    assert whole_year().no_data == 1
    assert whole_year().level_0 == 0


def test_02_only_a_head_count_is_no_data():
    program = make.program()
    make.activity(program, **NOBODY_COUNTED, total_participants=40)
    assert the_level(program) is Level.NO_DATA
    assert (whole_year().activities, whole_year().counted) == (1, 0)


def test_03_works_estimated_for_everybody_reach_at_most_present():
    program = make.program()
    road = {**NOBODY_COUNTED, "kind": "construction"}
    everybody = {"women_beneficiaries": 600, "men_beneficiaries": 640}
    make.activity(program, **road, **everybody, count_source="estimate")
    assert the_level(program) is Level.PRESENT


def test_03_works_with_paid_workers_are_judged_by_them():
    program = make.program()
    make.activity(program, kind="construction", women_participants=9, men_participants=11)
    assert the_level(program) is Level.MEANINGFUL


def test_04_cancelled_only_is_not_counted_but_stands_apart():
    program = make.program()
    make.activity(program, event_status="cancelled")
    assert the_level(program) is Level.NOT_COUNTED
    assert whole_year().called_off == 1
    assert headline(levels(program).values()) == Headline()


def test_04_sessions_that_ran_count_beside_a_cancelled_one():
    program = make.program()
    make.activity(program, event_status="postponed")
    make.activity(program)
    assert the_level(program) is Level.MEANINGFUL
    assert (whole_year().activities, whole_year().called_off) == (1, 1)


def test_05_planned_only_is_in_no_denominator():
    program = make.program()
    assert levels(program) == {}
    assert whole_year() is None


def test_06_one_list_of_a_joint_event_goes_to_the_host_alone():
    host, guest = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    program, joint = make.program(host, guest), uuid7()
    make.activity(program, host, joint_event=joint)
    make.activity(program, guest, joint_event=joint, **NOBODY_COUNTED)
    assert levels(program) == {host.code: Level.MEANINGFUL, guest.code: Level.NO_DATA}


def test_07_women_only_target_stands_apart_too():
    program = make.program(target_group="women")
    make.activity(program, women_participants=30, men_participants=0)
    assert the_level(program) is Level.MEANINGFUL
    assert (whole_year().women_target_involved, whole_year().women_target_judged) == (1, 1)


def test_08_men_for_an_equality_goal_stand_apart():
    program = make.program(target_group="men", gender_marker=1)
    officer = make.officer()
    make.activity(program, women_participants=0, men_participants=30)
    assert the_level(program) is Level.NONE

    record_gap_approval(program, actor=officer, approved_on=date(2026, 1, 5))

    assert the_level(program) is Level.MEN_WITH_GENDER_GOAL
    assert (whole_year().men_with_gender_goal, whole_year().level_0) == (1, 0)
    assert headline(levels(program).values()) == Headline()


def test_09_men_only_without_such_a_goal_is_not_involved():
    program = make.program(target_group="men")
    make.activity(program, women_participants=0, men_participants=30)
    assert the_level(program) is Level.NONE


def test_10_tiny_events_need_the_share_too_and_are_marked():
    assert level(Sums(1, 1, women_participants=1, men_participants=3)) is Level.PRESENT
    assert aspects(Sums(1, 1, women_participants=2, men_participants=2)).small_group
    assert not aspects(Sums(1, 1, women_participants=3, men_participants=2)).small_group


def test_11_children_are_kept_apart_from_adults():
    program = make.program()
    make.activity(program, children=25, women_beneficiaries=13, men_beneficiaries=12)
    assert whole_year().children == 25


def test_12_the_same_event_logged_twice_counts_once():
    officer, program = make.officer(), make.program()
    first = make.activity(program)
    second = make.activity(program, author=make.person("facilitator", village=make.village()))
    merge_twin(second, canonical=first, actor=officer)
    assert whole_year().activities == 1


def test_13_a_woman_who_comes_ten_times_is_ten_person_activities():
    program = make.program()
    for day in range(1, 11):
        make.activity(program, held_on=date(2026, 5, day), women_participants=1)
    assert whole_year().women_participants == 10


@pytest.mark.asvs("2.2.3")
def test_14_a_total_that_differs_is_refused():
    program = make.program()
    draft = make.draft(program, total_participants=44)
    [outcome] = submit_activities([draft], actor=make.village_head(), source="browser")
    assert outcome.problems[0].code == "total_mismatch"


def test_15_a_late_upload_counts_in_the_period_of_its_day():
    program = make.program()
    make.activity(program, held_on=date(2025, 12, 30))
    assert not VillagePeriod.objects.filter(year=2026).exists()
    assert VillagePeriod.objects.of(2025, 2, Basis.REPORTED).get().activities == 1


def test_16_each_session_counts_in_its_own_period():
    program = make.program()
    make.activity(program, held_on=date(2026, 6, 30))
    make.activity(program, held_on=date(2026, 7, 1), women_participants=0)
    assert the_level(program, semester=1) is Level.MEANINGFUL
    assert the_level(program, semester=2) is Level.NONE


def test_17_a_renamed_village_keeps_its_records():
    village, program = make.village(), make.program()
    make.activity(program)
    village.name, village.code = "Janju Baru", "64.01.04.2099"
    village.save()
    assert levels(program) == {"64.01.04.2099": Level.MEANINGFUL}


def test_18_a_kelurahan_is_judged_alike_without_a_village_budget():
    ward = make.village("64.01.05.1001", "Kuaro")
    program = make.program(ward)
    make.activity(program, ward, fund_source="apbd")
    assert the_level(program) is Level.MEANINGFUL


def test_19_a_returned_record_counts_in_neither_basis():
    program = make.program()
    activity = make.activity(program)
    return_activity(activity, actor=make.officer(), version=1, reason="Periksa lagi")
    assert levels(program) == {}


def test_20_public_figures_hide_small_counts_of_vulnerable_groups():
    """The public room does the hiding; here the counts stand apart so that it can."""
    program = make.program()
    activity = make.activity(program, with_disability=2)
    assert activity.with_disability == 2
    assert "with_disability" not in {field.name for field in VillagePeriod._meta.get_fields()}


def test_21_a_village_outside_the_targets_takes_no_activity():
    elsewhere = make.village("64.01.04.2003", "Tepian Batang")
    program = make.program(elsewhere)
    draft = make.draft(program)
    [outcome] = submit_activities([draft], actor=make.village_head(), source="browser")
    assert outcome.problems[0].code == "not_open_here"
    assert levels(program) == {}


def test_22_households_are_counted_by_the_named_recipient():
    program = make.program()
    make.activity(
        program,
        **NOBODY_COUNTED,
        kind="distribution",
        women_beneficiaries=30,
        men_beneficiaries=70,
        women_household_heads=12,
    )
    assert the_level(program) is Level.MEANINGFUL


def test_23_unrecorded_people_are_in_the_total_and_in_no_share():
    program = make.program()
    make.activity(
        program,
        women_participants=3,
        men_participants=7,
        unrecorded_participants=5,
        total_participants=15,
    )
    assert the_level(program) is Level.MEANINGFUL


def test_24_no_report_at_all_is_no_share():
    assert headline([]).share is None


def test_administration_is_left_out():
    program = make.program()
    make.activity(program, kind="administration")
    assert levels(program) == {}


def test_a_year_that_holds_records_cannot_be_taken_from_a_program():
    from programs.services import Target, change_program

    program = make.program()
    make.activity(program)
    program.year_from = program.year_to = 2027
    with pytest.raises(Refused) as refusal:
        change_program(program, [Target(make.village())], actor=make.officer(), version=1)
    assert refusal.value.code == "has_activities"
