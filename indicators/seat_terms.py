"""The terms of women's seats: which bodies a village has, what is said of a year, the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import (
    COMMUNITY,
    MEETINGS,
    ONE_WOMAN,
    SENT_STATES,
    THIRTY_PERCENT,
    ProposalStage,
    ReviewState,
    Seat,
)

TARGET = 30  # percent
Pair = tuple[int, int]
#: Which states count: what a reviewer confirmed, what was sent in, everything.
BASES: dict[str, tuple[str, ...]] = {
    "verified": (ReviewState.VERIFIED,),
    "reported": SENT_STATES,
    "all": tuple(ReviewState.values),
}
#: What a kelurahan does not have: it keeps no plan and no budget of its own.
DESA_ONLY = (
    *(Seat.BPD, Seat.RPJMDES_TEAM, Seat.RKPDES_TEAM, Seat.MUSDES),
    *(Seat.BUMDES, Seat.TPK, Seat.KPMD),
)
DESA_STAGES = (ProposalStage.RKPDES, ProposalStage.APBDES)
GROUPS: tuple[tuple[Any, tuple[Seat, ...]], ...] = (
    (_("Village council"), (Seat.BPD,)),
    (_("Head and officials"), (Seat.OFFICIALS,)),
    (_("Teams that draft the plans"), (Seat.RPJMDES_TEAM, Seat.RKPDES_TEAM)),
    (_("Meetings"), MEETINGS),
    (_("Community institutions (LKD)"), COMMUNITY),
    (_("Other bodies"), (Seat.CUSTOMARY, Seat.BUMDES, Seat.TPK, Seat.KPMD)),
)
BPD_RULE = "Permendagri 110/2016"
TEAM_RULE = "Permendagri 114/2014"
TARGET_SOURCE = _("SDGs Desa, goal 5")


def seats_in(village) -> tuple[Seat, ...]:
    """The bodies and meetings that such a village has."""
    gone = () if village.has_apbdes else DESA_ONLY
    return tuple(seat for seat in Seat if seat not in gone)


def stages_in(village) -> tuple[ProposalStage, ...]:
    gone = () if village.has_apbdes else DESA_STAGES
    return tuple(stage for stage in ProposalStage if stage not in gone)


@dataclass(frozen=True)
class SeatsSaid:
    """What a writer says of one year. None and "": not known, which is never 0.

    `seats`: (women, all together); `proposals`: (number, whole rupiah).
    """

    seats: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    proposals: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    head_sex: str = ""
    women_meeting: bool | None = None
    women_meeting_on: date | None = None
    women_meeting_minutes: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Test:
    """One yardstick held to one body. `met` is None while the numbers are not known."""

    key: str
    label: Any
    source: Any
    met: bool | None


def reaches(pair: Pair | None) -> bool | None:
    """At least 30 of 100 are women; in whole numbers, the line included."""
    return None if pair is None else 100 * pair[0] >= TARGET * pair[1]


def tests_of(seat: str, pair: Pair | None) -> tuple[Test, ...]:
    """The tests of one body, each by itself: a rule of law is not a target."""
    found = []
    if seat in ONE_WOMAN:
        source = BPD_RULE if seat == Seat.BPD else TEAM_RULE
        met = None if pair is None else pair[0] >= 1
        found.append(Test(f"{seat}_one", _("Legal rule: at least 1 woman"), source, met))
    if seat in THIRTY_PERCENT:
        found.append(Test(f"{seat}_30", _("Target 30 %"), TARGET_SOURCE, reaches(pair)))
    return tuple(found)
