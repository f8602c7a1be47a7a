"""The overview, the page of each area, the map, and how far one program has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import Problem, Refused
from programs.models import Program
from villages.models import Level

from . import achievements, boards, measures, orders
from .areas import find_area, home_area
from .filters import BoardFilter, BoardFilterForm, Chip, chips, newest_year, parse, without


@dataclass(frozen=True)
class Asked:
    """What the query string asks for, and what the filter on the page needs."""

    flt: BoardFilter
    form: BoardFilterForm
    chips: Sequence[Chip]
    clear_url: str
    #: Parameters of the page that the filter's form must carry on.
    kept: Sequence[tuple[str, str]] = ()

    @property
    def read_at(self) -> datetime:
        """When the figures were read: what a page on paper has to say."""
        return timezone.now()


def filtered(view: Callable) -> Callable:
    """Give the view the filter; answer 400, naming what to take away, when it cannot be read."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        years = list(boards.years_seen_by(request.user))
        default = newest_year(years, timezone.localdate())
        params = request.GET.dict()
        try:
            flt = parse(params, default)
            return view(request, _asked(flt, years, default, params), *args, **kwargs)
        except Refused as refused:
            return _refused(request, refused.problems, params)

    return require_safe(answer)


def _asked(
    flt: BoardFilter, years: Sequence[int], default: int, params: Mapping[str, str]
) -> Asked:
    kept = [(name, value) for name, value in params.items() if name in ("measure", "order")]
    return Asked(flt, BoardFilterForm(flt, years), chips(flt, default, params), "?", kept)


def _refused(request, problems: Sequence[Problem], params: Mapping[str, str]):
    """The page that names each unknown choice, with a chip that takes it away."""
    unknown = [
        Chip(_words_of(problem, params), without(params, problem.field)) for problem in problems
    ]
    context = {"problems": problems, "chips": unknown}
    return render(request, "dashboards/filter_refused.html", context, status=400)


def _words_of(problem: Problem, params: Mapping[str, str]) -> str:
    """The unknown choice as the page calls it: "Tahun: abc"."""
    field = BoardFilterForm.base_fields.get(problem.field)
    others = {"measure": _("Measure"), "order": _("Order")}
    label = field.label if field else others[problem.field]
    return f"{label}: {params.get(problem.field, '')[:40]}"


@filtered
def board(request, asked: Asked):
    """The office's regency; for a person with less, her district, village or villages."""
    area = home_area(request.user, settings.PUG_REGENCY)
    if area and area.level != Level.REGENCY:
        return redirect("dashboards:area", area.code)
    if area:
        return _area_page(request, boards.area_board(request.user, area, asked.flt), asked)
    if not request.user.villages_with("view").exists():
        raise Http404
    return _area_page(request, boards.own_board(request.user, asked.flt), asked)


@filtered
def area(request, asked: Asked, code: str):
    """One regency, district or village."""
    found = find_area(request.user, code)
    if not found:
        raise Http404
    if found.level == Level.VILLAGE:
        village = achievements.village_board(request.user, found, asked.flt)
        context = {"board": village, "asked": asked, "flt": asked.flt}
        return render(request, "dashboards/village_board.html", context)
    return _area_page(request, boards.area_board(request.user, found, asked.flt), asked)


def _area_page(request, shown: boards.AreaBoard, asked: Asked):
    order = orders.order_of(request.GET.get("order", ""))
    context = {
        "board": shown,
        "asked": asked,
        "flt": asked.flt,
        "map": measures.map_of(shown, asked.flt),
        "order": order,
        "orders": orders.ORDERS.values(),
        "villages": orders.in_order(shown.villages, order),
    }
    return render(request, "dashboards/area_board.html", context)


@filtered
def map_page(request, asked: Asked):
    """The large map of the office's regency or of her district, with the list beside it."""
    area = home_area(request.user, settings.PUG_REGENCY)
    if not area or area.level == Level.VILLAGE:
        raise Http404
    measure = _measure(request.GET.get("measure", ""))
    order = orders.order_of(request.GET.get("order", ""))
    shown = boards.area_board(request.user, area, asked.flt)
    context = {
        "board": shown,
        "asked": asked,
        "flt": asked.flt,
        "measure": measure,
        "measures": measures.MEASURES.values(),
        "map": measures.map_of(shown, asked.flt, measure),
        "order": order,
        "orders": orders.ORDERS.values(),
        "villages": measures.measured(shown, measure, order),
    }
    return render(request, "dashboards/map.html", context)


def _measure(name: str) -> measures.Measure:
    """The measure of this name; the usual one when none is named."""
    found = measures.MEASURES.get(name or measures.USUAL.name)
    if not found:
        raise Refused(Problem("measure", "unknown_value", _("Choose a measure from the list.")))
    return found


@filtered
def program(request, asked: Asked, uid):
    """One program: its level in every village of her reach, down to the activities."""
    found = get_object_or_404(
        Program.objects.visible_to(request.user).select_related(
            "owner_opd", "owner_district", "owner_village"
        ),
        pk=uid,
    )
    shown = achievements.program_board(request.user, found, asked.flt)
    context = {"board": shown, "asked": asked, "flt": asked.flt}
    return render(request, "dashboards/program_board.html", context)
