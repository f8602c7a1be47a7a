"""Each village's own programs of this year, and fewer of the year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from programs.models import ActivityCode
from villages.models import Village

from . import janju
from .manners import JANJU
from .patterns import Pattern, dice, of_villages
from .plans import Plan, identifier, program, records, sessions, target

FEWEST, MOST = 4, 8


def plans(village: Village, codes: Mapping[str, ActivityCode], today: date) -> Iterator[Plan]:
    chosen = _chosen(village)
    for pattern in chosen:
        yield _plan(pattern, village, codes, today.year, today)
    throw = dice("last year", village.code)
    for pattern in chosen:
        if throw.random() < 0.5:
            yield _plan(pattern, village, codes, today.year - 1, today)


def _chosen(village: Village) -> list[Pattern]:
    """Four to eight patterns, the common ones more often; Janju has the same for everybody."""
    if village.code == JANJU:
        return [one for one in of_villages() if one.code in janju.CODES]
    throw = dice("programs", village.code)
    left = [one for one in of_villages() if village.has_apbdes or not one.desa]
    return [_draw(left, throw) for _ in range(throw.randint(FEWEST, MOST))]


def _draw(left: list[Pattern], throw: Random) -> Pattern:
    [found] = throw.choices(left, [one.weight for one in left])
    left.remove(found)
    return found


def _plan(
    pattern: Pattern,
    village: Village,
    codes: Mapping[str, ActivityCode],
    year: int,
    today: date,
) -> Plan:
    uid = identifier("village", village.code, pattern.code, year)
    throw = dice(uid)
    planned = sessions(pattern, year, throw, thin=year < today.year)
    desa = village.has_apbdes
    made = program(
        pattern,
        uid,
        year,
        year,
        planned,
        owner_village=village,
        activity_code=codes[pattern.code] if desa else None,
        fund_source=throw.choice(pattern.funds) if desa else "apbd",
    )
    plan = Plan(
        made,
        "kades" if village.code == JANJU else "officer",
        [target(pattern, village, planned)],
    )
    if village.code == JANJU and year == today.year:
        plan.records += janju.records(pattern, made, village, planned, today)
    else:
        plan.records += records(pattern, made, village, planned, today)
    if village.code == JANJU and year < today.year:
        plan.records += janju.late(pattern, made, village, today)
    return plan
