"""Budget lines: entered, changed and taken out, each rupiah in one place only."""

from __future__ import annotations

from typing import NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from core.formats import rupiah
from villages.models import District, Opd, Village

from ..line_rules import FREE, OWNERS, PLAIN, budget_of, problems_of, tidy
from ..models import (
    APPROVED_STATES,
    OPEN_STATES,
    BudgetLine,
    BudgetStatement,
    PlanState,
    StepKind,
)
from .moves import note_step, wrote
from .statements import lines_of
from .totals import set_target, set_total

__all__ = [
    "LOCKED_STATES",
    "add_line",
    "budgeted_under",
    "change_line",
    "holds_owner",
    "is_locked",
    "over_budgeted",
    "planned_under",
    "remove_line",
    "set_target",
    "set_total",
]

#: States of a statement in which what its lines plan stands fast: what is reviewed and approved
#: is what was submitted.
LOCKED_STATES = (PlanState.SUBMITTED, *APPROVED_STATES)


@transaction.atomic
def add_line(line: BudgetLine, *, actor) -> BudgetLine:
    """The unsaved line is on file. Pressed twice, it is one: refused as `already_there`.

    Raises Refused: not_permitted, and whatever line_rules and its statement have against it.
    """
    _require(actor, line.owner)
    tidy(line)
    statement = _held(line.statement_id).get(line.statement_id)
    problems = [*problems_of(line), *place_problems(line), *_statement_problems(line, statement)]
    if problems:
        raise Refused(*problems)
    line.created_by = actor
    _insert(line)
    audit.record(actor, "budgetline.created", line, **audit.difference({}, _values(line)))
    _note_hand(statement, actor)
    return line


@transaction.atomic
def change_line(line: BudgetLine, *, actor, version: int) -> BudgetLine:
    """The line says what the instance says; Stale when somebody was faster.

    Its owner and year stay. Under a statement that is submitted, approved or signed, only the
    changed budget and the realisation may be entered, and the changed budgets stay within what
    was approved: a larger one needs a new revision of the statement.
    """
    before = BudgetLine.objects.get(pk=line.pk)
    _require(actor, before.owner)
    tidy(line)
    held = _held(before.statement_id, line.statement_id)
    _refuse_fixed(before, line, held.get(before.statement_id))
    problems = [*problems_of(line), *place_problems(line)]
    moved = line.statement_id != before.statement_id or line.plan != before.plan
    if moved or line.action != before.action:
        problems += _statement_problems(line, held.get(line.statement_id))
    elif budget_of(line) > budget_of(before):
        problems += _over_changed(line, held.get(line.statement_id))
    if problems:
        raise Refused(*problems)
    values = _values(line)
    _swap(line, version, **values, key=line.key)
    audit.record(actor, "budgetline.changed", line, **audit.difference(_values(before), values))
    for statement in held.values():
        _note_hand(statement, actor)
    return line


@transaction.atomic
def remove_line(line: BudgetLine, *, actor, version: int) -> None:
    """The line is gone; what it said stays in the audit trail."""
    before = BudgetLine.objects.get(pk=line.pk)
    _require(actor, before.owner)
    statement = _held(before.statement_id).get(before.statement_id)
    if is_locked(statement):
        text = _(
            "This line stands under a budget statement (GBS) that is “%(state)s” and cannot be "
            "taken out. Where nothing is spent on it any more, enter 0 as its changed budget."
        )
        words = {"state": statement.get_state_display()}
        raise Refused(Problem("statement", "locked", text % words))
    audit.record(actor, "budgetline.removed", before, **audit.difference({}, _values(before)))
    _note_hand(statement, actor)
    if not BudgetLine.objects.filter(pk=before.pk, version=version).delete()[0]:
        _overtaken()


def _note_hand(statement: BudgetStatement | None, actor) -> None:
    """Whoever wrote the money of a draft wrote the draft: she does not decide on it. Once each."""
    if statement and statement.is_open and not wrote(statement, actor):
        note_step(statement, StepKind.CHANGED, actor)


def is_locked(statement: BudgetStatement | None) -> bool:
    """What the lines under it plan can no longer be changed."""
    return statement is not None and statement.state in LOCKED_STATES


def planned_under(statement: BudgetStatement, *, without: UUID | None = None) -> int:
    """The plans of its lines together, in rupiah, with those that will move to it from earlier
    revisions; without one of them, where asked."""
    lines = lines_of(statement).exclude(pk=without)
    return lines.aggregate(sum=Sum("plan"))["sum"] or 0


