"""The wider picture beside the number: agreements, women's seats, scorecards, indices.

What stands on the boards of areas and villages; each part links to the page that holds it whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Grant
from indicators.cards import Card, cards_of
from indicators.models import Seat
from indicators.seats import SeatsShown, SeatSum, SeatSums, representation_of, seats_of
from indicators.series import Headline, headline
from mou.coverage import Cover, accompanied_codes, agreements_of, covered_codes
from mou.services.assignments import facilitators_of
from villages.models import Level, Village, VillageQuerySet

from .areas import LARGE, Area
from .counts import Share


@dataclass(frozen=True)
class IndexLine:
    """One index of a regency in words; `value` "" where none is known, then `near` says what is."""

    of: Headline
    value: str
    near: tuple[str, ...]

    @classmethod
    def of_headline(cls, one: Headline) -> IndexLine:
        written = one.meaning.written
        near = (f"{place} {known.year}: {written(known.value)}" for place, known in one.known)
        return cls(one, written(one.value.value) if one.value else "", tuple(near))


@dataclass(frozen=True)
class AreaWider:
    """Of a regency or district: villages that an agreement covers and a facilitator accompanies,
    of all; women's seats of the year; the indices of a regency (none for a district)."""

    code: str
    covered: Share
    accompanied: Share
    seats: SeatSums
    indices: tuple[IndexLine, ...]

    @property
    def bodies(self) -> tuple[tuple[str, SeatSum], ...]:
        """Those that have a target of 30 %, as far as anybody told of them."""
        named = (Seat.BPD, Seat.OFFICIALS, Seat.MUSRENBANG)
        found = ((seat, self.seats.seats.get(seat)) for seat in named)
        return tuple((seat.label, one) for seat, one in found if one)


@dataclass(frozen=True)
class VillageWider:
    """Of one village: its seats of the year, its scorecards, who covers and accompanies it."""

    village: Village
    seats: SeatsShown
    cards: tuple[Card, ...]
    covers: tuple[Cover, ...]
    facilitators: tuple[Grant, ...]


def area_wider(
    area: Area, villages: VillageQuerySet, year: int, basis: str, today: date
) -> AreaWider | None:
    """None above a regency and for villages that make up no area; at most ten statements."""
    if not area.code or area.level in LARGE:
        return None
    here = villages.live()
    number = here.count()
    if not number:
        return None
    return AreaWider(
        area.code,
        (len(covered_codes(here, today)), number),
        (len(accompanied_codes(here, today)), number),
        representation_of(here, year, basis),
        _indices(area),
    )


def _indices(area: Area) -> tuple[IndexLine, ...]:
    if area.level != Level.REGENCY:
        return ()
    return tuple(map(IndexLine.of_headline, headline(area.code)))


def village_wider(village: Village, year: int, basis: str, today: date) -> VillageWider:
    return VillageWider(
        village,
        seats_of(village, year, basis=basis),
        tuple(cards_of(village, year)),
        tuple(agreements_of(village, today)),
        tuple(one for one in facilitators_of(village, today) if not one.regency_id),
    )
