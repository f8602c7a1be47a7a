"""Programs of offices and districts: this year and the one before, in many villages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from villages.models import Opd, Village

from .patterns import Pattern, dice, of_offices
from .plans import Plan, Session, identifier, program, records, sessions, target

DISTRICT = "kecamatan"
#: The office of the demo account `opd`, which registers its programs itself.
OWN_HANDS = "Dinas Kesehatan"


def plans(villages: Sequence[Village], offices: Mapping[str, Opd], today: date) -> Iterator[Plan]:
    """`offices` by name and by acronym. A program that runs in none of `villages` is left out."""
    for pattern in of_offices():
        found = [village for village in villages if _runs_in(pattern, village)]
        if pattern.office == DISTRICT:
            for district, members in groupby(found, key=lambda village: village.district):
                yield _plan(pattern, list(members), today, owner_district=district)
        elif found:
            yield _plan(pattern, found, today, owner_opd=offices[pattern.office])


def _runs_in(pattern: Pattern, village: Village) -> bool:
    if village.code in pattern.always:
        return True
    fits = village.has_apbdes or not pattern.desa
    return fits and dice("reach", pattern.title, village.code).uniform(0, 100) < pattern.reach


def _plan(pattern: Pattern, villages: Sequence[Village], today: date, **owner) -> Plan:
    owned_by = owner.get("owner_district")
    uid = identifier("office", pattern.title, owned_by.code if owned_by else "")
    planned = {village: list(_both_years(pattern, village, today)) for village in villages}
    made = program(
        pattern,
        uid,
        today.year - 1 if pattern.state == "active" else today.year,
        today.year,
        (one for sessions in planned.values() for one in sessions),
        fund_source=dice(uid).choice(pattern.funds),
        **owner,
    )
    plan = Plan(
        made,
        "opd" if pattern.office == OWN_HANDS else "officer",
        [target(pattern, village, planned[village]) for village in villages],
        gap=pattern.gap,
    )
    plan.proven += _proven(pattern, villages)
    if pattern.state == "active":
        for village in villages:
            plan.records += records(pattern, made, village, planned[village], today)
    return plan


def _both_years(pattern: Pattern, village: Village, today: date) -> Iterator[Session]:
    """Fewer in the first year."""
    for year in (today.year - 1, today.year):
        throw = dice("sessions", pattern.title, village.code, year)
        yield from sessions(pattern, year, throw, thin=year < today.year)


def _proven(pattern: Pattern, villages: Iterable[Village]) -> list[Village]:
    return [
        village
        for village in villages
        if dice("outcome", pattern.title, village.code).uniform(0, 100) < pattern.outcome
    ]