def budgeted_under(statement: BudgetStatement, *, without: UUID | None = None) -> int:
    """What they may spend together, in rupiah: the changed budget of each, or its plan."""
    lines = lines_of(statement).exclude(pk=without)
    return lines.aggregate(sum=Sum(Coalesce("changed", "plan")))["sum"] or 0


def holds_owner(actor, owner: Opd | District | Village | None) -> bool:
    """She keeps the budget lines of this owner; a village's planners hold `plan_village`."""
    if isinstance(owner, Opd):
        return actor.opds_with("manage_plans").filter(pk=owner.pk).exists()
    if isinstance(owner, District):
        return actor.districts_with("manage_plans").filter(pk=owner.pk).exists()
    if isinstance(owner, Village):
        return any(
            actor.villages_with(word).filter(pk=owner.pk).exists()
            for word in ("manage_plans", "plan_village")
        )
    return False


def place_problems(line: BudgetLine) -> list[Problem]:
    """Whether such an owner can have such a line, and may spend it there."""
    if isinstance(line.owner, Village):
        if not line.owner.has_apbdes:
            text = _("A kelurahan has no APBDes. Enter this line for the office that pays it.")
            return [Problem("owner", "no_apbdes", text)]
        if line.village_id:
            text = _("A village's own line is spent in that village. Leave this empty.")
            return [Problem("village", "not_for_villages", text)]
        return []
    if line.village_id is None or line.owner is None:
        return []
    where = line.village.district
    inside = (
        where.pk == line.owner_district_id
        if line.owner_district_id
        else where.regency_id == line.owner_opd.regency_id
    )
    text = _("Choose a village in the area of the office that owns this line.")
    return [] if inside else [Problem("village", "outside", text)]


def already_there(line: BudgetLine) -> Problem:
    """The same line is on file: where it stands."""
    if line.category is None:
        text = _("This line is already there, without an ARG category. Open that line instead.")
        return Problem("name", "already_there", text)
    text = _("This line is already there in category %(category)s. Open that line instead.")
    return Problem("name", "already_there", text % {"category": line.category})


def _require(actor, owner) -> None:
    if owner is None:
        text = _("Choose whose budget line this is.")
        raise Refused(Problem("owner", "required", text))
    if not holds_owner(actor, owner):
        text = _("You cannot enter budget lines for this office or village.")
        raise Refused(Problem("", "not_permitted", text))


def _held(*keys: UUID | None) -> dict[UUID | None, BudgetStatement]:
    """These statements, held until the end: nobody else fills their ceiling or approves them."""
    found = BudgetStatement.objects.select_for_update(of=("self",)).filter(
        pk__in=[key for key in keys if key]
    )
    return {one.pk: one for one in found.select_related("analysis__program").order_by("pk")}


def _statement_problems(line: BudgetLine, statement: BudgetStatement | None) -> list[Problem]:
    """What the statement over the line has against it."""
    if statement is None:
        if line.action:
            text = _("Choose the budget statement (GBS) first, then its action.")
            return [Problem("statement", "required", text)]
        return []
    if statement.state not in OPEN_STATES:
        text = _(
            "The budget statement (GBS) is “%(state)s”. A line joins only a draft, or one that "
            "was sent back."
        )
        words = {"state": statement.get_state_display()}
        return [Problem("statement", "locked", text % words)]
    return [*_foreign(line, statement), *_over_ceiling(line, statement)]


def _foreign(line: BudgetLine, statement: BudgetStatement) -> list[Problem]:
    program = statement.analysis.program
    if any(getattr(line, name) != getattr(program, name) for name in OWNERS):
        text = _("Choose a budget statement (GBS) of the same owner.")
        return [Problem("statement", "other_owner", text)]
    if statement.year != line.year:
        text = _("The budget statement (GBS) is for %(theirs)s, this line for %(ours)s.")
        words = {"theirs": statement.year, "ours": line.year}
        return [Problem("statement", "other_year", text % words)]
    actions = {one["key"] for one in statement.gap_version.content.get("actions", ())}
    if line.action and str(line.action) not in actions:
        text = _("Choose an action from the analysis (GAP) of this budget statement.")
        return [Problem("action", "unknown_action", text)]
    return []


def _over_ceiling(line: BudgetLine, statement: BudgetStatement) -> list[Problem]:
    if statement.total is None or line.plan is None:
        return []
    planned = planned_under(statement, without=line.pk) + line.plan
    if planned > statement.total:
        return [_over_total(planned, statement)]
    return _over_changed(line, statement)


