"""The budget statement (GBS) on paper, and a village's."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import formats

from ..content import ActionSaid, unpacked
from ..models import BudgetLine, BudgetStatement, Template
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
    """Each action with what goes in, what comes out, what comes of it."""
    titles = (_("No."), _("Description of the action"), _("Input"), _("Output"), _("Outcome"))
    columns = zip(titles, WIDTHS["actions"], strict=True)
    cells, money = Cells(cells.content), _spent(statement)
    rows = tuple(
        (
            (Line(cells.numbers[action.key]),),
            cell(lines_of(action.text), cells.against(action), by_whom(action)),
            cell(_input(action, money.get(action.key))),
            cell(*_results(cells, action, "output")),
            cell(*_results(cells, action, "outcome")),
        )
        for action in cells.content.actions
    )
    return Rows(tuple(Column(title, width) for title, width in columns), rows or (_nothing(5),))


def _results(cells: Cells, action: ActionSaid, kind: str) -> list[Entry]:
    found = cells.content.of_kind(kind)
    return [cells.indicator(one, beside=True) for one in found if one.action == action.key]


def _input(action: ActionSaid, lines: int | None) -> Entry:
    """The money of the budget lines that pay for it, else what was estimated; and the means."""
    if lines is None:
        return tuple(Line(one.text) for one in means(action))
    words = {"amount": formats.rupiah(lines)}
    return (
        Line(_("Cost: %(cost)s") % {"cost": words["amount"]}),
        *(Line(one.text) for one in means(replace(action, budget=None, fund_source=""))),
    )


def _spent(statement: BudgetStatement) -> dict:
    """Rupiah of gender budget by the action that it pays for."""
    found = BudgetLine.objects.filter(statement=statement, action__isnull=False)
    sums = found.order_by().values_list("action").annotate(all=Sum(_PART))
    return dict(sums)


_PART = Coalesce("arg_changed", "arg_plan")


def _gender_budget(statement: BudgetStatement) -> Entry:
    lines = BudgetLine.objects.filter(statement=statement, category__isnull=False)
    return _rupiah(lines.aggregate(all=Sum(_PART))["all"])


def _rupiah(value: int | None) -> Entry:
    return (Line(formats.rupiah(value)),)


def _nothing(columns: int) -> tuple[Entry, ...]:
    return (cell(),) * columns
