"""The totals that gender budget is a share of, place by place, and the target of the regency."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from programs.views.shared import forbid, form_page, page_of
from villages.models import Opd, Regency, Village

from ..arg_areas import key_of
from ..forms.line import villages_to_plan
from ..forms.total import PARTS, TargetForm, TotalsForm
from ..models import ArgTarget, BudgetTotal
from ..services.lines import set_target, set_total
from ..services.totals import holds_place


def may_set_totals(user) -> bool:
    return bool({"manage_plans", "plan_village"} & set(user.capabilities))


@require_http_methods(["GET", "HEAD", "POST"])
def totals(request):
    """One place's totals of a year; below it every total of that year she may see."""
    year = _year(request)
    groups = _places(request.user)
    place = _place(request, groups)
    if place is not None and request.method == "POST" and not holds_place(request.user, place):
        raise PermissionDenied
    if place is None and request.method == "POST":
        raise PermissionDenied
    there = _there(place, year) if place else {}
    target = _target(place, year)
    sent = request.POST if request.method == "POST" else None
    of_target = sent is not None and "percent" in sent
    form = TotalsForm(None if of_target else sent, place=place, there=there) if place else None
    aim = _target_form(sent if of_target else None, target) if isinstance(place, Regency) else None
    if _saved(request, form, aim, place, year):
        return redirect(f"{request.path}?year={year}&place={key_of(place)}")
    rows = BudgetTotal.objects.visible_to(request.user).filter(year=year)
    rows = rows.select_related("regency", "opd", "village__district")
    context = {
        "year": year,
        "years": range(timezone.localdate().year + 1, timezone.localdate().year - 5, -1),
        "places": groups,
        "place": place,
        "place_key": key_of(place) if place else "",
        "totals": form,
        "aim": aim,
        "target": target,
        "page": page_of(request, rows.order_by("regency", "opd__name", "village__code", "kind")),
    }
    shown = aim if of_target and aim else form
    if shown is None:
        return render(request, "planning/total_list.html", context)
    return form_page(request, "planning/total_list.html", shown, **context)


def _year(request) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if 2000 <= year <= 2100 else timezone.localdate().year


def _places(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where she keeps totals: (kind, choices) with "opd:7" … as values."""
    groups = [
        (_("Regency"), [(key_of(one), one.name) for one in user.regencies_with("manage_plans")]),
        (_("Offices"), [(key_of(one), one.name) for one in user.opds_with("manage_plans")]),
        (
            _("Villages"),
            [(key_of(one), f"{one.title}, {one.district.name}") for one in villages_to_plan(user)],
        ),
    ]
    return [(kind, choices) for kind, choices in groups if choices]


def _place(request, groups):
    """The chosen place, or the first of hers; 404 for one that is not hers."""
    keys = [key for _kind, choices in groups for key, _name in choices]
    if not keys:
        return None
    chosen = request.GET.get("place") or keys[0]
    if chosen not in keys:
        raise Http404
    kind, _colon, number = chosen.partition(":")
    rows = {
        "regency": request.user.regencies_with("manage_plans"),
        "opd": request.user.opds_with("manage_plans").select_related("regency"),
        "village": villages_to_plan(request.user),
    }
    return rows[kind].get(pk=int(number))


def _there(place: Regency | Opd | Village, year: int) -> dict[str, BudgetTotal]:
    rows = place.budgettotal_set.filter(year=year)
    return {one.kind: one for one in rows}


def _target(place, year: int) -> ArgTarget | None:
    return place.argtarget_set.filter(year=year).first() if isinstance(place, Regency) else None


def _target_form(data, target: ArgTarget | None) -> TargetForm:
    initial = {"percent": target.percent, "denominator": target.denominator} if target else {}
    return TargetForm(data, initial=initial)


def _saved(request, form: TotalsForm | None, aim: TargetForm | None, place, year: int) -> bool:
    if aim is not None and aim.is_bound:
        return aim.is_valid() and _set_target(request, aim, place, year)
    return form is not None and form.is_valid() and _set_totals(request, form, place, year)


def _set_totals(request, form: TotalsForm, place, year: int) -> bool:
    """All of them, or none with each problem beside its box."""
    with transaction.atomic():
        for kind in form.asked():
            try:
                set_total(place, year, kind, actor=request.user, **form.values(kind))
            except Refused as refusal:
                forbid(refusal)
                form.renamed = {name: f"{name}-{kind}" for name in PARTS}
                form.refuse(refusal)
        if form.errors:
            transaction.set_rollback(True)
            return False
    messages.success(request, _("The totals are saved."))
    return True


def _set_target(request, aim: TargetForm, place: Regency, year: int) -> bool:
    try:
        set_target(place, year, actor=request.user, **aim.cleaned_data)
    except Refused as refusal:
        forbid(refusal)
        aim.refuse(refusal)
        return False
    messages.success(request, _("The target is saved."))
    return True


urlpatterns = [path("arg/acuan/", totals, name="totals")]
