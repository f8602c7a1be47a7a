"""How a page says the cells of an analysis: what they are called, what stands in them, and what
changed between two contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import formats
from programs.models import FundSource

from .content import LISTS, Content, DataSaid, Difference, Row
from .models import BaselineOf, CauseScope, FactorKind, IndicatorKind, Measure, PlanLevel, Sex
from .steps import STEPS, StepOf, step_of

#: What a list is called above its rows.
LIST_TITLES: dict[str, Any] = {
    "data_rows": gettext_lazy("Eye-opening data"),
    "factors": gettext_lazy("Gaps"),
    "causes": gettext_lazy("Causes"),
    "actions": gettext_lazy("Action plan"),
    "baselines": gettext_lazy("Baseline"),
    "indicators": gettext_lazy("Gender indicators"),
}

#: What one row of a list is called, by its place in it.
ROW_NAMES: dict[str, Any] = {
    "data_rows": gettext_lazy("Data %(number)s"),
    "factors": gettext_lazy("Gap %(number)s"),
    "internal": gettext_lazy("Internal cause %(number)s"),
    "external": gettext_lazy("External cause %(number)s"),
    "actions": gettext_lazy("Action %(number)s"),
    "baselines": gettext_lazy("Baseline %(number)s"),
    "indicators": gettext_lazy("Indicator %(number)s"),
}

#: What each cell is called; list "" holds the fields of the analysis itself.
LABELS: dict[str, dict[str, Any]] = {
    "": {
        "level": gettext_lazy("Level"),
        "code": gettext_lazy("Code"),
        "title": gettext_lazy("Name in the planning document"),
        "is_new": gettext_lazy("New, not yet running"),
        "goal": pgettext_lazy("of a program", "Goal"),
        "audience": gettext_lazy("Target group"),
        "qualitative_reason": gettext_lazy("Why there are no figures by sex"),
        "new_goal": gettext_lazy("New goal"),
        "goal_kept": gettext_lazy("The goal is responsive already"),
        "goal_reason": gettext_lazy("Why the goal can stay"),
    },
    "data_rows": {
        "text": gettext_lazy("What the data show"),
        "women": gettext_lazy("Women"),
        "men": gettext_lazy("Men"),
        "value": gettext_lazy("Other figure"),
        "whole": gettext_lazy("Out of"),
        "unit": gettext_lazy("Unit"),
        "year": gettext_lazy("Year"),
        "place": gettext_lazy("Place"),
        "source": gettext_lazy("Source"),
        "measure": gettext_lazy("Figure of the portal"),
    },
    "factors": {
        "kind": gettext_lazy("Kind of gap"),
        "text": gettext_lazy("The gap"),
        "data_row": gettext_lazy("Seen in"),
    },
    "causes": {
        "scope": gettext_lazy("Where the cause lies"),
        "text": gettext_lazy("The cause"),
        "factor": gettext_lazy("Causes the gap"),
    },
    "actions": {
        "text": gettext_lazy("The action"),
        "causes": gettext_lazy("Against the causes"),
        "resources": gettext_lazy("People and means needed"),
        "responsible": gettext_lazy("Who is responsible"),
        "budget": gettext_lazy("Estimated cost"),
        "fund_source": gettext_lazy("Source of funds"),
    },
    "baselines": {
        "text": gettext_lazy("What is measured"),
        "data_row": gettext_lazy("Drawn from"),
        "of": gettext_lazy("Which figure"),
    },
    "indicators": {
        "kind": gettext_lazy("Output or outcome"),
        "text": gettext_lazy("Indicator"),
        "baseline": gettext_lazy("Starts from"),
        "action": gettext_lazy("Result of the action"),
        "target": gettext_lazy("Target"),
        "unit": gettext_lazy("Unit"),
        "due": gettext_lazy("To be reached by"),
        "sex": gettext_lazy("Whom it counts"),
        "measure": gettext_lazy("Realised by the portal's figure"),
    },
}

_CHOICES: dict[tuple[str, str], Any] = {
    ("", "level"): PlanLevel,
    ("data_rows", "measure"): Measure,
    ("factors", "kind"): FactorKind,
    ("causes", "scope"): CauseScope,
    ("actions", "fund_source"): FundSource,
    ("baselines", "of"): BaselineOf,
    ("indicators", "kind"): IndicatorKind,
    ("indicators", "sex"): Sex,
    ("indicators", "measure"): Measure,
}


@dataclass(frozen=True)
class Said:
    """One difference in words. `row` is "" for the analysis itself, `field` "" for a whole row
    that only one side has; `kind`: changed | added | removed."""

    step: StepOf
    row: str
    field: str
    before: str
    after: str
    kind: str


def row_name(content: Content, row: Row) -> str:
    """“Data 2”: what a row is called, by its place among those of its list (and scope)."""
    for name, rows in named_rows(content):
        if row.key in (keys := [one.key for one in rows]):
            return str(ROW_NAMES[name]) % {"number": keys.index(row.key) + 1}
    return ""


def named_rows(content: Content) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rows as they are counted: causes inside and outside the office apart."""
    for name in LISTS:
        if name == "causes":
            yield "internal", content.of_scope("internal")
            yield "external", content.of_scope("external")
        else:
            yield name, getattr(content, name)


