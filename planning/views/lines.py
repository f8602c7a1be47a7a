"""Pages of budget lines: the list, a new one, changing one, taking one out."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from programs.views.shared import (
    forbid,
    form_page,
    page_of,
    require,
    take_refusal,
    uid_or_none,
    version_of,
)

from ..forms.line import LineForm
from ..line_filter import LineFilter, lines_table
from ..line_rules import OWNERS
from ..models import BudgetLine, BudgetStatement
from ..services.lines import add_line, change_line, holds_owner, is_locked, remove_line

_WITH = (
    *("owner_opd", "owner_district", "owner_village__district"),
    *("statement__analysis__program", "village__district"),
)
_FORM = "planning/line_form.html"


def may_enter(user) -> bool:
    return bool({"manage_plans", "plan_village"} & set(user.capabilities))


@require_safe
def line_list(request):
    rows = BudgetLine.objects.visible_to(request.user).select_related(*_WITH)
    found = LineFilter(
        request.GET, queryset=rows.order_by("-year", "code", "account", "uid"), request=request
    )
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        return download(lines_table(found.qs, found, timezone.now()), fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "formats": formats_for(page.paginator.count),
        "may_enter": may_enter(request.user),
    }
    return render(request, "planning/line_list.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def line_new(request):
    """A new line; ?gbs= and ?aksi= say under which statement and action."""
    require(may_enter(request.user))
    line = BudgetLine()
    statement = _asked_statement(request)
    if statement and not statement.is_open and request.method != "POST":
        words = _("Lines are added to a draft or returned GBS. This one is “%(state)s”.")
        messages.info(request, words % {"state": statement.get_state_display()})
        return redirect("planning:gbs", statement.pk)
    if statement:
        _under(line, statement, request.GET.get("aksi", ""))
    initial = {"statement": statement, "action": str(line.action or "")}
    if statement:
        initial["year"] = statement.year
    form = LineForm(request.POST or None, user=request.user, instance=line, initial=initial)
    if form.is_valid():
        try:
            made = add_line(form.instance, actor=request.user)
        except Refused as refusal:
            if again := _pressed_twice(request, form, refusal):
                return _after(again)
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The budget line is on file."))
            return _after(made)
    return form_page(request, _FORM, form, statement=statement, twin=_twin(request, form))


def _asked_statement(request) -> BudgetStatement | None:
    uid = uid_or_none(request.GET.get("gbs", ""))
    rows = BudgetStatement.objects.visible_to(request.user).with_owners()
    return rows.filter(pk=uid).first() if uid else None


def _under(line: BudgetLine, statement: BudgetStatement, action: str) -> None:
    program = statement.analysis.program
    for name in ("owner_opd", "owner_district", "owner_village"):
        setattr(line, name, getattr(program, name))
    line.statement, line.year = statement, statement.year
    content = statement.gap_version.content
    known = {one["key"]: one for one in content.get("actions", ())}
    line.action = uid_or_none(action) if action in known else None
    line.code = content.get("code") or ""
    meant = [known[action]] if action in known else known.values()
    funds = {one.get("fund_source") or "" for one in meant}
    line.fund_source = funds.pop() if len(funds) == 1 else ""


def _twin(request, form: LineForm) -> BudgetLine | None:
    """The line that stands in the way of this one, where she may open it."""
    if not form.has_error("name", "already_there"):
        return None
    line = form.instance
    owner = {name: getattr(line, name) for name in OWNERS}
    rows = BudgetLine.objects.visible_to(request.user).filter(**owner, year=line.year, key=line.key)
    found = rows.exclude(pk=line.pk).first()
    return found if found and holds_owner(request.user, found.owner) else None


def _pressed_twice(request, form: LineForm, refusal: Refused) -> BudgetLine | None:
    """The line that this very form made a moment ago."""
    if refusal.code != "already_there":
        return None
    rows = BudgetLine.objects.visible_to(request.user)
    return rows.filter(pk=form.cleaned_data["uid"], created_by=request.user).first()


def _after(line: BudgetLine):
    """Back to the statement it belongs to, else to the list of its owner's lines."""
    if line.statement_id:
        return redirect("planning:gbs", line.statement_id)
    return redirect("planning:line-list")


@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request, uid):
    line = _line_or_404(request, uid)
    require(holds_owner(request.user, line.owner))
    locked = is_locked(line.statement)
    shown = _line_or_404(request, uid)
    form = LineForm(request.POST or None, user=request.user, instance=line, locked=locked)
    if form.is_valid():
        try:
            change_line(
                form.instance, actor=request.user, version=form.cleaned_data["version"] or 0
            )
        except Refused as refusal:
            take_refusal(form, refusal, line)
        else:
            messages.success(request, _("The changes to the budget line are saved."))
            return _after(line)
    context = {"line": shown, "statement": shown.statement, "locked": locked}
    context["twin"] = _twin(request, form)
    return form_page(request, _FORM, form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def line_remove(request, uid):
    """Asked once more, with what goes."""
    line = _line_or_404(request, uid)
    require(holds_owner(request.user, line.owner))
    if request.method == "POST":
        try:
            remove_line(line, actor=request.user, version=version_of(request))
        except Stale as refusal:
            messages.warning(request, refusal.problems[0].detail)
            return redirect("planning:line-remove", line.pk)
        except Refused as refusal:
            forbid(refusal)
            messages.error(request, refusal.problems[0].detail)
            return redirect("planning:line-edit", line.pk)
        messages.success(request, _("The budget line is taken out."))
        return _after(line)
    context = {"line": line, "locked": is_locked(line.statement)}
    return render(request, "planning/line_remove.html", context)


def _line_or_404(request, uid) -> BudgetLine:
    rows = BudgetLine.objects.visible_to(request.user).select_related(*_WITH)
    return get_object_or_404(rows, pk=uid)


urlpatterns = [
    path("arg/baris/", line_list, name="line-list"),
    path("arg/baris/baru/", line_new, name="line-new"),
    path("arg/baris/<uuid:uid>/", line_edit, name="line-edit"),
    path("arg/baris/<uuid:uid>/hapus/", line_remove, name="line-remove"),
]
