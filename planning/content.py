"""The content of a gender analysis as one value: read from its rows, checked, frozen, compared.

Rows carry the key (UUID) they were born with and name each other by it, so that a page, the REST
door, a frozen version and the printed form all speak of the same cells. `packed` turns a content
into plain JSON, `unpacked` back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from .models import (
    Action,
    Baseline,
    Cause,
    DataRow,
    Factor,
    GenderAnalysis,
    Indicator,
    share,
)

#: Fields of the analysis itself, by the step that asks for them.
PLAIN = (
    *("level", "code", "title", "is_new", "goal", "audience"),
    "qualitative_reason",
    *("new_goal", "goal_kept", "goal_reason"),
)


@dataclass(frozen=True)
class Row:
    key: UUID

    @property
    def empty(self) -> bool:
        """Nothing was said in it: such a row is not kept."""
        return not any(getattr(self, one.name) not in (None, "", (), {}) for one in self._said())

    def _said(self) -> list[Any]:
        chosen = {"key", "kind", "scope", "of"}  # words that a form always sends
        return [one for one in fields(self) if one.name not in chosen]


@dataclass(frozen=True)
class DataSaid(Row):
    """As DataRow."""

    text: str = ""
    women: int | None = None
    men: int | None = None
    value: Decimal | None = None
    whole: int | None = None
    unit: str = ""
    year: int | None = None
    place: str = ""
    source: str = ""
    measure: str = ""
    portal: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_sex(self) -> bool:
        return self.women is not None and self.men is not None

    @property
    def share(self) -> Decimal | None:
        """Women of a hundred."""
        return share(self.women, self.men)


@dataclass(frozen=True)
class FactorSaid(Row):
    kind: str = ""
    text: str = ""
    data_row: UUID | None = None


@dataclass(frozen=True)
class CauseSaid(Row):
    scope: str = ""
    text: str = ""
    factor: UUID | None = None


@dataclass(frozen=True)
class ActionSaid(Row):
    text: str = ""
    causes: tuple[UUID, ...] = ()
    resources: str = ""
    responsible: str = ""
    budget: int | None = None
    fund_source: str = ""


@dataclass(frozen=True)
class BaselineSaid(Row):
    text: str = ""
    data_row: UUID | None = None
    of: str = "women_share"


@dataclass(frozen=True)
class IndicatorSaid(Row):
    kind: str = ""
    text: str = ""
    baseline: UUID | None = None
    action: UUID | None = None
    target: Decimal | None = None
    unit: str = ""
    due: date | None = None
    sex: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a gender analysis says. `template` and `year` say which form it takes."""

    template: str
    year: int
    level: str = "activity"
    code: str = ""
    title: str = ""
    is_new: bool = False
    goal: str = ""
    audience: str = ""
    qualitative_reason: str = ""
    new_goal: str = ""
    goal_kept: bool = False
    goal_reason: str = ""
    data_rows: tuple[DataSaid, ...] = ()
    factors: tuple[FactorSaid, ...] = ()
    causes: tuple[CauseSaid, ...] = ()
    actions: tuple[ActionSaid, ...] = ()
    baselines: tuple[BaselineSaid, ...] = ()
    indicators: tuple[IndicatorSaid, ...] = ()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with the name of its list, in the order of the form."""
        for name in LISTS:
            for row in getattr(self, name):
                yield name, row

    def row(self, key: UUID | None) -> Any:
        """The row of this key, of whichever list; None when there is none."""
        return next((one for _name, one in self.rows() if one.key == key), None)

    def of_scope(self, scope: str) -> tuple[CauseSaid, ...]:
        return tuple(one for one in self.causes if one.scope == scope)

    def of_kind(self, kind: str) -> tuple[IndicatorSaid, ...]:
        return tuple(one for one in self.indicators if one.kind == kind)

    def baseline_value(self, key: UUID | None, sex: str = "") -> Decimal | None:
        """The figure a baseline starts from: of its data row, never typed again. For an indicator
        that counts men (`sex`) a share is theirs."""
        baseline = self.row(key)
        data = self.row(baseline.data_row) if baseline else None
        if data is None:
            return None
        if baseline.of == "women_share":
            return 100 - data.share if sex == "men" and data.share is not None else data.share
        found = getattr(data, baseline.of)
        return None if found is None else Decimal(found)

    @property
    def goal_now(self) -> str:
        """The goal that counts: the reformulated one, or the old one that can stay."""
        return self.goal if self.goal_kept else self.new_goal


#: The lists of a content, each with its row and the table that keeps it.
LISTS: dict[str, tuple[type[Row], type[Any]]] = {
    "data_rows": (DataSaid, DataRow),
    "factors": (FactorSaid, Factor),
    "causes": (CauseSaid, Cause),
    "actions": (ActionSaid, Action),
    "baselines": (BaselineSaid, Baseline),
    "indicators": (IndicatorSaid, Indicator),
}
#: Fields that name another row by its key.
LINKS = ("data_row", "factor", "baseline", "action")


def content_of(analysis: GenderAnalysis) -> Content:
    """What the analysis says now. Seven statements, whatever its length."""
    lists: dict[str, Any] = {}
    for name, (said, table) in LISTS.items():
        rows = table.objects.filter(analysis=analysis)
        if name == "actions":
            rows = rows.prefetch_related("causes")
        lists[name] = tuple(_said(said, row) for row in rows)
    plain = {name: getattr(analysis, name) for name in PLAIN}
    return Content(analysis.template, analysis.year, **plain, **lists)


def _said(said: type[Row], row: Any) -> Row:
    values: dict[str, Any] = {"key": row.pk}
    for one in fields(said):
        if one.name == "causes":
            values["causes"] = tuple(cause.pk for cause in row.causes.all())
        elif one.name in LINKS:
            values[one.name] = getattr(row, f"{one.name}_id")
        elif one.name != "key":
            values[one.name] = getattr(row, one.name)
    return said(**values)


def tidy(content: Content) -> Content:
    """Without empty rows, and without links to rows that are not there."""
    kept: dict[str, Any] = {
        name: tuple(one for one in getattr(content, name) if not one.empty) for name in LISTS
    }
    keys = {one.key for rows in kept.values() for one in rows}

    def loose(row: Any) -> Any:
        values: dict[str, Any] = {
            name: None for name in LINKS if getattr(row, name, None) not in (None, *keys)
        }
        if hasattr(row, "causes"):
            values["causes"] = tuple(one for one in row.causes if one in keys)
        return replace(row, **values) if values else row

    tied: dict[str, Any] = {name: tuple(map(loose, rows)) for name, rows in kept.items()}
    return replace(content, **tied)


def packed(content: Content) -> dict[str, Any]:
    """Plain lists, dicts, words and numbers; figures with decimals and days as text."""
    return {one.name: _plain(getattr(content, one.name)) for one in fields(content)}


def unpacked(data: Mapping[str, Any]) -> Content:
    """The content of `packed`."""
    values = {one.name: data[one.name] for one in fields(Content) if one.name in data}
    for name, (said, _table) in LISTS.items():
        values[name] = tuple(_row(said, one) for one in data.get(name, ()))
    return Content(**values)


def _row(said: type[Row], data: Mapping[str, Any]) -> Row:
    values = {one.name: data[one.name] for one in fields(said) if one.name in data}
    for name, value in values.items():
        if value is None:
            continue
        if name == "key" or name in LINKS:
            values[name] = UUID(value)
        elif name == "causes":
            values[name] = tuple(map(UUID, value))
        elif name in ("value", "target"):
            values[name] = Decimal(value)
        elif name == "due":
            values[name] = date.fromisoformat(value)
    return said(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Difference:
    """One cell that two contents say differently. `row` None: a field of the analysis itself.

    `where`: the list's name, "" for the analysis. A row that only one side has: `field` "".
    """

    where: str
    row: UUID | None
    field: str
    before: Any = None
    after: Any = None


def differences(before: Content, after: Content) -> list[Difference]:
    """What changed from one content to the other, in the order of the form."""
    found = [
        Difference("", None, name, getattr(before, name), getattr(after, name))
        for name in PLAIN
        if getattr(before, name) != getattr(after, name)
    ]
    for name in LISTS:
        old = {one.key: one for one in getattr(before, name)}
        new = {one.key: one for one in getattr(after, name)}
        for key in [*old, *(one for one in new if one not in old)]:
            found += _row_differences(name, old.get(key), new.get(key))
    return found


def _row_differences(name: str, old: Any, new: Any) -> Iterator[Difference]:
    if old is None or new is None:
        there = old or new
        yield Difference(name, there.key, "", old, new)
        return
    for one in fields(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before != after:
            yield Difference(name, old.key, one.name, before, after)
