"""Rows judged piece by piece: stored, or only tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import transaction

from ..drafts import ActivityDraft, Outcome
from ..services.submissions import submit_activities, try_activities
from .reading import Row, Sheet
from .rows import Drafter

#: Rows judged and committed together. Larger ones are hardly faster, and keep others waiting.
PIECE = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row."""

    row: Row
    outcome: Outcome

    @property
    def number(self) -> int:
        return self.row.number


def import_activities(
    sheet: Sheet, *, actor, name: str = "", dry_run: bool = False, piece: int = PIECE
) -> Iterator[list[Result]]:
    """Judge the rows in pieces, yielding each piece's results; right rows are kept at once.

    `dry_run` judges without storing. Raises Unusable before anything is stored when the sheet
    as a whole cannot be taken.
    """
    sheet.count()
    drafter = Drafter(actor)
    for rows in pieces(sheet, piece):
        with transaction.atomic():
            results = judge_piece(rows, drafter, actor=actor, name=name, dry_run=dry_run)
        yield results


def pieces(rows: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    following = iter(rows)
    while piece := list(islice(following, size)):
        yield piece


def judge_piece(
    rows: Sequence[Row], drafter: Drafter, *, actor, name: str = "", dry_run: bool = False
) -> list[Result]:
    """What becomes of these rows, inside the caller's transaction."""
    read = drafter.drafts(rows)
    drafts = [one for one in read if isinstance(one, ActivityDraft)]
    if dry_run:
        judged = iter(try_activities(drafts, actor=actor))
    else:
        judged = iter(submit_activities(drafts, actor=actor, source="sheet", client=name))
    return [
        Result(row, next(judged) if isinstance(one, ActivityDraft) else one)
        for row, one in zip(rows, read, strict=True)
    ]
