"""The read models against a recount, after random writes through the services."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.models import HealthMark
from programs.models import Activity, ProgramVillageMonth, VillagePeriod
from programs.rollups import differences
from programs.services import (
    record_gap_approval,
    return_activity,
    submit_activities,
    verify_activity,
    void_activity,
)
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db

COUNT = st.none() | st.integers(0, 9)
PAIR = st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9))
RECORD = st.fixed_dictionaries(
    {
        "held_on": st.dates(date(2025, 1, 1), date(2026, 9, 1)),
        "kind": st.sampled_from(["training", "construction", "administration"]),
        "event_status": st.sampled_from(["held", "held", "cancelled"]),
        "count_source": st.sampled_from(["attendance_list", "estimate"]),
        "participants": PAIR,
        "deciders": PAIR,
        "beneficiaries": PAIR,
        "budget_spent": COUNT,
    }
)
DEED = st.sampled_from(["verify", "return", "void", "nothing"])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=st.lists(st.tuples(RECORD, st.integers(0, 3), DEED), min_size=1, max_size=12))
def test_random_writes_leave_no_difference(records):
    villages = [make.village(), make.village("64.01.04.2003", "Tepian Batang")]
    programs = [make.program(*villages), make.program(*villages, target_group="men")]
    author, officer = make.officer(), make.officer()
    for record, place, deed in records:
        draft = make.draft(programs[place % 2], villages[place // 2], **_by_sex(record))
        submit_activities([draft], actor=author, source="api")
        _do(deed, Activity.objects.get(pk=draft.uid), officer)
    record_gap_approval(programs[1], actor=officer, approved_on=date(2026, 1, 1))

    assert list(differences([village.pk for village in Village.objects.all()])) == []


def _by_sex(record: dict) -> dict:
    """{"deciders": (2, 3)} → {"women_deciders": 2, "men_deciders": 3}"""
    pairs = {name: value for name, value in record.items() if not isinstance(value, tuple)}
    for name in ("participants", "deciders", "beneficiaries"):
        pairs.pop(name, None)
        women, men = record[name] or (None, None)
        pairs |= {f"women_{name}": women, f"men_{name}": men}
    return pairs


def _do(deed, activity, officer):
    if deed == "verify":
        verify_activity(activity, actor=officer, version=1)
    elif deed == "return":
        return_activity(activity, actor=officer, version=1, reason="x")
    elif deed == "void":
        void_activity(activity, actor=officer, version=1, reason="x")


def test_check_finds_a_tampered_row_and_rebuild_mends_it():
    make.activity(make.program())
    VillagePeriod.objects.filter(semester=0).update(level_2=7)
    ProgramVillageMonth.objects.all().delete()

    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_rollups", check=True, stdout=StringIO(), stderr=StringIO())
    assert stopped.value.code == 1
    assert not HealthMark.objects.get(name="rollups").ok

    call_command("rebuild_rollups", stdout=StringIO())
    out = StringIO()
    call_command("rebuild_rollups", check=True, stdout=out)
    assert "0 differences" in out.getvalue()
    assert HealthMark.objects.get(name="rollups").ok


def test_a_program_judged_anew_when_its_plan_changes():
    program = make.program()
    make.activity(
        program,
        women_participants=None,
        men_participants=None,
        women_beneficiaries=40,
        men_beneficiaries=60,
    )
    assert VillagePeriod.objects.filter(semester=0, level_2=1).exists()

    record_gap_approval(
        program, actor=make.officer(), approved_on=date(2026, 1, 1), benefit_target_percent=50
    )

    assert VillagePeriod.objects.filter(semester=0, level_1=1, level_2=0).exists()


def test_a_refused_move_leaves_the_number_alone():
    officer = make.officer()
    activity = make.activity(make.program(), verified_by=officer)
    before = list(VillagePeriod.objects.values())
    with pytest.raises(Refused):
        return_activity(activity, actor=officer, version=2, reason="")
    assert list(VillagePeriod.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_the_background_worker_compares_when_asked_to():
    call_command("rebuild_rollups", check=True, later=True, stdout=StringIO())
    assert not HealthMark.objects.exists()

    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    assert HealthMark.objects.get(name="rollups").ok
