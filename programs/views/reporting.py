"""Who reported which month: the table of villages × months, and the call list."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download
from villages.models import Village

from .. import call_sheet, heat
from ..followups import callable_villages, follow_ups
from ..forms.reporting import NudgeForm, ReportingFilter
from ..reporting import Discipline, MonthState, discipline_of, first_month
from .shared import require


@require_safe
def reporting(request):
    """Her villages × months, those that owe most first."""
    villages = Village.objects.visible_to(request.user).live()
    require(villages.exists())
    form = _filter(request, villages)
    if not form.is_valid():
        return _unread(request, "programs/reporting.html", form)
    found, month, now = _discipline(form), form.asked_month, timezone.now()
    state = form.cleaned_data["state"]
    rows = form.in_order(found.rows_in(month, state) if month and state else found.rows)
    if asked := asked_format(request):
        table = heat.table_of(found, rows, month, now, asked)
        return download(table, asked, request=request)
    context = {
        "form": form,
        "chips": _chips(request, form),
        "month": month,
        "finding": heat.finding(found, month),
        "rule": heat.in_time(),
        "heads": heat.heads_of(found.months),
        "states": heat.state_rows(found, _rest(request)),
        "rows": heat.heat_rows(found, rows, month),
        "all": len(found.rows),
        "missing": len(found.missing_in(month)) if month else 0,
        "unasked": any(counted[MonthState.BEFORE] for counted in found.counts),
        "may_call": callable_villages(request.user).exists(),
        "newest": max((row.last_on for row in found.rows if row.last_on), default=None),
        "now": now,
    }
    return render(request, "programs/reporting.html", context)


@require_safe
def call_list(request):
    """Those that owe the month, the longest late first, with whom to call."""
    villages = callable_villages(request.user)
    require(villages.exists())
    form = _filter(request, villages)
    if not form.is_valid():
        return _unread(request, "programs/reporting_calls.html", form)
    found, month, now = _discipline(form), form.asked_month, timezone.now()
    rows = follow_ups(found, month, now) if month else []
    if asked := asked_format(request):
        return download(call_sheet.table_of(rows, month, now), asked, request=request)
    context = {
        "form": form,
        "chips": _chips(request, form),
        "month": month,
        "month_code": heat.month_code(month) if month else "",
        "finding": heat.finding(found, month),
        "rows": [(row, month and _one_tap(row, month)) for row in rows],
        "waiting": sum(bool(row.waiting) for row in rows),
        "now": now,
    }
    return render(request, "programs/reporting_calls.html", context)


def _filter(request: HttpRequest, villages: QuerySet[Village]) -> ReportingFilter:
    return ReportingFilter(
        request.GET,
        user=request.user,
        villages=villages,
        today=timezone.localdate(),
        since=first_month(),
    )


def _discipline(form: ReportingFilter) -> Discipline:
    return discipline_of(form.narrowed, form.months, form.today)


def _unread(request: HttpRequest, template: str, form: ReportingFilter) -> HttpResponse:
    """Nothing is shown until the filter can be read."""
    return render(request, template, {"form": form}, status=422)


def _one_tap(row, month) -> NudgeForm | None:
    """The form behind the button of a row; None where nobody has a number, or the phone waits."""
    if row.waiting or not row.addressee:
        return None
    return NudgeForm.blank(month=heat.month_code(month), channel="whatsapp", to=row.addressee.uid)


def _rest(request: HttpRequest) -> str:
    """The filter but for state and month, as the end of a query string."""
    rest = request.GET.copy()
    for name in ("state", "month", "format"):
        rest.pop(name, None)
    return f"&{rest.urlencode()}" if rest else ""


def _chips(request: HttpRequest, form: ReportingFilter) -> list[dict[str, str]]:
    """Each choice that differs from the usual, and the address without it."""
    chips = []
    for name, value in form.cleaned_data.items():
        if not value or name == "order":
            continue
        rest = request.GET.copy()
        rest.pop(name, None)
        words = f"{form.fields[name].label}: {_said(form, name, value)}"
        chips.append({"label": words, "remove_url": f"?{rest.urlencode()}"})
    return chips


def _said(form: ReportingFilter, name: str, value) -> str:
    if name == "month":
        return date_format(value, "F Y")
    choices = getattr(form.fields[name], "choices", ())
    return str(value) if name in ("district", "regency") else str(dict(choices)[value])
