"""Scorecards of a village and of many: which version, where it stands, and what came out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from villages.models import Village

from .answers import scores_of
from .models import Assessment, Instrument
from .scoring import Score
from .services.instruments import instruments_for

_WITH = ("instrument", "village__district")


@dataclass(frozen=True)
class Card:
    """One scorecard of one village-year. `assessment` None: not begun. `score` only once it was
    sent in. `newer`: a newer version is in use for that year; this one stays as it was."""

    instrument: Instrument
    assessment: Assessment | None = None
    score: Score | None = None
    newer: bool = False

    @property
    def state(self) -> str:
        return self.assessment.state if self.assessment else ""


def cards_of(village: Village, year: int, *, everything: bool = False) -> list[Card]:
    """Every scorecard in use for the village in that year, and those begun by an older version.
    Results leave restricted items out, unless `everything` is for whoever is inside. At most
    eight queries, and two more where `village` came without its district's regency."""
    rows = Assessment.objects.filter(village=village, year=year).select_related(*_WITH)
    found = newest(rows)
    scores = scores_of(list(found.values()), {village.pk} if everything else ())
    return _made(instruments_for(village.district.regency, year), found, scores)


def _made(
    instruments: Iterable[Instrument], found: dict[str, Assessment], scores: dict
) -> list[Card]:
    """`found`: the assessments of one village-year by key of their instrument."""
    cards = []
    for one in instruments:
        row = found.get(one.key)
        if row is None:
            cards.append(Card(one))
        else:
            newer = row.instrument_id != one.pk
            cards.append(Card(row.instrument, row, scores.get(row.pk), newer))
    used = {card.instrument.key for card in cards}
    cards += [
        Card(row.instrument, row, scores.get(row.pk), newer=True)
        for key, row in found.items()
        if key not in used
    ]
    return cards


def newest(rows: Iterable[Assessment]) -> dict[str, Assessment]:
    """Of each instrument (key) the assessment that stands for a village-year."""
    found: dict[str, Assessment] = {}
    for row in sorted(rows, key=_rank):
        found[row.instrument.key] = row
    return found


def _rank(row: Assessment) -> tuple[bool, bool, int]:
    """What was sent in before a draft, the office's own before the shipped, the newer last."""
    one = row.instrument
    return (not row.is_open, one.regency_id is not None, one.number)


def standing_for(rows: Collection[Assessment]) -> dict[int, Assessment]:
    """Of one instrument (key) and year: {village pk: the assessment that stands}."""
    return {row.village_id: row for row in sorted(rows, key=_rank)}
