"""What every page answers to each of the cast: the rights of the web, in one table.

A row is a rule and the "method route object" it holds for, as tests/architecture/routes.py has them
for five people; here the whole cast follows from the words of rights. Where those five get one and
the same answer, or everybody with an account gets the page, nothing needs to be said.
docs/web-rights.md is made from this (`python -m tests.matrix > docs/web-rights.md`).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.architecture.expected import Row

from . import plans, records, registers
from .words import Rule

ABOUT = """\
Made by `python -m tests.matrix > docs/web-rights.md` from tests/matrix; a test compares. Pages that
are not named here are open to everybody with an account, or to everybody at all. Gates are passed
from left to right; who stops at one is answered its number. `sees`: the village of the object;
`near`: something of its regency; `may_…`: the word of docs/rights.md on the object; `anywhere_…`:
over any area at all; `kept_…`: over its whole regency; `office`, `wide`: who does not work in the
field, who reaches a regency or more; `reach`: any task today. Whoever has no account is led to the
login page. What single roles of the API may do stands in tests/api/rights/table.py.""".splitlines()

RULES: dict[str, Rule] = {
    line: rule
    for part in (records, plans, registers)
    for rule, lines in part.ROWS
    for line in lines.split(", ")
}


def name_of(route: str, row: Row) -> str:
    return f"{row.method} {route} {row.of}".strip()


def rule_of(route: str, row: Row) -> Rule | None:
    """What the table says; else what the five alone tell; None where they leave it open."""
    if found := RULES.get(name_of(route, row)):
        return found
    anonymous, *others = row.statuses
    if len(set(others)) > 1:
        return None
    return Rule(others[0], anonymous=anonymous)


def page() -> Iterator[str]:
    """docs/web-rights.md."""
    yield "# What each page asks of a person"
    yield ""
    yield from ABOUT
    yield ""
    yield "| Page | Method | About | Gates | Then |"
    yield "|---|---|---|---|---|"
    for line, rule in sorted(RULES.items(), key=lambda one: (one[0].split()[1:], one[0])):
        method, route, *of = line.split()
        gates = ", ".join(f"`{gate}` {refusal}" for gate, refusal in rule.gates.items())
        yield f"| {route} | {method.upper()} | {' '.join(of)} | {gates or 'account'} | {rule.ok} |"
