"""The definition of the number: worked examples and edge cases of the domain reference, and the
property that the function and the SQL expression agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.involvement import (
    Headline,
    Level,
    Plan,
    Sums,
    aspects,
    headline,
    level,
    level_expression,
    program_involves,
)
from programs.models import Basis, Program, ProgramVillage, ProgramVillageMonth
from programs.rollups import by_program
from tests import make


def sums(men=0, women=0, *, deciders=(0, 0), benefit=(0, 0), **values) -> Sums:
    """Written as in the domain reference: men first."""
    given_data = men + women + sum(deciders) + sum(benefit) > 0
    return Sums(
        **{
            "activities": 1,
            "counted": int(given_data),
            "men_participants": men,
            "women_participants": women,
            "men_deciders": deciders[0],
            "women_deciders": deciders[1],
            "men_beneficiaries": benefit[0],
            "women_beneficiaries": benefit[1],
            **values,
        }
    )


WORKED = {
    "a": (sums(46, 4, deciders=(5, 0), benefit=(46, 4)), Level.PRESENT),
    "b": (sums(30, 15, deciders=(3, 2)), Level.DECIDING),
    "c": (sums(0, 30, deciders=(3, 0)), Level.MEANINGFUL),
    "d one woman of five": (
        sums(deciders=(4, 1), women_proposals_accepted=1),
        Level.PRESENT,
    ),
    "d two women of five": (
        sums(deciders=(3, 2), women_proposals_accepted=1),
        Level.MEANINGFUL,
    ),
    "e": (Sums(activities=1, counted=0), Level.NO_DATA),
    "f": (sums(3, 1), Level.PRESENT),
    "g": (sums(3, 2), Level.MEANINGFUL),
    "h": (Sums(activities=0), Level.NOT_COUNTED),
    "i": (sums(20, 0, deciders=(2, 0)), Level.NONE),
    "j": (sums(7, 3), Level.MEANINGFUL),
}


@pytest.mark.parametrize("case", WORKED)
def test_worked_example(case):
    given_sums, wanted = WORKED[case]
    assert level(given_sums) is wanted


def test_level_4_needs_approved_gap_and_reached_outcome():
    equal = sums(10, 10, deciders=(2, 2), benefit=(10, 10))
    assert level(equal) is Level.DECIDING
    assert level(equal, Plan(gap_approved=True)) is Level.DECIDING
    assert level(equal, Plan(outcome_reached=True)) is Level.DECIDING
    assert level(equal, Plan(gap_approved=True, outcome_reached=True)) is Level.EQUAL_RESULTS


def test_benefit_target_of_an_approved_gap_replaces_30_percent():
    served = sums(benefit=(60, 40))
    assert level(served, Plan(benefit_target_percent=50)) is Level.MEANINGFUL
    assert level(served, Plan(gap_approved=True, benefit_target_percent=50)) is Level.PRESENT
    assert level(served, Plan(gap_approved=True, benefit_target_percent=40)) is Level.MEANINGFUL


def test_men_for_equality_is_left_out_unless_women_decide_or_benefit():
    plan = Plan(men_only=True, gender_marker=1, gap_approved=True)
    assert level(sums(30, 0), plan) is Level.MEN_WITH_GENDER_GOAL
    assert level(sums(30, 0, deciders=(4, 1)), plan) is Level.PRESENT
    assert level(sums(30, 0, benefit=(5, 5)), plan) is Level.MEANINGFUL
    assert level(sums(30, 0), Plan(men_only=True, gender_marker=1)) is Level.NONE
    assert level(sums(30, 0), Plan(men_only=True, gap_approved=True)) is Level.NONE


def test_one_woman_of_two_deciders_is_control_but_not_firm():
    found = aspects(sums(5, 5, deciders=(1, 1)))
    assert found.control
    assert not found.firm_control
    assert level(sums(5, 5, deciders=(1, 1))) is Level.DECIDING


def test_headline_adds_up_and_never_averages():
    one = headline([Level.NONE, Level.MEANINGFUL, Level.NO_DATA])
    two = headline([Level.DECIDING, Level.NOT_COUNTED, Level.MEN_WITH_GENDER_GOAL])
    assert one == Headline(1, 2, 1)
    assert one + two == Headline(2, 3, 1)
    assert (one + two).share == (2, 3)


def test_headline_without_any_judged_program_has_no_share():
    assert headline([Level.NO_DATA, Level.NOT_COUNTED]).share is None


def test_headline_says_when_too_many_are_without_data():
    assert Headline(5, 7, 3).enough_data
    assert not Headline(5, 6, 4).enough_data


def test_program_of_several_villages_counts_from_half_of_those_with_data():
    assert program_involves(headline([Level.MEANINGFUL, Level.NONE, Level.NO_DATA])) is True
    assert program_involves(headline([Level.MEANINGFUL, Level.NONE, Level.PRESENT])) is False
    assert program_involves(headline([Level.NO_DATA, Level.NOT_COUNTED])) is None


PEOPLE = st.integers(0, 12)
SUMS = st.builds(
    Sums,
    activities=st.integers(0, 3),
    counted=st.integers(0, 3),
    **{name: PEOPLE for name in Sums.__dataclass_fields__ if name not in ("activities", "counted")},
)
PLANS = st.builds(
    Plan,
    men_only=st.booleans(),
    gender_marker=st.sampled_from([None, 0, 1, 2]),
    gap_approved=st.booleans(),
    benefit_target_percent=st.sampled_from([None, 1, 20, 45, 100]),
    outcome_reached=st.booleans(),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(SUMS, PLANS), min_size=1, max_size=12))
def test_function_and_sql_agree(rows):
    """Random sums and plans, judged by Python and by the database: the same levels."""
    village = make.village()
    author = make.person("officer")
    wanted = {}
    for given_sums, plan in rows:
        program = Program.objects.create(
            title="x",
            owner_village=village,
            year_from=2026,
            year_to=2026,
            target_group="men" if plan.men_only else "general",
            gender_marker=plan.gender_marker,
            gap_approved_on="2026-01-01" if plan.gap_approved else None,
            benefit_target_percent=plan.benefit_target_percent,
            created_by=author,
        )
        ProgramVillage.objects.create(
            program=program,
            village=village,
            outcome_reached_on="2026-06-01" if plan.outcome_reached else None,
        )
        ProgramVillageMonth.objects.create(
            program=program,
            village=village,
            year=2026,
            month=3,
            basis=Basis.VERIFIED,
            **given_sums.__dict__,
        )
        wanted[program.pk] = int(level(given_sums, plan))
    months = ProgramVillageMonth.objects.filter(program__in=wanted)
    found = by_program(months).annotate(level=level_expression())
    assert dict(found.values_list("program_id", "level")) == wanted
