"""Terms of reference (KAK) of a budget statement: made, filled in, approved, signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, formats
from core.errors import Problem, Refused
from core.versions import swap

from ..content import unpacked
from ..models import (
    BudgetStatement,
    PlanState,
    StepKind,
    TermsOfReference,
    TermsStage,
)
from . import moves
from .moves import RemarkSaid
from .signing import SIGNED_FIELDS, Signature, sign
from .statements import require_open, send_back

OWN_FIELDS = (
    *("legal_basis", "purpose", "beneficiaries", "location", "starts_on", "ends_on"),
    *("subactivity", "limits", "months", "performer", "responsible", "cost"),
)
#: What a person types into terms.
TYPED = (*OWN_FIELDS, *SIGNED_FIELDS)
MOST_MONTHS = 12
#: What has to be filled in before it is submitted, and how that is said.
ASKED: dict[str, Any] = {
    "legal_basis": gettext_lazy("Fill in the legal basis."),
    "purpose": gettext_lazy("Fill in the purpose of the activity."),
    "beneficiaries": gettext_lazy("Fill in who benefits."),
    "location": gettext_lazy("Fill in where it is carried out."),
    "starts_on": gettext_lazy("Fill in on which day it starts, for example 5-11-2026."),
    "ends_on": gettext_lazy("Fill in on which day it ends, for example 5-11-2026."),
    "months": gettext_lazy("Fill in how many months it takes."),
    "performer": gettext_lazy("Fill in who carries it out."),
    "responsible": gettext_lazy("Fill in who is responsible."),
    "cost": gettext_lazy("Fill in the cost in rupiah, for example 12.500.000."),
}
_NAME = 120


@dataclass(frozen=True)
class StageSaid:
    """One stage: what it is called, what is done, in how many months."""

    label: str
    text: str = ""
    months: int | None = None


@transaction.atomic
def make_terms(statement: BudgetStatement, *, actor) -> TermsOfReference:
    """A draft of the terms is on file: what the last terms of the same analysis said, else what
    the analysis says already. Refused: not_permitted, not_allowed (replaced), already_there."""
    moves.require(actor, "manage_plans", statement)
    rows = BudgetStatement.objects.select_for_update()
    statement = rows.get(pk=statement.pk)
    if statement.state == PlanState.SUPERSEDED:
        words = _("This statement was replaced by a newer one. Make the terms of that one.")
        raise Refused(Problem("statement", "not_allowed", words))
    if TermsOfReference.objects.filter(statement=statement).exists():
        words = _("There are terms of reference of this statement already.")
        raise Refused(Problem("statement", "already_there", words))
    values, stages = _first_values(statement)
    made = TermsOfReference.objects.create(statement=statement, created_by=actor, **values)
    _set_stages(made, stages)
    moves.note_step(made, StepKind.CREATED, actor)
    return made


@transaction.atomic
def change_terms(
    terms: TermsOfReference, stages: Sequence[StageSaid], *, actor, version: int
) -> TermsOfReference:
    """The draft says what the unsaved instance says (TYPED), with these stages in this order.

    It may be incomplete until it is submitted; what is said has to be right: days in order and
    within the budget year, months from 1 to 12, a cost within the budget of the statement.
    """
    before = TermsOfReference.objects.select_for_update().get(pk=terms.pk)
    moves.require(actor, "manage_plans", before)
    require_open(before)
    if problems := what_is_wrong(terms, stages):
        raise Refused(*problems)
    values = {name: getattr(terms, name) for name in TYPED}
    changes: dict[str, Any] = audit.difference(
        {name: getattr(before, name) for name in TYPED}, values
    )
    if list(stages) != stages_of(before):
        changes["stages"] = [str(before.stages.count()), str(len(stages))]
    swap(before, version, **values)
    _set_stages(before, stages)
    if changes:
        moves.note_step(before, StepKind.CHANGED, actor, **changes)
    terms.refresh_from_db()
    return terms


def stages_of(terms: TermsOfReference) -> list[StageSaid]:
    return [StageSaid(one.label, one.text, one.months) for one in terms.stages.all()]


@transaction.atomic
def submit_terms(terms: TermsOfReference, *, actor, version: int) -> None:
    """It is with the reviewer. Refused with each field that is missing or wrong by its name."""
    _move("submit", terms, actor=actor, version=version)
    moves.settle_remarks(terms)


@transaction.atomic
def return_terms(
    terms: TermsOfReference,
    remarks: Sequence[RemarkSaid] = (),
    *,
    actor,
    version: int,
    note: str = "",
) -> None:
    """It is back at its office. Remarks name `activity`, `time`, `stages`, `money` or
    `signatory`."""
    send_back(terms, remarks, actor=actor, version=version, note=note)


@transaction.atomic
def approve_terms(terms: TermsOfReference, *, actor, version: int, note: str = "") -> None:
    """It is approved; judged once more, as at submit. Own_record for whoever submitted it."""
    _move("approve", terms, actor=actor, version=version, note=note)


@transaction.atomic
def sign_terms(
    terms: TermsOfReference, *, actor, version: int, signature: Signature | None = None
) -> None:
    """It is signed (signing.sign), after its statement. Refused: statement_not_signed."""
    moves.require(actor, moves.MOVES["sign"].needs, terms)
    rows = BudgetStatement.objects.select_for_update()
    if rows.get(pk=terms.statement_id).state != PlanState.SIGNED:
        words = _("Sign the statement (GBS) first, then its terms of reference.")
        raise Refused(Problem("state", "statement_not_signed", words))
    sign(terms, signature, actor=actor, version=version)


def _move(name: str, terms: TermsOfReference, *, actor, version: int, **said: Any) -> None:
    move = moves.MOVES[name]
    moves.require(actor, move.needs, terms)
    if terms.state in move.sources and (problems := what_is_missing(terms)):
        raise Refused(*problems)
    moves.make(name, terms, actor=actor, version=version, **said)


def what_is_missing(terms: TermsOfReference) -> list[Problem]:
    """What stands in the way of submitting and approving it."""
    stages = stages_of(terms)
    return [*_missing(terms, stages), *what_is_wrong(terms, stages)]


def what_is_wrong(terms: TermsOfReference, stages: Sequence[StageSaid]) -> list[Problem]:
    """What stands in the way of saving it."""
    return [*_wrong(terms), *_wrong_stages(terms, stages)]


def _first_values(statement: BudgetStatement) -> tuple[dict[str, Any], list[StageSaid]]:
    values = {name: getattr(statement, name) for name in SIGNED_FIELDS if name != "signed_on"}
    earlier = TermsOfReference.objects.filter(statement__analysis=statement.analysis_id)
    last = earlier.order_by("-statement__revision").first()
    if last:
        values |= {name: getattr(last, name) for name in OWN_FIELDS}
        year = statement.year
        same_year = last.starts_on is None or last.starts_on.year == year
        if not same_year:
            values |= {"starts_on": None, "ends_on": None}
        if last.cost and statement.total is not None and last.cost > statement.total:
            values["cost"] = statement.total
        return values, stages_of(last)
    content = unpacked(statement.gap_version.content)
    said = {
        "purpose": content.goal_now,
        "beneficiaries": content.audience,
        "subactivity": content.title[:300],
        "cost": statement.total,
    }
    return values | said, [_stage(one.text) for one in content.actions]


def _stage(text: str) -> StageSaid:
    """An action of the analysis as a stage: a long one keeps its whole text below its name."""
    label = Truncator(text).chars(_NAME)
    return StageSaid(label, "" if label == text else text)


def _set_stages(terms: TermsOfReference, stages: Sequence[StageSaid]) -> None:
    terms.stages.all().delete()
    TermsStage.objects.bulk_create(
        TermsStage(terms=terms, position=place, label=one.label, text=one.text, months=one.months)
        for place, one in enumerate(stages)
    )


def _missing(terms: TermsOfReference, stages: Sequence[StageSaid]) -> Iterator[Problem]:
    for name, words in ASKED.items():
        if not getattr(terms, name):
            yield Problem(name, "required", str(words))
    if not stages:
        yield Problem("stages", "required", _("Fill in at least one stage."))


def _wrong(terms: TermsOfReference) -> Iterator[Problem]:
    statement = terms.statement
    yield from _wrong_days(terms.starts_on, terms.ends_on, statement.year)
    if terms.months is not None and not 1 <= terms.months <= MOST_MONTHS:
        yield Problem("months", "out_of_range", _("Write a number of months from 1 to 12."))
    if terms.cost and statement.total is not None and terms.cost > statement.total:
        words = _("The cost of %(cost)s is more than the budget of the statement, %(total)s.")
        words %= {"cost": formats.rupiah(terms.cost), "total": formats.rupiah(statement.total)}
        yield Problem("cost", "over_ceiling", words)


def _wrong_days(first: date | None, last: date | None, year: int) -> Iterator[Problem]:
    for name, day in (("starts_on", first), ("ends_on", last)):
        if day and day.year != year:
            words = _("Choose a day in the budget year %(year)s.") % {"year": year}
            yield Problem(name, "outside_year", words)
    if first and last and last < first:
        yield Problem("ends_on", "order", _("The last day lies before the first day."))


def _wrong_stages(terms: TermsOfReference, stages: Sequence[StageSaid]) -> Iterator[Problem]:
    most = terms.months or MOST_MONTHS
    for place, one in enumerate(stages):
        if not one.label.strip():
            yield Problem(f"stages.{place}.label", "required", _("Name this stage."))
        if one.months is not None and not 1 <= one.months <= most:
            words = _("A stage takes from 1 to %(most)s months.") % {"most": most}
            yield Problem(f"stages.{place}.months", "out_of_range", words)
