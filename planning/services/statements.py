"""Budget statements (GBS): made from an approved analysis, filled with money, approved, signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, formats
from core.errors import Problem, Refused
from core.versions import swap

from ..models import (
    APPROVED_STATES,
    BudgetLine,
    BudgetStatement,
    GapVersion,
    GenderAnalysis,
    PlanState,
    StepKind,
    TermsOfReference,
)
from . import moves
from .moves import RemarkSaid
from .outcomes import approved_version
from .signing import SIGNED_FIELDS, Signature, sign

#: What a person types into a statement; all else is the analysis.
TYPED = ("year", "total", "office_address", "village_document", *SIGNED_FIELDS)
#: What a village attaches its statement to.
VILLAGE_DOCUMENTS = ("rkpdes", "apbdes")
#: Taken over from the last statement of the same owner; the day of signature never is.
_COPIED = ("office_address", *(name for name in SIGNED_FIELDS if name != "signed_on"))


@transaction.atomic
def make_statement(analysis: GenderAnalysis, *, actor) -> BudgetStatement:
    """A draft statement of the newest approved version of this analysis is on file.

    A later one is the next revision: once the last is signed, or the analysis was approved anew.
    Then a last one that counts nowhere yet is replaced at once and its lines move along; one that
    is approved or signed keeps counting, with its lines, until the new one is signed.
    Refused: not_permitted, not_approved, already_there.
    """
    moves.require(actor, "manage_plans", analysis)
    _lock(analysis.pk)
    version = approved_version(analysis)
    if version is None:
        words = _("The analysis has to be approved first. The statement is made from it.")
        raise Refused(Problem("analysis", "not_approved", words))
    last = analysis.statements.order_by("-revision").first()
    _may_follow(last, version)
    made = BudgetStatement.objects.create(
        analysis=analysis,
        gap_version=version,
        revision=last.revision + 1 if last else 1,
        created_by=actor,
        **_first_values(analysis, last),
    )
    if last and last.state not in (*APPROVED_STATES, PlanState.SUPERSEDED):
        _replace(last, made, actor)
    moves.note_step(made, StepKind.CREATED, actor, number=version.number)
    return made


def lines_of(statement: BudgetStatement) -> QuerySet[BudgetLine]:
    """The budget lines of a statement, and those of earlier revisions that will move to it."""
    if statement.state == PlanState.SUPERSEDED:
        return BudgetLine.objects.filter(statement=statement)
    return BudgetLine.objects.filter(
        statement__analysis=statement.analysis_id, statement__revision__lte=statement.revision
    )


@transaction.atomic
def change_statement(statement: BudgetStatement, *, actor, version: int) -> BudgetStatement:
    """The draft says what the unsaved instance says (TYPED); Stale when someone was faster.

    Money may be incomplete until it is submitted. Refused: not_permitted, not_allowed (it is with
    the reviewer or approved), out_of_range and lines_of_other_year (`year`), below_terms (`total`),
    unknown_value (`village_document`).
    """
    before = BudgetStatement.objects.select_for_update().get(pk=statement.pk)
    moves.require(actor, "manage_plans", before)
    require_open(before)
    values = {name: getattr(statement, name) for name in TYPED}
    changes: dict[str, Any] = audit.difference(
        {name: getattr(before, name) for name in TYPED}, values
    )
    if problems := list(_wrong(before, values)):
        raise Refused(*problems)
    swap(before, version, **values)
    if changes:
        moves.note_step(before, StepKind.CHANGED, actor, **changes)
    statement.refresh_from_db()
    return statement


@transaction.atomic
def submit_statement(statement: BudgetStatement, *, actor, version: int) -> None:
    """It is with the reviewer. Refused: `total` required, `lines` required (at least one),
    `total` over_ceiling (its lines add up to more)."""
    _move("submit", statement, actor=actor, version=version)
    moves.settle_remarks(statement)


@transaction.atomic
def approve_statement(statement: BudgetStatement, *, actor, version: int, note: str = "") -> None:
    """It is approved: its tagged lines count as gender budget from now on. The money is judged
    once more, as at submit; whoever submitted it is refused (own_record)."""
    _move("approve", statement, actor=actor, version=version, note=note)


def _move(name: str, statement: BudgetStatement, *, actor, version: int, **said: Any) -> None:
    move = moves.MOVES[name]
    moves.require(actor, move.needs, statement)
    _lock(statement.analysis_id)
    _hold(statement)
    if statement.state in move.sources and (problems := list(money_problems(statement))):
        raise Refused(*problems)
    moves.make(name, statement, actor=actor, version=version, **said)


@transaction.atomic
def return_statement(
    statement: BudgetStatement,
    remarks: Sequence[RemarkSaid] = (),
    *,
    actor,
    version: int,
    note: str = "",
) -> None:
    """It is back at its office, with what is to be put right. Remarks name `money`, `signatory`
    or `actions` with the row of one action. Refused without a remark or a note (`note`)."""
    send_back(statement, remarks, actor=actor, version=version, note=note)


def send_back(document, remarks: Sequence[RemarkSaid], *, actor, version: int, note: str) -> None:
    moves.require(actor, moves.MOVES["return"].needs, document)
    if not remarks and not note.strip():
        words = _("Say what has to be put right.")
        raise Refused(Problem("note", "required", words))
    moves.make("return", document, actor=actor, version=version, note=note.strip())
    moves.remark(document, remarks, actor=actor)


@transaction.atomic
def sign_statement(
    statement: BudgetStatement, *, actor, version: int, signature: Signature | None = None
) -> None:
    """It is signed (signing.sign). Earlier revisions are replaced by it, and their lines, which
    counted until now, count under it: never twice, never not at all."""
    moves.require(actor, moves.MOVES["sign"].needs, statement)
    _lock(statement.analysis_id)
    if statement.analysis.statements.filter(revision__gt=statement.revision).exists():
        words = _("There is a newer revision of this statement. Sign that one.")
        raise Refused(Problem("state", "not_newest", words))
    sign(statement, signature, actor=actor, version=version)
    earlier = statement.analysis.statements.filter(revision__lt=statement.revision)
    for one in earlier.exclude(state=PlanState.SUPERSEDED):
        _replace(one, statement, actor)


def require_open(document) -> None:
    if not document.is_open:
        words = _("This cannot be changed now: it is “%(state)s”.")
        words %= {"state": document.get_state_display()}
        raise Refused(Problem("state", "not_allowed", words))


def _lock(analysis_id) -> None:
    """One at a time makes, approves or signs the statements of an analysis."""
    list(GenderAnalysis.objects.select_for_update().filter(pk=analysis_id).values_list("pk"))


def _hold(statement: BudgetStatement) -> None:
    """No line is put under it while its money is judged (services/lines.py holds it as well)."""
    list(BudgetStatement.objects.select_for_update().filter(pk=statement.pk).values_list("pk"))


def _may_follow(last: BudgetStatement | None, version: GapVersion) -> None:
    if last is None or last.state in (PlanState.SIGNED, PlanState.SUPERSEDED):
        return
    if last.gap_version_id == version.pk:
        words = _("There is a statement of this analysis already. Go on with that one.")
        raise Refused(Problem("analysis", "already_there", words))


def _first_values(analysis: GenderAnalysis, last: BudgetStatement | None) -> dict[str, Any]:
    values: dict[str, Any] = {"year": analysis.year}
    if last:
        values |= {"total": last.total, "village_document": last.village_document}
    if source := last or _last_of_owner(analysis):
        values |= {name: getattr(source, name) for name in _COPIED}
    return values


def _last_of_owner(analysis: GenderAnalysis) -> BudgetStatement | None:
    program = analysis.program
    owner = {
        f"analysis__program__{name}": getattr(program, name)
        for name in ("owner_opd_id", "owner_district_id", "owner_village_id")
        if getattr(program, name) is not None
    }
    return BudgetStatement.objects.filter(**owner).order_by("-created_at").first()


def _replace(old: BudgetStatement, new: BudgetStatement, actor) -> None:
    """`new` stands in the place of `old`: its lines, and no terms of `old` go on."""
    swap(old, old.version, state=PlanState.SUPERSEDED)
    moves.note_step(old, StepKind.REVISED, actor)
    lines = BudgetLine.objects.filter(statement=old)
    lines.update(statement=new, version=F("version") + 1, updated_at=timezone.now())
    for terms in TermsOfReference.objects.filter(statement=old):
        swap(terms, terms.version, state=PlanState.SUPERSEDED)
        moves.note_step(terms, StepKind.REVISED, actor)


def money_problems(statement: BudgetStatement) -> Iterator[Problem]:
    """What stands in the way of submitting and approving it."""
    total = statement.total
    if not total:
        words = _("Fill in the budget of the program or activity, as in the DPA.")
        yield Problem("total", "required", words)
    lines = lines_of(statement)
    if not lines.exists():
        words = _("Record at least one budget line under this statement.")
        yield Problem("lines", "required", words)
    sums = lines.aggregate(planned=Sum("plan"), now=Sum(Coalesce("changed", "plan")))
    planned = max(sums["planned"] or 0, sums["now"] or 0)
    if total and planned > total:
        words = _("Its budget lines add up to %(planned)s, more than the budget of %(total)s.")
        words %= {"planned": formats.rupiah(planned), "total": formats.rupiah(total)}
        yield Problem("total", "over_ceiling", words)


def _wrong(before: BudgetStatement, values: dict[str, Any]) -> Iterator[Problem]:
    year, total = values["year"], values["total"]
    if not 2000 <= year <= 2100:
        yield Problem("year", "out_of_range", _("Write a year from 2000 to 2100."))
    elif lines_of(before).exclude(year=year).exists() and year != before.year:
        words = _("Budget lines of %(year)s stand under this statement. Its year has to stay.")
        yield Problem("year", "lines_of_other_year", words % {"year": before.year})
    terms = TermsOfReference.objects.filter(statement=before).first()
    if terms and terms.cost and total is not None and total < terms.cost:
        words = _("The terms of reference (KAK) cost %(cost)s: the budget cannot be less.")
        yield Problem("total", "below_terms", words % {"cost": formats.rupiah(terms.cost)})
    attached = values["village_document"]
    village = before.analysis.program.owner_village_id is not None
    if attached and not (village and attached in VILLAGE_DOCUMENTS):
        words = _("Choose RKPDes or APBDes; offices leave this empty.")
        yield Problem("village_document", "unknown_value", words)
