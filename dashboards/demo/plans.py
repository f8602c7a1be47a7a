"""What is to be recorded: programs with their villages, and activities with their fate.

Pure: reads no clock and writes nothing. The same villages and the same day give the same plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from programs.drafts import ActivityDraft
from programs.models import Origin, Program
from programs.services import Target
from villages.models import Village

from . import heads
from .manners import FACILITATED, JANJU, Manner, clerk_of, manner_of
from .patterns import Pattern, dice, places

#: The newest records: nobody writes everything down on the day itself.
SETTLED_DAYS = 3
MILLION = 1_000_000
SUNDAY = 6
#: (month, day)
HOLIDAYS = {(5, 1), (6, 1), (8, 17), (12, 25)}
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True)
class Session:
    """One activity a program plans: its number, day and cost in whole rupiah."""

    number: int
    day: date
    cost: int


@dataclass(frozen=True)
class Record:
    """One activity as it is to be recorded: by whom, on which day, and what became of it."""

    draft: ActivityDraft
    author: str
    received_on: date
    fate: str


@dataclass
class Plan:
    """One program to put on file by `maker`, and the records under it.

    `gap`: its gender analysis is approved with this target (per cent) for women among those
    served; `proven`: villages in which its outcome indicator was reached.
    """

    program: Program
    maker: str
    targets: list[Target] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    gap: int | None = None
    proven: list[Village] = field(default_factory=list)


def identifier(*what: object) -> UUID:
    """The same identifier for the same thing in every run: addresses of the demo stay."""
    return uuid5(NAMESPACE_URL, "pug-demo/" + "/".join(map(str, what)))


def sessions(pattern: Pattern, year: int, throw: Random, *, thin: bool) -> list[Session]:
    """The activities of one year, in order, at most one a month; half as many when `thin`."""
    count = throw.randint(*map(int, pattern.sessions))
    if thin:
        count = (count + 1) // 2
    months = throw.sample(pattern.months, min(count, len(pattern.months)))
    days = sorted(_day(year, month, throw) for month in months)
    return [
        Session(number, day, round(throw.uniform(*pattern.cost) * 20) * MILLION // 20)
        for number, day in enumerate(days, 1)
    ]


def _day(year: int, month: int, throw: Random) -> date:
    """A day on which people meet: no Sunday, no fixed holiday."""
    day = date(year, month, throw.randint(2, 26))
    while day.weekday() == SUNDAY or (day.month, day.day) in HOLIDAYS:
        day += timedelta(days=1)
    return day


def program(
    pattern: Pattern, uid: UUID, first: int, last: int, planned: Iterable[Session], **values
):
    """The unsaved program; its ceiling is what its sessions cost, in full millions."""
    cost = sum(one.cost for one in planned)
    return Program(
        uid=uid,
        title=pattern.title,
        year_from=first,
        year_to=last,
        gender_marker=pattern.marker,
        arg_category=pattern.arg,
        target_group=pattern.target_group,
        ceiling=-(-cost // MILLION) * MILLION or None,
        state=pattern.state,
        origin=Origin.SAMPLE,
        **values,
    )


def target(pattern: Pattern, village: Village, planned: Sequence[Session]) -> Target:
    """What the program means to reach there: people of its sessions, by its middle share."""
    people = pattern.present or pattern.served or (0, 0)
    share = pattern.women if pattern.present else pattern.women_served
    everyone = len(planned) * sum(people) / 2
    women = round(everyone * max(sum(share) / 200, 0 if pattern.marker is None else 0.3))
    if pattern.target_group == "men":
        women = 0
    return Target(village, len(planned), women, round(everyone) - women)


def records(
    pattern: Pattern,
    of: Program,
    village: Village,
    planned: Iterable[Session],
    today: date,
) -> Iterator[Record]:
    """The sessions held and written down until a few days before `today`."""
    manner = manner_of(village)
    for session in planned:
        throw = dice("record", of.uid, village.code, session.day)
        if session.day > today - timedelta(days=SETTLED_DAYS):
            continue
        if throw.random() < manner.records:
            yield _record(pattern, of, village, session, manner, today, throw)


def _record(
    pattern: Pattern,
    of: Program,
    village: Village,
    session: Session,
    manner: Manner,
    today: date,
    throw: Random,
) -> Record:
    place = throw.choice(places(pattern.kind))
    title = pattern.activities[(session.number - 1) % len(pattern.activities)]
    said = heads.told(pattern, manner, throw, of.uid, village.code)
    if "event_status" not in said:
        said |= {"budget_spent": session.cost, "fund_source": of.fund_source}
    return record(
        of,
        village,
        session.day,
        author_of(village, throw),
        min(session.day + timedelta(days=throw.randint(0, 8)), today),
        fate(today - session.day, throw),
        title=title.format(place=place, month=MONTHS[session.day.month - 1]),
        place=place,
        kind=pattern.kind,
        stage=pattern.stage,
        **said,
    )


def record(
    of: Program, village: Village, day: date, author: str, received_on: date, fate: str, **said
) -> Record:
    content = {"program": of.uid, "village": village.code, "held_on": day, **said}
    uid = identifier(of.uid, village.code, day, said["title"])
    return Record(ActivityDraft(uid=uid, content=content), author, received_on, fate)


def author_of(village: Village, throw: Random) -> str:
    """The username of somebody who records there."""
    if village.code == JANJU and throw.random() < 0.5:
        return "kades"
    return "pendamping" if village.code in FACILITATED else clerk_of(village.district)


def fate(age: timedelta, throw: Random) -> str:
    """The newest wait for review; of the older ones nearly all are verified."""
    chance = throw.uniform(0, 100)
    waiting = 92 if age.days <= 14 else 76 if age.days <= 45 else 2 if age.days <= 150 else 0
    if chance < waiting:
        return "waiting"
    if chance > 97:
        return "returned"
    return "voided" if chance > 96.4 else "verified"
