"""Dated figures of open periods for the public pages, beside closings, and their command."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from programs.models import Snapshot, SnapshotRow
from programs.periods import Period
from programs.services import close_period, revise_period, take_dated, take_snapshot
from programs.services.closing import KEPT
from tests import make

pytestmark = pytest.mark.django_db

QUARTER = Period(2026, "quarter", 1)
YEAR = Period(2025)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def program():
    return make.program(make.village())


@pytest.fixture
def record(program, officer):
    """An activity of March 2026, verified."""
    return make.activity(program, verified_by=officer)


def closed(officer, period=QUARTER) -> Snapshot:
    return close_period(make.regency(), period, actor=officer)


def test_dated_figures_are_kept_once_a_day_and_for_so_many_days(record, officer, program):
    now = datetime(2026, 11, 22, 1, tzinfo=UTC)
    regency = make.regency()
    assert take_dated(regency, QUARTER, now=now).revision == 1
    assert take_dated(regency, QUARTER, now=now + timedelta(hours=1)) is None
    make.activity(program, verified_by=officer)
    assert take_dated(regency, QUARTER, now=now + timedelta(hours=2)).revision == 2
    for day in range(1, KEPT + 5):
        take_dated(regency, QUARTER, now=now + timedelta(days=day))

    dated = Snapshot.objects.filter(closing=False)
    assert dated.count() == KEPT
    assert SnapshotRow.objects.filter(snapshot__closing=False).count() == KEPT


def test_closed_period_gets_no_dated_figures_any_more(record, officer, program):
    now = datetime(2026, 11, 22, 1, tzinfo=UTC)
    take_dated(make.regency(), QUARTER, now=now)
    kept = closed(officer)
    make.activity(program, verified_by=officer)
    assert take_dated(make.regency(), QUARTER, now=now + timedelta(days=1)) is None
    assert Snapshot.objects.count() == 2
    assert Snapshot.objects.latest_of("64.01", QUARTER) == kept


def test_closing_is_cited_before_dated_figures_that_are_newer(record, officer, program):
    for closing_too in (False, True):
        take_snapshot(make.regency(), QUARTER, actor=officer, closing=closing_too)
    make.activity(program, verified_by=officer)
    second = revise_period(make.regency(), QUARTER, actor=officer, reason="Menyusul")
    for _day in range(3):
        take_snapshot(make.regency(), QUARTER, actor=None, closing=False)
    assert Snapshot.objects.latest_of("64.01", QUARTER) == second


def test_the_command_keeps_this_year_last_year_and_the_semester(record, officer, capsys):
    call_command("take_snapshots")
    call_command("take_snapshots", regency="64.01")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 6
    assert [line.endswith("unchanged") for line in said] == [False] * 3 + [True] * 3
    assert Snapshot.objects.filter(closing=False).count() == 3


def test_the_command_says_which_period_is_closed(record, officer, capsys):
    closed(officer, YEAR)
    call_command("take_snapshots")
    assert "64.01 2025: closed" in capsys.readouterr().out
    assert Snapshot.objects.of(YEAR).count() == 1


def test_the_command_says_when_the_regency_is_unknown(db):
    with pytest.raises(CommandError, match="Regency 99.99 is not on file"):
        call_command("take_snapshots", regency="99.99")
