"""Budget statements in any state and budget lines, made straight as rows, for tests of money."""

from itertools import count

from django.utils import timezone

from core.identifiers import uuid7
from planning.content import ActionSaid, Content, packed
from planning.line_rules import tidy
from planning.models import BudgetLine, BudgetStatement, GapVersion, GenderAnalysis
from tests import make

_serial = count(1)


def statement(of=None, *, state="draft", year=2026, total=None, actions=1) -> BudgetStatement:
    """A statement of a program (by default one of Dinas Kesehatan) with so many actions."""
    of = of or make.program()
    by = make.officer()
    gap = GenderAnalysis.objects.create(
        program=of, year=year, title=f"Analisis {next(_serial)}", state="approved", created_by=by
    )
    rows = tuple(ActionSaid(uuid7(), text=f"Aksi {one + 1}") for one in range(actions))
    version = GapVersion.objects.create(
        analysis=gap,
        number=1,
        content=packed(Content("9L", year, title=gap.title, actions=rows)),
        state="approved",
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    return BudgetStatement.objects.create(
        analysis=gap, gap_version=version, year=year, state=state, total=total, created_by=by
    )


def drawn(owner=None, under: BudgetStatement | None = None, **values) -> BudgetLine:
    """A line that is not on file yet; by default one of Dinas Kesehatan over 100 million."""
    owner = owner or (under.analysis.owner if under else make.opd())
    said = {
        "year": under.year if under else 2026,
        "code": "1.02.02.2.01.0013",
        "name": f"Belanja {next(_serial)}",
        "plan": 100_000_000,
        **values,
    }
    kind = owner._meta.model_name
    return BudgetLine(**{f"owner_{kind}": owner}, statement=under, **said)


def line(owner=None, under: BudgetStatement | None = None, **values) -> BudgetLine:
    """The same on file, whatever its statement's state."""
    made = drawn(owner, under, **values)
    tidy(made)
    made.created_by = make.officer()
    made.save()
    return made


def tag(category: int, plan: int, **values) -> dict:
    """The part of a line that answers a gender gap."""
    return {"category": category, "arg_plan": plan, **values}


def focal(owner=None):
    return make.person("opd_focal_point", opd=owner or make.opd())
