"""What happened to a statement or terms on their way, for whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence

from .models import BudgetStatement, Remark, Step, StepKind, TermsOfReference
from .writing import history

Paper = BudgetStatement | TermsOfReference


def history_of(paper: Paper) -> list[Step]:
    """Newest first; changes by one person on one day count as one."""
    return history(paper)


def remarks_of(paper: Paper) -> list[Remark]:
    """What is still to be dealt with."""
    found = Remark.objects.filter(document=paper.pk, settled_at=None)
    return list(found.select_related("author"))


def last_return(history: Sequence[Step]) -> Step | None:
    """The step that sent it back, with its note, where that was the last thing that was decided."""
    decided = (StepKind.RETURNED, StepKind.APPROVED, StepKind.SUBMITTED)
    last = next((one for one in history if one.kind in decided), None)
    return last if last and last.kind == StepKind.RETURNED else None
