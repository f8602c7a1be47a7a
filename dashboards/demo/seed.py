"""The whole demonstration in its order: people, reported rows, programs, activities, planning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from programs.models import Activity, ActivityCode, Origin, Program
from villages.models import District, Opd, Regency, Village

from . import (
    agreements,
    enact,
    office_closing,
    office_years,
    people,
    planning,
    reported,
    village_year,
    wider,
)
from .plans import Plan

#: The demonstration tells of this regency: its offices, its accounts, its reported rows.
REGENCY = "64.01"
REPORTED_ROWS = ("paser", "paser_activities_reported.csv")

#: (what was done, how it went)
Say = Callable[[str, str], None]
#: (records on file so far)
Progress = Callable[[int], None]


def seed(
    *,
    now: datetime,
    say: Say,
    districts: Sequence[str] = (),
    progress: Progress = lambda done: None,
) -> None:
    """Everything that is missing is put on file, all of it or nothing.

    `now` ends the invented time: no activity lies after its day. `districts` (codes) narrows the
    invented records; accounts and reported rows always come whole. Records that are there
    already are left as they are.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        regency = Regency.objects.get(code=REGENCY)
        known = timed(say, "accounts", lambda: people.ensure(regency, today))
        if Program.objects.filter(origin=Origin.SAMPLE).exists():
            count = Activity.objects.filter(origin=Origin.SAMPLE).count()
            say("sample records", f"sudah ada: {count} activities, nothing changed")
        else:
            timed(say, "reported rows", lambda: _reported(regency, known, now))
            plans = timed(say, "plans", lambda: _plans(regency, districts, today))
            timed(say, "programs", lambda: f"{enact.programs(plans, known, now)} on file")
            timed(say, "activities", lambda: _activities(regency, plans, known, now, progress))
        timed(say, "planning", lambda: planning.put_on_file(regency, known, now))
        timed(say, "agreements", lambda: agreements.put_on_file(regency, known, today))
        timed(say, "seats and cards", lambda: wider.put_on_file(regency, known, today))


def timed(say: Say, what: str, act: Callable):
    """The result of `act`, said with the seconds it took."""
    start = monotonic()
    result = act()
    said = result if isinstance(result, str) else f"{len(result)}"
    say(what, f"{said} ({monotonic() - start:.1f} s)")
    return result


def _offices(regency: Regency) -> dict[str, Opd]:
    """By name and by acronym."""
    found: dict[str, Opd] = {}
    for office in Opd.objects.filter(regency=regency):
        found |= {office.acronym: office, office.name: office}
    return found


def _reported(regency: Regency, known: Mapping[str, User], now: datetime) -> str:
    file = settings.DATA_DIR.joinpath(*REPORTED_ROWS)
    plans = list(reported.plans(file, _offices(regency), timezone.localdate(now)))
    enact.programs(plans, known, now)
    records = [one for plan in plans for one in plan.records]
    addresses = {one.draft.uid: plan.program.source_url for plan in plans for one in plan.records}
    enact.activities(records, known, now, Origin.REPORTED, addresses)
    enact.close(plans, known)
    return f"{len(plans)} programs, {len(records)} activities"


def _plans(regency: Regency, districts: Sequence[str], today: date) -> list[Plan]:
    chosen = District.objects.filter(regency=regency)
    if districts:
        chosen = chosen.filter(code__in=districts)
    villages = list(
        Village.objects.live().filter(district__in=chosen).select_related("district__regency")
    )
    codes = {one.code: one for one in ActivityCode.objects.all()}
    own = [plan for one in villages for plan in village_year.plans(one, codes, today)]
    return own + list(office_years.plans(villages, _offices(regency), today))


def _activities(
    regency: Regency,
    plans: Sequence[Plan],
    known: Mapping[str, User],
    now: datetime,
    progress: Progress,
) -> str:
    """Last year is closed as soon as it is over, while its last records still come in."""
    records = [one for plan in plans for one in plan.records]
    before, after = office_closing.halves(records, now)
    fates = enact.activities(before, known, now, Origin.SAMPLE, progress=progress)
    closed = office_closing.close(regency, known, now)

    def further(done: int) -> None:
        progress(len(before) + done)

    fates += enact.activities(after, known, now, Origin.SAMPLE, progress=further)
    revision = office_closing.revise(closed, known, now)
    parts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    year = f"last year closed, revision {revision}" if revision else "last year not closed yet"
    return f"{len(records)} on file: {parts}; {year}"
