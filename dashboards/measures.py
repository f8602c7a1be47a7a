"""What the large map may be coloured by: rates only, never totals (experience.md A6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from mou.coverage import accompanied_codes, covered_codes
from programs.reporting import Discipline, MonthState
from villages.models import Level, VillageQuerySet, level_of

from .areas import NATION, district_title
from .boards import AreaBoard, AreaRow
from .counts import Share
from .filters import BoardFilter
from .large import large_rows
from .maps import FEW, Map, VillageShare, area_map, classes_of
from .orders import Order
from .outlines import outlines_of, rings_of

#: Months that count: word of them was due.
_OWED = (MonthState.MISSING, MonthState.LATE, MonthState.REPORTED, MonthState.NIHIL)
_FAILED = (MonthState.MISSING, MonthState.LATE)
#: Stands in an address for the code that is put in afterwards.
_CODE = "00.00"


@dataclass(frozen=True)
class Measure:
    """One share of an area, by the name the address carries.

    `few`: a share of fewer things than this is small (0 = never, everything was counted).
    `less_is_better`: a dark area has to do something, a light one has done it.
    `of_villages`: it counts villages, so the policy lines about women say nothing of it.
    """

    name: str
    label: Any
    of: Callable[[AreaRow], Share]
    few: int = FEW
    few_words: Any = gettext_lazy("fewer than 5 people")
    less_is_better: bool = False
    of_villages: bool = False

    def is_small(self, share: Share) -> bool:
        return share is not None and share[1] < self.few


def _without_data(row: AreaRow) -> Share:
    """Programs nobody of which was counted by sex, of all with activities."""
    headline = row.headline
    active = headline.judged + headline.no_data
    return (headline.no_data, active) if active else None


_FEW_PROGRAMS = gettext_lazy("fewer than 5 programs")
_ALL = (
    Measure(
        "programs",
        gettext_lazy("Programs that involve women"),
        lambda row: row.headline.share,
        few_words=_FEW_PROGRAMS,
    ),
    Measure(
        "activities",
        gettext_lazy("Activities with women"),
        lambda row: row.heads.coverage,
        few_words=gettext_lazy("fewer than 5 activities"),
    ),
    Measure(
        "participants",
        gettext_lazy("Women present"),
        lambda row: row.heads.participants,
    ),
    Measure("deciders", gettext_lazy("Women deciding"), lambda row: row.heads.deciders),
    Measure(
        "beneficiaries",
        gettext_lazy("Women benefiting"),
        lambda row: row.heads.beneficiaries,
    ),
    Measure(
        "no_data",
        gettext_lazy("Programs without data"),
        _without_data,
        few_words=_FEW_PROGRAMS,
        less_is_better=True,
    ),
    Measure(
        "reporting",
        gettext_lazy("Months late or not reported"),
        lambda row: None,  # see `reporting`
        few=0,
        less_is_better=True,
    ),
    Measure(
        "agreements",
        gettext_lazy("Villages with an agreement today"),
        lambda row: None,  # see `reached`
        few=0,
        of_villages=True,
    ),
    Measure(
        "facilitators",
        gettext_lazy("Villages with a facilitator today"),
        lambda row: None,  # see `reached`
        few=0,
        of_villages=True,
    ),
)
MEASURES = {measure.name: measure for measure in _ALL}
USUAL = MEASURES["programs"]
REPORTING = MEASURES["reporting"]
#: Which villages each of these finds, of some villages on a day.
REACHED: dict[str, Callable[[VillageQuerySet, date], set[str]]] = {
    "agreements": covered_codes,
    "facilitators": accompanied_codes,
}
#: What is known village by village only: not above a regency.
BY_VILLAGE = frozenset({REPORTING.name, *REACHED})


def reporting(discipline: Discipline) -> Measure:
    """The months that are missing or came late, of those due, in each village and district."""
    failed: dict[str, int] = defaultdict(int)
    owed: dict[str, int] = defaultdict(int)
    for row in discipline.rows:
        for code in (row.code, row.code[:8]):
            failed[code] += sum(state in _FAILED for state in row.states)
            owed[code] += sum(state in _OWED for state in row.states)
    shares = {code: (failed[code], due) for code, due in owed.items() if due}
    return replace(REPORTING, of=lambda row: shares.get(row.code))


def reached(measure: Measure, villages: VillageQuerySet, today: date) -> Measure:
    """One of REACHED: the villages it finds, of all, in each village and district."""
    found = REACHED[measure.name](villages, today)
    part: dict[str, int] = defaultdict(int)
    whole: dict[str, int] = defaultdict(int)
    for village in villages.live().order_by().values_list("code", flat=True):
        for code in (village, village[:8]):
            whole[code] += 1
            part[code] += village in found
    shares = {code: (part[code], number) for code, number in whole.items()}
    return replace(measure, of=lambda row: shares.get(row.code))


def rows_on(board: AreaBoard, level: str = "") -> tuple[AreaRow, ...]:
    """The rows that a map of this board draws on a level: its villages or the parts it is made
    of, unless its districts are asked for, or the nation's regencies (three queries)."""
    if level == Level.DISTRICT:
        return board.districts
    if level == Level.REGENCY and board.area.level == NATION:
        parts = large_rows(board.area, board.flt, by_regency=True)
        return tuple(AreaRow(code, name, name, "", *sums) for code, name, *sums in parts)
    return board.villages or board.districts


