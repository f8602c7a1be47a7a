"""The cells of a gender analysis on paper: every row numbered, every link shown by the number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from string import ascii_lowercase
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core import formats
from programs.models import FundSource

from ..content import (
    ActionSaid,
    BaselineSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
)
from ..models import BaselineOf, FactorKind, IndicatorKind, PlanLevel, Sex
from .parts import Entry, Line, lines_of, one_line

Entries = tuple[Entry, ...]


class Cells:
    """What stands in each step's cell of one content. Causes carry letters, all else numbers.

    In a `wide` cell what is said of a row stands in one line below it; in a `dense` one behind it.
    """

    def __init__(self, content: Content, *, wide: bool = False, dense: bool = False):
        self.content, self.wide, self.dense = content, wide or dense, dense
        self.numbers: dict[UUID, str] = {}
        for name in ("data_rows", "factors", "actions", "baselines", "indicators"):
            rows = getattr(content, name)
            self.numbers |= {row.key: str(number) for number, row in enumerate(rows, start=1)}
        causes = (*content.of_scope("internal"), *content.of_scope("external"))
        self.numbers |= {row.key: letters(number) for number, row in enumerate(causes)}

    def item(self) -> Entries:
        """Step 1: what is analysed, its goal, whom it is for."""
        said = self.content
        name = " ".join(filter(None, (one_line(said.code), one_line(said.title))))
        level = str(PlanLevel(said.level).label) if said.level in PlanLevel else ""
        new = (Line(_("New, not yet running"), "note"),) if said.is_new else ()
        return (
            (*_headed(level, name), *new),
            *filter(
                None,
                (
                    _headed(_("Goal of the program"), said.goal),
                    _headed(_("Target group"), said.audience),
                ),
            ),
        )

    def data(self) -> Entries:
        reason = self.content.qualitative_reason
        return (
            *(self._data_row(row) for row in self.content.data_rows),
            *filter(None, (_headed(_("Why there are no figures by sex"), reason),)),
        )

    def _data_row(self, row: DataSaid) -> Entry:
        where = " · ".join(filter(None, (str(row.year or ""), one_line(row.place))))
        source = one_line(row.source)
        return self._row(
            row,
            *_line(figures(row)),
            *_line(where, "note"),
            *_line(_("Source: %(source)s") % {"source": source} if source else "", "note"),
        )

    def factors(self) -> Entries:
        return tuple(self.factor(row) for row in self.content.factors)

    def factor(self, row: FactorSaid) -> Entry:
        link = self._link(_("→ data %(numbers)s"), row.data_row)
        return self._row(row, *link, kind=_label(FactorKind, row.kind))

    def causes(self, scope: str) -> Entries:
        return tuple(
            self._row(row, *self._link(_("→ gap %(numbers)s"), row.factor))
            for row in self.content.of_scope(scope)
        )

    def goal(self) -> Entries:
        """Step 6: the new goal, or the old one with the reason why it can stay."""
        said = self.content
        if not said.goal_kept:
            return tuple(filter(None, (lines_of(said.new_goal),)))
        kept = (Line(_("The goal is responsive already and stays"), "head"),)
        return ((*kept, *lines_of(said.goal)), *filter(None, (lines_of(said.goal_reason, "note"),)))

    def actions(self) -> Entries:
        return tuple(
            self._row(row, *self.against(row), *means(row), *by_whom(row))
            for row in self.content.actions
        )

    def against(self, action: ActionSaid) -> Entry:
        return self._link(_("→ cause %(numbers)s"), *action.causes)

    def baselines(self) -> Entries:
        return tuple(
            self._row(
                row,
                *_line(self.starting(row)),
                *self._link(_("→ data %(numbers)s"), row.data_row),
            )
            for row in self.content.baselines
        )

    def starting(self, row: BaselineSaid) -> str:
        """The figure a baseline starts from, with its unit."""
        value = self.content.baseline_value(row.key)
        data: DataSaid | None = self.content.row(row.data_row)
        if value is None or data is None:
            return ""
        unit = "%" if row.of == BaselineOf.WOMEN_SHARE else data.unit
        place = 1 if row.of == BaselineOf.WOMEN_SHARE else None
        kind = _label(BaselineOf, row.of)
        words = {"what": kind, "figure": amount(value, unit, place)}
        return _("%(what)s: %(figure)s") % words

    def indicators(self, *kinds: str) -> Entries:
        """Those of these kinds (none: all), under what they are."""
        rows = [row for row in self.content.indicators if not kinds or row.kind in kinds]
        return tuple(self.indicator(row) for row in rows)

    def indicator(self, row: IndicatorSaid, *, beside: bool = False) -> Entry:
        """`beside` its action, in a column of its kind, it need not name both."""
        said = (*self.target(row), *self._link(_("→ baseline %(numbers)s"), row.baseline))
        if beside:
            return self._row(row, *said)
        action = self._link(_("→ action %(numbers)s"), row.action)
        return self._row(row, *said, *action, kind=_label(IndicatorKind, row.kind))

    def target(self, row: IndicatorSaid) -> Entry:
        """Where it is to be, from where, by when, counting whom."""
        lines: list[str] = []
        if row.target is not None:
            lines.append(_("Target: %(figure)s") % {"figure": amount(row.target, row.unit)})
        if row.due:
            lines.append(_("By %(day)s") % {"day": formats.day_long(row.due)})
        if row.sex:
            lines.append(_("Counts: %(whom)s") % {"whom": _label(Sex, row.sex)})
        return tuple(Line(one) for one in lines)

    def _row(self, row: Any, *said: Line, kind: str = "") -> Entry:
        """The row's own text behind its number, and what is said of it."""
        first, *more = lines_of(row.text) or (Line(""),)
        number = f"{self.numbers[row.key]}."
        if not self.wide:
            return (*_line(kind, "head"), Line(f"{number} {first.text}".strip()), *more, *said)
        words = {"label": kind, "text": first.text}
        begin = _("%(label)s: %(text)s") % words if kind else first.text
        text = (Line(f"{number} {begin}".strip()), *more)
        if self.dense or (len(said) == 1 and said[0].text.startswith("→")):
            return (*text[:-1], Line(_dotted([text[-1], *said])))
        return (*text, *_line(_dotted(said), "note"))

    def _link(self, words: str, *keys: UUID | None) -> Entry:
        """“→ data 1”; nothing where nothing is linked."""
        found = [self.numbers[key] for key in keys if key in self.numbers]
        if not found:
            return ()
        whole = words.replace(" ", "\N{NO-BREAK SPACE}")
        return (Line(whole % {"numbers": ", ".join(sorted(found, key=_order))}, "note"),)


