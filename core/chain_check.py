"""Does the chain over the audit trail still hold? Every fault is named, not only the first.

What a place is judged by: its number follows, its entry is there, its hash is that of the entry
after the hash that stands before it; so one altered row is one fault. What such a look cannot
see, a chain cut short or computed anew, the heads show that were written elsewhere (core/heads.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from . import append_only, chain
from .heads import Written
from .models import AuditEntry

#: An entry gets its place within seconds. One that has none for so long, or stands so far behind
#: younger ones, was not written by the portal in its course (or a duty stood still, a clock ran
#: wrong: look which).
LATE = timedelta(minutes=10)
#: Faults told one by one.
MOST = 200
#: How a known fault is taken note of: an entry of this action says which.
ACCEPTED = "audit.accepted"


@dataclass
class Findings:
    """What one look found. `accepted`: faults that somebody took note of before."""

    head: chain.Head = chain.Head(0, chain.GENESIS)
    sealed: int = 0
    faults: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def sound(self) -> bool:
        return not (self.faults or self.more)


def check(heads: Iterable[Written] = ()) -> Findings:
    """Seal what is committed, then look at every place and at the heads written elsewhere."""
    found = Findings()
    known = _known()
    found.faults += [f"trigger {name} is missing or switched off" for name in append_only.missing()]
    found.faults += _left_over(timezone.now() - LATE)
    found.sealed = chain.seal()
    for fault in _faults(found, sorted(heads)):
        if fault in known:
            found.accepted.append(fault)
        elif len(found.faults) < MOST:
            found.faults.append(fault)
        else:
            found.more += 1
    return found


def _known() -> set[str]:
    rows = AuditEntry.objects.filter(action=ACCEPTED).values_list("changes", flat=True)
    return {str(changes.get("fault")) for changes in rows}


def _left_over(before: datetime) -> list[str]:
    return [
        f"entry {pk} of {at:%Y-%m-%d %H:%M} ({action}) has no place in the chain"
        for pk, at, action in chain.late(before, MOST)
    ]


def _faults(found: Findings, heads: list[Written]) -> Iterator[str]:
    """Place by place. The heads are met on the way, each at its own place."""
    expected, before, newest = 1, chain.GENESIS, None
    waiting, good = iter(heads), 0
    head = next(waiting, None)
    for place in chain.places():
        if place.position != expected:
            yield _gap(expected, place.position)
            before = ""  # the hash that stood before is gone: this place cannot be judged by it
        yield from _faults_of(place, before, newest)
        if place.values is not None:
            newest = max(newest or place.values[1], place.values[1])
        while head and head.position <= place.position:
            if head.position == place.position and head.hash == place.hash:
                good = head.position
            elif head.position == place.position:
                yield _rewritten(head, place, good)
            head = next(waiting, None)
        expected, before = place.position + 1, place.hash
        found.head = chain.Head(place.position, place.hash)
    while head:
        yield (
            f"places {expected} to {head.position} are cut off: the head written on {head.day} "
            f"stood at {head.position}"
        )
        expected, head = max(expected, head.position + 1), next(waiting, None)


def _faults_of(place: chain.Place, before: str, newest: datetime | None) -> Iterator[str]:
    if place.values is None:
        yield f"place {place.position}: entry {place.entry} is gone"
        return
    if before and chain.linked(before, place.values) != place.hash:
        yield f"place {place.position}: entry {place.entry} was altered"
    at = place.values[1]
    if newest and at < newest - LATE:
        yield (
            f"place {place.position}: entry {place.entry} says {at:%Y-%m-%d %H:%M}, but came after "
            f"entries of {newest:%Y-%m-%d %H:%M}"
        )


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"place {found} stands below the first"
    if found == expected + 1:
        return f"place {expected} is gone"
    return f"places {expected} to {found - 1} are gone"


def _rewritten(head: Written, place: chain.Place, good: int) -> str:
    return (
        f"place {place.position}: entry {place.entry} has another hash than the head written on "
        f"{head.day}: rows between places {good + 1} and {place.position} were rewritten"
    )
