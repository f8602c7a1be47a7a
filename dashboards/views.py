"""The overview, the page of each area, the map, and how far one program has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.downloads import FORMATS, asked_format, download
from core.errors import Problem, Refused
from core.moment import Kept
from programs.models import Program
from villages.models import Level

from . import achievements, boards, comparison, comparison_file, exports, orders, village_table
from .areas import LARGE, Area, find_area, home_area, present_code
from .filter_form import BoardFilterForm, Chip, canonical, chips, without
from .filters import PARTS, BoardFilter, newest_year, parse
from .geojson import features_answer
from .overview import overview_of
from .place import area_or_home
from .wider import VillageWider, village_wider

#: Boards of areas have outlines as well.
AREA_FORMATS = (*FORMATS, "geojson")
#: What a page asks for beside its filter: kept when the filter changes.
KEPT = (
    *("measure", "order", "said", "with", "area", "level_of", "view", "outline", "class"),
    *("rows", "columns", "list"),
)


@dataclass(frozen=True)
class Asked:
    """What the query string asks for, and what the filter on the page needs."""

    flt: BoardFilter
    form: BoardFilterForm
    chips: Sequence[Chip]
    clear_url: str
    #: Parameters of the page that the filter's form must carry on.
    kept: Sequence[tuple[str, str]] = ()
    #: The years with records in her reach, newest first.
    years: Sequence[int] = ()

    @property
    def year_empty(self) -> bool:
        """Nothing at all was sent in for this year."""
        return self.flt.year not in self.years

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
            if "period" in params:
                return redirect(f"{request.path}?{canonical({'year': str(default)} | params)}")
            flt = parse(params, default)
            return view(request, _asked(request.user, flt, years, default, params), *args, **kwargs)
        except Refused as refused:
            return _refused(request, refused.problems, params)

    return require_safe(answer)


def _asked(
    user, flt: BoardFilter, years: Sequence[int], default: int, params: Mapping[str, str]
) -> Asked:
    kept = [(name, params[name]) for name in KEPT if name in params]
    form = BoardFilterForm(flt, years, user)
    return Asked(flt, form, chips(flt, default, params), "?", kept, years)


def _refused(request, problems: Sequence[Problem], params: Mapping[str, str]):
    """The page that names each unknown choice, with a chip that takes it away."""
    unknown = [
        Chip(_words_of(problem, params), without(params, problem.field)) for problem in problems
    ]
    context = {"problems": problems, "chips": unknown}
    return render(request, "dashboards/filter_refused.html", context, status=400)


def _words_of(problem: Problem, params: Mapping[str, str]) -> str:
    """The unknown choice as the page calls it: "Tahun: abc"."""
    name = "period" if problem.field in PARTS else problem.field
    field = BoardFilterForm.base_fields.get(name)
    others = {
        "measure": _("Measure"),
        "order": _("Order"),
        "format": _("Format"),
        "said": _("Villages"),
        "with": _("Compared with"),
        "level_of": _("Level of the map"),
        "view": _("Map or tiles"),
        "outline": _("Boundaries"),
        "class": _("Class"),
        "program": _("Program"),
        "rows": _("Rows"),
        "columns": _("Columns"),
        "ordering": _("Order"),
        "list": _("List"),
        "area": _("Area"),
    }
    label = field.label if field else others[problem.field]
    return f"{label}: {params.get(problem.field, '')[:40]}"


@filtered
def board(request, asked: Asked):
    """The office's regency; for a person with less, her district, village or villages."""
    area = home_area(request.user, settings.PUG_REGENCY)
    if area and area.level != Level.REGENCY:
        return redirect("dashboards:area", area.code)
    return _area_page(request, area, asked)


@filtered
def area(request, asked: Asked, code: str):
    """One area of any level; from a code it bore before, the way to its present page."""
    found = find_area(request.user, code)
    if not found:
        return _moved(request, code)
    if found.level == Level.VILLAGE:
        village = achievements.village_board(request.user, found, asked.flt)
        if fmt := asked_format(request):
            return download(exports.village_table(village, asked.read_at), fmt, request=request)
        context = {"board": village, "asked": asked, "flt": asked.flt}
        context["wider"] = _wider(request.user, code, asked.flt)
        return render(request, "dashboards/village_board.html", context)
    return _area_page(request, found, asked)


