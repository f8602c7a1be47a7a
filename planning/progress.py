"""How far an indicator came on its way from baseline to target: where its marks stand on a bar,
and the words beside it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats

from .models import IndicatorKind, Measure, Sex
from .realised import PERCENT, Realised

#: What came of an indicator so far, and what that is called.
VERDICTS = {
    "reached": gettext_lazy("Reached"),
    "nearer": gettext_lazy("Moving towards the target"),
    "still": gettext_lazy("Not moved yet"),
    "away": gettext_lazy("Moving away from the target"),
    "known": gettext_lazy("Counted"),
    "unknown": gettext_lazy("No figure yet"),
}


def amount(value: Decimal | int | None, unit: str) -> str:
    """“44,2 %”, “1.200 orang”; a dash for nothing."""
    if value is None:
        return formats.NOTHING
    figure = number_format(Decimal(value).normalize() + 0, force_grouping=True, use_l10n=True)
    return f"{figure} {unit}".strip()


@dataclass(frozen=True)
class Progress:
    """One indicator on its way. Marks are places on a bar, per cent of its length from the left;
    None where there is no figure."""

    of: Realised

    @property
    def verdict(self) -> str:
        """A key of VERDICTS."""
        of = self.of
        if of.value is None:
            return "unknown"
        if of.reached:
            return "reached"
        if of.moved is None or of.target is None or of.baseline is None:
            return "known"
        if of.moved == 0:
            return "still"
        return "nearer" if (of.moved > 0) == (of.target > of.baseline) else "away"

    @property
    def verdict_words(self) -> str:
        return str(VERDICTS[self.verdict])

    @property
    def kind(self) -> str:
        """Output or outcome."""
        return str(dict(IndicatorKind.choices).get(self.of.indicator.kind, ""))

    @property
    def moved(self) -> bool:
        return self.verdict in ("reached", "nearer")

    @property
    def baseline(self) -> str:
        return amount(self.of.baseline, self.of.indicator.unit)

    @property
    def value(self) -> str:
        return amount(self.of.value, self.of.indicator.unit)

    @property
    def target(self) -> str:
        return amount(self.of.target, self.of.indicator.unit)

    @property
    def pair_words(self) -> str:
        """The counts behind a share: “19 perempuan dari 43 orang”."""
        if self.of.pair is None:
            return ""
        part, whole = self.of.pair
        row = self.of.indicator
        words = {"part": formats.count(part), "whole": formats.count(whole)}
        if row.measure == Measure.VILLAGES:
            return _("%(part)s of %(whole)s villages") % words
        if row.sex == Sex.MEN:
            words["part"] = formats.count(whole - part)
            return _("%(part)s men among %(whole)s people") % words
        return _("%(part)s women among %(whole)s people") % words

    @property
    def start_x(self) -> str | None:
        return self._place(self.of.baseline)

    @property
    def now_x(self) -> str | None:
        return self._place(self.of.value)

    @property
    def target_x(self) -> str | None:
        return self._place(self.of.target)

    @property
    def way(self) -> dict[str, str] | None:
        """The stretch between baseline and now, as x and width."""
        if self.of.value is None:
            return None
        ends = sorted((self._share(self.of.baseline or Decimal(0)), self._share(self.of.value)))
        return {"x": f"{ends[0]:.2f}", "width": f"{ends[1] - ends[0]:.2f}"}

    @property
    def end(self) -> str:
        """What the right end of the bar stands for."""
        return amount(self._most, self.of.indicator.unit)

    @property
    def _most(self) -> Decimal:
        if self.of.indicator.unit == PERCENT:
            return Decimal(100)
        known = [one for one in (self.of.baseline, self.of.value, self.of.target) if one]
        return max(known, default=Decimal(1))

    def _share(self, value: Decimal) -> Decimal:
        return min(Decimal(100), max(Decimal(0), 100 * value / self._most))

    def _place(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{self._share(value):.2f}"


def finding(progress: Iterable[Progress]) -> str:
    """The sentence above the bars."""
    shown = list(progress)
    words = {
        "moved": sum(one.moved for one in shown),
        "reached": sum(one.verdict == "reached" for one in shown),
        "all": len(shown),
    }
    if not words["moved"]:
        return _("None of the %(all)s indicators has moved towards its target yet.") % words
    said = _("%(moved)s of %(all)s indicators moved towards their target, %(reached)s reached it.")
    return said % words
