"""The way of a document from its writer to its reviewer and back: the same for analysis,
statement and terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.versions import swap

from ..models import (
    BudgetStatement,
    GenderAnalysis,
    PlanState,
    Remark,
    Step,
    StepKind,
    TermsOfReference,
)

Document = GenderAnalysis | BudgetStatement | TermsOfReference


@dataclass(frozen=True)
class Move:
    """From which states to which, with which word of accounts/capabilities.py, noted as what."""

    sources: frozenset[str]
    to: str
    needs: str
    kind: str


#: The allowed moves of every document.
MOVES: dict[str, Move] = {
    "submit": Move(
        frozenset({PlanState.DRAFT, PlanState.RETURNED}),
        PlanState.SUBMITTED,
        "manage_plans",
        StepKind.SUBMITTED,
    ),
    "withdraw": Move(
        frozenset({PlanState.SUBMITTED}), PlanState.DRAFT, "manage_plans", StepKind.WITHDRAWN
    ),
    "return": Move(
        frozenset({PlanState.SUBMITTED}), PlanState.RETURNED, "approve_plans", StepKind.RETURNED
    ),
    "approve": Move(
        frozenset({PlanState.SUBMITTED}), PlanState.APPROVED, "approve_plans", StepKind.APPROVED
    ),
    "sign": Move(frozenset({PlanState.APPROVED}), PlanState.SIGNED, "sign_plans", StepKind.SIGNED),
    "revise": Move(
        frozenset({PlanState.APPROVED, PlanState.SIGNED}),
        PlanState.DRAFT,
        "manage_plans",
        StepKind.REVISED,
    ),
}


#: Moves of a second person, and the steps that make somebody the first.
REVIEWING = ("return", "approve")
_WRITING = (StepKind.CREATED, StepKind.CHANGED, StepKind.SUBMITTED, StepKind.REVISED)


@dataclass(frozen=True)
class RemarkSaid:
    """What the reviewer says about a step, one row of it, or one field of that row."""

    step: str
    text: str
    row: UUID | None = None
    field: str = ""


def holds(user, capability: str, document: Document) -> bool:
    """She holds the word on the owner of the document. A village's writers hold theirs by
    another name: `plan_village`."""
    rows = type(document).objects.filter(pk=document.pk)
    if rows.permitting(user, capability).exists():
        return True
    if capability != "manage_plans" or program_of(document).owner_village_id is None:
        return False
    return rows.permitting(user, "plan_village").exists()


def program_of(document: Document):
    if isinstance(document, TermsOfReference):
        return document.statement.analysis.program
    if isinstance(document, BudgetStatement):
        return document.analysis.program
    return document.program


def may(user, name: str, document: Document) -> bool:
    """The move stands open to this person now (own records are refused only when it is made)."""
    move = MOVES[name]
    return document.state in move.sources and holds(user, move.needs, document)


def make(
    name: str,
    document: Document,
    *,
    actor,
    version: int,
    note: str = "",
    number: int | None = None,
    now: datetime | None = None,
    **values: Any,
) -> None:
    """The document has moved, and who, when and why stands beside it. Inside a transaction.

    Refused: `not_permitted`, `not_allowed` in this state, `own_record` (nobody decides on what she
    wrote or submitted herself); Stale when somebody was faster.
    """
    move = MOVES[name]
    require(actor, move.needs, document)
    if document.state not in move.sources:
        raise Refused(Problem("state", "not_allowed", _not_allowed(document)))
    if name in REVIEWING and wrote(document, actor):
        words = _("You wrote or submitted this yourself. Somebody else has to review it.")
        raise Refused(Problem("", "own_record", words))
    swap(document, version, state=move.to, **values)
    note_step(document, move.kind, actor, note=note, number=number, now=now)


def require(actor, capability: str, document: Document) -> None:
    if not holds(actor, capability, document):
        words = _("You cannot do this for the documents of this office.")
        raise Refused(Problem("", "not_permitted", words))


def wrote(document: Document, person) -> bool:
    """Her hand is in what waits: she began, changed or submitted it since it was last approved."""
    steps = Step.objects.filter(document=document.pk).order_by()
    approved = steps.filter(kind=StepKind.APPROVED).aggregate(at=Max("at"))["at"]
    hers = steps.filter(actor=person, kind__in=_WRITING)
    return (hers.filter(at__gt=approved) if approved else hers).exists()


def note_step(
    document: Document,
    kind: str,
    actor,
    *,
    note: str = "",
    number: int | None = None,
    now: datetime | None = None,
    **changes: Any,
) -> None:
    Step.objects.create(
        document=document.pk,
        kind=kind,
        actor=actor,
        at=now or timezone.now(),
        note=note,
        number=number,
    )
    name = type(document)._meta.model_name
    audit.record(actor, f"{name}.{kind}", document, note=note, **changes)


def remark(
    document: Document, said: Sequence[RemarkSaid], *, actor, number: int | None = None
) -> None:
    now = timezone.now()
    Remark.objects.bulk_create(
        Remark(
            document=document.pk,
            number=number,
            step=one.step,
            row=one.row,
            field=one.field,
            text=one.text,
            author=actor,
            at=now,
        )
        for one in said
    )


def settle_remarks(document: Document) -> None:
    """What was said is dealt with: the document was submitted again."""
    open_ones = Remark.objects.filter(document=document.pk, settled_at=None)
    open_ones.update(settled_at=timezone.now())


def _not_allowed(document: Document) -> str:
    words = {"state": document.get_state_display()}
    return _("This cannot be done now: the document is “%(state)s”.") % words
