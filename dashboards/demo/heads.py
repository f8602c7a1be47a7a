"""What the record of one session says: heads by sex, or what there was instead."""

from __future__ import annotations

from random import Random
from typing import Any

from programs.models import CountSource, EventStatus

from .manners import Manner
from .patterns import Pattern, Range, dice

CALLED_OFF_PERCENT = 3
SERVED_BY_BEING_THERE = frozenset({"meeting", "training"})
REASONS_CALLED_OFF = (
    "Hujan lebat, jalan ke lokasi putus.",
    "Narasumber berhalangan, dijadwalkan ulang.",
    "Bersamaan dengan panen, warga minta diundur.",
)
SOURCES = [CountSource.ATTENDANCE_LIST] * 16 + [CountSource.MINUTES] * 3 + [CountSource.ESTIMATE]


def told(pattern: Pattern, manner: Manner, throw: Random, *place: object) -> dict[str, Any]:
    """Heads of one session; `place` names the program and village, whose habit is steady."""
    if throw.uniform(0, 100) < CALLED_OFF_PERCENT:
        status = throw.choice([EventStatus.CANCELLED, EventStatus.POSTPONED])
        return {"event_status": status.value, "note": throw.choice(REASONS_CALLED_OFF)}
    if throw.random() >= manner.by_sex:
        return _only_a_total(pattern, throw)
    said = _present(pattern, manner, throw, place)
    said |= _served(pattern, manner, said, throw, place)
    said |= _deciding(pattern, said, throw, place)
    said |= {name: throw.randint(*map(int, span)) for name, span in pattern.also.items()}
    source = CountSource.ESTIMATE if pattern.estimated else throw.choice(SOURCES)
    return said | {"count_source": source.value}


def _only_a_total(pattern: Pattern, throw: Random) -> dict[str, Any]:
    if pattern.present is None:
        return {"note": "Daftar penerima belum dipilah perempuan dan laki-laki."}
    return {"total_participants": throw.randint(*map(int, pattern.present))}


def _split(people: Range, share: Range, points: int, throw: Random, place) -> tuple[int, int]:
    """So many women and men: around the steady share of this program in this village."""
    everyone = throw.randint(*map(int, people))
    percent = dice("share", share, *place).uniform(*share)
    if share[0] != share[1]:
        percent = min(100.0, max(0.0, percent + points + throw.uniform(-4, 4)))
    women = round(everyone * percent / 100)
    return women, everyone - women


def _present(pattern: Pattern, manner: Manner, throw: Random, place) -> dict[str, Any]:
    if pattern.present is None:
        return {}
    women, men = _split(pattern.present, pattern.women, manner.women, throw, place)
    said: dict[str, Any] = {"women_participants": women, "men_participants": men}
    if 100 * women < 30 * (women + men) and pattern.low_women and throw.random() < 0.6:
        said["low_women_reason"] = throw.choice(pattern.low_women)
    return said


def _served(pattern: Pattern, manner: Manner, said: dict, throw: Random, place) -> dict[str, Any]:
    """Those on the list; where they are served by being there, never more than were there."""
    if pattern.served is None:
        return {}
    women, men = _split(pattern.served, pattern.women_served, manner.women, throw, place)
    if pattern.kind in SERVED_BY_BEING_THERE:
        women = min(women, said["women_participants"])
        men = min(men, said["men_participants"])
    return {"women_beneficiaries": women, "men_beneficiaries": men}


def _deciding(pattern: Pattern, said: dict, throw: Random, place) -> dict[str, Any]:
    """Those who ran it: never more of a sex than were there."""
    if pattern.deciders is None:
        return {}
    women, men = _split(pattern.deciders, pattern.women_deciding, 0, throw, place)
    accepted = throw.uniform(0, 100) < pattern.proposals
    return {
        "women_deciders": min(women, said.get("women_participants", women)),
        "men_deciders": min(men, said.get("men_participants", men)),
        "women_proposals_accepted": throw.randint(1, 2) if accepted else 0,
    }
