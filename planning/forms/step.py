"""One step of a gender analysis as it is typed: its single fields and its lists of rows.

Every row lies on the page under the key it was born with; the page names the keys of each list in
their order. What is not named is taken away, what is new brings a key of its own. Rows are added
and taken away without judging what stands in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any
from uuid import UUID

from django.forms import BoundField
from django.http import QueryDict
from django.utils.text import Truncator

from core.errors import Refused
from core.identifiers import uuid7

from ..content import LISTS, Content, DataSaid
from ..models import FactorKind
from ..steps import Part, StepOf
from ..wording import LIST_TITLES, cell_text, figures_of, named_rows, row_name
from .analysis import PlainForm
from .rows import FORMS, Pointed, PortalForm, RowForm

#: No row is added to a list of as many; nobody reads a form with more.
MOST_ROWS = 60
#: Letters of a row's text in the name by which other rows point to it.
SHORT = 90
#: Single fields that only matter once the rows were thought of.
BELOW = frozenset({"qualitative_reason"})


@dataclass
class RowList:
    """The rows of one list on the page; `scope` where the step holds causes of one scope only."""

    where: str
    scope: str = ""
    forms: list[RowForm] = field(default_factory=list)

    @property
    def title(self) -> Any:
        return LIST_TITLES[self.where]

    @property
    def full(self) -> bool:
        return len(self.forms) >= MOST_ROWS


class StepForm:
    """The form of `step` over what is `stored`.

    Without `data` it shows what is stored. With `data` it is judged, or (judged=False) only shown
    again as typed. Answers to what pages ask of a form: errors, hidden and visible fields.
    """

    def __init__(
        self,
        step: StepOf,
        stored: Content,
        version: int,
        data: QueryDict | None = None,
        *,
        judged: bool = True,
    ):
        self.step, self.stored, self.version, self.data = step, stored, version, data
        self.judged = data is not None and judged
        self.refusals: list[str] = []
        self.draft = stored if data is None else _as_typed(step, stored, data)
        names = [name for part in step.parts for name in part.fields]
        self.plain = self._plain(names)
        self.lists = [self._list(part) for part in step.parts if part.rows]

    # -- Made ------------------------------------------------------------------

    def _plain(self, names: Sequence[str]) -> PlainForm:
        if self.data is None:
            initial = {name: getattr(self.stored, name) for name in names}
            return PlainForm(names=names, initial=initial)
        bound = PlainForm(self.data, names=names)
        return bound if self.judged else PlainForm(names=names, initial=bound.typed())

    def _list(self, part: Part) -> RowList:
        made = RowList(part.rows, part.only[1] if part.only else "")
        rows = [one for one in getattr(self.draft, part.rows) if _held(part, one)]
        if self.data is None and not rows:
            self.draft, rows = _with_blank(self.draft, part)
        pointed = self._pointed()
        made.forms = [self._form(made, row, pointed) for row in rows]
        return made

    def _form(self, of: RowList, row: Any, pointed: Pointed) -> RowForm:
        kind, options = self._kind(of, row)
        name = row_name(self.draft, row) or str(of.title)
        options |= {"key": row.key, "name": name, "pointed": pointed}
        if self.data is None:
            return kind(initial=kind.initial_of(row), **options)
        bound = kind(self.data, **options)
        return bound if self.judged else kind(initial=bound.typed(), **options)

    def _kind(self, of: RowList, row: Any) -> tuple[type[RowForm], dict[str, Any]]:
        if of.where == "data_rows" and row.measure:
            stored = self.stored.row(row.key)
            return PortalForm, {"stored": stored if isinstance(stored, DataSaid) else None}
        if of.where == "causes":
            return FORMS[of.where], {"scope": of.scope}
        if of.where == "indicators":
            return FORMS[of.where], {"template": self.stored.template}
        return FORMS[of.where], {}

    def _pointed(self) -> Pointed:
        """What rows can point to: those of other steps as stored, those of this one as typed."""
        return {
            name: [(row.key, pointer(self.draft, row)) for row in rows]
            for name, rows in named_rows(self.draft)
        }

    # -- Asked -----------------------------------------------------------------

    @property
    def parts(self) -> list[Any]:
        return [self.plain, *self.rows]

    @property
    def rows(self) -> list[RowForm]:
        return [form for one in self.lists for form in one.forms]

    @property
    def above(self) -> list[BoundField]:
        """The single fields that come before the rows."""
        return [one for one in self.plain if one.name not in BELOW]

    @property
    def old_goal(self) -> str:
        """The goal to be put right, where the step asks for the new one and not for it."""
        asks = self.plain.fields.keys()
        return self.stored.goal if "new_goal" in asks and "goal" not in asks else ""

    @property
    def below(self) -> list[BoundField]:
        return [one for one in self.plain if one.name in BELOW]

    @property
    def errors(self) -> bool:
        return bool(self.refusals) or (self.judged and any(one.errors for one in self.parts))

    def is_valid(self) -> bool:
        return self.judged and not self.errors

    def non_field_errors(self) -> list[str]:
        own = chain.from_iterable(one.non_field_errors() for one in self.parts if self.judged)
        return [*self.refusals, *own]

    def hidden_fields(self) -> list[BoundField]:
        return [one for form in self.parts for one in form.hidden_fields()]

    def visible_fields(self) -> list[BoundField]:
        return [one for form in self.parts for one in form.visible_fields()]

    def content(self) -> Content:
        """What is stored, with this step as typed; ask only when the form is in order."""
        said: dict[str, Any] = dict(self.plain.cleaned_data)
        for one in self.lists:
            rows = tuple(form.row() for form in one.forms)
            said[one.where] = (*rows, *_others(self.stored, one))
        if "causes" in said:
            said["causes"] = tuple(sorted(said["causes"], key=lambda row: row.scope != "internal"))
        return replace(self.stored, **said)

    def refuse(self, refusal: Refused) -> None:
        """Take over why nothing was stored, each problem beside its box where it has one."""
        boxes = {form.add_prefix(name): (form, name) for form in self.rows for name in form.fields}
        for problem in refusal.problems:
            _step, _dot, rest = problem.field.partition(".")
            form, name = boxes.get(rest.replace(".", "-"), (None, ""))
            if form is None:
                self.refusals.append(problem.detail)
            else:
                form.add_error(name, problem.detail)


def pointer(content: Content, row: Any) -> str:
    """By what name other rows point to this one: “Data 2: women among those trained”."""
    said = row.text
    if isinstance(row, DataSaid):
        said = " – ".join(one for one in (row.text, figures_of(row)) if one)
    if kind := getattr(row, "kind", ""):
        where = "factors" if kind in FactorKind.values else "indicators"
        said = f"{cell_text(where, 'kind', kind, content)}. {said}"
    short = Truncator(" ".join(said.split())).chars(SHORT)
    return f"{row_name(content, row)}: {short}" if short else row_name(content, row)


def _held(part: Part, row: Any) -> bool:
    return part.only is None or getattr(row, part.only[0]) == part.only[1]


def _others(stored: Content, of: RowList) -> Iterator[Any]:
    """Rows of the same list that another step holds."""
    for row in getattr(stored, of.where):
        if of.scope and row.scope != of.scope:
            yield row


def _with_blank(draft: Content, part: Part) -> tuple[Content, list[Any]]:
    """An empty list opens with a row to write in; gaps with one for each aspect."""
    said = LISTS[part.rows][0]
    values: list[dict[str, Any]] = [{}]
    if part.rows == "factors":
        values = [{"kind": kind} for kind in FactorKind.values]
    if part.only:
        values = [dict([part.only])]
    blank = [said(key=uuid7(), **one) for one in values]
    rows = (*getattr(draft, part.rows), *blank)
    return replace(draft, **{part.rows: rows}), blank


def _as_typed(step: StepOf, stored: Content, data: QueryDict) -> Content:
    """What is stored with the rows that the page names: their keys, order and texts only, for
    their names and for what other rows may point to."""
    said: dict[str, Any] = {}
    for part in step.parts:
        if part.rows:
            of = RowList(part.rows, part.only[1] if part.only else "")
            rows = tuple(_typed_row(of, key, stored, data) for key in keys_of(of.where, data))
            said[of.where] = (*rows, *_others(stored, of))
    return replace(stored, **said)


def _typed_row(of: RowList, key: UUID, stored: Content, data: QueryDict) -> Any:
    def typed(name: str) -> str:
        return data.get(f"{of.where}-{key}-{name}", "").strip()

    values = {"text": typed("text")}
    if of.where == "data_rows":
        before = stored.row(key)
        if isinstance(before, DataSaid) and before.measure:
            return replace(before, **values)
        values["measure"] = typed("measure")
    elif of.where == "causes":
        values["scope"] = of.scope or typed("scope")
    elif of.where in ("factors", "indicators"):
        values["kind"] = typed("kind")
    return LISTS[of.where][0](key=key, **values)


def keys_of(where: str, data: QueryDict) -> list[UUID]:
    """The keys that the page names for one list, in their order, each once."""
    keys: dict[UUID, None] = {}
    for text in data.getlist(where):
        try:
            keys[UUID(text)] = None
        except ValueError:
            continue
    return list(keys)


def with_row(data: QueryDict, where: str, **boxes: str) -> QueryDict:
    """What was typed and one more row. One that brings something in its `boxes` takes the place
    of a row in which nothing was written yet."""
    data = data.copy()
    keys = keys_of(where, data)
    key = next((one for one in keys if boxes and not _written(where, one, data)), None)
    if key is None and len(keys) < MOST_ROWS:
        key = uuid7()
        data.appendlist(where, str(key))
    for name, text in boxes.items():
        data[f"{where}-{key}-{name}"] = text
    return data


def _written(where: str, key: UUID, data: QueryDict) -> bool:
    chosen = {f"{where}-{key}-{name}" for name in ("kind", "scope", "of")}
    boxes = [name for name in data if name.startswith(f"{where}-{key}-")]
    return any(data[name].strip() for name in boxes if name not in chosen)


def without_row(data: QueryDict, where: str, key: str) -> QueryDict:
    """What was typed without one row."""
    data = data.copy()
    data.setlist(where, [one for one in data.getlist(where) if one != key])
    return data
