"""Pages of budget statements (GBS): the list, one statement, its money, its way."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, register_converter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from programs.views.shared import forbid, form_page, page_of, require, take_refusal

from ..figures import figure
from ..filters import StatementFilter
from ..forms.statement import StatementForm
from ..models import (
    BudgetLine,
    BudgetStatement,
    GenderAnalysis,
    Measure,
    TermsOfReference,
)
from ..passage import history_of, last_return, remarks_of
from ..progress import Progress, finding
from ..realised import realised
from ..services.moves import holds
from ..services.outcomes import approved_version
from ..services.statements import (
    approve_statement,
    change_statement,
    lines_of,
    make_statement,
    money_problems,
    return_statement,
    sign_statement,
    submit_statement,
)
from ..statement_read import read_statement, without_statement
from ..wording import row_name
from .moving import (
    FORMATS,
    MoveConverter,
    Moving,
    is_own,
    move_page,
    moves_for,
)

register_converter(MoveConverter, "plan_move")
#: Approved analyses offered above the list.
MOST_READY = 10


def statement_or_404(request: HttpRequest, uid: UUID) -> BudgetStatement:
    rows = BudgetStatement.objects.visible_to(request.user).with_owners()
    return get_object_or_404(rows.select_related("gap_version", "created_by"), pk=uid)


# -- The list --------------------------------------------------------------------


class ListedStatements(StatementFilter):
    """On the page one looks for words, year, office and state."""

    unasked = (*StatementFilter.unasked, "owner", "district", "village", "program")


@require_safe
def gbs_list(request):
    seen = BudgetStatement.objects.visible_to(request.user)
    tagged = Q(lines__category__isnull=False)
    rows = seen.with_owners().annotate(arg=Sum("lines__arg_plan", filter=tagged))
    rows = rows.order_by("-year", "-uid")
    found = ListedStatements(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "counted": _counted(request.user, found),
        "ready": without_statement(request.user)[:MOST_READY],
    }
    return render(request, "planning/gbs_list.html", context, status=422 if problem else 200)


def _counted(user, found: ListedStatements) -> int | None:
    """The gender budget of the approved ones among these, in rupiah; None unless they are of one
    year, for money of several years is no sum."""
    if not found.form.is_valid() or not found.form.cleaned_data.get("year"):
        return None
    lines = BudgetLine.objects.visible_to(user).counted()
    lines = lines.filter(statement__in=found.qs.values("pk"))
    return lines.aggregate(sum=Sum("arg_plan"))["sum"] or 0


# -- Making and reading ----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def gbs_new(request, uid):
    """Ask before a statement is made of an approved analysis."""
    rows = GenderAnalysis.objects.visible_to(request.user).with_owners()
    analysis = get_object_or_404(rows, pk=uid)
    require(holds(request.user, "manage_plans", analysis))
    refused = ""
    if request.method == "POST":
        try:
            made = make_statement(analysis, actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            refused = refusal.problems[0].detail
        else:
            messages.success(request, _("The GBS is made. Fill in its money."))
            return redirect("planning:gbs", made.pk)
    context = {
        "analysis": analysis,
        "version": approved_version(analysis),
        "last": analysis.statements.order_by("-revision").first(),
        "refused": refused,
    }
    return render(request, "planning/gbs_new.html", context, status=422 if refused else 200)


@require_safe
def gbs(request, uid):
    """The whole statement: what the analysis says, what it costs, and what has moved since."""
    statement = statement_or_404(request, uid)
    user, remarks, history = request.user, remarks_of(statement), history_of(statement)
    read = read_statement(statement, remarks)
    writes = holds(user, "manage_plans", statement)
    context = {
        "statement": statement,
        "read": read,
        "problems": list(money_problems(statement)) if statement.is_open and writes else [],
        "writes": writes,
        "moves": moves_for(user, statement),
        "remarks": remarks,
        "returned": last_return(history),
        "history": history,
        "formats": FORMATS,
        "own": is_own(user, statement),
        "terms": TermsOfReference.objects.visible_to(user).filter(statement=statement).first(),
        "newer": _newer(statement),
        "outdated": _outdated(statement),
        **_moved(statement, read.content),
    }
    return render(request, "planning/gbs.html", context)


def _newer(statement: BudgetStatement) -> BudgetStatement | None:
    later = statement.analysis.statements.filter(revision__gt=statement.revision)
    return later.order_by("-revision").first()


def _outdated(statement: BudgetStatement) -> bool:
    """The analysis was approved anew since, and no newer statement says so yet."""
    now = approved_version(statement.analysis)
    return now is not None and now.pk != statement.gap_version_id and _newer(statement) is None


def _moved(statement: BudgetStatement, content) -> dict:
    """Where each indicator stands today, and the villages in which women take part meaningfully."""
    today = timezone.localdate()
    shown = [Progress(one) for one in realised(statement.analysis, content, today)]
    year = max(min(today.year, statement.year), statement.analysis.program.year_from)
    villages = figure(statement.analysis.program, Measure.VILLAGES, year=year)
    return {
        "progress": shown,
        "finding": finding(shown),
        "villages": villages,
        "today": today,
    }


# -- Money and signatory ---------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def gbs_edit(request, uid):
    statement = statement_or_404(request, uid)
    require(holds(request.user, "manage_plans", statement))
    if not statement.is_open:
        messages.info(request, not_open(statement))
        return redirect("planning:gbs", statement.pk)
    form = StatementForm(request.POST or None, instance=statement)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            change_statement(form.instance, actor=request.user, version=version)
        except Refused as refusal:
            take_refusal(form, refusal, statement)
        else:
            messages.success(request, _("The GBS is saved."))
            return redirect("planning:gbs", statement.pk)
    now = statement_or_404(request, uid)
    lines = lines_of(now)
    context = {
        "statement": now,
        "lines": lines,
        "planned": lines.aggregate(sum=Sum("plan"))["sum"] or 0,
        "remarks": [one for one in remarks_of(now) if one.row is None],
        "overtaken": overtaken(form, now),
    }
    return form_page(request, "planning/gbs_form.html", form, **context)


def not_open(paper) -> str:
    words = _("This cannot be changed now: it is “%(state)s”.")
    return words % {"state": paper.get_state_display()}


def overtaken(form, now) -> list[tuple[str, str]]:
    """What the faster person saved, beside what was typed here: (label, what stands now)."""
    if not form.has_error("version", "changed_meanwhile"):
        return []
    shown = []
    for field in form.visible_fields():
        there = field.field.prepare_value(getattr(now, field.name, None))
        if str(there if there is not None else "") != str(field.value() or ""):
            shown.append((field.label, there if there not in (None, "") else "–"))
    return shown


# -- Its way ---------------------------------------------------------------------


def _cells(statement: BudgetStatement) -> list[tuple]:
    content = read_statement(statement).content
    actions = [
        (f"remark_{place}", _name(content, one), "actions", one.key)
        for place, one in enumerate(content.actions)
    ]
    return [
        ("remark_money", _("Money"), "money", None),
        *actions,
        ("remark_signatory", _("Who signs"), "signatory", None),
    ]


def _name(content, row) -> str:
    words = {"name": row_name(content, row), "text": row.text}
    return _("%(name)s: %(text)s") % words


MOVING = Moving(
    kind="GBS",
    acts={
        "submit": submit_statement,
        "return": return_statement,
        "approve": approve_statement,
        "sign": sign_statement,
    },
    cells=_cells,
    page="planning:gbs",
)


@require_http_methods(["GET", "HEAD", "POST"])
def gbs_move(request, uid, move):
    return move_page(request, statement_or_404(request, uid), move, MOVING)


urlpatterns = [
    path("gbs/", gbs_list, name="gbs-list"),
    path("gap/<uuid:uid>/gbs/", gbs_new, name="gbs-new"),
    path("gbs/<uuid:uid>/", gbs, name="gbs"),
    path("gbs/<uuid:uid>/ubah/", gbs_edit, name="gbs-edit"),
    path("gbs/<uuid:uid>/<plan_move:move>/", gbs_move, name="gbs-move"),
]
