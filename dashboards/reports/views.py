"""Documents: choose one, look at it, give it out, print it again, and check it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.errors import Refused
from core.paper import Busy, Unprintable, busy

from .. import boards
from ..areas import find_area
from ..filters import BoardFilter
from ..models import IssuedReport
from ..place import area_or_home
from ..views import filtered
from . import checking, codes, issuing, paper, word
from .choices import areas_for
from .content import Subject
from .forms import ReportForm, TextsForm, periods
from .kinds import KINDS, Kind, document_of
from .semester import TEXTS

A_PAGE = 30


def _form(request, data=None, initial=None) -> ReportForm:
    years = list(boards.years_seen_by(request.user)) or [timezone.localdate().year]
    return ReportForm(data, initial=initial, areas=areas_for(request.user), years=years)


def _has_areas(request) -> None:
    """Who sees no village has no document to make."""
    if not request.user.villages_with("view").exists():
        raise Http404


@require_safe
def reports(request):
    """What may be made, and what was given out."""
    _has_areas(request)
    return _reports_page(request, _form(request, initial=request.GET.dict()))


def _reports_page(request, form: ReportForm, status: int = 200):
    pages = Paginator(issuing.reports_visible_to(request.user), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    for report in page:
        report.changed = checking.changed_since(report)
    context = {"form": form, "page_obj": page, "kinds": KINDS.values()}
    return render(request, "reports/reports.html", context, status=status)


@require_GET
def preview(request):
    """The document as it would be given out now."""
    _has_areas(request)
    form = _form(request, request.GET)
    if not form.is_valid():
        return _reports_page(request, form, status=400)
    kind, of = _asked(request, form)
    try:
        document = document_of(kind, of)
    except Refused as refused:
        return _refused_page(request, form, refused, 400)
    texts = TextsForm() if kind.semester else None
    return _preview_page(request, form, kind, document, texts)


def _asked(request, form: ReportForm, texts: dict | None = None) -> tuple[Kind, Subject]:
    area = find_area(request.user, form.cleaned_data["area"])
    if not area:
        raise Http404
    today = timezone.localdate()
    return KINDS[form.cleaned_data["kind"]], Subject(
        request.user, area, form.flt, today, texts or {}
    )


def _refused_page(request, form: ReportForm, refused: Refused, status: int):
    for problem in refused.problems:
        form.add_error(problem.field or None, problem.detail)
    return _reports_page(request, form, status)


def _preview_page(request, form, kind: Kind, document, texts: TextsForm | None, status=200):
    context = {
        "form": texts,
        "asked": form.cleaned_data,
        "kind": kind,
        "document": document,
    }
    return render(request, "reports/preview.html", context, status=status)


@require_POST
def issue(request):
    """Keep what the document says now, under a code of its own."""
    _has_areas(request)
    form, texts = _form(request, request.POST), TextsForm(request.POST)
    if not form.is_valid():
        return _reports_page(request, form, status=422)
    said = {name: request.POST.get(name, "").strip() for name in TEXTS}
    kind, of = _asked(request, form, said)
    try:
        if not texts.is_valid():
            return _preview_page(request, form, kind, document_of(kind, of), texts, status=422)
        report = issuing.issue_report(kind, of, actor=request.user, now=timezone.now())
    except Refused as refused:
        return _refused_page(request, form, refused, 422)
    if request.POST.get("then") == "pdf":
        return redirect("dashboards:report-file", report.code, "pdf")
    return redirect("dashboards:report", report.code)


def _report(request, code: str) -> IssuedReport:
    """The report of this code, if its whole area is in her reach."""
    found = issuing.reports_visible_to(request.user).filter(code=codes.plain(code)).first()
    if not found:
        raise Http404
    return found


@require_safe
def report(request, report: str):
    """One report that was given out: its files, its seal, and what changed since."""
    found = _report(request, report)
    context = {
        "report": found,
        "kind": KINDS[found.kind],
        "document": issuing.document_in(found),
        "check": checking.check_of(found),
        "whole": issuing.is_whole(found),
        "trail_holds": issuing.trail_holds(found),
        "address": paper.check_address(request, found),
    }
    return render(request, "reports/report.html", context)


@require_safe
def report_file(request, report: str, ending: str):
    """The report as it was given out; nothing is counted anew."""
    found = _report(request, report)
    if ending not in KINDS[found.kind].formats:
        raise Http404
    try:
        body, media = _file(request, found, ending)
    except Busy:
        return busy(request)
    except Unprintable:
        return render(request, "errors/unprintable.html", status=503)
    answer = HttpResponse(body, content_type=media)
    name = paper.file_name(found, ending)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(request, found: IssuedReport, ending: str) -> tuple[bytes, str]:
    if ending == "docx":
        return word.docx_of(found, paper.check_address(request, found)), word.MEDIA_TYPE
    return paper.pdf_of(found, request), "application/pdf"


@filtered
def one_page(request, asked):
    """The one sheet for leaders, on the screen: the official numbers of one period."""
    area = area_or_home(request.user, request.GET.get("area") or asked.flt.district)
    kind = KINDS["one-page"]
    if not area or area.level not in kind.levels:
        raise Http404
    flt = BoardFilter(asked.flt.year, asked.flt.semester, quarter=asked.flt.quarter)
    wanted = asked.flt.but(district="")
    of = Subject(request.user, area, flt, timezone.localdate(), {})
    years = asked.years or [flt.year]
    context = {
        "document": document_of(kind, of),
        "area": area,
        "flt": flt,
        "period": flt.when.code,
        "periods": periods(sorted({*years, flt.year})),
        "narrower": wanted != flt,
    }
    return render(request, "reports/one_page.html", context)


@login_not_required
@require_safe
def check_any(request):
    """Where the code of a paper is typed in."""
    typed = request.GET.get("kode", "")
    if code := codes.plain(typed):
        return redirect("dashboards:check", code)
    context = {"typed": typed[:20]}
    return render(request, "reports/check_any.html", context, status=404 if typed else 200)


@login_not_required
@require_safe
def check(request, report: str):
    """For whoever holds the paper: what it is, and whether its headline figures still stand.

    A code that was never given out and one that cannot be a code get the same answer.
    """
    found = issuing.any_report(codes.plain(report))
    if not found:
        raise Http404
    context = {
        "report": found,
        "kind": KINDS[found.kind],
        "document": issuing.document_in(found),
        "flt": checking.filter_of(found.period, found.basis),
        "check": checking.open_check_of(found),
        "whole": issuing.is_whole(found),
        "trail_holds": issuing.trail_holds(found),
    }
    answer = render(request, "reports/check.html", context)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
