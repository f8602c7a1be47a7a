"""The page of one scorecard: answers under their pillars, with where the portal's own come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.tables import Column, Table

from .answers import AnswerShown, aim_of, answers_of, result_of, shown, source_of
from .computed import COMPUTED
from .models import Assessment
from .parts import ItemSaid, Parts, PillarSaid, parts_of
from .scoring import PillarScore, Score


@dataclass(frozen=True)
class AnswerRow:
    """One answer on the page. `source`, `link`: of what the portal filled in, "" for others."""

    answer: AnswerShown
    aim: str
    source: str
    link: str

    @property
    def item(self) -> ItemSaid:
        return self.answer.item


@dataclass(frozen=True)
class Group:
    """The answers of one pillar; `pillar` None where the instrument has no pillars."""

    pillar: PillarSaid | None
    score: PillarScore | None
    answers: Sequence[AnswerRow]


def reviewed(row: Assessment) -> dict[str, Any]:
    """What `_review_card.html` shows to a reviewer: everything, as it was sent in."""
    parts = parts_of(row.instrument)
    held = answers_of(row, parts)
    score = result_of(parts, held, everything=True)
    answers = shown(parts, held, everything=True)
    return {
        "assessment": row,
        "score": score,
        "groups": groups_of(row, parts, answers, score),
        "sent": not row.is_open,
    }


def groups_of(
    row: Assessment, parts: Parts, answers: Iterable[AnswerShown], score: Score | None
) -> list[Group]:
    by_code = {one.item.code: one for one in answers}
    scores = {one.pillar.code: one for one in score.pillars} if score else {}
    return [
        Group(
            pillar,
            scores.get(pillar.code) if pillar else None,
            [_row(by_code[item.code], row) for item in items],
        )
        for pillar, items in parts.groups()
    ]


def _row(answer: AnswerShown, row: Assessment) -> AnswerRow:
    item = answer.item
    return AnswerRow(answer, aim_of(item), source_of(item), link_of(item.computed, row))


def link_of(name: str, row: Assessment) -> str:
    """The page where a computed answer can be checked and put right."""
    if name not in COMPUTED:
        return ""
    page, takes, query = COMPUTED[name].link
    said = {"code": row.village.code, "year": row.year}
    return reverse(page, args=[said[one] for one in takes]) + query.format(**said)


def answers_table(row: Assessment, answers: Sequence[AnswerShown], now: datetime) -> Table:
    """The answers as a file, as whoever is outside may read them."""
    columns = [
        Column("code", _("Code"), "code"),
        Column("title", _("What is asked")),
        Column("state", _("State")),
        Column("value", _("Value")),
        Column("score", _("Score"), "number"),
        Column("evidence", _("Evidence")),
        Column("by_portal", _("Filled in by the portal"), paper=False),
    ]
    rows = (
        [
            one.item.code,
            one.item.title,
            None if one.kept_back else one.label,
            one.value or None,
            one.points,
            one.evidence or None,
            source_of(one.item) if one.by_portal else None,
        ]
        for one in answers
    )
    moment = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    village = row.village
    notes = [
        (_("Village"), f"{village.title}, {village.district.name}"),
        (_("Year"), str(row.year)),
        (_("Version"), str(row.instrument.number)),
        (_("State"), row.get_state_display()),
        (_("Downloaded at"), moment),
    ]
    reading = [_("Items for reviewers only stay empty in files.")]
    name = f"rapor-{row.instrument.key}-{village.code}-{row.year}"
    return Table(name, row.instrument.title, columns, rows, notes, reading=reading)