def letters(number: int) -> str:
    """a … z, aa, ab …"""
    text = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        text = ascii_lowercase[place] + text
    return text


def figures(row: DataSaid) -> str:
    """“L 46, P 4 orang (P 8,0 %)”, or the one figure."""
    unit = one_line(row.unit)
    if row.by_sex:
        words = {
            "men": formats.count(row.men),
            "women": formats.count(row.women),
            "unit": unit,
            "share": formats.percent((row.women, (row.women or 0) + (row.men or 0))),
        }
        return one_line(_("M %(men)s, W %(women)s %(unit)s (W %(share)s)") % words)
    if row.women is not None or row.men is not None:
        words = {"men": formats.count(row.men), "women": formats.count(row.women), "unit": unit}
        return one_line(_("M %(men)s, W %(women)s %(unit)s") % words)
    if row.value is None:
        return ""
    if row.whole is None:
        return amount(row.value, unit)
    words = {"part": amount(row.value, ""), "whole": formats.count(row.whole), "unit": unit}
    return one_line(_("%(part)s of %(whole)s %(unit)s") % words)


def amount(value: Decimal, unit: str, places: int | None = None) -> str:
    """“40 %”, “1.250 orang”: without needless zeros, unless `places` are asked for."""
    plain = value.normalize() + 0 if places is None else value
    return one_line(f"{number_format(plain, places, force_grouping=True)} {unit}")


def means(row: ActionSaid) -> Entry:
    """Money with its source, people and things."""
    cost = _label(FundSource, row.fund_source)
    if row.budget is not None:
        words = {"amount": formats.rupiah(row.budget), "source": cost}
        cost = _("%(amount)s from %(source)s") % words if cost else words["amount"]
    needs = one_line(row.resources)
    return (
        *_line(_("Cost: %(cost)s") % {"cost": cost} if cost else "", "note"),
        *_line(_("Means: %(means)s") % {"means": needs} if needs else "", "note"),
    )


def by_whom(row: ActionSaid) -> Entry:
    who = one_line(row.responsible)
    return _line(_("Responsible: %(who)s") % {"who": who} if who else "", "note")


def _dotted(lines: Sequence[Line]) -> str:
    return " · ".join(one.text for one in lines).replace("· →", "→")


def _order(number: str) -> tuple[int, str]:
    return len(number), number


def _headed(head: str, text: str) -> Entry:
    lines = lines_of(text)
    return (*_line(head, "head"), *lines) if lines else ()


def _line(text: str, style: str = "text") -> Entry:
    text = re.sub(r" (?=%)|(?<=→) ", "\N{NO-BREAK SPACE}", one_line(text))
    return (Line(text, style),) if text else ()


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else one_line(value)
