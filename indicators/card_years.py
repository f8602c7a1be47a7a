"""The scorecards of one village over the years, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.tables import Column, Table
from villages.models import Village

from .answers import open_note, scores_of
from .cards import Card, newest
from .models import Assessment, Instrument
from .services.instruments import instruments_for

#: How many years stand side by side.
YEARS_BESIDE = 3


@dataclass(frozen=True)
class Years:
    """One scorecard (key) of a village: what is in use in the year asked for, None where nothing
    is, and a card of each year, the oldest first. `mixed`: the years go by different versions."""

    key: str
    title: str
    current: Instrument | None
    cards: tuple[Card | None, ...]
    years: tuple[int, ...]

    @property
    def beside(self) -> list[tuple[int, Card | None]]:
        return list(zip(self.years, self.cards, strict=True))

    @property
    def now(self) -> Card | None:
        return self.cards[-1]

    @property
    def open_only(self) -> bool:
        return any(one.score.kept_out for one in self.cards if one and one.score)

    @property
    def mixed(self) -> bool:
        versions = {(one.instrument.regency_id, one.instrument.number) for one in self.cards if one}
        return len(versions) > 1


def compared(village: Village, year: int, *, everything: bool = False) -> list[Years]:
    """Every scorecard in use in that year or answered in one of the years beside it; restricted
    items count for `everything` only. The number of queries does not grow with the years or
    scorecards."""
    years = range(year - YEARS_BESIDE + 1, year + 1)
    rows = Assessment.objects.filter(village=village, year__in=years).select_related("instrument")
    by_year: dict[int, list[Assessment]] = defaultdict(list)
    for row in rows:
        by_year[row.year].append(row)
    standing = {one: newest(by_year[one]) for one in years}
    rows_shown = [row for found in standing.values() for row in found.values()]
    scores = scores_of(rows_shown, {village.pk} if everything else ())
    used = {one.key: one for one in instruments_for(village.district.regency, year)}
    titles = {key: one.title for key, one in used.items()}
    for found in standing.values():
        for key, row in found.items():
            titles.setdefault(key, row.instrument.title)
    return [
        Years(
            key,
            titles[key],
            used.get(key),
            tuple(_card(standing[one].get(key), scores) for one in years),
            tuple(years),
        )
        for key in sorted(titles)
    ]


def _card(row: Assessment | None, scores: dict) -> Card | None:
    return Card(row.instrument, row, scores.get(row.pk)) if row else None


def compared_table(village: Village, year: int, rows: Sequence[Years], now: datetime) -> Table:
    """The same as a file: a row for each scorecard and year that has one."""
    columns = [
        Column("instrument", _("Scorecard")),
        Column("year", _("Year"), "code"),
        Column("version", _("Version"), "count"),
        Column("state", _("State")),
        Column("score", _("Score"), "number"),
        Column("level", _("Level")),
        Column("met", _("Fulfilled"), "count"),
        Column("with_data", _("Items with data"), "share"),
        Column("gates_failed", _("Gates not passed")),
    ]
    moment = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    notes = [
        (_("Village"), f"{village.title}, {village.district.name}"),
        (_("Village code"), village.code),
        *(open_note() if any(one.open_only for one in rows) else ()),
        (_("Downloaded at"), moment),
    ]
    found = _cells(rows)
    title = _("Scorecards of %(village)s") % {"village": village.title}
    return Table(f"rapor-{village.code}-{year}", title, columns, found, notes)


def _cells(rows: Sequence[Years]) -> Iterator[list[Any]]:
    for years in rows:
        for card in years.cards:
            if card is None or card.assessment is None:
                continue
            score, row = card.score, card.assessment
            told: list[Any] = [None] * 5
            if score:
                gates = "; ".join(one.words for one in score.failed_gates)
                level = score.level.label if score.level else None
                told = [score.value, level, score.met, (score.done, score.items), gates]
            named = [years.title, str(row.year), card.instrument.number, row.get_state_display()]
            yield [*named, *told]