def _wider(user, code: str, flt: BoardFilter) -> VillageWider:
    rows = user.villages_with("view").select_related("district__regency")
    return village_wider(rows.get(code=code), flt.year, flt.basis, timezone.localdate())


def _moved(request, code: str):
    present = present_code(request.user, code)
    if not present:
        raise Http404
    query = request.GET.urlencode()
    return redirect(f"{reverse('dashboards:area', args=[present])}{'?' if query else ''}{query}")


def _area_page(request, area: Area | None, asked: Asked):
    """The board of an area; of all her villages for a person whose villages are no area."""
    if not area and not request.user.villages_with("view").exists():
        raise Http404
    shown = overview_of(request.user, area, asked.flt, timezone.localdate())
    if fmt := asked_format(request, AREA_FORMATS):
        return board_file(shown.board, fmt, request)
    context = {"board": shown.board, "asked": asked, "flt": asked.flt}
    context["body"] = _body(request.user, area, asked)
    return render(request, "dashboards/area_board.html", context)


_bodies = Kept(64)


def _body(user, area: Area | None, asked: Asked) -> str:
    """What the board says, drawn once and kept as long as the database stays as it is."""
    today, flt = timezone.localdate(), asked.flt

    def draw() -> str:
        shown = overview_of(user, area, flt, today)
        context = {"overview": shown, "board": shown.board, "flt": flt, "asked": asked}
        return render_to_string("dashboards/_area_body.html", context)

    return _bodies.get((user.pk, get_language(), today, area, flt), draw)


def board_file(shown: boards.AreaBoard, fmt: str, request):
    """The board as a file: its areas row by row, or with their outlines."""
    if fmt == "geojson":
        return features_answer(shown)
    return download(exports.area_table(shown, timezone.now()), fmt, request=request)


@filtered
def area_villages(request, asked: Asked, code: str):
    """Every village of a regency or district in one table."""
    found = find_area(request.user, code)
    if not found or found.level == Level.VILLAGE or found.level in LARGE:
        raise Http404
    order = orders.order_of(request.GET.get("order", ""))
    said = village_table.said_of(request.GET.get("said", ""))
    flt = asked.flt
    if fmt := asked_format(request):
        rows = village_table.village_rows(request.user, found, flt, order, said)
        shown = boards.area_board(request.user, found, flt)
        table = exports.villages_table(shown, rows, asked.read_at)
        return download(table, fmt, request=request)
    written = village_table.village_table(request.user, found, flt, order, said)
    context = {
        "board": written.board,
        "asked": asked,
        "flt": flt,
        "order": order,
        "orders": orders.ORDERS.values(),
        "said": said,
        "cuts": village_table.SAID.items(),
        "table": written,
    }
    return render(request, "dashboards/area_villages.html", context)


@filtered
def compare(request, asked: Asked):
    """Two periods of one area beside each other: the office's unless `area` names another."""
    area = area_or_home(request.user, request.GET.get("area", ""))
    if not area:
        raise Http404
    other = comparison.other_period(asked.flt, request.GET.get("with", ""))
    shown = comparison.comparison_of(request.user, area, asked.flt, other, timezone.localdate())
    if fmt := asked_format(request):
        table = comparison_file.comparison_table(shown, asked.read_at)
        return download(table, fmt, request=request)
    context = {
        "shown": shown,
        "asked": asked,
        "flt": asked.flt,
        "other": other,
        "choices": comparison.period_choices(sorted({*asked.years, other.year}, reverse=True)),
    }
    return render(request, "dashboards/comparison.html", context)


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
    if fmt := asked_format(request):
        return download(exports.program_table(shown, asked.read_at), fmt, request=request)
    context = {"board": shown, "asked": asked, "flt": asked.flt}
    return render(request, "dashboards/program_board.html", context)
