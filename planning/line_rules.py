"""What a budget line may say: one line by itself, without a look at any other row.

Lines typed on a page, sent by the API and read from a sheet are all judged here.
"""

from __future__ import annotations

from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem
from core.formats import one_line, rupiah

from .models import BudgetLine

#: Amounts of a line, each a field of its own.
MONEY = ("plan", "changed", "realised", "arg_plan", "arg_changed", "arg_realised")
#: What may still be entered once the statement over a line is under review or approved.
FREE = ("changed", "realised", "arg_changed", "arg_realised")
OWNERS = ("owner_opd_id", "owner_district_id", "owner_village_id")
#: What makes a line that line and no other among its owner's of a year.
IDENTITY = ("code", "account", "name", "fund_source", "village_id")
#: All else that is said of a line.
PLAIN = (*IDENTITY, "statement_id", "action", "category", *MONEY)
#: More than any regency spends in a year, in rupiah.
MOST = 10**15
LONGEST = {"code": 40, "account": 40, "name": 300}
#: What each part is a part of.
_LIMITS = {
    "realised": gettext_lazy("the budget of this line"),
    "arg_plan": gettext_lazy("the plan of this line"),
    "arg_changed": gettext_lazy("the budget of this line after the change"),
    "arg_realised": gettext_lazy("what this line has realised"),
}


def key_of(code: str, account: str, name: str, fund_source: str, village: int | None) -> str:
    """The same words in any case and spacing are the same line."""
    parts = (code, account, name, fund_source, "" if village is None else village)
    return sha256("|".join(one_line(one).casefold() for one in parts).encode()).hexdigest()


def tidy(line: BudgetLine) -> None:
    """Texts in their plain form, and the key that follows from them."""
    for name in LONGEST:
        setattr(line, name, one_line(getattr(line, name)))
    line.arg_plan = line.arg_plan or 0
    line.key = key_of(line.code, line.account, line.name, line.fund_source, line.village_id)


def problems_of(line: BudgetLine) -> list[Problem]:
    """Everything wrong with this line by itself."""
    return [*identity_problems(line), *money_problems(line)]


def identity_problems(line: BudgetLine) -> list[Problem]:
    found = [
        Problem(name, "required", _("Fill in %(what)s.") % {"what": label_of(name)})
        for name in ("code", "name")
        if not getattr(line, name)
    ]
    for name, most in LONGEST.items():
        if len(getattr(line, name)) > most:
            words = _("Shorten %(what)s to at most %(most)s letters.")
            found.append(Problem(name, "too_long", words % {"what": label_of(name), "most": most}))
    if line.plan is None:
        found.append(Problem("plan", "required", _("Fill in the plan (pagu) of this line.")))
    if not 2000 <= (line.year or 0) <= 2100:
        found.append(Problem("year", "out_of_range", _("Write a year from 2000 to 2100.")))
    return found


def money_problems(line: BudgetLine) -> list[Problem]:
    """Amounts that cannot be, each named with its figure."""
    outside = [
        problem for name in MONEY if (problem := _outside(name, getattr(line, name))) is not None
    ]
    if outside or line.plan is None:
        return outside
    return [*_over_line(line), *_tag_problems(line)]


def label_of(name: str) -> str:
    """A field of a line as a sentence calls it."""
    return str(BudgetLine._meta.get_field(name).verbose_name)


def budget_of(line: BudgetLine) -> int:
    """What the line may spend: its changed budget, or its plan."""
    return line.plan if line.changed is None else line.changed


def arg_of(line: BudgetLine) -> int:
    """The gender budget of the line after the change: never more than the line has left."""
    if line.category is None:
        return 0
    part = line.arg_plan if line.arg_changed is None else line.arg_changed
    return min(part, budget_of(line))


def _outside(name: str, amount: int | None) -> Problem | None:
    if amount is None or 0 <= amount <= MOST:
        return None
    words = {"what": label_of(name), "amount": rupiah(amount)}
    if amount < 0:
        text = _("%(amount)s (%(what)s) is less than zero. Write 0 or more.")
        return Problem(name, "negative", text % words)
    text = _("%(amount)s (%(what)s) is more than any budget. Check the figures.")
    return Problem(name, "too_large", text % words)


def _over_line(line: BudgetLine) -> list[Problem]:
    """Each part against the amount that it is a part of."""
    most = budget_of(line)
    limits = {
        "realised": most,
        "arg_plan": line.plan,
        "arg_changed": most,
        "arg_realised": line.realised or 0,
    }
    return [
        _over(line, name, ceiling)
        for name, ceiling in limits.items()
        if (getattr(line, name) or 0) > ceiling
    ]


def _over(line: BudgetLine, name: str, ceiling: int) -> Problem:
    words = {
        "what": label_of(name),
        "amount": rupiah(getattr(line, name)),
        "limit": _LIMITS[name],
        "most": rupiah(ceiling),
    }
    text = _("%(amount)s (%(what)s) is more than %(limit)s, %(most)s.")
    return Problem(name, "over_ceiling", text % words)


def _tag_problems(line: BudgetLine) -> list[Problem]:
    parts = (line.arg_changed, line.arg_realised)
    if line.category is None and (line.arg_plan or any(one is not None for one in parts)):
        text = _("Choose the ARG category of the gender budget part of this line: 1, 2 or 3.")
        return [Problem("category", "required", text)]
    if line.category is not None and not line.arg_plan and not line.arg_changed:
        text = _("Fill in which part of this line answers the gender gap, in rupiah.")
        return [Problem("arg_plan", "required", text)]
    return []
