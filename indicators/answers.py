"""The answers of an assessment as they count now, and what of them a person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import count, rupiah

from .computed import COMPUTED, Facts, facts_of, found_of
from .models import Answer, AnswerState, Assessment, Direction, Instrument, ItemKind
from .parts import ItemSaid, Parts, parts_of
from .scoring import Said, Score, item_score, rounded, score_of, state_of

#: Kinds of answers as people call them.
KINDS = {
    ItemKind.STATE: gettext_lazy("Fulfilled, partly, not yet"),
    ItemKind.PERCENT: gettext_lazy("Percent"),
    ItemKind.NUMBER: gettext_lazy("How many (a figure)"),
    ItemKind.RUPIAH: gettext_lazy("Rupiah"),
    ItemKind.SCORE: gettext_lazy("Score 0–100"),
}
_PARTS = ("pillars", "items", "levels", "gates")


@dataclass(frozen=True)
class Held:
    """What is known of one item; `by_portal`: computed, and from what in `evidence`."""

    state: str = AnswerState.NO_DATA
    value: Decimal | None = None
    evidence: str = ""
    reporter: str = ""
    by_portal: bool = False

    @property
    def said(self) -> Said:
        return Said(self.state, self.value)


@dataclass(frozen=True)
class AnswerShown:
    """One item with its answer as this reader may see it.

    `kept_back`: the answer is for reviewers and the village alone; nothing is told of it, not
    even whether there is one: handled cases tell that there were cases.
    """

    item: ItemSaid
    state: str
    label: str
    value: str
    evidence: str
    reporter: str
    by_portal: bool
    kept_back: bool
    points: Decimal | None


def live_answers(parts: Parts, facts: Facts) -> dict[str, Held]:
    """What the portal fills in now, by item code; without data where it knows nothing."""
    found = {}
    for item in parts.items:
        if item.computed:
            found[item.code] = _computed(item, facts)
    return found


def _computed(item: ItemSaid, facts: Facts) -> Held:
    one = found_of(item.computed, facts)
    if one is None:
        return Held(by_portal=True)
    state = one.state or (state_of(item, one.value) if one.value is not None else None)
    if not state:
        state = AnswerState.MET if one.value else AnswerState.NOT_MET
    return Held(state, one.value, one.words, by_portal=True)


def answers_of(assessment: Assessment, parts: Parts | None = None) -> dict[str, Held]:
    """By item code: computed live while it is open, as frozen once it was sent."""
    parts = parts or parts_of(assessment.instrument)
    held = stored_answers([assessment])[assessment.pk]
    if assessment.is_open:
        held = {code: one for code, one in held.items() if not one.by_portal}
        held |= live_answers(parts, facts_of(assessment.village, assessment.year))
    return held


def stored_answers(assessments: Iterable[Assessment]) -> dict:
    """{assessment pk: {item code: Held}} as stored. One query."""
    found: dict = defaultdict(dict)
    names = ("assessment_id", "item__code", "state", "value", "evidence", "reporter", "by_portal")
    keys = [one.pk for one in assessments]
    for pk, code, *rest in Answer.objects.filter(assessment__in=keys).values_list(*names):
        found[pk][code] = Held(*rest)
    return found


def result_of(parts: Parts, held: Mapping[str, Held], *, everything: bool = False) -> Score:
    """What came out. Without `everything` (for whoever is outside, see sight.py) restricted items
    count nowhere: no count, score, level or gate tells of them by subtraction."""
    said = {code: one.said for code, one in held.items()}
    return score_of(parts if everything else parts.unrestricted(), said)


def scores_of(assessments: Collection[Assessment], inside: Container[int] = ()) -> dict:
    """{pk: Score} of what was sent in, by each one's own version. Of villages (pk) `inside`
    everything counts, of others what is open to all. Six queries at most."""
    sent = [one for one in assessments if not one.is_open]
    if not sent:
        return {}
    keys = {one.instrument_id for one in sent}
    rows = Instrument.objects.filter(pk__in=keys).prefetch_related(*_PARTS)
    parts = {one.pk: parts_of(one) for one in rows}
    held = stored_answers(sent)
    return {
        one.pk: result_of(
            parts[one.instrument_id], held[one.pk], everything=one.village_id in inside
        )
        for one in sent
    }


def shown(parts: Parts, held: Mapping[str, Held], *, everything: bool) -> list[AnswerShown]:
    """Every item with its answer, in order. `everything`: for who is inside; files never do."""
    return [_shown(item, held.get(item.code, Held()), everything) for item in parts.items]


def _shown(item: ItemSaid, one: Held, everything: bool) -> AnswerShown:
    if item.restricted and not everything:
        return AnswerShown(item, "", "", "", "", "", bool(item.computed), True, None)
    points = rounded(item_score(item, one.said)) if one.said.known else None
    return AnswerShown(
        item,
        one.state,
        str(AnswerState(one.state).label),
        "" if one.value is None else figure(item, one.value),
        one.evidence,
        one.reporter,
        one.by_portal,
        False,
        points,
    )


def open_note() -> list[tuple[str, str]]:
    """Said in a file whose results leave restricted items out."""
    return [(_("Result"), _("without the items for reviewers only"))]


def figure(item: ItemSaid, value: Decimal) -> str:
    """A figure as people write it: 33,33 %, Rp1.500.000, 12."""
    if item.kind == ItemKind.RUPIAH:
        return rupiah(int(value))
    text = plain(value)
    return _("%(figure)s %%") % {"figure": text} if item.kind == ItemKind.PERCENT else text


def aim_of(item: ItemSaid) -> str:
    """The target in words; "" where there is none."""
    if item.kind == ItemKind.STATE or item.target is None:
        return ""
    value = {"figure": figure(item, item.target)}
    if item.direction == Direction.AT_MOST:
        return _("Target: at most %(figure)s") % value
    return _("Target: at least %(figure)s") % value


def plain(value: Decimal) -> str:
    """With a comma, and without decimals that say nothing."""
    whole, dot, rest = f"{value.normalize() + 0:f}".partition(".")
    return count(int(whole)) + (f",{rest}" if dot else "")


def source_of(item: ItemSaid) -> str:
    """Where a computed answer comes from, in words; "" for any other."""
    return str(COMPUTED[item.computed].source) if item.computed in COMPUTED else ""
