"""Pages of sheets of budget lines: sending one, naming its columns, trying it, taking it over."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import asked_format, download
from core.errors import Refused, Stale
from core.sheets import MOST_BYTES, Unusable
from core.tables import Column, Table
from programs.imports import shown
from programs.views.shared import forbid, form_page, page_of, require

from ..forms.sheet import ColumnsForm, SheetForm
from ..models import BudgetSheet, ColumnMapping
from ..services import sheets
from ..services.lines import holds_owner
from ..services.sheet_trial import Trial
from ..sheets import FIELDS, guessed, open_sheet
from .lines import may_enter

#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000
#: Rows shown of what would happen, and of what is wrong; files hold all of them.
SHOWN, PROBLEMS_SHOWN = 50, 100
FILES = ("xlsx", "csv")
_OWNERS = ("owner_opd", "owner_district", "owner_village__district")


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_new(request):
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + WRAPPING:
        require(may_enter(request.user))
        context = {"form": SheetForm.too_large(request.user), "page": _page(request)}
        return render(request, "planning/sheet_new.html", context, status=413)
    return _sheet_new(request)


@csrf_protect
def _sheet_new(request):
    require(may_enter(request.user))
    sent = request.method == "POST"
    form = SheetForm(
        request.POST if sent else None, request.FILES if sent else None, user=request.user
    )
    if form.is_valid():
        said, file = form.cleaned_data, form.cleaned_data["file"]
        try:
            sheet = sheets.take_in(
                file.read(), file.name, owner=said["owner"], year=said["year"], actor=request.user
            )
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            return redirect("planning:sheet-columns", sheet.pk)
    return form_page(request, "planning/sheet_new.html", form, page=_page(request))


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_columns(request, uid):
    """Which of its headings is which field; a kept choice is offered where it fits."""
    sheet = _sheet_or_404(request, uid)
    if sheet.content is None:
        return redirect("planning:sheet", sheet.pk)
    try:
        opened = open_sheet(bytes(sheet.content))
    except Unusable as trouble:  # a busy portal: it was read when it came
        messages.error(request, str(trouble))
        return redirect("planning:sheet-new")
    kept = [
        one
        for one in ColumnMapping.objects.visible_to(request.user)
        if set(one.columns.values()) <= set(opened.headings)
    ]
    chosen, mapping = _chosen(request, sheet, opened.headings, kept)
    form = ColumnsForm(request.POST or None, headings=opened.headings, chosen=chosen)
    if form.is_valid():
        try:
            name = form.cleaned_data["save_as"]
            sheets.map_columns(sheet, form.columns(), actor=request.user, save_as=name)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            return redirect("planning:sheet", sheet.pk)
    context = {
        "sheet": sheet,
        "kept": kept,
        "mapping": mapping,
        "heading_row": opened.at,
        "first": _first_rows(opened),
        "headings": opened.headings,
    }
    return form_page(request, "planning/sheet_columns.html", form, **context)


def _chosen(request, sheet: BudgetSheet, headings, kept: list[ColumnMapping]):
    """What the boxes begin with: what was said before, a kept choice that fits, or a guess."""
    asked = request.GET.get("pilihan", "")
    named = next((one for one in kept if str(one.pk) == asked), None)
    if named is None and not sheet.columns and kept:
        named = max(kept, key=lambda one: len(one.columns))
    if named:
        return named.columns, named
    return sheet.columns or guessed(headings), None


def _first_rows(opened) -> list[list[str]]:
    """Two rows of the sheet, so that a column is known by what stands in it."""
    width = len(opened.headings)
    found = []
    for _number, cells in opened.rows():
        found.append([shown(one)[:40] for one in [*cells, *[""] * width][:width]])
        if len(found) == 2:
            break
    return found


@require_safe
def sheet_detail(request, uid):
    """What taking it over would do, row by row; or what it did."""
    sheet = _sheet_or_404(request, uid)
    owner = sheets.owner_of(sheet)
    context = {"sheet": sheet, "owner_key": f"{owner._meta.model_name}:{owner.pk}"}
    if sheet.content is not None:
        if not sheet.columns:
            return redirect("planning:sheet-columns", sheet.pk)
        try:
            trial = sheets.tried(sheet, actor=request.user)
        except Refused as refusal:
            messages.error(request, refusal.problems[0].detail)
            return redirect("planning:sheet-columns", sheet.pk)
        context |= {"trial": trial, "unused": _unused(sheet), **_shown(trial)}
    return render(request, "planning/sheet_detail.html", context)


def _unused(sheet: BudgetSheet) -> list[str]:
    """Headings that nothing is read from."""
    headings = open_sheet(bytes(sheet.content)).headings
    return [one for one in headings if one and one not in sheet.columns.values()]


def _shown(trial: Trial) -> dict:
    problems = sorted(trial.problems, key=lambda one: one.number)[:PROBLEMS_SHOWN]
    return {
        "added": [{"number": number, "line": line} for number, line in trial.added[:SHOWN]],
        "changed": trial.changed[:SHOWN],
        "problems": [
            {
                "number": one.number,
                "title": FIELDS.get(one.field, ""),
                "cell": one.cell,
                "detail": one.detail,
            }
            for one in problems
        ],
    }


@require_safe
def sheet_problems(request, uid):
    """Every row to be put right, as a file."""
    sheet = _sheet_or_404(request, uid)
    if sheet.content is None or not sheet.columns:
        raise Http404
    fmt = asked_format(request, FILES) or "xlsx"
    trial = sheets.tried(sheet, actor=request.user)
    columns = [
        Column("row", _("Row"), "count"),
        Column("column", _("Column")),
        Column("cell", _("What stands there")),
        Column("advice", _("What to do")),
    ]
    rows = [
        (one.number, _heading(sheet, one.field), one.cell, one.detail)
        for one in sorted(trial.problems, key=lambda one: one.number)
    ]
    title = _("Rows to put right: %(name)s") % {"name": sheet.name}
    return download(Table("perbaikan-anggaran", title, columns, rows), fmt, request=request)


def _heading(sheet: BudgetSheet, field: str) -> str:
    return sheet.columns.get(field) or str(FIELDS.get(field, ""))


@require_POST
def sheet_take(request, uid):
    sheet = _sheet_or_404(request, uid)
    try:
        done = sheets.take_over(sheet, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        tell = messages.warning if isinstance(refusal, Stale) else messages.error
        tell(request, refusal.problems[0].detail)
    except Unusable as trouble:
        messages.error(request, str(trouble))
    else:
        messages.success(request, _("%(count)s rows are taken over.") % {"count": done.taken})
    return redirect("planning:sheet", sheet.pk)


def _sheet_or_404(request, uid) -> BudgetSheet:
    """Her own, as long as she keeps the lines of its owner."""
    rows = BudgetSheet.objects.visible_to(request.user).select_related(*_OWNERS)
    sheet = get_object_or_404(rows, pk=uid)
    if not holds_owner(request.user, sheets.owner_of(sheet)):
        raise Http404
    return sheet


def _page(request):
    rows = BudgetSheet.objects.visible_to(request.user).defer("content")
    return page_of(request, rows.select_related(*_OWNERS))


urlpatterns = [
    path("arg/impor/", sheet_new, name="sheet-new"),
    path("arg/impor/<uuid:uid>/", sheet_detail, name="sheet"),
    path("arg/impor/<uuid:uid>/kolom/", sheet_columns, name="sheet-columns"),
    path("arg/impor/<uuid:uid>/perbaikan/", sheet_problems, name="sheet-problems"),
    path("arg/impor/<uuid:uid>/ambil/", sheet_take, name="sheet-take"),
]
