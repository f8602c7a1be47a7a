"""The planning documents of the world: analyses, statements, terms and budget lines of several
owners, each in a state, each with a word of its own in its texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from core.identifiers import uuid7
from planning.content import content_of
from planning.models import BudgetLine, BudgetStatement, GenderAnalysis
from planning.services.analyses import (
    approve_analysis,
    return_analysis,
    save_content,
    start_analysis,
    submit_analysis,
)
from planning.services.lines import add_line
from planning.services.moves import RemarkSaid
from planning.services.statements import (
    approve_statement,
    change_statement,
    make_statement,
    sign_statement,
    submit_statement,
)
from planning.services.terms import approve_terms, submit_terms
from programs.models import Program
from tests import make
from tests.planning import stated, written
from villages.models import District, Opd

from .people import (
    DISTRICT,
    FOREIGN_OFFICE,
    FOREIGN_VILLAGE,
    HEALTH,
    OFFICES,
    SCHOOLS,
    VILLAGE,
    Thing,
)

if TYPE_CHECKING:
    from .world import World

#: Owners of the programs whose plans are approved, with the villages where these run.
PLANNED: dict[str, tuple[str, ...]] = {
    HEALTH: (VILLAGE,),
    VILLAGE: (VILLAGE,),
    FOREIGN_OFFICE: (FOREIGN_VILLAGE,),
}
#: Who writes for whom.
WRITER = {HEALTH: "focal", VILLAGE: "head", FOREIGN_OFFICE: "foreign", SCHOOLS: "officer"}
#: Every analysis of one program is of another form or year; the nine steps of 2027 are left for
#: those whom the walk lets begin one.
_FORMS = [*product(("4L",), (2024, 2025, 2026, 2027)), *product(("9L",), (2024, 2025, 2026))]


class Planner:
    """Makes documents in the world and adds them to it."""

    def __init__(self, world: World, planned: dict[str, Program], word: Callable[[World], str]):
        self.world, self.planned, self._word = world, planned, word
        self.forms: dict[str, Iterator[tuple[str, int]]] = {
            owner: iter(_FORMS) for owner in PLANNED
        }
        self.reviewer = world.user("national")

    def word(self) -> str:
        return self._word(self.world)

    def writer(self, owner: str) -> Any:
        return self.world.user(WRITER[owner])

    # -- Analyses ------------------------------------------------------------------

    def draft(self, program: Program, actor, template: str, year: int) -> tuple[Any, str]:
        """A whole draft with a word in its texts."""
        word = self.word()
        made = start_analysis(program, actor=actor, year=year, template=template)
        content = replace(written.whole(content_of(made)), title=f"GAP {word}", audience=word)
        save_content(made, content, actor=actor, version=made.version)
        return made, word

    def approved(self, owner: str) -> tuple[GenderAnalysis, str]:
        """Of the owner's planned program."""
        template, year = next(self.forms[owner])
        actor = self.writer(owner) if owner in OFFICES else self.world.user("officer")
        made, word = self.draft(self.planned[owner], actor, template, year)
        submit_analysis(made, actor=actor, version=made.version)
        approve_analysis(made, actor=self.reviewer, version=made.version)
        return made, word

    def add(self, kind: str, name: str, owner: str, row: Any, word: str = "", **more) -> None:
        facts = {"owner": owner, "word": word, "state": getattr(row, "state", "")}
        keys = more.pop("keys", (row.pk,))
        row.refresh_from_db()
        facts |= {"version": row.version, "row": row, **more}
        if "state" not in more and hasattr(row, "state"):
            facts["state"] = row.state
        self.world.add(Thing(name, kind, keys, **facts))

    # -- Statements ----------------------------------------------------------------

    def statement(self, owner: str, actor=None) -> BudgetStatement:
        """A draft with its money and one line, of an analysis of its own."""
        analysis, word = self.approved(owner)
        self.add("stated analysis", f"of a statement of {owner}", owner, analysis, word)
        actor = actor or self.writer(owner)
        made = make_statement(analysis, actor=actor)
        made.total, made.place = 50_000_000, word
        change_statement(made, actor=actor, version=made.version)
        return made

    def line(
        self, owner: str, actor, statement: BudgetStatement | None = None
    ) -> tuple[BudgetLine, str]:
        """Tagged, with a word in its name."""
        key = {HEALTH: Opd, FOREIGN_OFFICE: Opd, DISTRICT: District}.get(owner)
        column = {Opd: "owner_opd", District: "owner_district"}.get(key, "owner_village")
        word = self.word()
        line = BudgetLine(
            uid=uuid7(),
            **{column: _place(owner)},
            year=statement.year if statement else 2026,
            code="2.08.02",
            name=f"Belanja {word}",
            plan=20_000_000,
            category=2,
            arg_plan=10_000_000,
            statement=statement,
        )
        made = add_line(line, actor=actor)
        return made, word