def _over_changed(line: BudgetLine, statement: BudgetStatement | None) -> list[Problem]:
    """The lines after their changes, against the total that was approved."""
    if statement is None or line.plan is None:
        return []
    problem = over_budgeted(budgeted_under(statement, without=line.pk) + budget_of(line), statement)
    return [problem] if problem else []


def over_budgeted(budgeted: int, statement: BudgetStatement) -> Problem | None:
    """What is wrong with so many rupiah under it, if anything. Where a later revision is open,
    the larger total is the measure: that is what a revision is opened for."""
    later = statement.analysis.statements.filter(revision__gte=statement.revision)
    totals = later.exclude(state=PlanState.SUPERSEDED).values_list("total", flat=True)
    total = max((one for one in totals if one is not None), default=None)
    if total is None or budgeted <= total:
        return None
    words = {
        "budgeted": rupiah(budgeted),
        "over": rupiah(budgeted - total),
        "total": rupiah(total),
    }
    text = _(
        "After the change the lines of the budget statement (GBS) have %(budgeted)s together: "
        "%(over)s more than its total, %(total)s."
    )
    if statement.state in APPROVED_STATES:
        text = _(
            "After the change the lines of the budget statement (GBS) would have %(budgeted)s "
            "together: %(over)s more than its total, %(total)s. Open a revision of the GBS first."
        )
    return Problem("changed", "over_ceiling", text % words)


def _over_total(planned: int, statement: BudgetStatement) -> Problem:
    text = _(
        "With this the lines of the budget statement (GBS) plan %(planned)s together: "
        "%(over)s more than its total, %(total)s."
    )
    words = {
        "planned": rupiah(planned),
        "over": rupiah(planned - statement.total),
        "total": rupiah(statement.total),
    }
    return Problem("plan", "over_ceiling", text % words)


def _refuse_fixed(before: BudgetLine, line: BudgetLine, statement) -> None:
    if line.year != before.year or any(
        getattr(line, name) != getattr(before, name) for name in OWNERS
    ):
        text = _("A line keeps its owner and its year. Enter a new line instead.")
        raise Refused(Problem("owner", "fixed", text))
    if not is_locked(statement):
        return
    text = _(
        "The budget statement (GBS) over this line is “%(state)s”: only the changed budget and "
        "the realisation can be entered now."
    )
    words = {"state": statement.get_state_display()}
    changed = [
        name.removesuffix("_id")
        for name in PLAIN
        if name not in FREE and getattr(line, name) != getattr(before, name)
    ]
    if changed:
        raise Refused(*(Problem(name, "locked", text % words) for name in changed))


def _values(line: BudgetLine) -> dict:
    return {name: getattr(line, name) for name in PLAIN}


def _twin(line: BudgetLine) -> BudgetLine | None:
    owner = {name: getattr(line, name) for name in OWNERS}
    return (
        BudgetLine.objects.filter(**owner, year=line.year, key=line.key).exclude(pk=line.pk).first()
    )


def _insert(line: BudgetLine) -> None:
    known = BudgetLine.objects.filter(pk=line.pk).first()
    if known and known.owner != line.owner:
        text = _("This uid belongs to another line. Give a new line a new one.")
        raise Refused(Problem("uid", "already_there", text))
    if known := known or _twin(line):
        raise Refused(already_there(known))
    try:
        with transaction.atomic():
            line.save(force_insert=True)
    except IntegrityError:
        _refuse_twin(line)


def _swap(line: BudgetLine, version: int, **values) -> None:
    if known := _twin(line):
        raise Refused(already_there(known))
    rows = BudgetLine.objects.filter(pk=line.pk, version=version)
    try:
        with transaction.atomic():
            done = rows.update(version=F("version") + 1, updated_at=timezone.now(), **values)
    except IntegrityError:
        _refuse_twin(line)
    if not done:
        _overtaken()
    line.refresh_from_db(fields=["version", "updated_at"])


def _refuse_twin(line: BudgetLine) -> NoReturn:
    """Somebody entered the same line in the same moment; any other collision is our fault."""
    if known := _twin(line):
        raise Refused(already_there(known)) from None
    raise


def _overtaken() -> NoReturn:
    text = _("Somebody changed this line in the meantime. Look at it again.")
    raise Stale(Problem("version", "changed_meanwhile", text))
