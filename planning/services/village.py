"""A village's one-page GAP and GBS: begun from an activity code, written, submitted, signed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.capabilities import Role
from accounts.models import Grant
from core.errors import Problem, Refused
from programs.models import ActivityCode, ArgCategory, Program, ProgramState
from programs.models.vocabulary import APBDES_FUNDS
from programs.services import register_village_program
from villages.models import Village

from ..content import content_of
from ..figures import Figure, newest_year, standing
from ..models import (
    BudgetLine,
    BudgetStatement,
    GapVersion,
    GenderAnalysis,
    PlanState,
    Remark,
    Step,
    Template,
)
from ..village_page import ABOUT, VillagePage, content_with
from .analyses import save_content, start_analysis, submit_analysis
from .lines import add_line, change_line, is_locked
from .signing import Signature, signature_of
from .statements import (
    change_statement,
    lines_of,
    make_statement,
    sign_statement,
    submit_statement,
)


@transaction.atomic
def start_village_analysis(
    village: Village, code: ActivityCode, *, actor, year: int, uid: UUID | None = None
) -> GenderAnalysis:
    """The village's page on this activity of this year is begun; its program is registered where
    the village has none yet. Refused: not_permitted, already_there (one page a program)."""
    program = village_program(village, code, year) or register_village_program(
        village, code, actor=actor, year=year, by="plan_village"
    )
    return start_analysis(program, actor=actor, template=Template.VILLAGE, year=year, uid=uid)


def village_program(village: Village, code: ActivityCode, year: int) -> Program | None:
    """The village's own program of this activity in this year, the oldest one."""
    own = village.own_programs.filter(
        activity_code=code, year_from__lte=year, year_to__gte=year
    ).exclude(state=ProgramState.CANCELLED)
    return own.order_by("created_at", "pk").first()


def figures_of(analysis: GenderAnalysis) -> dict[str, Figure]:
    """What the village's verified records say of this program, by whom they count; only where
    somebody was counted. The newest year that has records."""
    program = analysis.program
    year = newest_year(program, min(analysis.year, timezone.localdate().year))
    if year is None:
        return {}
    found = standing(program, year)
    told = {str(measure): found.figure(measure) for measure in ABOUT}
    return {measure: one for measure, one in told.items() if one.pair}


def earlier_figures(analysis: GenderAnalysis) -> tuple[Program, Mapping[str, Figure]] | None:
    """The same of the village's newest earlier program under the same activity code, for a page
    whose own program has no records yet."""
    program = analysis.program
    if program.activity_code_id is None:
        return None
    before = program.owner.own_programs.filter(
        activity_code=program.activity_code, year_to__lt=analysis.year
    ).exclude(pk=program.pk)
    for one in before.order_by("-year_to", "pk")[:3]:
        told = figures_of(GenderAnalysis(program=one, year=one.year_to))
        if told:
            return one, told
    return None


@transaction.atomic
def save_village_page(
    analysis: GenderAnalysis, page: VillagePage, *, actor, version: int
) -> GenderAnalysis:
    """The analysis says what the page says; it may be incomplete.

    Refused: `fund_source` no_apbdes for a kelurahan, and as `save_content`.
    """
    village = analysis.program.owner
    if page.fund_source in APBDES_FUNDS and not village.has_apbdes:
        words = _("A kelurahan has no village budget. Choose another fund source.")
        raise Refused(Problem("fund_source", "no_apbdes", words))
    said = content_with(content_of(analysis), page, figures_of(analysis), village.title)
    return save_content(analysis, said, actor=actor, version=version)


def submit_village(analysis: GenderAnalysis, *, actor, version: int) -> GapVersion:
    """The page waits for review; as `submit_analysis`."""
    return submit_analysis(analysis, actor=actor, version=version)


