"""The table of an area's villages, a row each, written here rather than in a template: a regency
has 144 of them, and its page has to stay as quick as the same numbers over the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from core.formats import count, percent
from core.moment import Kept
from core.templatetags.pug import level_parts

from .areas import Area
from .boards import AreaBoard, AreaRow, area_board, villages_in
from .counts import Levels, Share
from .figures import declared_in
from .filters import BoardFilter
from .orders import Order, in_order

LEVEL_NAMES = {
    "level_0": gettext_lazy("No women involved"),
    "level_1": gettext_lazy("Present"),
    "level_2": gettext_lazy("Meaningful participation"),
    "level_3": gettext_lazy("Taking part in decisions"),
    "level_4": gettext_lazy("Equal results shown"),
    "no_data": gettext_lazy("Without data"),
    "men_with_gender_goal": gettext_lazy("For men, with a gender goal"),
}
#: Which villages the table is cut down to, by the word the address carries.
SAID = {
    "": gettext_lazy("All villages"),
    "yes": gettext_lazy("That reported"),
    "no": gettext_lazy("That did not report"),
}


def said_of(word: str) -> str:
    """The cut of this name; Refused for another."""
    if word not in SAID:
        raise Refused(Problem("said", "unknown_value", _("Choose one from the list.")))
    return word


def cut(rows: Iterable[AreaRow], said: str, declared: set[str]) -> list[AreaRow]:
    """Villages that said something of the period, or that did not; all of them for ""."""
    wanted = said == "yes"
    if not said:
        return list(rows)
    return [row for row in rows if bool(row.sent or row.code in declared) == wanted]


@dataclass(frozen=True)
class VillageTable:
    """Rows ready to print, and the row of what they add up to."""

    board: AreaBoard
    rows: tuple[str, ...]
    sum: str


_ROW = (
    '<tr role="row"><th role="rowheader" scope="row">{name}</th>'
    '{first}<td role="cell">{share}</td>'
    '<td role="cell">{levels}</td>{last}'
    '<td role="cell" class="num" data-label="{activities}">{held}</td>'
    '<td role="cell" class="num" data-label="{present}">{women}</td></tr>'
)
_NAME = '<a href="{url}">{title}</a><br><span class="small muted">{place}</span>'
_NO_DATA = '<td role="cell" class="num" data-label="{label}">{number}</td>'
_BAR = (
    '<div class="bar-row"><svg class="bar" aria-hidden="true" focusable="false">'
    '<rect class="bar-fill" width="{width}%" height="100%"/></svg>'
    '<span class="bar-words">{words} · {percent}</span></div>'
)
_PART = '<rect class="{}" x="{}%" width="{}%" height="100%"/>'
_LEVELS = '<svg class="level-bar thin" role="img" aria-label="{}">{}</svg>'
_MUTED = '<span class="muted">{}</span>'
_BELOW = '{}<br><span class="small muted">{}</span>'


_kept = Kept(32)


def village_table(user, area: Area, flt: BoardFilter, order: Order, said: str = "") -> VillageTable:
    """The villages of an area in this order, cut down to those that said something or did not.

    Kept as long as the database stays as it is: `core.moment`.
    """
    key = (user.pk, get_language(), timezone.localdate(), area, flt, order.name, said)
    return _kept.get(key, lambda: _written(user, area, flt, order, said))


def village_rows(user, area: Area, flt: BoardFilter, order: Order, said: str) -> list[AreaRow]:
    """The same villages as rows of numbers."""
    declared = declared_in(villages_in(user, area, flt), flt)
    return in_order(cut(area_board(user, area, flt).villages, said, declared), order)


def _written(user, area: Area, flt: BoardFilter, order: Order, said: str) -> VillageTable:
    board = area_board(user, area, flt)
    declared = declared_in(villages_in(user, area, flt), flt)
    rows = in_order(cut(board.villages, said, declared), order)
    writer = _Writer(board.flt, declared, order.name == "no_data")
    total = AreaRow.summed("", "", _("All %(n)s villages") % {"n": count(len(rows))}, rows)
    return VillageTable(board, tuple(map(writer.row, rows)), writer.row(total))


class _Writer:
    """Writes rows; what is the same in all of them is found once."""

    def __init__(self, flt: BoardFilter, declared: set[str], no_data_first: bool):
        self.query = flt.query
        self.address = reverse("dashboards:area", args=["CODE"])
        self.declared = declared
        self.no_data_first = no_data_first
        self.names = {name: str(label) for name, label in LEVEL_NAMES.items()}
        self.n_of_m = _("%(n)s of %(m)s")
        self.labels = {"activities": _("Activities"), "present": _("Women present")}
        self.words = {
            "no_data": _("Without data"),
            "waiting": _("Waiting for review"),
            "nothing": _("No activity yet"),
            "declared": _("No activity, as declared"),
            "bar": _("Programs by level"),
        }

    def row(self, row: AreaRow) -> str:
        without = self._without(row)
        return format_html(
            _ROW,
            name=self._name(row),
            first=without if self.no_data_first else "",
            share=self._share(row),
            levels=self._levels(row.levels) if row.heads.activities else "–",
            last="" if self.no_data_first else without,
            held=count(row.heads.activities),
            women=self._women(row.heads.participants),
            **self.labels,
        )

    def _name(self, row: AreaRow) -> str:
        """The village with its district, led to its page; the sum has none."""
        if not row.code:
            return row.title
        url = f"{self.address.replace('CODE', row.code)}?{self.query}"
        return format_html(_NAME, url=url, title=row.title, place=row.place)

    def _without(self, row: AreaRow) -> str:
        number = count(row.headline.no_data) if row.heads.activities else "–"
        return format_html(_NO_DATA, label=self.words["no_data"], number=number)

    def _share(self, row: AreaRow) -> str:
        share = row.headline.share
        if share:
            width = f"{100 * share[0] / share[1]:.2f}"
            return format_html(_BAR, width=width, words=self._of(share), percent=percent(share))
        if row.headline.no_data:
            word = "no_data"
        elif row.sent:
            word = "waiting"
        else:
            word = "declared" if row.code in self.declared else "nothing"
        return format_html(_MUTED, self.words[word])

    def _women(self, share: Share) -> str:
        return format_html(_BELOW, percent(share), self._of(share)) if share else "–"

    def _of(self, share: tuple[int, int]) -> str:
        return self.n_of_m % {"n": count(share[0]), "m": count(share[1])}

    def _levels(self, levels: Levels) -> str:
        parts: list[dict[str, Any]] = level_parts(levels)["shown"]
        said = ", ".join(f"{self.names[part['name']]} {part['count']}" for part in parts)
        drawn = format_html_join("", _PART, ((one["css"], one["x"], one["width"]) for one in parts))
        return format_html(_LEVELS, f"{self.words['bar']}: {said}", drawn)
