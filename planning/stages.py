"""How many plans stand where, in one year."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from .models import BudgetStatement, GenderAnalysis, PlanState


def stages(user, year: int) -> dict[str, list[tuple[str, int]]]:
    """How many GAP and GBS of the year stand in each state, of the offices in her reach."""
    return {
        "gap": _counted(GenderAnalysis.objects.visible_to(user), year),
        "gbs": _counted(
            BudgetStatement.objects.visible_to(user).exclude(state=PlanState.SUPERSEDED), year
        ),
    }


def _counted(rows: QuerySet, year: int) -> list[tuple[str, int]]:
    found = dict(
        rows.filter(year=year).order_by().values_list("state").annotate(number=Count("pk"))
    )
    return [(str(PlanState(state).label), found[state]) for state in PlanState if state in found]


def years_of(user) -> list[int]:
    """Budget years of which there are analyses in her reach, the newest first."""
    rows = GenderAnalysis.objects.visible_to(user).order_by()
    return sorted(rows.values_list("year", flat=True).distinct(), reverse=True)
