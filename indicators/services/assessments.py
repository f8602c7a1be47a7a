"""Scorecards of a village in a year: opened, answered, and frozen when they are sent in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit
from core.errors import Problem, Refused
from core.formats import one_line
from core.versions import swap
from villages.models import Village

from ..answers import live_answers
from ..computed import facts_of
from ..models import Answer, AnswerState, Assessment, Instrument, InstrumentItem, ItemKind
from ..parts import FIGURES, ItemSaid, parts_of
from ..scoring import state_of
from . import review
from .instruments import instrument_for

MOST = {ItemKind.PERCENT: Decimal(100), ItemKind.SCORE: Decimal(100)}
MOST_OF_ALL = Decimal(10) ** 13


@dataclass(frozen=True)
class AnswerSaid:
    """What a person says to one item (by code). A figure with a target says its state itself;
    "" and no value: no data, whatever stood there before."""

    item: str
    state: str = ""
    value: Decimal | None = None
    evidence: str = ""
    reporter: str = ""


def open_assessment(instrument: Instrument, village: Village, year: int, *, actor) -> Assessment:
    """The village's scorecard of that year by this version, as a draft; the one that is there
    where there is one. Refused: not_permitted, future; not_allowed: for that village and year
    another version is in use, or none.
    """
    if not _logs(actor, village):
        raise review.not_permitted()
    named = {"instrument": instrument, "village": village, "year": year}
    if not Assessment.objects.filter(**named).exists():
        _require_in_use(instrument, village, year)
    try:
        with transaction.atomic():
            found, made = Assessment.objects.get_or_create(**named, defaults={"author": actor})
            if made:
                audit.record(actor, "assessment.open", found, village=village.code, year=year)
    except IntegrityError:
        found = Assessment.objects.get(**named)
    return found


@transaction.atomic
def save_answers(
    assessment: Assessment, answers: Sequence[AnswerSaid], *, actor, version: int
) -> Assessment:
    """These items are answered so; all others stay as they are.

    Refused: not_permitted; not_allowed unless it is open; by field `<item code>.<what>`:
    unknown_value, by_portal, required (a state, or who reported a zero of cases), out_of_range,
    repeated. Stale.
    """
    if not review.holds(actor, "log", assessment):
        raise review.not_permitted()
    if not assessment.is_open and assessment.version == version:
        words = _("What was sent in cannot be changed. Ask the reviewer to send it back.")
        raise Refused(Problem("state", "not_allowed", words))
    items = {one.code: one for one in parts_of(assessment.instrument).items}
    judged = _judged(answers, items)
    swap(assessment, version)
    changed = _store(assessment, judged)
    if changed:
        review.note_saved(assessment, actor)
    # Each save is on record: one without items must not tell that a restricted one was answered.
    told = [code for code in changed if not items[code].restricted]
    audit.record(actor, "assessment.answer", assessment, items=told)
    return assessment


def freeze(assessment: Assessment) -> None:
    """What the portal filled in stands fast as it is now. Called by review.submit, inside its
    transaction. Refused (empty): there is no answer at all."""
    parts = parts_of(assessment.instrument)
    with override("id"):
        live = live_answers(parts, facts_of(assessment.village, assessment.year))
    assessment.answers.filter(by_portal=True).delete()
    items = {one.code: one.pk for one in assessment.instrument.items.all()}
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            item_id=items[code],
            state=one.state,
            value=one.value,
            evidence=one.evidence[:300],
            by_portal=True,
        )
        for code, one in live.items()
        if one.said.known
    )
    if not assessment.answers.exclude(state=AnswerState.NO_DATA).exists():
        words = _("Nothing is answered yet. Answer at least one item.")
        raise Refused(Problem("", "empty", words))


def _logs(actor, village: Village) -> bool:
    return actor is None or actor.villages_with("log").filter(pk=village.pk).exists()


def _require_in_use(instrument: Instrument, village: Village, year: int) -> None:
    if year > timezone.localdate().year:
        raise Refused(Problem("year", "future", _("This year has not come yet.")))
    used = instrument_for(instrument.key, village.district.regency, year)
    if used is None or used.pk != instrument.pk:
        words = _("This scorecard is not in use for this village and year.")
        raise Refused(Problem("instrument", "not_allowed", words))


def _judged(
    answers: Sequence[AnswerSaid], items: Mapping[str, ItemSaid]
) -> dict[str, tuple[AnswerSaid, str]]:
    """Each answer with its state, by item code; everything wrong is said at once."""
    problems: list[Problem] = []
    judged: dict[str, tuple[AnswerSaid, str]] = {}
    for said in answers:
        item = items.get(said.item)
        if item is None:
            words = _("This scorecard has no item %(code)s.") % {"code": said.item}
            problems.append(Problem(said.item, "unknown_value", words))
        elif said.item in judged:
            words = _("Item %(code)s is answered twice.") % {"code": said.item}
            problems.append(Problem(said.item, "repeated", words))
        else:
            problems += _problems(said, item)
            judged[said.item] = said, _state(said, item)
    if problems:
        raise Refused(*problems)
    return judged


def _state(said: AnswerSaid, item: ItemSaid) -> str:
    counted = state_of(item, said.value) if said.value is not None else None
    return counted or said.state or AnswerState.NO_DATA


def _problems(said: AnswerSaid, item: ItemSaid) -> list[Problem]:
    code = item.code
    if item.computed:
        return [Problem(code, "by_portal", _("The portal fills in %(code)s.") % {"code": code})]
    if said.state and said.state not in AnswerState.values:
        return [Problem(f"{code}.state", "unknown_value", _("Choose a state from the list."))]
    if said.value is None:
        return _without_figure(said, item)
    found = []
    most = MOST.get(ItemKind(item.kind), MOST_OF_ALL)
    if item.kind not in FIGURES:
        words = _("%(code)s is answered with a word, not with a figure.") % {"code": code}
        found.append(Problem(f"{code}.value", "not_allowed", words))
    elif not 0 <= said.value <= most:
        words = _("Write a figure from 0 to %(most)s.") % {"most": f"{most:f}"}
        found.append(Problem(f"{code}.value", "out_of_range", words))
    elif item.aim is None and not said.state:
        words = _("Choose whether %(code)s is fulfilled.") % {"code": code}
        found.append(Problem(f"{code}.state", "required", words))
    if item.counts_cases and said.value == 0 and not said.reporter.strip():
        words = _("Write who reported the zero of %(code)s. A zero counts only with a name.")
        found.append(Problem(f"{code}.reporter", "required", words % {"code": code}))
    return found


def _without_figure(said: AnswerSaid, item: ItemSaid) -> list[Problem]:
    """A word alone is no answer where a target decides."""
    known = said.state and said.state != AnswerState.NO_DATA
    if known and item.aim is not None and item.kind in FIGURES:
        words = _("Write the figure of %(code)s: the target decides whether it is fulfilled.")
        return [Problem(f"{item.code}.value", "required", words % {"code": item.code})]
    return []


def _store(assessment: Assessment, judged: Mapping[str, tuple[AnswerSaid, str]]) -> list[str]:
    """Codes of the items whose answer is another now."""
    rows = InstrumentItem.objects.filter(instrument=assessment.instrument_id, code__in=judged)
    there = {one.item_id: one for one in assessment.answers.filter(item__in=rows)}
    changed = []
    for item in rows:
        said, state = judged[item.code]
        row = there.get(item.pk)
        values = {
            "state": state,
            "value": said.value,
            "evidence": one_line(said.evidence)[:300],
            "reporter": one_line(said.reporter)[:120],
        }
        if row and all(getattr(row, name) == value for name, value in values.items()):
            continue
        empty = state == AnswerState.NO_DATA and not values["evidence"]
        if empty and row is None:
            continue
        changed.append(item.code)
        if empty and row is not None:
            row.delete()
        else:
            Answer.objects.update_or_create(assessment=assessment, item=item, defaults=values)
    return changed
