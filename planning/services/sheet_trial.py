"""What each row of a sheet would do: a new line, a change of one that is there, or a problem."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import Problem
from core.formats import rupiah
from villages.models import District, Opd, Village

from ..line_rules import budget_of, problems_of, tidy
from ..models import BudgetLine, BudgetSheet, BudgetStatement
from ..sheets import RowProblem, Said
from .lines import budgeted_under, is_locked, over_budgeted, place_problems, planned_under

#: What a row of the next month brings to a line that is there already.
BROUGHT = ("plan", "changed", "realised")
OWNER = {Opd: "owner_opd", District: "owner_district", Village: "owner_village"}


@dataclass(frozen=True)
class Changed:
    """A line that is there already, with what a row says of it."""

    number: int
    line: BudgetLine
    before: dict[str, int | None]

    @property
    def dearer(self) -> int:
        """Rupiah that the line may spend more than before; below 0: less."""
        before = self.before["plan"] if self.before["changed"] is None else self.before["changed"]
        return budget_of(self.line) - (before or 0)


@dataclass
class Trial:
    """What would happen to each row of a sheet. `passed`: rows of sums, which are left out."""

    added: list[tuple[int, BudgetLine]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    passed: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows with something wrong in them, each once."""
        return len({one.number for one in self.problems})

    @property
    def brings(self) -> int:
        return len(self.added) + len(self.changed)

    @property
    def planned(self) -> int:
        return sum(line.plan for _number, line in self.added)


class Judge:
    """Rows, one after the other, against the owner's lines of the year."""

    def __init__(self, sheet: BudgetSheet, owner: Opd | District | Village, *, held: bool):
        self.trial = Trial()
        self._sheet, self._owner = sheet, owner
        lines = BudgetLine.objects.filter(**{OWNER[type(self._owner)]: self._owner})
        lines = lines.filter(year=sheet.year)
        statements = BudgetStatement.objects.filter(lines__in=lines).distinct()
        if held:
            keys = list(statements.values_list("pk", flat=True))
            statements = BudgetStatement.objects.filter(pk__in=keys).select_for_update()
            statements = statements.order_by("pk")
        self._statements = {one.pk: one for one in statements}
        lines = lines.select_for_update().order_by("pk") if held else lines
        self._there = {line.key: line for line in lines}
        self._seen: dict[str, int] = {}

    def take(self, said: Said | list[RowProblem] | None) -> None:
        if said is None:
            self.trial.passed += 1
        elif isinstance(said, list):
            self.trial.problems += said
        else:
            self._judge(said)

    def _judge(self, said: Said) -> None:
        line = self._line(said)
        if line.key in self._seen:
            text = _("This is the same line as in row %(row)s: same code, account, words and fund.")
            self._refuse(said, "name", text % {"row": self._seen[line.key]})
            return
        self._seen[line.key] = said.number
        known = self._there.get(line.key)
        if known is None:
            self._add(said, line)
        else:
            self._change(said, known)

    def _line(self, said: Said) -> BudgetLine:
        line = BudgetLine(
            year=self._sheet.year,
            code=said.code,
            account=said.account,
            name=said.name,
            fund_source=said.fund_source,
            village=said.village,
            plan=said.plan,
            changed=said.changed,
            realised=said.realised,
            **{OWNER[type(self._owner)]: self._owner},
        )
        tidy(line)
        return line

    def _add(self, said: Said, line: BudgetLine) -> None:
        problems = [*problems_of(line), *place_problems(line)]
        if problems:
            self._refuse_all(said, problems)
        else:
            self.trial.added.append((said.number, line))

    def _change(self, said: Said, known: BudgetLine) -> None:
        """What stands empty in the row stays as it is; tags always do."""
        line = copy(known)
        for name in BROUGHT:
            if (amount := getattr(said, name)) is not None:
                setattr(line, name, amount)
        before = {name: getattr(known, name) for name in BROUGHT}
        if before == {name: getattr(line, name) for name in BROUGHT}:
            self.trial.unchanged += 1
            return
        problems = problems_of(line)
        statement = self._statements.get(known.statement_id)
        if line.plan != known.plan and is_locked(statement):
            text = _(
                "The plan of this line stands fast at %(plan)s: its budget statement (GBS) is "
                "“%(state)s”. Write the new amount in the column after the change."
            )
            words = {"plan": rupiah(known.plan), "state": statement.get_state_display()}
            problems.append(Problem("plan", "locked", text % words))
        if problems:
            self._refuse_all(said, problems)
        else:
            self.trial.changed.append(Changed(said.number, line, before))

    def weigh_ceilings(self) -> None:
        """No statement's lines may plan, or have after a change, more than its total, all rows
        taken together."""
        more: dict = {}
        for one in self.trial.changed:
            if one.line.statement_id and (one.dearer or one.line.plan != one.before["plan"]):
                more.setdefault(one.line.statement_id, []).append(one)
        for key, rows in more.items():
            statement = self._statements[key]
            planned = planned_under(statement)
            planned += sum(one.line.plan - one.before["plan"] for one in rows)
            if statement.total is None:
                continue
            if planned > statement.total:
                text = _(
                    "With these rows the lines of a budget statement (GBS) plan %(planned)s "
                    "together, more than its total, %(total)s."
                )
                words = {"planned": rupiah(planned), "total": rupiah(statement.total)}
                self._turn_down(rows, "plan", text % words)
                continue
            more_now = sum(one.dearer for one in self._under(key))
            problem = over_budgeted(budgeted_under(statement) + more_now, statement)
            if more_now > 0 and problem:
                self._turn_down(rows, "changed", problem.detail)

    def _under(self, key) -> list[Changed]:
        return [one for one in self.trial.changed if one.line.statement_id == key]

    def _turn_down(self, rows: list[Changed], name: str, detail: str) -> None:
        for one in rows:
            self._tell(one.number, name, rupiah(getattr(one.line, name)), detail)
            self.trial.changed.remove(one)

    def _refuse(self, said: Said, name: str, detail: str) -> None:
        cell = getattr(said, name, "")
        shown = rupiah(cell) if isinstance(cell, int) else str(cell or "")
        self._tell(said.number, name, shown, detail)

    def _refuse_all(self, said: Said, problems: list[Problem]) -> None:
        for one in problems:
            self._refuse(said, one.field, one.detail)

    def _tell(self, number: int, name: str, cell: str, detail: str) -> None:
        self.trial.problems.append(RowProblem(number, name, cell[:80], str(detail)))