def _place(owner: str) -> Any:
    if owner in OFFICES:
        return Opd.reference.get(name=owner)
    if len(owner) == len(DISTRICT):
        return District.reference.get(code=owner)
    return make.village(owner)


def make_plans(world: World, planned: dict[str, Program], word: Callable[[World], str]) -> None:
    planner = Planner(world, planned, word)
    _analyses(planner)
    _approved(planner)
    _statements(planner)
    _terms(planner)
    _lines(planner)


def _analyses(planner: Planner) -> None:
    """Not approved yet, or sent back; `hand`: who submitted it and may not decide on it."""
    world = planner.world
    rows = (
        ("draft", "the office's", HEALTH, "focal", "9L", ""),
        ("submitted", "the office's", HEALTH, "officer", "4L", "submitted"),
        ("returned", "the office's", HEALTH, "focal", "9L", "returned"),
        ("the village's", "the village's own", VILLAGE, "head", "desa", ""),
        ("the village's, submitted", "the village's own", VILLAGE, "district", "9L", "submitted"),
        ("the district's", "the district's", DISTRICT, "district", "9L", "submitted"),
        ("another office's", "another office's, nowhere yet", SCHOOLS, "officer", "9L", ""),
        ("the foreign office's", "the foreign office's", FOREIGN_OFFICE, "foreign", "9L", ""),
    )
    for name, program, owner, hand, template, state in rows:
        actor = world.user(hand)
        year = 2025 if state == "returned" else 2026
        of = world.named("program", program).row
        made, said = planner.draft(of, actor, template, year)
        if state:
            submit_analysis(made, actor=actor, version=made.version)
        if state == "returned":
            remark = RemarkSaid("item", f"Alasan {said}")
            return_analysis(made, [remark], actor=planner.reviewer, version=made.version)
        hand = hand if state == "submitted" else ""
        planner.add("analysis", name, owner, made, said, hand=hand)
    for kind in ("analysis", "statement", "terms", "line", "approved analysis"):
        world.add(Thing("nothing", kind, (uuid7(),), exists=False))
    world.add(Thing("nothing", "analysis version", (uuid7(), 1), exists=False))


def _approved(planner: Planner) -> None:
    """Approved, without a statement yet."""
    for owner in PLANNED:
        made, said = planner.approved(owner)
        for kind in ("analysis", "approved analysis"):
            planner.add(kind, f"approved, of {owner}", owner, made, said)
        facts = {"keys": (made.pk, 1), "state": "approved"}
        planner.add("analysis version", f"of {owner}", owner, made, said, **facts)
        unknown = Thing(f"second of {owner}", "analysis version", (made.pk, 2), exists=False)
        planner.world.add(unknown)


def _statements(planner: Planner) -> None:
    rows = (
        ("draft", HEALTH, "focal", ""),
        ("submitted", HEALTH, "focal", "submitted"),
        ("approved", HEALTH, "focal", "approved"),
        ("the village's", VILLAGE, "district", "submitted"),
        ("the foreign office's", FOREIGN_OFFICE, "foreign", ""),
    )
    for name, owner, hand, state in rows:
        made = _statement(planner, owner, planner.world.user(hand), state)
        facts = {"hand": hand if state == "submitted" else ""}
        planner.add("statement", name, owner, made, **facts)


def _statement(planner: Planner, owner: str, actor, state: str) -> BudgetStatement:
    made = planner.statement(owner, actor)
    line, word = planner.line(owner, actor, made)
    if state:
        submit_statement(made, actor=actor, version=made.version)
    if state == "approved":
        approve_statement(made, actor=planner.reviewer, version=made.version)
    of = "locked" if state else ""
    planner.add("line", f"of a statement that is “{state}”", owner, line, word, state=of)
    return made


def _terms(planner: Planner) -> None:
    """By the address of their statement."""
    rows = (("draft", HEALTH, ""), ("submitted", HEALTH, "submitted"), ("approved", HEALTH, "all"))
    for name, owner, state in (*rows, ("the foreign office's", FOREIGN_OFFICE, "")):
        actor = planner.writer(owner)
        statement = _statement(planner, owner, actor, "approved")
        made = stated.terms(statement, by=actor, cost=20_000_000)
        if state:
            submit_terms(made, actor=actor, version=made.version)
        if state == "all":
            approve_terms(made, actor=planner.reviewer, version=made.version)
            statement.refresh_from_db()
            signature = stated.signature()
            chief = planner.world.user("chief")
            sign_statement(statement, actor=chief, version=statement.version, signature=signature)
        planner.add("terms", name, owner, made, keys=(statement.pk,))


def _lines(planner: Planner) -> None:
    """Under no statement."""
    for owner, hand in (
        (HEALTH, "focal"),
        (VILLAGE, "head"),
        (DISTRICT, "district"),
        (FOREIGN_OFFICE, "foreign"),
    ):
        line, word = planner.line(owner, planner.world.user(hand))
        planner.add("line", f"of {owner}", owner, line, word)
