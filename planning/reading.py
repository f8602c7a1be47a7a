"""An analysis laid out for a reader: step by step, row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import formats

from . import wording
from .content import Content, DataSaid, differences, unpacked
from .figures import Figure
from .models import BaselineOf, GapVersion, Remark, Step, StepKind
from .steps import STEPS, Part, StepOf
from .wording import Said

#: Fields that the name of a row says already.
SAID_BY_NAME = ("scope",)
#: Fields that hold sentences: each has a line of its own.
SENTENCES = ("text", "title", "goal", "new_goal")
#: Letters of a cell that still stands beside others.
SHORT = 48


@dataclass(frozen=True)
class Cell:
    field: str
    label: str
    text: str

    @property
    def long(self) -> bool:
        """Too long to stand beside others."""
        return self.field in SENTENCES or len(self.text) > SHORT or "\n" in self.text


@dataclass(frozen=True)
class Moved:
    """A figure of the portal that is no longer what the analysis holds."""

    row: str
    held: str
    now: str


@dataclass(frozen=True)
class RowRead:
    key: UUID
    name: str
    cells: tuple[Cell, ...]
    moved: Moved | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class StepRead:
    """One step: its own cells, its rows, and what was remarked on it as a whole."""

    step: StepOf
    cells: tuple[Cell, ...]
    rows: tuple[RowRead, ...]
    remarks: tuple[Remark, ...]

    @property
    def empty(self) -> bool:
        return not (self.cells or self.rows)


def read(
    content: Content,
    now: Mapping[UUID, Figure] | None = None,
    remarks: Sequence[Remark] = (),
) -> list[StepRead]:
    """The steps of its form. `now`: the portal's figures of today; `remarks` stand at their row."""
    moved = {key: one for key, one in _moved(content, now or {}).items() if one}
    return [
        StepRead(
            step,
            tuple(cell for part in step.parts for cell in _plain_cells(part, content)),
            tuple(
                _row_read(part.rows, row, content, moved.get(row.key), remarks)
                for part in step.parts
                for row in _rows_of(part, content)
            ),
            tuple(one for one in remarks if one.row is None and one.step == step.key),
        )
        for step in STEPS[content.template]
    ]


def _plain_cells(part: Part, content: Content) -> list[Cell]:
    found = []
    for field in part.fields:
        value = getattr(content, field)
        if value is not False:
            text = wording.cell_text("", field, value, content)
            found.append(Cell(field, str(wording.LABELS[""][field]), text))
    return [one for one in found if one.text]


def _rows_of(part: Part, content: Content) -> tuple[Any, ...]:
    rows = getattr(content, part.rows) if part.rows else ()
    if part.only:
        name, value = part.only
        rows = tuple(one for one in rows if getattr(one, name) == value)
    return rows


def _row_read(
    where: str, row: Any, content: Content, moved: Moved | None, remarks: Sequence[Remark]
) -> RowRead:
    cells = tuple(
        Cell(field, label, _with_figure(where, row, field, text, content))
        for field, label, text in wording.cells_of(where, row, content)
        if field not in SAID_BY_NAME
    )
    said = tuple(one for one in remarks if one.row == row.key)
    return RowRead(row.key, wording.row_name(content, row), cells, moved, said)


def _with_figure(where: str, row: Any, field: str, text: str, content: Content) -> str:
    """A cell with the figure that it stands for: the share of women, the start of an indicator."""
    figure = ""
    if (where, field) == ("data_rows", "women") and row.by_sex:
        figure = formats.percent((row.women, row.women + row.men))
    elif (where, field) == ("baselines", "of"):
        figure = _start(row.key, content)
    elif (where, field) == ("indicators", "baseline"):
        figure = _start(row.baseline, content, row.sex)
    return _("%(text)s (%(figure)s)") % {"text": text, "figure": figure} if figure else text


def _start(baseline: UUID | None, content: Content, sex: str = "") -> str:
    value = content.baseline_value(baseline, sex)
    if value is None:
        return ""
    if content.row(baseline).of == BaselineOf.WOMEN_SHARE:
        return formats.percent(float(value) / 100)
    return wording.number(value)


def _moved(content: Content, now: Mapping[UUID, Figure]) -> dict[UUID, Moved | None]:
    rows = {one.key: one for one in content.data_rows}
    return {key: moved(rows[key], one, content) for key, one in now.items() if key in rows}


def moved(row: DataSaid, now: Figure, content: Content) -> Moved | None:
    """What the portal says now, where that differs from what the row holds."""
    held, today = wording.figures_of(row), wording.figures_of(_as_now(row, now))
    return Moved(wording.row_name(content, row), held, today) if held != today else None


def _as_now(row: DataSaid, now: Figure) -> DataSaid:
    value = None if now.value is None else Decimal(now.value)
    return replace(row, women=now.women, men=now.men, value=value, whole=now.whole)


def remarks_on(version: GapVersion) -> list[Remark]:
    """What its reviewer said about this version, answered or not."""
    said = Remark.objects.filter(document=version.analysis_id, number=version.number)
    return list(said.select_related("author"))


def words_of_planners(document: UUID) -> QuerySet[Step]:
    """What the planning board noted about a document, the newest first."""
    said = Step.objects.filter(document=document, kind=StepKind.CHECKED)
    return said.select_related("actor").order_by("-at")


def cell_label(remark: Remark, content: Content) -> str:
    """Which cell a remark is about, "" when it is about the whole row or step."""
    if remark.row is None:
        return str(wording.LABELS[""].get(remark.field, ""))
    for name, row in content.rows():
        if row.key == remark.row:
            return str(wording.LABELS[name].get(remark.field, ""))
    return ""


def changes(before: GapVersion | Content, after: GapVersion | Content) -> list[Said]:
    """What changed from one to the other, in words."""
    old, new = _content(before), _content(after)
    found = differences(old, new)
    return wording.words_of(found, old, new, new.template)


def _content(of: GapVersion | Content) -> Content:
    return of if isinstance(of, Content) else unpacked(of.content)
