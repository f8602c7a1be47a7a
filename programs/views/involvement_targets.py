"""The share of programs that are to involve women: the targets of areas, year by year."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from villages.models import District, Regency, Village

from ..forms import YearTargetsForm
from ..services import may_close, set_target
from ..targets import own_targets, targets_of
from .periods import MOST_VILLAGES, reach_in, regency_or_404, year_of
from .shared import form_page, require


@require_http_methods(["GET", "HEAD", "POST"])
def target_list(request):
    """The regency and its districts, and the villages of one of them; set by the office."""
    regency, today = regency_or_404(request), timezone.localdate()
    year, may_set = year_of(request, today.year), may_close(regency, request.user)
    require(may_set or request.method != "POST")
    districts = District.objects.filter(villages__in=reach_in(request, regency)).distinct()
    chosen = districts.filter(code=request.GET.get("district", "")).first()
    areas = _areas(request, regency, districts, chosen)
    own = own_targets([area[0] for area in areas], year)
    form = YearTargetsForm(request.POST or None, areas=[area[:2] for area in areas], own=own)
    if form.is_valid() and _saved(form, year, request.user):
        messages.success(request, _("The targets are set."))
        return redirect(request.get_full_path())
    context = {
        "regency": regency,
        "year": year,
        "years": range(today.year + 1, today.year - 4, -1),
        "districts": districts,
        "chosen": chosen,
        "rows": _rows(areas, own, year, form),
        "may_set": may_set,
    }
    return form_page(request, "programs/target_list.html", form, **context)


def _areas(request, regency: Regency, districts, chosen: District | None) -> list[tuple]:
    """(code, title, where it lies): the regency, her districts, and villages when they are few."""
    villages = reach_in(request, regency).live().select_related("district").order_by("name")
    if chosen:
        villages = villages.filter(district=chosen)
    listed = villages if chosen or villages.count() <= MOST_VILLAGES else Village.objects.none()
    return [
        (regency.code, regency.name, ""),
        *((one.code, _("District %(name)s") % {"name": one.name}, "") for one in districts),
        *((one.code, one.title, one.district.name) for one in listed),
    ]


def _rows(areas: list[tuple], own: dict[str, int], year: int, form) -> list[dict]:
    """Each area with its own target, or the one it takes over from above."""
    all_of = targets_of([code for code, *_rest in areas], year)
    return [
        {
            "code": code,
            "title": title,
            "place": place,
            "own": own.get(code),
            "taken_over": None if code in own else all_of.get(code),
            "field": form[code],
        }
        for code, title, place in areas
    ]


def _saved(form: YearTargetsForm, year: int, actor) -> bool:
    """All of them, or none with each problem beside its box."""
    with transaction.atomic():
        for code, percent in form.changed().items():
            try:
                set_target(code, year, percent, actor=actor)
            except Refused as refusal:
                form.renamed = {"percent": code}
                form.refuse(refusal)
        if form.errors:
            transaction.set_rollback(True)
    return not form.errors
