"""The one decision a leader is asked for: chosen from the figures by a rule, never by taste.

Four troubles are measured as a part of the whole they belong to; the largest part wins, in this
order where two are alike: villages that have not reported (of all villages), programs without
data (of all with activities), records waiting for review (of all sent), and the distance of the
area furthest behind (in points of 100).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count, percent
from villages.models import Level as AreaLevel

from ..boards import AreaBoard, AreaRow
from ..changes import amount, points
from ..figures import Figure
from .document import Ask
from .sentences import in_charge, silent_of, widest_gap

NAMED = 3


@dataclass(frozen=True)
class Trouble:
    """`weight`: how large a part of its whole; `ask` makes the decision out of it."""

    weight: Fraction
    ask: Callable[[], Ask]


def decision(board: AreaBoard, rows: Sequence[AreaRow], figures: Sequence[Figure]) -> Ask:
    """What to decide, of whom it is asked, and the rule behind the choice."""
    troubles = [
        _not_reported(board, rows, figures),
        _without_data(board, rows),
        _waiting(board),
        _gap(board, rows),
    ]
    worst = max(troubles, key=lambda one: one.weight)
    if not worst.weight:
        return Ask(
            _("No decision is asked"),
            _("Every village has reported, every program has data and no record is waiting."),
            "",
        )
    return worst.ask()


def _part(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole > 0 else Fraction(0)


def child_level(board: AreaBoard) -> str:
    """Of which level the areas are that a board ranks."""
    district = board.area.level == AreaLevel.DISTRICT
    below = {AreaLevel.PROVINCE: AreaLevel.REGENCY, "nation": AreaLevel.PROVINCE}
    return AreaLevel.VILLAGE if district else below.get(board.area.level, AreaLevel.DISTRICT)


def _heads(board: AreaBoard, rows: Iterable[AreaRow], number: Callable[[AreaRow], int]) -> str:
    """The heads of the areas with most of it: "Camat Kuaro (7), Camat Long Ikis (5)"."""
    most = sorted((row for row in rows if number(row)), key=lambda row: (-number(row), row.title))
    return ", ".join(
        f"{in_charge(child_level(board), row)} ({count(number(row))})" for row in most[:NAMED]
    )


def _not_reported(board, rows: Sequence[AreaRow], figures: Sequence[Figure]) -> Trouble:
    said, villages = silent_of(figures)
    silent = villages - said
    words = {
        "k": count(silent),
        "m": count(villages),
        "share": percent((silent, villages)),
        "heads": _heads(board, rows, lambda row: row.villages - row.villages_reporting),
    }
    return Trouble(
        _part(silent, villages),
        lambda: Ask(
            _("Ask for the reports that are missing"),
            _("To decide: ask %(heads)s to have the villages report within 14 days.") % words,
            _("Because %(k)s of %(m)s villages (%(share)s) have not reported.") % words,
        ),
    )


def _without_data(board, rows: Sequence[AreaRow]) -> Trouble:
    missing, judged = board.headline.no_data, board.headline.judged
    words = {
        "k": count(missing),
        "m": count(judged + missing),
        "share": percent((missing, judged + missing)),
        "heads": _heads(board, rows, lambda row: row.headline.no_data),
    }
    return Trouble(
        _part(missing, judged + missing),
        lambda: Ask(
            _("Have women and men counted"),
            _("To decide: ask %(heads)s to complete the counts of women and men in 14 days.")
            % words,
            _("Because %(k)s of %(m)s programs (%(share)s) have no counts by sex.") % words,
        ),
    )


def _waiting(board: AreaBoard) -> Trouble:
    sent = board.total.sent
    words = {
        "k": count(board.waiting),
        "m": count(sent),
        "share": percent((board.waiting, sent)),
    }
    return Trouble(
        min(_part(board.waiting, sent), Fraction(1)),
        lambda: Ask(
            _("Have the records reviewed"),
            ngettext(
                "To decide: the head of DP2KBP3A has the %(k)s waiting record reviewed in 14 days.",
                "To decide: the head of DP2KBP3A has the %(k)s waiting records reviewed "
                "in 14 days.",
                board.waiting,
            )
            % words,
            _("Because %(k)s of %(m)s records sent in are waiting for review (%(share)s).") % words,
        ),
    )


def _gap(board: AreaBoard, rows: Sequence[AreaRow]) -> Trouble:
    lowest = widest_gap(rows, board.headline) if board.headline.enough_data else None
    behind = -(points(lowest.headline.share, board.headline.share) or 0) if lowest else 0

    def ask() -> Ask:
        assert lowest is not None  # noqa: S101 - without one the weight is 0
        words = {
            "head": in_charge(child_level(board), lowest),
            "area": lowest.title,
            "left": count(lowest.headline.judged - lowest.headline.involved),
            "points": amount(behind),
        }
        return Ask(
            _("Close the widest gap"),
            _(
                "To decide: %(head)s and the owners of %(left)s programs agree in 14 days on how "
                "women take part in them."
            )
            % words,
            _("Because %(area)s is %(points)s points below the whole, the widest gap.") % words,
        )

    return Trouble(Fraction(behind, 1000), ask)
