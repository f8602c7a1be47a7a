"""Which document of which area and period: asked for by GET, and issued by POST."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import WordedForm
from programs.models import Basis
from programs.periods import Period, PeriodKind

from ..areas import Area
from ..filters import BoardFilter
from .checking import filter_of
from .kinds import KINDS

LONGEST = 4000  # characters of a paragraph the office writes
SEMESTERS = (1, 2)
QUARTERS = (1, 2, 3, 4)


class ReportForm(WordedForm, forms.Form):
    """`kind`, `area`, `period` and `basis`; the lists hold what this person may choose."""

    area = forms.ChoiceField(label=_("Area"))
    kind = forms.ChoiceField(label=_("Document"))
    period = forms.ChoiceField(label=_("Period"))
    basis = forms.ChoiceField(
        label=pgettext_lazy("which records count", "Records"), choices=Basis.choices
    )

    def __init__(self, *args: Any, areas: Sequence[Area], years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        levels = {one.level for one in areas}
        self._choices("area", [(one.code, _named(one)) for one in areas])
        self._choices(
            "kind", [(kind.name, kind.label) for kind in KINDS.values() if kind.levels & levels]
        )
        self._choices("period", [(one.code, one.label) for one in periods(years)])

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    @property
    def flt(self) -> BoardFilter:
        """The chosen period and basis; only of a form that was filled in rightly."""
        return filter_of(self.cleaned_data["period"], self.cleaned_data["basis"])


def _named(area: Area) -> str:
    return f"{area.title}, {area.place}" if area.place else area.title


def periods(years: Sequence[int]) -> list[Period]:
    """Every year there is, its semesters and quarters, newest first."""
    return [
        period
        for year in sorted(years, reverse=True)
        for period in (
            Period(year),
            *(Period(year, PeriodKind.SEMESTER.value, half) for half in reversed(SEMESTERS)),
            *(Period(year, PeriodKind.QUARTER.value, part) for part in reversed(QUARTERS)),
        )
    ]


class TextsForm(WordedForm, forms.Form):
    """What the office writes into a semester report itself; both may stay empty."""

    problems = forms.CharField(
        label=_("Other problems"),
        help_text=_("Enters the report as it stands. Left empty, there are lines to fill in."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    efforts = forms.CharField(
        label=_("Efforts"),
        help_text=_("What was done about the problems, and what comes next."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