def cell_text(where: str, field: str, value: Any, content: Content) -> str:
    """What stands in one cell, as a reader sees it; "" where nothing was said."""
    if value in (None, "", ()):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if (where, field) in _CHOICES:
        return str(dict(_CHOICES[where, field].choices).get(value, value))
    if isinstance(value, UUID):
        return _name_of(content, value)
    if isinstance(value, tuple):
        return ", ".join(_name_of(content, one) for one in value)
    return _plain(field, value)


def number(value: Decimal) -> str:
    """12,5 without zeros at its end."""
    return number_format(value.normalize() + 0, force_grouping=True, use_l10n=True)


def _name_of(content: Content, key: UUID) -> str:
    row = content.row(key)
    return row_name(content, row) if row else _("a row that is no longer there")


def _plain(field: str, value: Any) -> str:
    if field == "budget":
        return formats.rupiah(value)
    if field == "year":
        return str(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return formats.day_long(value)
    return formats.count(value) if isinstance(value, int) else str(value)


def cells_of(where: str, row: Any, content: Content) -> list[tuple[str, str, str]]:
    """Field, label and text of each cell of a row in which something stands."""
    found = []
    for field, label in LABELS[where].items():
        text = cell_text(where, field, getattr(row, field), content)
        if text:
            found.append((field, str(label), text))
    return found


def summary(where: str, row: Any, content: Content) -> str:
    """A whole row, one cell a line."""
    lines = (
        _("%(label)s: %(text)s") % {"label": label, "text": text}
        for _field, label, text in cells_of(where, row, content)
    )
    return "\n".join(lines)


def words_of(
    found: Iterable[Difference], before: Content, after: Content, template: str
) -> list[Said]:
    """The differences in the order of the form's steps; what reads the same is left out."""
    said = [one for each in found if (one := _said(each, before, after, template))]
    order = {step.key: step.number for step in STEPS[template]}
    return sorted(said, key=lambda one: order[one.step.key])


def _said(one: Difference, before: Content, after: Content, template: str) -> Said | None:
    if one.row is None:
        step, row = step_of(template, one.field), ""
    else:
        here, there = after.row(one.row), before.row(one.row)
        kept = here or there
        step = step_of(template, one.where, getattr(kept, "scope", ""))
        row = row_name(after, kept) if here else row_name(before, kept)
    if one.row is not None and not one.field:
        was = summary(one.where, one.before, before) if one.before else ""
        now = summary(one.where, one.after, after) if one.after else ""
        return Said(step, row, "", was, now, "added" if one.after else "removed")
    label = str(LABELS[one.where].get(one.field, ""))
    was = cell_text(one.where, one.field, one.before, before)
    now = cell_text(one.where, one.field, one.after, after)
    if was == now or not label:  # where a figure was taken from is said beside the figure
        return None
    return Said(step, row, label, was, now, "changed")


def figures_of(row: DataSaid) -> str:
    """The figures of a data row in one line: heads by sex with the share, or the one figure."""
    words = {"women": formats.count(row.women), "men": formats.count(row.men), "unit": row.unit}
    if row.by_sex:
        share = formats.percent((row.women, (row.women or 0) + (row.men or 0)))
        words["share"] = share
        return (_("Women %(women)s, men %(men)s %(unit)s (women %(share)s)") % words).strip()
    if row.value is None:
        return ""
    words["value"] = _plain("value", row.value)
    if row.whole is not None:
        words["whole"] = formats.count(row.whole)
        return (_("%(value)s of %(whole)s %(unit)s") % words).strip()
    return (_("%(value)s %(unit)s") % words).strip()