def levels_of(board: AreaBoard) -> tuple[Level, ...]:
    """The levels on which this board can be drawn, the usual one first; none: no choice."""
    if board.area.level == NATION:
        return Level.PROVINCE, Level.REGENCY
    return (Level.VILLAGE, Level.DISTRICT) if board.villages and len(board.districts) > 1 else ()


@dataclass(frozen=True)
class MeasuredRow:
    """One area on the list beside the map."""

    row: AreaRow
    share: Share
    small: bool
    url: str
    #: "3 of 10"
    words: str


def measured(
    rows: Iterable[AreaRow], flt: BoardFilter, measure: Measure, order: Order, chosen: str = ""
) -> list[MeasuredRow]:
    """These areas by this measure, in this order; with `chosen`, those of one class."""
    found = [(row, measure.of(row)) for row in rows]
    kept = [one for one in found if not chosen or chosen in _classes(one[1], measure)]
    address, words = _addresses(flt), _("%(n)s of %(m)s")
    return [
        MeasuredRow(
            row, share, measure.is_small(share), address(row.code), words % _parts(share or (0, 0))
        )
        for row, share in sorted(kept, key=order.key)
    ]


def _addresses(flt: BoardFilter) -> Callable[[str], str]:
    """The address of an area's page by its code; looked up once for all of a page."""
    before, _code, after = reverse("dashboards:area", args=[_CODE]).partition(_CODE)
    after = f"{after}?{flt.query}"
    return lambda code: f"{before}{code}{after}"


def _parts(share: tuple[int, int]) -> dict[str, str]:
    return {"n": _few(share[0]), "m": _few(share[1])}


def _classes(share: Share, measure: Measure) -> tuple[str, ...]:
    return classes_of(*(share or (0, 0)), measure.few)


def map_of(
    board: AreaBoard,
    flt: BoardFilter,
    measure: Measure = USUAL,
    *,
    rows: Sequence[AreaRow] | None = None,
    kind: str = "",
    chosen: str = "",
) -> Map | None:
    """The map of the board's area, of these `rows` (see `rows_on`); None for a board of no one
    area, or without outlines."""
    if not board.area.code:
        return None
    shares = _shares(rows_on(board) if rows is None else rows, flt, measure)
    return area_map(board.area.code, shares, kind=kind, few=measure.few, chosen=chosen)


def _shares(rows: Iterable[AreaRow], flt: BoardFilter, measure: Measure) -> Iterator[VillageShare]:
    """What the map says of each row. Address and sentences are looked up once for all."""
    address = _addresses(flt)
    known, none = _("%(place)s. %(measure)s: %(n)s of %(m)s"), _("%(place)s: without data")
    small = _("%(place)s. %(measure)s: %(n)s of %(m)s (small numbers)")
    label = str(measure.label)
    place_of = cache(district_title)
    for row in rows:
        share = measure.of(row)
        part, whole = share or (0, 0)
        place = f"{row.title}, {place_of(row.district)}" if row.district else row.title
        words = {"place": place, "measure": label, **_parts((part, whole))}
        pattern = none if share is None else small if measure.is_small(share) else known
        yield VillageShare(
            row.code,
            row.title,
            row.district,
            part,
            whole,
            address(row.code),
            pattern % words,
            _short(row),
        )


def _short(row: AreaRow) -> str:
    """The bare name, for the drawing; a regency's name begins with its kind."""
    of_regency = level_of(row.code) == Level.REGENCY
    return row.name.partition(" ")[2] if of_regency and " " in row.name else row.name


def _few(number: int) -> str:
    """A count; only a long one needs the dots that take time to find."""
    return str(number) if number < 1000 else formats.count(number)


# -- Open data -----------------------------------------------------------------


def features(board: AreaBoard, measure: Measure = USUAL, level: str = "") -> Iterator[dict]:
    """A GeoJSON Feature per row of the board; `geometry` is null where nothing was drawn.

    Numerator and denominator are null where nobody was counted: never 0 for missing.
    """
    rows = rows_on(board, level)
    of = (level_of(rows[0].code) if rows else None) or Level.VILLAGE
    drawn = outlines_of(board.area.code, of) if board.area.code else None
    rings = rings_of(board.area.code, of, drawn.kind) if drawn else {}
    for row in rows:
        part, whole = measure.of(row) or (None, None)
        polygons = rings.get(row.code)
        yield {
            "type": "Feature",
            "id": row.code,
            "geometry": polygons and {"type": "MultiPolygon", "coordinates": polygons},
            "properties": {
                "code": row.code,
                "name": row.title,
                "district": row.district,
                "numerator": part,
                "denominator": whole,
                "no_data": row.headline.no_data,
                "share": None if part is None or not whole else round(part / whole, 4),
                "kind": drawn.kind if drawn and polygons else None,
            },
        }
