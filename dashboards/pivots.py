"""A cross table of one's own: rows × columns × measure, each from a fixed vocabulary.

The database adds up the read models by both dimensions (the facts, where stage or kind is
asked for, which no read model holds), pandas lays them out. Totals are sums of numerators and
denominators, shares are computed last; a cell nobody recorded is None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from programs.involvement import JUDGED, Level, level_expression
from programs.models import Activity, FundSource, Kind, Stage, TargetGroup
from programs.rollups import BASES, add_up, by_program
from villages.models import VillageQuerySet

from .areas import village_title
from .filters import LEVELS, BoardFilter
from .standings import months_of

#: A wider table is read by nobody, a longer one is a list.
MOST_COLUMNS, MOST_ROWS = 40, 2_000
TOTAL = "total"


@dataclass(frozen=True)
class Dimension:
    """What rows or columns stand for. `keys`: the database's names; `say`: their values as (what
    to sort by, words). `of_facts`: only facts know it; `of_time`: no program is judged by it."""

    name: str
    label: Any
    keys: tuple[str, ...]
    say: Callable[..., tuple[Any, str]]
    of_facts: bool = False
    of_time: bool = False


def _village(code: str, kind: str, name: str, district: str) -> tuple[Any, str]:
    return code, f"{village_title(kind, name)}, {district}"


def _owner(opd: str | None, district: int | None) -> tuple[Any, str]:
    if opd:
        return (0, opd), opd
    if district:
        return (1, ""), _("District offices (own programs)")
    return (2, ""), _("Villages (own programs)")


def _month(year: int, month: int) -> tuple[Any, str]:
    return (year, month), date_format(date(year, month, 1), "M Y")


def _word(choices: Any) -> Callable[[str], tuple[Any, str]]:
    order = {value: place for place, value in enumerate(choices.values)}
    return lambda value: (
        (order[value], str(choices(value).label)) if value else (len(order), _("Not stated"))
    )


_OWNER_KEYS = ("program__owner_opd__name", "program__owner_district_id")
DIMENSIONS = {
    one.name: one
    for one in (
        Dimension(
            "district",
            gettext_lazy("District"),
            ("village__district__code", "village__district__name"),
            lambda code, name: (code, name),
        ),
        Dimension(
            "village",
            gettext_lazy("Village"),
            ("village__code", "village__kind", "village__name", "village__district__name"),
            _village,
        ),
        Dimension("owner", gettext_lazy("Owner of the program"), _OWNER_KEYS, _owner),
        Dimension(
            "program",
            gettext_lazy("Program"),
            ("program_id", "program__title"),
            lambda uid, title: ((title, str(uid)), title),
        ),
        Dimension(
            "target_group",
            gettext_lazy("Target group"),
            ("program__target_group",),
            _word(TargetGroup),
        ),
        Dimension(
            "fund_source",
            gettext_lazy("Fund source of the program"),
            ("program__fund_source",),
            _word(FundSource),
        ),
        Dimension("month", gettext_lazy("Month"), ("year", "month"), _month, of_time=True),
        Dimension("stage", gettext_lazy("Stage"), ("stage",), _word(Stage), True, True),
        Dimension("kind", gettext_lazy("Kind of activity"), ("kind",), _word(Kind), True, True),
    )
}


@dataclass(frozen=True)
class Measure:
    """What a cell says: the sum of `part`, or the share of `part` in `whole` (names of Heads).

    Nothing is said where `whole` is 0: nobody was counted, no money was noted.
    """

    name: str
    label: Any
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    kind: str = "count"

    @property
    def of_programs(self) -> bool:
        return not self.part


def _share(name: str, label: Any, who: str) -> Measure:
    women, men = f"women_{who}", f"men_{who}"
    return Measure(name, label, (women,), (women, men), "share")


_SPENT = ("budget_spent",)
_PRESENT = ("women_participants", "men_participants")
MEASURES = {
    one.name: one
    for one in (
        Measure("programs", gettext_lazy("Programs that involve women"), kind="share"),
        Measure("no_data", gettext_lazy("Programs without data"), kind="share"),
        Measure("activities", gettext_lazy("Activities"), ("activities",), ("activities",)),
        Measure(
            "coverage",
            gettext_lazy("Activities with women, of those counted"),
            ("with_women",),
            ("counted",),
            "share",
        ),
        _share("participants", gettext_lazy("Women among those present"), "participants"),
        _share("deciders", gettext_lazy("Women among those deciding"), "deciders"),
        _share("beneficiaries", gettext_lazy("Women among those benefiting"), "beneficiaries"),
        Measure("women", gettext_lazy("Women present (heads)"), ("women_participants",), _PRESENT),
        Measure("men", gettext_lazy("Men present (heads)"), ("men_participants",), _PRESENT),
        Measure(
            "budget", gettext_lazy("Money spent"), ("budget_spent",), ("budget_spent",), "rupiah"
        ),
    )
}


@dataclass(frozen=True)
class Choice:
    """What the cross table is asked for."""

    rows: Dimension
    columns: Dimension
    measure: Measure


def choice_of(params: Mapping[str, str]) -> Choice:
    """Read `rows`, `columns` and `measure`. Refused for unknown ones and pairs that say nothing."""
    problems = []
    found = {}
    usual = {"rows": "district", "columns": "month", "measure": "participants"}
    for name, default in usual.items():
        known: Mapping[str, Any] = MEASURES if name == "measure" else DIMENSIONS
        found[name] = known.get(params.get(name) or default)
        if not found[name]:
            problems.append(Problem(name, "unknown_value", _("Choose one from the list.")))
    if not problems:
        problems = list(_senseless(**found))
    if problems:
        raise Refused(*problems)
    return Choice(**found)


def _senseless(rows: Dimension, columns: Dimension, measure: Measure) -> Iterable[Problem]:
    if rows is columns:
        yield Problem("columns", "same", _("Choose another one than for the rows."))
    for name, one in (("rows", rows), ("columns", columns)):
        if measure.of_programs and one.of_time:
            words = _(
                "A program is judged over the whole period. Choose another measure, or place."
            )
            yield Problem(name, "not_judged", words)


#: A sum, or (part, whole); None where nothing was recorded.
Cell = int | tuple[int, int] | None


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Pivot:
    choice: Choice
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line


def pivot_of(villages: VillageQuerySet, flt: BoardFilter, choice: Choice) -> Pivot:
    """The cross table of these villages. One query; Refused when it grows beyond reading."""
    import pandas

    records = list(_records(villages, flt, choice))
    frame = pandas.DataFrame(records, columns=["row", "column", "part", "whole"])
    rows, columns = _places(frame["row"]), _places(frame["column"])
    _refuse_endless(len(rows), len(columns))
    sums = ["part", "whole"]
    cells = _sums(frame.groupby(["row", "column"])[sums].sum())
    by_row = _sums(frame.groupby("row")[sums].sum())
    by_column = _sums(frame.groupby("column")[sums].sum())
    everything = (int(frame["part"].sum()), int(frame["whole"].sum())) if records else None

    def cell(found: tuple[int, int] | None) -> Cell:
        return _cell(found, choice.measure)

    lines = tuple(
        Line(row[1], tuple(cell(cells.get((row, one))) for one in columns), cell(by_row[row]))
        for row in rows
    )
    total = Line(
        _("Total"),
        tuple(cell(by_column[one]) for one in columns),
        cell(everything),
    )
    return Pivot(choice, tuple(label for _sort, label in columns), lines, total)


def _refuse_endless(rows: int, columns: int) -> None:
    for field, number, most in (("columns", columns, MOST_COLUMNS), ("rows", rows, MOST_ROWS)):
        if number > most:
            words = _("More than %(most)s of them. Choose something coarser, or narrow the filter.")
            raise Refused(Problem(field, "too_many", words % {"most": most}))


def _places(series: Any) -> list[tuple[Any, str]]:
    return sorted(set(series))


def _sums(grouped: Any) -> dict[Any, tuple[int, int]]:
    pairs = zip(map(int, grouped["part"]), map(int, grouped["whole"]), strict=True)
    return dict(zip(grouped.index, pairs, strict=True))


def _cell(found: tuple[int, int] | None, measure: Measure) -> Cell:
    if found is None:
        return None
    part, whole = found
    if not whole:
        return None
    return found if measure.kind == "share" else part


def _records(
    villages: VillageQuerySet, flt: BoardFilter, choice: Choice
) -> Iterable[tuple[Any, Any, int, int]]:
    """(row, column, part, whole), added up by the database as far as it can."""
    rows, columns, measure = choice.rows, choice.columns, choice.measure
    keys = (*rows.keys, *columns.keys)
    if measure.of_programs:
        found = _levels(villages, flt, keys, measure)
    else:
        found = _heads(villages, flt, keys, measure, rows.of_facts or columns.of_facts)
    for values, part, whole in found:
        first, second = values[: len(rows.keys)], values[len(rows.keys) :]
        yield rows.say(*first), columns.say(*second), part, whole


def _levels(
    villages: VillageQuerySet, flt: BoardFilter, keys: Sequence[str], measure: Measure
) -> Iterable[tuple[Any, int, int]]:
    programs = by_program(months_of(villages, flt), *_unique(keys))
    rows = programs.annotate(level=level_expression()).values_list(*keys, "level")
    for *values, level in rows:
        if measure.name == "no_data":
            if level in (*JUDGED, Level.NO_DATA):
                yield values, level == Level.NO_DATA, 1
        elif level in JUDGED:
            yield values, level in LEVELS["involved"], 1


def _unique(keys: Sequence[str]) -> list[str]:
    """`by_program` names the program and the village itself."""
    return [key for key in dict.fromkeys(keys) if key not in ("program_id", "village_id")]


def _heads(
    villages: VillageQuerySet, flt: BoardFilter, keys: Sequence[str], measure: Measure, facts: bool
) -> Iterable[tuple[Any, int, int]]:
    names = [*measure.part, *measure.whole]
    if facts:
        rows = add_up(_facts(villages, flt), *keys)
    else:
        sums = {f"sum_{name}": Sum(name) for name in names}
        rows = months_of(villages, flt).order_by().values(*keys).annotate(**sums)
    for row in rows:
        part = sum(row[f"sum_{name}"] or 0 for name in measure.part)
        whole = sum(row[f"sum_{name}"] or 0 for name in measure.whole)
        yield [row[key] for key in keys], part, whole


def _facts(villages: VillageQuerySet, flt: BoardFilter) -> Any:
    states = [state for state, bases in BASES.items() if flt.basis in bases]
    when = flt.when
    rows = Activity.objects.filter(flt.programs(), village__in=villages, year=when.year)
    rows = rows.filter(month__range=(when.first_month, when.last_month))
    return rows.weighed().filter(state__in=states)
