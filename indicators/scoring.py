"""From answers to a result: what is fulfilled, the score, the level, and what holds it back.

Pure and exact: fractions inside, rounded half up to one decimal at the end. The level goes by the
rounded score, so that nobody reads 75,0 beside the level below 75.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from .models import AnswerState, Direction, ItemKind
from .parts import GateSaid, ItemSaid, LevelSaid, Parts, PillarSaid

FULL, HALF, NOTHING = Fraction(100), Fraction(50), Fraction(0)
_BY_STATE = {
    AnswerState.MET: FULL,
    AnswerState.PARTLY: HALF,
    AnswerState.NOT_MET: NOTHING,
}


@dataclass(frozen=True)
class Said:
    """What is known of one item."""

    state: str
    value: Decimal | None = None

    @property
    def known(self) -> bool:
        return self.state != AnswerState.NO_DATA


UNKNOWN = Said(AnswerState.NO_DATA)


@dataclass(frozen=True)
class PillarScore:
    """The mean of a pillar's items, 0–100 to one decimal, and what it adds to the score."""

    pillar: PillarSaid
    value: Decimal
    points: Decimal
    done: int
    items: int


@dataclass(frozen=True)
class Score:
    """The result of one village-year.

    `value`: 0–100 to one decimal; None where nothing is known, or the instrument gives no score.
    `done` of `items` have data. `level` is what counts, `earned` what the score alone would give;
    they differ where gates failed. `met`, `partly`, `not_met`, `no_data` count items. `kept_out`:
    so many items are for reviewers only, and count nowhere in this result.
    """

    value: Decimal | None
    done: int
    items: int
    level: LevelSaid | None
    failed_gates: tuple[GateSaid, ...]
    met: int
    partly: int = 0
    not_met: int = 0
    no_data: int = 0
    earned: LevelSaid | None = None
    pillars: tuple[PillarScore, ...] = ()
    kept_out: int = 0

    @property
    def capped(self) -> bool:
        return self.level != self.earned


def score_of(parts: Parts, answers: Mapping[str, Said]) -> Score:
    """The result of these answers (by item code); what is not answered has no data."""
    said = {one.code: answers.get(one.code, UNKNOWN) for one in parts.items}
    states = Counter(one.state for one in said.values())
    done = sum(one.known for one in said.values())
    pillars = tuple(_pillar(parts, one, said) for one in parts.pillars)
    value = _value(parts, said) if parts.scored and done and parts.whole else None
    failed = tuple(one for one in parts.gates if not _passes(one, said)) if done else ()
    earned = _level(parts, value)
    return Score(
        value,
        done,
        len(parts.items),
        _capped(parts, earned, failed),
        failed,
        states[AnswerState.MET],
        states[AnswerState.PARTLY],
        states[AnswerState.NOT_MET],
        states[AnswerState.NO_DATA],
        earned,
        pillars,
        parts.kept_out,
    )


def item_score(item: ItemSaid, said: Said) -> Fraction:
    """0–100. A word counts 100, 50 or 0; a figure rises in a straight line up to its target.

    "At most": full up to the target, and nothing from twice the target on (a target of 0: from
    the first case on). Without data 0.
    """
    if not said.known:
        return NOTHING
    aim = item.aim
    if item.kind == ItemKind.STATE or said.value is None or aim is None:
        return _BY_STATE[AnswerState(said.state)]
    value, target = Fraction(said.value), Fraction(aim)
    if item.direction == Direction.AT_MOST:
        if value <= target:
            return FULL
        return _between(FULL * (2 * target - value) / target) if target else NOTHING
    return _between(FULL * value / target) if target else FULL


def state_of(item: ItemSaid, value: Decimal) -> str | None:
    """The word for a figure, where a target decides it; None where a person has to say it."""
    aim = item.aim
    if aim is None:
        return None
    if item.direction == Direction.AT_MOST:
        return AnswerState.MET if value <= aim else AnswerState.NOT_MET
    if value >= aim:
        return AnswerState.MET
    return AnswerState.PARTLY if value > 0 else AnswerState.NOT_MET


def rounded(value: Fraction) -> Decimal:
    """To one decimal, half up."""
    return Decimal(floor(value * 10 + Fraction(1, 2))) / 10


def _between(value: Fraction) -> Fraction:
    return max(NOTHING, min(FULL, value))


def _mean(items: tuple[ItemSaid, ...], said: Mapping[str, Said]) -> Fraction:
    if not items:
        return NOTHING
    return sum((item_score(one, said[one.code]) for one in items), NOTHING) / len(items)


def _value(parts: Parts, said: Mapping[str, Said]) -> Decimal:
    points = (one.weight * _mean(parts.of_pillar(one.code), said) for one in parts.pillars)
    return rounded(sum(points, NOTHING) / parts.whole)


def _pillar(parts: Parts, pillar: PillarSaid, said: Mapping[str, Said]) -> PillarScore:
    items = parts.of_pillar(pillar.code)
    mean = _mean(items, said)
    done = sum(said[one.code].known for one in items)
    return PillarScore(pillar, rounded(mean), rounded(pillar.weight * mean / 100), done, len(items))


def _passes(gate: GateSaid, said: Mapping[str, Said]) -> bool:
    """What is not known does not pass. A word counts as its score."""
    one = said.get(gate.item, UNKNOWN)
    if not one.known:
        return False
    reached = _BY_STATE[AnswerState(one.state)] if one.value is None else Fraction(one.value)
    return reached >= Fraction(gate.least)


def _level(parts: Parts, value: Decimal | None) -> LevelSaid | None:
    if value is None:
        return None
    reached = [one for one in parts.levels if value >= one.least]
    return max(reached, key=lambda one: one.least, default=None)


def _capped(
    parts: Parts, earned: LevelSaid | None, failed: tuple[GateSaid, ...]
) -> LevelSaid | None:
    if earned is None:
        return None
    caps = {gate.cap for gate in failed}
    allowed = [earned, *(one for one in parts.levels if one.code in caps)]
    return min(allowed, key=lambda one: one.least)
