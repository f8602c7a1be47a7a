"""The large map: coloured by one measure, with the list of the same areas beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.downloads import asked_format, download
from core.errors import Problem, Refused
from programs.reporting import discipline_of
from villages.models import AreaShape, Level, level_of

from . import boards, exports, measures, orders
from .areas import LARGE, Area
from .boards import AreaBoard
from .geojson import features_answer
from .maps import CLASSES, LABELS
from .place import area_or_home
from .tiles import tile_groups
from .views import AREA_FORMATS, Asked, filtered

#: What `level_of`, `view` and `outline` may ask for, and the words of the switch.
LEVELS = {
    Level.VILLAGE.value: gettext_lazy("Villages"),
    Level.DISTRICT.value: gettext_lazy("Districts"),
    Level.REGENCY.value: gettext_lazy("Regencies and cities"),
    Level.PROVINCE.value: gettext_lazy("Provinces"),
}
VIEWS = {"map": gettext_lazy("Map"), "tiles": gettext_lazy("Tiles")}
KINDS = {
    AreaShape.Kind.OFFICIAL.value: gettext_lazy("Imported boundaries"),
    AreaShape.Kind.SCHEMATIC.value: gettext_lazy("Schematic map"),
}


@dataclass(frozen=True)
class Choice:
    """How the map is to be drawn, as the address says it; "" stands for the usual."""

    measure: measures.Measure
    order: orders.Order
    level: str = ""
    view: str = ""
    kind: str = ""
    chosen: str = ""

    @classmethod
    def of(cls, params) -> Choice:
        """Refused for a word that is none of those on offer."""
        name = _known(params, "measure", measures.MEASURES) or measures.USUAL.name
        measure = measures.MEASURES[name]
        worst_first = "highest" if measure.less_is_better else ""
        return cls(
            measure,
            orders.order_of(params.get("order", "") or worst_first),
            _known(params, "level_of", LEVELS),
            _known(params, "view", VIEWS),
            _known(params, "outline", KINDS),
            _known(params, "class", CLASSES),
        )


def _known(params, name: str, words: Collection[str]) -> str:
    word = params.get(name, "")
    if word and word not in words:
        raise Refused(Problem(name, "unknown_value", _("Choose one that the page offers.")))
    return word


@filtered
def map_page(request, asked: Asked):
    """The map of the office's regency or of her district, unless `area` names another."""
    area = _area(request)
    choice = Choice.of(request.GET)
    board = boards.area_board(request.user, area, asked.flt)
    choice = _read(request.user, area, board, asked, choice)
    if fmt := asked_format(request, AREA_FORMATS):
        return _file(request, board, choice, fmt)
    context = {"board": board, "asked": asked, "flt": asked.flt, **_drawn(board, asked, choice)}
    return render(request, "dashboards/map.html", context)


def _file(request, board: AreaBoard, choice: Choice, fmt: str):
    """What the map shows as a file: its areas with their outlines, or the list beside it."""
    if fmt == "geojson":
        return features_answer(board, choice.measure, choice.level)
    rows = measures.rows_on(board, choice.level)
    listed = measures.measured(rows, board.flt, choice.measure, choice.order, choice.chosen)
    table = exports.measured_table(board, choice.measure, listed, timezone.now())
    return download(table, fmt, request=request)


def _area(request) -> Area:
    area = area_or_home(request.user, request.GET.get("area", ""))
    if not area or area.level == Level.VILLAGE:
        raise Http404
    return area


def _read(user, area: Area, board: AreaBoard, asked: Asked, choice: Choice) -> Choice:
    """The choice with what its measure needs beside the board."""
    if choice.measure.name not in measures.BY_VILLAGE:
        return choice
    if area.level in LARGE:
        words = _("This measure is shown village by village: choose a regency.")
        raise Refused(Problem("measure", "unknown_value", words))
    villages = boards.villages_in(user, area, asked.flt)
    today = timezone.localdate()
    if choice.measure.name in measures.REACHED:
        return replace(choice, measure=measures.reached(choice.measure, villages, today))
    months = [date(asked.flt.year, month, 1) for month in asked.flt.when.months]
    return replace(choice, measure=measures.reporting(discipline_of(villages, months, today)))


def _drawn(board: AreaBoard, asked: Asked, choice: Choice) -> dict[str, Any]:
    measure, chosen = choice.measure, choice.chosen
    rows = measures.rows_on(board, choice.level)
    drawn = measures.map_of(board, asked.flt, measure, rows=rows, kind=choice.kind, chosen=chosen)
    tiles = tile_groups(drawn.painted) if drawn and drawn.level == Level.VILLAGE else ()
    return {
        "choice": choice,
        "chosen_label": LABELS.get(chosen, ""),
        "level": level_of(rows[0].code) if rows else Level.VILLAGE,
        "measure": measure,
        "measures": _measures(board),
        "map": drawn,
        "tiles": tiles if choice.view != "map" else (),
        "levels": [(level.value, LEVELS[level]) for level in measures.levels_of(board)],
        "views": VIEWS.items() if tiles else (),
        "kinds": [(kind, KINDS[kind]) for kind in KINDS if drawn and kind in drawn.kinds],
        "order": choice.order,
        "orders": orders.ORDERS.values(),
        "areas": measures.measured(rows, asked.flt, measure, choice.order, chosen),
    }


def _measures(board: AreaBoard) -> list[measures.Measure]:
    """Those that can be read of this board: months are known village by village."""
    found = list(measures.MEASURES.values())
    return [one for one in found if board.villages or one.name not in measures.BY_VILLAGE]
