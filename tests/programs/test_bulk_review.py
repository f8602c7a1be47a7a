"""Verifying many records at once: the rules of one, and a cost that does not grow."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused, Stale
from core.models import AuditEntry
from programs.models import Activity, ReviewStep, State, VillagePeriod
from programs.services import return_activity, submit_activities, verify_activities
from tests import make

pytestmark = pytest.mark.django_db


def waiting(count: int) -> list[Activity]:
    """So many records of one village head, each of its own program."""
    village = make.village()
    drafts = [make.draft(make.program(village), village) for _ in range(count)]
    submit_activities(drafts, actor=make.village_head(village), source="browser")
    return list(Activity.objects.filter(pk__in=[one.uid for one in drafts]))


def states() -> set[str]:
    return set(Activity.objects.values_list("state", flat=True))


def test_all_become_verified_and_count():
    officer, records = make.officer(), waiting(3)

    done = verify_activities(records, actor=officer)

    assert states() == {State.VERIFIED}
    assert {one.version for one in done} == {2}
    assert VillagePeriod.objects.of(2026).get().level_2 == 3
    for one in done:
        assert one.reviews.last().step == ReviewStep.VERIFIED
        assert one.reviews.last().actor == officer
    assert AuditEntry.objects.filter(action="activity.verified").count() == 3
    call_command("rebuild_rollups", check=True)


def test_statements_do_not_grow_with_records():
    officer = make.officer()

    def statements(count: int) -> int:
        records = waiting(count)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            verify_activities(records, actor=officer)
        return len(asked)

    verify_activities(waiting(1), actor=officer)
    assert statements(1) == statements(20)


@pytest.mark.asvs("2.3.3", "2.3.1")
def test_one_of_her_own_refuses_all():
    officer, records = make.officer(), waiting(2)
    own = make.activity(make.program(), author=officer)

    with pytest.raises(Refused) as refusal:
        verify_activities([*records, own], actor=officer)

    assert refusal.value.code == "own_record"
    assert states() == {State.SUBMITTED}


def test_one_of_another_district_refuses_all():
    records = waiting(2)
    district_officer = make.person("district_officer", district=make.district())
    kuaro = make.village("64.01.05.2004", "Harapan Baru")
    elsewhere = make.activity(make.program(kuaro), kuaro)

    with pytest.raises(Refused) as refusal:
        verify_activities([*records, elsewhere], actor=district_officer)

    assert refusal.value.code == "not_permitted"
    assert states() == {State.SUBMITTED}


def test_one_that_moved_on_refuses_all_and_names_who_was_faster():
    records, faster = waiting(2), make.officer()
    return_activity(
        Activity.objects.get(pk=records[0].pk), actor=faster, version=1, reason="Periksa tanggal."
    )

    with pytest.raises(Stale) as refusal:
        verify_activities(records, actor=make.officer())

    assert faster.name in refusal.value.problems[0].detail
    assert states() == {State.RETURNED, State.SUBMITTED}
