"""Whose plans wait for what: the rows behind each kind of task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Subquery

from programs.models import Program

from .models import (
    APPROVED_STATES,
    BudgetStatement,
    GenderAnalysis,
    Indicator,
    IndicatorKind,
    PlanState,
    Realisation,
    Remark,
    Step,
    StepKind,
    Template,
)

#: An outcome is asked after from so long before it is to be reached.
AHEAD = timedelta(days=60)

Rows = Callable[[Any, date], QuerySet]


def _to_write(model: type[Model], user) -> QuerySet:
    """Documents that are hers to write: of an office whose plans she writes but does not approve,
    of a village, or begun by herself."""
    rows: Any = model._default_manager
    approves = rows.permitting(user, "approve_plans").values("pk")
    village = {f"{rows.all().program_path}owner_village__isnull": False}
    writes = Q(pk__in=rows.permitting(user, "manage_plans").values("pk"))
    in_village = Q(pk__in=rows.permitting(user, "plan_village").filter(**village).values("pk"))
    hers = (writes & ~Q(pk__in=approves)) | in_village | (writes & Q(created_by=user))
    return rows.with_owners().filter(hers)


def is_writer(user, document) -> bool:
    """The document is hers to write: she is not only one who may."""
    return _to_write(type(document), user).filter(pk=document.pk).exists()


def _to_decide(model: type[Model], user) -> QuerySet:
    """Documents that wait for her decision: never those that she submitted."""
    rows: Any = model._default_manager
    waiting = rows.permitting(user, "approve_plans").filter(state=PlanState.SUBMITTED)
    last = Step.objects.filter(document=OuterRef("pk"), kind=StepKind.SUBMITTED)
    waiting = waiting.annotate(sender=Subquery(last.values("actor")[:1]))
    return waiting.exclude(sender=user.pk).with_owners()


def _with_remarks(rows: QuerySet) -> QuerySet:
    open_ones = Remark.objects.filter(document=OuterRef("pk"), settled_at=None).order_by()
    counted = open_ones.values("document").annotate(number=Count("pk")).values("number")
    return rows.annotate(remarks=Subquery(counted))


def in_state(model: type[Model], state: str) -> Rows:
    def rows(user, today: date) -> QuerySet:
        return _with_remarks(_to_write(model, user).filter(state=state)).order_by("updated_at")

    return rows


def deciding(model: type[Model]) -> Rows:
    return lambda user, today: _to_decide(model, user).order_by("updated_at")


def signing(model: type[Model]) -> Rows:
    def rows(user, today: date) -> QuerySet:
        manager: Any = model._default_manager
        ready = manager.permitting(user, "sign_plans").filter(state=PlanState.APPROVED)
        return ready.with_owners().order_by("updated_at")

    return rows


def to_check(user, today: date) -> QuerySet:
    """Submitted analyses on which the planning board said nothing since."""
    rows = GenderAnalysis.objects.permitting(user, "check_plans").filter(state=PlanState.SUBMITTED)
    steps = Step.objects.filter(document=OuterRef("pk"))
    sent = steps.filter(kind=StepKind.SUBMITTED).values("at")[:1]
    rows = rows.annotate(sent=Subquery(sent))
    said = steps.filter(kind=StepKind.CHECKED, at__gte=OuterRef("sent"))
    return rows.exclude(Exists(said)).with_owners().order_by("updated_at")


def to_make(user, today: date) -> QuerySet:
    """Approved analyses without a statement of their newest revision."""
    made = BudgetStatement.objects.filter(
        analysis=OuterRef("pk"), gap_version__revision=OuterRef("revision")
    )
    rows = _to_write(GenderAnalysis, user).filter(
        state=PlanState.APPROVED, template__in=(Template.NINE, Template.VILLAGE)
    )
    return rows.exclude(Exists(made)).order_by("updated_at")


def to_realise(user, today: date) -> QuerySet:
    """Outcomes of approved analyses due within AHEAD or overdue, of which nobody told yet and
    which the portal does not count itself."""
    hers = _to_write(GenderAnalysis, user).filter(state__in=APPROVED_STATES)
    known = Realisation.objects.counting()
    told = known.filter(analysis=OuterRef("analysis"), indicator=OuterRef("pk"))
    rows = Indicator.objects.filter(
        analysis__in=hers.order_by().values("pk"),
        kind=IndicatorKind.OUTCOME,
        measure="",
        due__lte=today + AHEAD,
    )
    owners = [f"analysis__program__{one}" for one in ("owner_opd", "owner_district")]
    owners.append("analysis__program__owner_village__district")
    return rows.exclude(Exists(told)).select_related(*owners).order_by("due", "pk")


def has_plans(program: Program) -> bool:
    """Some analysis was begun for it, from which statements and terms are made."""
    return GenderAnalysis.objects.filter(program=program).exists()
