"""Closing a period: the figures that were closed stay, whatever becomes of the facts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.errors import Stale
from core.models import AuditEntry
from programs import closing
from programs.models import Snapshot, SnapshotRow
from programs.period_rows import compare, period_rows
from programs.periods import Period
from programs.services import (
    close_period,
    correct_activity,
    declare_nothing,
    return_activity,
    revise_period,
    take_snapshot,
    verify_activity,
    void_activity,
)
from programs.services.closing import checklist
from tests import make
from villages.models import Village

from .figures import QUARTER, closed, everywhere, refusal_of, women

pytestmark = pytest.mark.django_db

# What a snapshot holds


def test_a_snapshot_holds_the_verified_figures_with_the_names_of_then(record, officer, program):
    make.activity(program, women_participants=99)  # waits for review
    make.activity(program, held_on=date(2026, 4, 1), verified_by=officer)  # another quarter

    snapshot = closed(officer)

    [row] = snapshot.rows.all()
    assert (row.program_id, row.women_participants, row.men_participants) == (program.pk, 19, 24)
    assert (row.village_title, row.district_name) == ("Desa Janju", "Tanah Grogot")
    assert (row.program_title, row.owner_title) == (program.title, "Dinas Kesehatan")
    assert (snapshot.revision, snapshot.closing, snapshot.taken_by) == (1, True, officer)
    assert snapshot.summary["waiting"] == 1

    Village.objects.filter(pk=record.village_id).update(name="Berganti Nama")
    assert closing.figures_of(snapshot).villages[0].title == "Desa Janju"
    assert closing.figures_now(everywhere(), QUARTER).villages[0].title == "Desa Berganti Nama"


def test_its_levels_are_those_of_the_one_rule(record, officer, program):
    make.activity(
        program,
        Village.objects.get(code="64.01.05.2001"),
        women_participants=None,
        men_participants=None,
        verified_by=officer,
    )
    total = closing.figures_of(closed(officer)).total
    assert (total.headline.involved, total.headline.judged, total.headline.no_data) == (1, 1, 1)


def test_sums_by_district_village_and_program_are_those_of_the_rows(record, officer, program):
    there = Village.objects.get(code="64.01.05.2001")
    make.activity(program, there, women_participants=1, men_participants=40, verified_by=officer)
    own = make.program(make.village(), target_group="women")
    make.activity(own, men_participants=0, verified_by=officer)

    found = closing.figures_of(closed(officer))

    assert [one.code for one in found.districts] == ["64.01.04", "64.01.05"]
    assert [women_of(one) for one in found.villages] == [38, 1]
    assert sum(map(women_of, found.programs)) == women(found) == 39
    assert found.total.women_only.share == (1, 1)
    assert found.distinct.share == (2, 2)  # of the first program's two villages, half
    assert closing.figures_now(everywhere(), QUARTER) == found


def women_of(figures) -> int:
    return figures.heads["women_participants"]


def test_what_was_only_called_off_has_no_row(program, officer):
    make.activity(program, event_status="cancelled", verified_by=officer)
    assert closed(officer).rows.count() == 0


def test_the_same_figures_have_the_same_checksum_in_any_language(record, officer):
    make.program(owner_district=make.district())
    first = take_snapshot(make.regency(), QUARTER, actor=None, closing=False)
    with translation.override("en"):
        second = take_snapshot(make.regency(), QUARTER, actor=None, closing=False)
    assert first.checksum == second.checksum
    assert (first.revision, second.revision) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"women_participants": 20},
        {"level": 3},
        {"village_title": "Desa Lain"},
        {"budget_spent": 1},
        {"target_group": "men"},
    ],
)
def test_a_row_that_was_tampered_with_no_longer_fits_the_checksum(record, officer, change):
    snapshot = closed(officer)
    assert closing.verify(snapshot)
    SnapshotRow.objects.filter(snapshot=snapshot).update(**change)
    assert not closing.verify(snapshot)


def test_a_row_taken_away_or_added_no_longer_fits_the_checksum(record, officer):
    snapshot = closed(officer)
    row = snapshot.rows.get()
    row.delete()
    assert not closing.verify(snapshot)
    row.pk = None
    row.save()
    assert closing.verify(snapshot)


# Closing and revising


def test_only_a_period_that_is_over_is_closed(officer, record):
    last = datetime(2026, 3, 31, 15, tzinfo=UTC)  # 23.00 in Paser
    call = (make.regency(), QUARTER)
    assert refusal_of(close_period, *call, actor=officer, now=last) == "not_over"
    assert close_period(*call, actor=officer, now=last + timedelta(hours=1)).revision == 1


def test_a_closed_period_is_not_closed_again(officer, record):
    closed(officer)
    with pytest.raises(Stale) as refusal:
        closed(officer)
    assert refusal.value.code == "closed_already"
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("role", ["district_officer", "leader", "auditor", "village_head"])
def test_closing_is_the_offices_alone(role, record):
    area = {
        "district_officer": {"district": make.district()},
        "village_head": {"village": make.village()},
    }.get(role, {"regency": make.regency()})
    person = make.person(role, **area)
    call = (make.regency(), QUARTER)
    assert refusal_of(close_period, *call, actor=person) == "not_permitted"
    assert refusal_of(revise_period, *call, actor=person, reason="x") == "not_permitted"


def test_an_officer_of_another_regency_does_not_close_here(record):
    elsewhere = make.officer(regency=make.regency("64.02", "Kabupaten Kutai Barat"))
    assert refusal_of(closed, elsewhere) == "not_permitted"


def test_a_late_record_moves_todays_figures_and_never_the_closed_ones(record, officer, program):
    snapshot = closed(officer)
    late = make.activity(program, women_participants=30, verified_by=officer)

    then, now = closing.figures_of(snapshot), closing.figures_now(everywhere(), QUARTER)

    assert (women(then), women(now)) == (19, 49)
    assert [one.title for one in compare(then, now).moved] == ["Desa Janju"]
    steps = closing.steps_since(snapshot, everywhere())
    assert [(one.activity_id, one.step) for one in steps] == [
        (late.pk, "verified"),
        (late.pk, "submitted"),
    ]
    assert closing.verify(snapshot)


def test_a_revision_stands_beside_what_it_revises(record, officer, program):
    first = closed(officer)
    void_activity(record, actor=make.officer(), version=2, reason="Tercatat dua kali")

    second = revise_period(make.regency(), QUARTER, actor=officer, reason="Tercatat dua kali")

    assert (second.revision, second.reason) == (2, "Tercatat dua kali")
    assert (women(closing.figures_of(first)), women(closing.figures_of(second))) == (19, 0)
    assert closing.closing_of("64.01", QUARTER) == second
    assert not closing.steps_since(second, everywhere()).exists()
    actions = AuditEntry.objects.filter(object_type="snapshot").order_by("pk")
    assert list(actions.values_list("action", "actor")) == [
        ("period.closed", officer.pk),
        ("period.revised", officer.pk),
    ]
    assert actions[1].changes["checksum"] == second.checksum


def test_a_revision_needs_a_closing_a_reason_and_a_difference(record, officer):
    def revise(reason="Perlu"):
        return revise_period(make.regency(), QUARTER, actor=officer, reason=reason)

    assert refusal_of(revise) == "not_closed"
    closed(officer)
    assert refusal_of(revise, "  ") == "reason_missing"
    assert refusal_of(revise) == "nothing_changed"
    assert Snapshot.objects.count() == 1


def test_the_database_refuses_a_revision_without_a_reason(record, officer):
    closed(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        take_snapshot(make.regency(), QUARTER, actor=officer, closing=True)


# What came since


def test_a_record_moved_out_of_the_period_is_among_the_changes(record, officer, program):
    snapshot = closed(officer)
    return_activity(record, actor=make.officer(), version=2, reason="Periksa tanggal")
    moved = make.draft(program, uid=record.pk, held_on=date(2026, 4, 2))
    correct_activity(record, moved, actor=record.author, version=3)

    steps = closing.steps_since(snapshot, everywhere())

    assert [one.step for one in steps] == ["resubmitted"]  # its day now lies outside
    [row] = [one for one in rows_of_2026() if one.period == QUARTER]
    assert row.changes == 1


def rows_of_2026(today=date(2026, 11, 22)):
    return period_rows("64.01", everywhere(), 2026, today)


def test_what_lies_in_another_period_is_no_change(record, officer, program):
    snapshot = closed(officer)
    make.activity(program, held_on=date(2026, 4, 1), verified_by=officer)
    assert not closing.steps_since(snapshot, everywhere()).exists()


def test_a_step_under_way_when_it_was_taken_is_told_as_a_change(record, officer, program):
    """Its instant lies before the snapshot, its commit after."""
    snapshot = closed(officer)
    waiting = make.activity(program)
    earlier = snapshot.taken_at - timedelta(seconds=5)
    verify_activity(waiting, actor=officer, version=1, now=earlier)

    steps = closing.steps_since(snapshot, everywhere())
    assert [one.step for one in steps] == ["submitted", "verified"]


def test_the_list_says_where_each_period_stands(record, officer, program):
    closed(officer)
    make.activity(program, verified_by=officer)
    rows = {row.period.code: row for row in rows_of_2026()}

    assert rows["2026-Q1"].state == "closed"
    assert (rows["2026-Q1"].changes, rows["2026-Q1"].requests) == (1, 0)
    assert [rows[code].state for code in ("2026-S1", "2026-S2", "2026", "2026-10")] == [
        "ready",
        "running",
        "running",
        "ready",
    ]
    assert "2026-12" not in rows


def test_the_list_costs_the_same_however_many_are_closed(record, officer):
    closed(officer)
    with CaptureQueriesContext(connection) as one:
        rows_of_2026()
    for month in (1, 2, 3):
        closed(officer, Period(2026, "month", month))
    with CaptureQueriesContext(connection) as four:
        rows_of_2026()
    assert len(four) == len(one) <= 3


def test_a_checklist_says_what_is_missing(record, officer, program):
    make.activity(program)
    silent = make.village("64.01.05.2002", "Sunyi")
    quiet = make.village("64.01.05.2003", "Tenang")
    declare_nothing(quiet, year=2026, month=2, actor=make.village_head(quiet))
    found = checklist(everywhere(), QUARTER)
    assert found == {
        "villages": 4,
        "reporting": 1,
        "nothing_declared": 1,
        "missing": 2,
        "waiting": 1,
    }
    assert silent.pk


def test_closed_periods_around_a_day_are_at_their_newest_revision(record, officer, program):
    closed(officer)
    closed(officer, Period(2026, "month", 3))
    closed(officer, Period(2026, "month", 2))
    make.activity(program, verified_by=officer)
    revise_period(make.regency(), QUARTER, actor=officer, reason="Menyusul")

    found = closing.closings_with("64.01", date(2026, 3, 4))
    assert [(one.period.code, one.revision) for one in found] == [("2026-Q1", 2), ("2026-03", 1)]
    assert closing.is_closed("64.01", QUARTER)
    note = closing.closed_note("64.01", QUARTER)
    assert (note.code, note.revision) == ("2026-Q1", 2)
    assert closing.closed_note("64.01", Period(2026)) is None


def test_snapshots_are_seen_where_a_village_is(record, officer):
    closed(officer)
    elsewhere = make.village("64.02.01.2001", "Jauh")
    make.regency("64.02")
    assert Snapshot.objects.visible_to(make.village_head()).count() == 1
    assert Snapshot.objects.visible_to(make.village_head(elsewhere)).count() == 0
    assert Snapshot.objects.visible_to(AnonymousUser()).count() == 0
