"""The page of gender budget (ARG): the recap, and the meter against the target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download
from villages.models import Village

from .. import arg
from ..arg_areas import area_named, areas_of, regency_of
from ..arg_file import recap_table
from ..forms.arg import BY, MONEY, RecapForm
from ..models import ArgTarget, Denominator, PlanState
from .lines import may_enter
from .totals import may_set_totals

_BY_USUAL = {"regency": "opd", "opd": "category", "district": "village", "village": "category"}
#: What a question of "what if" takes along.
_KEPT = ("year", "area", "by", "denominator", "money")


@require_safe
def recap_page(request):
    areas = areas_of(request.user)
    if not areas:
        raise PermissionDenied
    form = RecapForm(request.GET, areas=areas, today=timezone.localdate())
    area = area_named(form.area_now)
    target = _target(request.user, form.year_now, area)
    kind = form.chosen("denominator", _usual_kind(area, target))
    by = form.chosen("by", _BY_USUAL[area._meta.model_name])
    form.settle(year=form.year_now, area=form.area_now, by=by, denominator=kind)
    found = arg.recap(request.user, form.year_now, by=by, area=area, kind=kind)
    money = form.chosen("money", "plan")
    asked = Asked(form, area, found, money, target)
    if form.is_valid() and (fmt := asked_format(request)):
        return download(recap_table(found, area, form.year_now, money), fmt, request=request)
    status = 200 if form.is_valid() else 422
    return render(request, "planning/arg.html", _context(request, asked), status=status)


@dataclass(frozen=True)
class Asked:
    """What the page shows."""

    form: RecapForm
    area: arg.Area
    recap: arg.Recap
    money: str
    target: ArgTarget | None


def _context(request, asked: Asked) -> dict:
    year, waiting = asked.form.year_now, arg.waiting(request.user, asked.form.year_now, asked.area)
    lines = arg.lines_in(request.user, year, asked.area)
    return {
        "form": asked.form,
        "year": year,
        "area": asked.area,
        "area_title": _title(asked.area),
        "recap": asked.recap,
        "rows": [_row(row, asked.money) for row in asked.recap.compared.rows],
        "whole": _row(asked.recap.compared.whole, asked.money),
        **_apart(asked.recap, asked.money),
        "counted": asked.recap.whole.lines,
        "money": asked.money,
        "by_label": dict(BY)[asked.recap.by],
        "money_label": dict(MONEY)[asked.money],
        "measures": MONEY,
        "kind_label": Denominator(asked.recap.kind).label,
        "of_villages": asked.recap.kind == Denominator.TOTAL_APBDES,
        "meter": _meter(asked, waiting),
        "target": asked.target,
        "target_words": _figure(asked.target.percent) if asked.target else "",
        "kept": [(one, request.GET[one]) for one in _KEPT if request.GET.get(one)],
        "states": _states(waiting),
        "untagged": lines.filter(category=None).count(),
        "may_enter": may_enter(request.user),
        "may_set": may_set_totals(request.user),
    }


def _apart(recap: arg.Recap, money: str) -> dict:
    """What counts and is no part of the share: its sum, and its rows where they say more."""
    whole, rows = recap.apart.whole, recap.apart.rows
    return {
        "apart": _row(whole, money) if whole.lines else None,
        "apart_rows": [_row(row, money) for row in rows] if len(rows) > 1 else [],
    }


def _row(row: arg.Row, money: str) -> dict:
    return {
        "title": row.title,
        "amounts": [row.by_category[one].of(money) for one in arg.CATEGORIES],
        "sum": row.money.of(money),
        "share": row.share(money),
        "total": row.total.of(money) if row.total else None,
        "lines": row.lines,
    }


def _target(user, year: int, area: arg.Area) -> ArgTarget | None:
    rows = ArgTarget.objects.visible_to(user)
    return rows.filter(regency=regency_of(area), year=year).first()


def _usual_kind(area: arg.Area, target: ArgTarget | None) -> str:
    if isinstance(area, Village):
        return Denominator.TOTAL_APBDES
    return target.denominator if target else Denominator.DIRECT_SPENDING


def _meter(asked: Asked, waiting) -> dict | None:
    """The bar: widths in percent of the drawing, and the words beside it."""
    form, kind = asked.form, asked.recap.kind
    measured = asked.target and asked.target.denominator == kind
    found = arg.meter(
        asked.recap.whole,
        asked.money,
        target=asked.target.percent if measured else None,
        kind=kind,
        waiting=waiting,
        thought=form.chosen("termasuk", []),
        extra=form.chosen("tambah", 0),
    )
    if found is None:
        return None
    most = max(found.after, found.aim or 0) * Decimal("1.25") or Decimal(1)
    scale = min(most, Decimal(max(found.whole, found.after)))
    return {
        "now": (found.now, found.whole),
        "after": (found.after, found.whole),
        "added": found.added,
        "aim": found.aim,
        "missing": found.missing,
        "reached": found.missing == 0,
        "reached_now": found.aim is not None and found.now >= found.aim,
        "end": (int(scale), found.whole),
        "now_width": _width(found.now, scale),
        "after_width": _width(found.after, scale),
        "aim_at": _width(found.aim, scale) if found.aim is not None else "",
    }


def _figure(percent: Decimal) -> str:
    """12,5 and not 12,50."""
    return number_format(Decimal(f"{percent.normalize():f}"))


def _width(amount: int, scale: Decimal) -> str:
    """Percent of the drawing's width, as SVG reads it in every language."""
    return f"{min(Decimal(100), 100 * amount / scale):.2f}"


def _states(waiting) -> list[dict]:
    """Tagged lines that do not count, by where their statement stands."""
    words = {"": _("without a budget statement (GBS)"), **dict(PlanState.choices)}
    return [
        {
            "state": state or "none",
            "label": words[state],
            "lines": sum(group.lines for group in waiting[state]),
            "plan": sum(group.money.plan for group in waiting[state]),
        }
        for state in ("", *PlanState.values)
        if state in waiting and state not in ("approved", "signed")
    ]


def _title(area: arg.Area) -> str:
    return str(getattr(area, "title", area.name))


urlpatterns = [path("arg/", recap_page, name="arg")]
