"""Score, level and gates: pure, exact, by hand."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.models import AnswerState, Direction, ItemKind
from indicators.parts import GateSaid, ItemSaid, LevelSaid, Parts, PillarSaid
from indicators.scoring import Said, Score, item_score, rounded, score_of, state_of

MET, PARTLY, NOT = AnswerState.MET, AnswerState.PARTLY, AnswerState.NOT_MET
LEVELS = tuple(
    LevelSaid(code, code.title(), least)
    for code, least in (
        ("belum", 0),
        ("pratama", 40),
        ("madya", 60),
        ("utama", 75),
        ("mandiri", 90),
    )
)
BPD = ItemSaid("L3", "Perempuan di BPD", ItemKind.NUMBER, "a", target=Decimal(1))
LOGS = ItemSaid("D2", "Catatan terpilah", ItemKind.PERCENT, "b", target=Decimal(80))
RULE = ItemSaid("K1", "Perdes", ItemKind.STATE, "b")
MARK = ItemSaid("N1", "Nilai", ItemKind.SCORE, "c")
GATES = (
    GateSaid("L3", Decimal(1), "pratama", "tanpa perempuan di BPD"),
    GateSaid("D2", Decimal(80), "madya", "catatan belum terpilah"),
)
SCORED = Parts(
    True,
    (BPD, LOGS, RULE, MARK),
    (PillarSaid("a", "A", 20), PillarSaid("b", "B", 30), PillarSaid("c", "C", 50)),
    LEVELS,
    GATES,
)


def figure(item: ItemSaid, value) -> Said:
    value = Decimal(str(value))
    return Said(state_of(item, value) or MET, value)


def scored(bpd=None, logs=None, rule=None, mark=None) -> Score:
    said = {"L3": (BPD, bpd), "D2": (LOGS, logs), "N1": (MARK, mark)}
    answers = {code: figure(one, value) for code, (one, value) in said.items() if value is not None}
    return score_of(SCORED, answers | ({"K1": Said(rule)} if rule else {}))


@pytest.mark.parametrize(
    ("answers", "value", "level", "failed"),
    [
        ({"bpd": 2, "logs": 100, "rule": MET, "mark": 100}, "100", "mandiri", ()),
        # no woman in the BPD: whatever the score, no level above pratama
        ({"bpd": 0, "logs": 100, "rule": MET, "mark": 100}, "80", "pratama", ("L3",)),
        # nobody knows: that does not pass either
        ({"logs": 100, "rule": MET, "mark": 100}, "80", "pratama", ("L3",)),
        # 79,99 % of the logs are split: 15 * 0,999875 + 15 + 20 + 50
        ({"bpd": 1, "logs": "79.99", "rule": MET, "mark": 100}, "100", "madya", ("D2",)),
        ({"bpd": 1, "logs": 80, "rule": MET, "mark": 100}, "100", "mandiri", ()),
        # both: the lower cap counts
        ({"bpd": 0, "logs": 10, "rule": MET, "mark": 100}, "66.9", "pratama", ("L3", "D2")),
        # exactly 75, and a hair below it
        ({"bpd": 1, "logs": 100, "rule": PARTLY, "mark": 65}, "75", "utama", ()),
        ({"bpd": 1, "logs": 100, "rule": PARTLY, "mark": "64.8"}, "74.9", "madya", ()),
        # a cap above what the score gives changes nothing
        ({"bpd": 1, "logs": 0, "rule": NOT, "mark": 10}, "25", "belum", ("D2",)),
    ],
)
def test_score_level_and_gates(answers, value, level, failed):
    found = scored(**answers)
    assert found.value == Decimal(value)
    assert found.level.code == level
    assert tuple(one.item for one in found.failed_gates) == failed


def test_nothing_known_is_no_score_and_not_zero():
    found = scored()
    assert (found.value, found.level, found.failed_gates) == (None, None, ())
    assert (found.done, found.items, found.no_data) == (0, 4, 4)


def test_items_without_data_count_nothing_and_are_told_beside():
    found = scored(bpd=1, logs=100)  # half of pillar B and pillar C are not known
    assert found.value == Decimal(35)
    assert (found.done, found.items) == (2, 4)
    assert [(one.pillar.code, one.value, one.done) for one in found.pillars] == [
        ("a", Decimal(100), 1),
        ("b", Decimal(50), 1),
        ("c", Decimal(0), 0),
    ]


def test_instruments_without_a_score_count_what_is_fulfilled():
    items = tuple(ItemSaid(f"DR{n:02}", "", ItemKind.STATE) for n in range(1, 11))
    states = [MET] * 7 + [PARTLY, NOT]
    answers = {item.code: Said(state) for item, state in zip(items, states, strict=False)}
    found = score_of(Parts(False, items), answers)
    assert (found.met, found.partly, found.not_met, found.no_data, found.items) == (7, 1, 1, 1, 10)
    assert (found.value, found.level) == (None, None)


CASES = replace(BPD, target=Decimal(0), direction=Direction.AT_MOST)
FEW = replace(CASES, target=Decimal(10))


@pytest.mark.parametrize(
    ("item", "value", "score", "state"),
    [
        (LOGS, 0, "0", NOT),
        (LOGS, 20, "25", PARTLY),
        (LOGS, 80, "100", MET),
        (LOGS, 95, "100", MET),
        (CASES, 0, "100", MET),
        (CASES, 1, "0", NOT),
        (FEW, 10, "100", MET),
        (FEW, 15, "50", NOT),
        (FEW, 20, "0", NOT),
        (FEW, 90, "0", NOT),
        (MARK, "62.5", "62.5", PARTLY),
    ],
)
def test_a_figure_is_measured_in_a_straight_line(item, value, score, state):
    said = figure(item, value)
    assert item_score(item, said) == Decimal(score)
    assert said.state == state


def test_halves_are_rounded_up():
    assert rounded(Fraction(74_95, 100)) == Decimal("75.0")
    assert rounded(Fraction(74_9499, 10_000)) == Decimal("74.9")


def test_what_is_restricted_counts_nowhere_and_the_weights_left_are_the_whole():
    items = (BPD, replace(LOGS, restricted=True), RULE, replace(MARK, restricted=True))
    parts = replace(SCORED, items=items).unrestricted()
    answers = {"L3": figure(BPD, 2), "D2": figure(LOGS, 0), "K1": Said(PARTLY)}
    score = score_of(parts, answers | {"N1": figure(MARK, 0)})
    assert (score.value, score.failed_gates) == (Decimal("70"), ())  # (20 + 30 / 2) of 50
    assert (score.done, score.items, score.kept_out) == (2, 2, 2)
    assert [one.pillar.code for one in score.pillars] == ["a", "b"]
    shut = replace(SCORED, items=tuple(replace(one, restricted=True) for one in items))
    assert score_of(shut.unrestricted(), answers).value is None