@transaction.atomic
def send_village_statement(
    analysis: GenderAnalysis, *, actor, attached_to: str, category: int, signatory: str
) -> BudgetStatement:
    """The GBS Desa is made from the approved page and is with the reviewer.

    Money and fund source are those of the page: the total, and one line with its ARG category.
    `attached_to`: rkpdes | apbdes of the year. `signatory`: the head who will sign. Sent back, it
    is made ready and sent once more. Refused as make_statement, add_line and submit_statement.
    """
    village = analysis.program.owner
    if category not in ArgCategory.values:
        raise Refused(Problem("category", "required", _("Choose what the money is for.")))
    if not village.has_apbdes:
        words = _("A kelurahan has no APBDes. The office that pays makes the statement (GBS).")
        raise Refused(Problem("", "no_apbdes", words))
    statement = open_statement(analysis) or make_statement(analysis, actor=actor)
    line = _line_of(statement)
    statement.total = _money(statement, line)
    statement.village_document = attached_to
    statement.place = village.name
    statement.signatory_title = _("Village head of %(village)s") % {"village": village.name}
    statement.signatory_name = signatory.strip()
    change_statement(statement, actor=actor, version=statement.version)
    _set_line(statement, line, category, actor)
    submit_statement(statement, actor=actor, version=statement.version)
    return statement


@transaction.atomic
def sign_village_statement(statement: BudgetStatement, *, actor, version: int) -> None:
    """The village head has signed the approved GBS Desa today, under her own name."""
    own = signature_of(statement)
    signed = Signature(
        own.place,
        timezone.localdate(),
        own.signatory_title,
        own.signatory_name or actor.name,
    )
    sign_statement(statement, actor=actor, version=version, signature=signed)


def open_statement(analysis: GenderAnalysis) -> BudgetStatement | None:
    """The statement that is being written: a draft, or sent back."""
    open_ones = analysis.statements.filter(state__in=(PlanState.DRAFT, PlanState.RETURNED))
    return open_ones.order_by("-revision").first()


def newest_statement(analysis: GenderAnalysis) -> BudgetStatement | None:
    return analysis.statements.order_by("-revision").first()


def open_remarks(document: GenderAnalysis | BudgetStatement) -> QuerySet[Remark]:
    """What a reviewer said that nobody has dealt with yet, the oldest first."""
    open_ones = Remark.objects.filter(document=document.pk, settled_at=None)
    return open_ones.select_related("author").order_by("at", "pk")


def steps_of(document: GenderAnalysis | BudgetStatement) -> QuerySet[Step]:
    """What happened to it, the newest first."""
    return Step.objects.filter(document=document.pk).select_related("actor")


def head_of(village: Village) -> str:
    """The name of who is village head today; "" when the portal knows none."""
    held = Grant.objects.live_on(timezone.localdate()).filter(
        role=Role.VILLAGE_HEAD, village=village, user__is_active=True
    )
    return held.order_by("-valid_from").values_list("user__name", flat=True).first() or ""


def _action(statement: BudgetStatement) -> Mapping:
    """The one change of the frozen page, with its money."""
    actions = statement.gap_version.content.get("actions") or [{}]
    return actions[0]


def _money(statement: BudgetStatement, line: BudgetLine | None) -> int | None:
    """The budget as it stands in the village's own line, where that is more than the change."""
    cost = _action(statement).get("budget")
    return max(cost or 0, line.plan) if line else cost


def _line_of(statement: BudgetStatement) -> BudgetLine | None:
    """The line that stands under the statement (or an earlier revision) already; else the line of
    this activity and fund in the village's own APBDes, when it was entered before the page."""
    held = lines_of(statement).order_by("created_at").first()
    if held:
        return held
    program, action = statement.analysis.program, _action(statement)
    return BudgetLine.objects.filter(
        owner_village=program.owner_village_id,
        year=statement.year,
        code=statement.analysis.code,
        fund_source=action.get("fund_source") or "",
        statement=None,
    ).first()


def _set_line(
    statement: BudgetStatement, line: BudgetLine | None, category: int, actor
) -> BudgetLine:
    """The one line of the statement says what the page says. Under an earlier revision that still
    counts, what the page changed stands as its changed budget until the new one is signed."""
    action, program = _action(statement), statement.analysis.program
    cost = action.get("budget") or 0
    if line and line.statement_id not in (None, statement.pk) and is_locked(line.statement):
        line.changed = max(cost, line.realised or 0) if cost != line.plan else None
        line.arg_changed = cost if cost != line.arg_plan else None
        return change_line(line, actor=actor, version=line.version)
    new = line is None
    line = line or BudgetLine(
        owner_village=program.owner_village,
        year=statement.year,
        code=statement.analysis.code,
        name=program.title,
        fund_source=action.get("fund_source") or "",
    )
    line.statement, line.category = statement, category
    line.plan = _money(statement, None if new else line)
    line.arg_plan, line.action = cost, UUID(action["key"])
    if new:
        return add_line(line, actor=actor)
    return change_line(line, actor=actor, version=line.version)
