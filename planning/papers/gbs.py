"""The budget statement (GBS) on paper, and a village's."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from core import formats

from ..content import ActionSaid, unpacked
from ..models import BudgetStatement, IndicatorKind, Template
from ..services.statements import lines_of as budget_lines
from .cells import Cells, by_whom, means
from .frame import cell, framed, signature_of, standing_of_statement
from .gap import form_of, initials, under, village_rows
from .parts import WIDTHS, Column, Entry, Heading, Line, Paper, Rows, lines_of


def gbs_paper(statement: BudgetStatement) -> Paper:
    analysis = statement.analysis
    in_village = analysis.template == Template.VILLAGE
    return framed(
        analysis.program,
        "gbs",
        statement.year,
        standing_of_statement(statement),
        title=_("Village gender budget statement (GBS Desa)")
        if in_village
        else _("Gender budget statement (GBS, Pernyataan Anggaran Gender)"),
        form="village" if in_village else "gbs",
        address=statement.office_address,
        blocks=_village_blocks(statement) if in_village else _blocks(statement),
        signature=signature_of(statement, **(initials() if in_village else {})),
    )


def _blocks(statement: BudgetStatement) -> tuple:
    content = unpacked(statement.gap_version.content)
    cells = Cells(content, wide=True)
    goal = cells.goal()
    item = cells.item()
    rows = [
        (_("Policy, program and activity, with code"), item[:1]),
        (_("Goal of the program"), (lines_of(content.goal),)),
        (_("Target group"), (lines_of(content.audience),)),
        (_("Situation analysis: eye-opening data"), cells.data()),
        (_("Situation analysis: gap factors"), cells.factors()),
        (_("Situation analysis: internal causes"), cells.causes("internal")),
        (_("Situation analysis: external causes"), cells.causes("external")),
        (_("Program result: measure (goal reformulated)"), goal),
        (
            _("Program result: indicators and targets"),
            (*under(_("Baseline data"), cells.baselines()), *cells.indicators()),
        ),
        (_("Budget of the program or activity"), (_rupiah(statement.total),)),
        (_("Gender budget"), (_gender_budget(statement),)),
    ]
    return (form_of(rows), Heading(_("Plan of action")), _actions(statement, cells))


def _village_blocks(statement: BudgetStatement) -> tuple:
    content = unpacked(statement.gap_version.content)
    documents = {"rkpdes": "RKPDes", "apbdes": "APBDes"}
    document = documents.get(statement.village_document)
    words = {"document": document, "year": statement.year}
    attached = _("%(document)s %(year)s") % words if document else ""
    rows = [
        *village_rows(content),
        (_("Budget of the activity"), (_rupiah(statement.total),)),
        (_("Gender budget"), (_gender_budget(statement),)),
        (_("Attached to"), (lines_of(attached),)),
    ]
    return (form_of(rows),)


def _actions(statement: BudgetStatement, cells: Cells) -> Rows:
    """Each action with what goes in, what comes out, what comes of it; where nothing comes of
    any, that column is left out."""
    titles = (_("No."), _("Description of the action"), _("Input"), _("Output"), _("Outcome"))
    money = _spent(statement)
    outcomes = bool(cells.content.of_kind(IndicatorKind.OUTCOME))
    rows = tuple(
        (
            (Line(cells.numbers[action.key]),),
            cell(lines_of(action.text), cells.against(action), by_whom(action)),
            cell(_input(action, money.get(action.key))),
            cell(*_results(cells, action, IndicatorKind.OUTPUT)),
            *([cell(*_outcomes(cells, action))] if outcomes else []),
        )
        for action in cells.content.actions
    )
    widths = WIDTHS["actions" if outcomes else "actions-4"]
    columns = tuple(Column(title, width) for title, width in zip(titles, widths, strict=False))
    return Rows(columns, rows or (_nothing(len(columns)),))


def _results(cells: Cells, action: ActionSaid | None, kind: str) -> list[Entry]:
    """Indicators of this kind of the action; of none: those that name no action."""
    key = action.key if action else None
    found = cells.content.of_kind(kind)
    return [cells.indicator(one, beside=True) for one in found if one.action == key]


def _outcomes(cells: Cells, action: ActionSaid) -> list[Entry]:
    """Its own, else those that all actions work for together."""
    kind = IndicatorKind.OUTCOME
    return _results(cells, action, kind) or _results(cells, None, kind)


def _input(action: ActionSaid, spent: tuple[int, int] | None) -> Entry:
    """The money of the budget lines that pay for it, else what was estimated; and the means."""
    if spent is None:
        return tuple(Line(one.text) for one in means(action))
    words = {"cost": formats.rupiah(spent[0]), "arg": formats.rupiah(spent[1])}
    cost = _("Cost: %(cost)s, of it ARG %(arg)s") if spent[1] else _("Cost: %(cost)s")
    return (
        Line(cost % words),
        *(Line(one.text) for one in means(replace(action, budget=None, fund_source=""))),
    )


# What is printed is what was approved and stands fast, the plan; what is changed and spent later
# never changes a signed paper.


def _spent(statement: BudgetStatement) -> dict[UUID, tuple[int, int]]:
    """(planned rupiah, gender budget among them) by the action that they pay for."""
    found = budget_lines(statement).filter(action__isnull=False).order_by()
    sums = found.values_list("action").annotate(all=Sum("plan"), arg=Sum("arg_plan"))
    return {action: (planned, arg) for action, planned, arg in sums}


def _gender_budget(statement: BudgetStatement) -> Entry:
    tagged = Q(category__isnull=False)
    return _rupiah(budget_lines(statement).aggregate(all=Sum("arg_plan", filter=tagged))["all"])


def _rupiah(value: int | None) -> Entry:
    return (Line(formats.rupiah(value)),)


def _nothing(columns: int) -> tuple[Entry, ...]:
    return (cell(),) * columns
