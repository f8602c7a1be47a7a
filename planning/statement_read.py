"""A budget statement laid out for a reader: the frozen cells of its analysis with the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core import formats

from .content import ActionSaid, Content, IndicatorSaid, unpacked
from .line_rules import arg_of, budget_of
from .models import (
    BudgetLine,
    BudgetStatement,
    GapVersion,
    GenderAnalysis,
    IndicatorKind,
    PlanState,
    Remark,
)
from .progress import amount
from .services.statements import lines_of
from .wording import cell_text, figures_of, row_name


@dataclass(frozen=True)
class Entry:
    """One row of the situation: its name (“Data 1”), what it says, and a line beneath."""

    name: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class ActionPlan:
    """One action: what goes in (its budget lines), what comes out, what comes of it."""

    name: str
    said: ActionSaid
    against: str
    lines: tuple[BudgetLine, ...]
    outputs: tuple[str, ...]
    outcomes: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def planned(self) -> int:
        return sum(one.plan for one in self.lines)

    @property
    def arg(self) -> int:
        return sum(one.arg_plan for one in self.lines)


@dataclass(frozen=True)
class Money:
    """Whole rupiah. `rest`: of the total, below 0 when the lines exceed it; None without one.

    `planned` and `arg` are what is approved and printed. What became of it later stands beside
    it: `changed`, and of it `arg_changed`, None while no line was changed; `realised`, and of it
    `arg_realised`, None while nobody entered any.
    """

    total: int | None
    planned: int
    arg: int
    lines: int
    changed: int | None = None
    arg_changed: int | None = None
    realised: int | None = None
    arg_realised: int | None = None

    @property
    def rest(self) -> int | None:
        return None if self.total is None else self.total - self.planned


@dataclass(frozen=True)
class StatementRead:
    content: Content
    data: tuple[Entry, ...]
    factors: tuple[Entry, ...]
    internal: tuple[Entry, ...]
    external: tuple[Entry, ...]
    outcomes: tuple[str, ...]
    actions: tuple[ActionPlan, ...]
    loose: tuple[BudgetLine, ...]
    money: Money


def read_statement(statement: BudgetStatement, remarks: Sequence[Remark] = ()) -> StatementRead:
    """Two statements: the lines, and (by the caller) the frozen version."""
    content = unpacked(statement.gap_version.content)
    lines = list(lines_of(statement).select_related("statement"))
    by_action: dict[UUID | None, list[BudgetLine]] = defaultdict(list)
    known = {one.key for one in content.actions}
    for line in lines:
        by_action[line.action if line.action in known else None].append(line)
    return StatementRead(
        content,
        *_situation(content),
        _worded(content, content.indicators, IndicatorKind.OUTCOME, None),
        tuple(_action(content, one, by_action[one.key], remarks) for one in content.actions),
        tuple(by_action[None]),
        _money(statement, lines),
    )


def _money(statement: BudgetStatement, lines: Sequence[BudgetLine]) -> Money:
    moved = any(one.changed is not None or one.arg_changed is not None for one in lines)
    return Money(
        statement.total,
        sum(one.plan for one in lines),
        sum(one.arg_plan for one in lines if one.category),
        len(lines),
        sum(budget_of(one) for one in lines) if moved else None,
        sum(arg_of(one) for one in lines) if moved else None,
        _known(one.realised for one in lines),
        _known(one.arg_realised for one in lines),
    )


def _known(amounts: Iterable[int | None]) -> int | None:
    found = [one for one in amounts if one is not None]
    return sum(found) if found else None


Entries = tuple[Entry, ...]


def _situation(content: Content) -> tuple[Entries, Entries, Entries, Entries]:
    data = tuple(_data(content, one) for one in content.data_rows)
    factors = tuple(
        Entry(cell_text("factors", "kind", one.kind, content), one.text) for one in content.factors
    )
    inside, outside = (
        tuple(Entry(row_name(content, one), one.text) for one in content.of_scope(scope))
        for scope in ("internal", "external")
    )
    return data, factors, inside, outside


def _data(content: Content, row) -> Entry:
    origin = [row.place, str(row.year or ""), row.source]
    said = [row.text, figures_of(row)]
    return Entry(
        row_name(content, row), "\n".join(filter(None, said)), ", ".join(filter(None, origin))
    )


def _action(
    content: Content, row: ActionSaid, lines: Iterable[BudgetLine], remarks: Sequence[Remark]
) -> ActionPlan:
    return ActionPlan(
        row_name(content, row),
        row,
        cell_text("actions", "causes", row.causes, content),
        tuple(lines),
        _worded(content, content.indicators, IndicatorKind.OUTPUT, row.key),
        _worded(content, content.indicators, IndicatorKind.OUTCOME, row.key),
        tuple(one for one in remarks if one.row == row.key),
    )


def _worded(
    content: Content, rows: Iterable[IndicatorSaid], kind: str, action: UUID | None
) -> tuple[str, ...]:
    """Indicators of this kind and (None: any) action, with where they start and are to be."""
    return tuple(
        indicator_words(content, one)
        for one in rows
        if one.kind == kind and action in (None, one.action)
    )


def indicator_words(content: Content, row: IndicatorSaid) -> str:
    """“Peserta perempuan: dari 8 % menjadi 40 %, paling lambat 31 Desember 2026”."""
    start = content.baseline_value(row.baseline, row.sex)
    words = {
        "text": row.text,
        "target": amount(row.target, row.unit),
        "start": amount(start, row.unit),
        "due": formats.day_long(row.due),
    }
    if start is None:
        return _("%(text)s: %(target)s by %(due)s") % words
    return _("%(text)s: from %(start)s to %(target)s by %(due)s") % words


def without_statement(user) -> QuerySet[GenderAnalysis]:
    """Approved analyses that she may go on with and that have no statement of the version in
    force."""
    approved = GapVersion.objects.filter(analysis=OuterRef("pk"), state=PlanState.APPROVED)
    made = BudgetStatement.objects.filter(
        analysis=OuterRef("pk"), gap_version__state=PlanState.APPROVED
    ).exclude(state=PlanState.SUPERSEDED)
    rows = GenderAnalysis.objects.permitting(user, "manage_plans").with_owners()
    return rows.filter(Exists(approved), ~Exists(made))
