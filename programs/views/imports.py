"""Pages of sheets: sending one, watching it being tried, putting it right, applying it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import asked_format, download
from core.errors import Refused, Stale
from core.formats import count
from core.sheets import MOST_BYTES

from ..forms.importing import SheetForm
from ..imports.files import problems_table, template_answer, title_of
from ..models import ImportJob, ImportProblem, ImportState
from ..services import importing
from .shared import forbid, form_page, page_of, require

#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000
#: Refused rows on one page.
ROWS = 50
FILES = ("xlsx", "csv")
#: Tells htmx that there is nothing more to ask for.
STOP_POLLING = 286


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request):
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + WRAPPING:
        _require_log(request)
        context = {"form": SheetForm.too_large(), "page": _page(request)}
        return render(request, "programs/import_list.html", context, status=413)
    return _import_list(request)


@csrf_protect
def _import_list(request):
    _require_log(request)
    sent = request.method == "POST"
    form = SheetForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        name = form.cleaned_data["file"].name
        try:
            job = importing.take_in(form.content(), name, request.user, dry_run=True)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            return redirect("programs:import-detail", job.pk)
    return form_page(request, "programs/import_list.html", form, page=_page(request))


@require_safe
def import_detail(request, uid):
    """How far it has come; asked by the page itself, only that, until the end."""
    job = _job_or_404(request, uid)
    context = {"job": job, "percent": importing.percent(job)}
    if request.htmx:
        response = render(request, "programs/import_progress.html", context)
        if job.state not in importing.UNDER_WAY:
            response.status_code = STOP_POLLING
            response["HX-Refresh"] = "true"
        return response
    found = Paginator(job.problems.all(), ROWS).get_page(request.GET.get("page"))
    found.object_list = [_said(one) for one in found.object_list]
    applied = job.applied.defer("content").exclude(state=ImportState.FAILED).last()
    may_apply = job.dry_run and job.state == ImportState.DONE and not applied and job.accepted
    context |= {"page": found, "applied": applied, "may_apply": may_apply}
    return render(request, "programs/import_detail.html", context)


@require_safe
def import_errors(request, uid):
    """The refused rows as a file that can be put right and sent again."""
    return download(
        problems_table(_job_or_404(request, uid)),
        asked_format(request, FILES) or "xlsx",
        request=request,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_apply(request, uid):
    """Asked once more, with the numbers, before anything is recorded."""
    job = _job_or_404(request, uid)
    _require_log(request)
    if request.method != "POST":
        if not (job.dry_run and job.state == ImportState.DONE and job.accepted):
            return redirect("programs:import-detail", job.pk)
        return render(request, "programs/import_apply.html", {"job": job})
    try:
        return redirect("programs:import-detail", importing.apply(job, request.user).pk)
    except Refused as refusal:
        forbid(refusal)
        messages.warning(request, refusal.problems[0].detail)
        return redirect("programs:import-detail", job.pk)


@require_POST
def import_stop(request, uid):
    job = _job_or_404(request, uid)
    try:
        ended = importing.stop(job, request.user)
    except Stale as late:
        messages.warning(request, late.problems[0].detail)
    else:
        words = ngettext(
            "Stopped after %(shown)s row.", "Stopped after %(shown)s rows.", ended.judged
        )
        messages.success(request, words % {"shown": count(ended.judged)})
    return redirect("programs:import-detail", job.pk)


@require_safe
def import_template(request):
    _require_log(request)
    return template_answer(request.user, asked_format(request, FILES) or "xlsx")


def _require_log(request) -> None:
    require("log" in request.user.capabilities)


def _job_or_404(request, uid) -> ImportJob:
    rows = ImportJob.objects.visible_to(request.user).defer("content").select_related("tried")
    return get_object_or_404(rows, pk=uid)


def _page(request):
    return page_of(request, ImportJob.objects.visible_to(request.user).defer("content"))


def _said(row: ImportProblem) -> dict:
    """A refused row as the page shows it: each cell that has to change, as it stands."""
    cells = [
        {
            "title": title_of(one["field"]) if one["field"] else "",
            "cell": row.cells.get(one["field"], ""),
            "detail": one["detail"],
        }
        for one in row.problems
    ]
    return {"number": row.number, "cells": cells}
