"""The filter of a board as lists to choose from, and as chips to take away.

Sent by GET and read by `filters.parse`; the one list of periods is spelled out in the address as
semester, quarter or month (`canonical`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Problem, Refused
from programs.involvement import Level
from programs.models import Basis, FundSource, Program, TargetGroup
from programs.periods import Period
from villages.models import District, Opd

from .areas import district_title
from .filters import PARTS, BoardFilter

#: What stands in view; the rest is folded until it is in use.
IN_VIEW = ("year", "period", "district")
#: A longer list of districts is cut down to the office's own regency.
MOST_CHOICES = 200
NAMES = tuple(field.name for field in fields(BoardFilter))
ALL = ("", gettext_lazy("All"))
OWNERS = (
    ("opd", gettext_lazy("Offices")),
    ("district", gettext_lazy("Districts")),
    ("village", gettext_lazy("Villages")),
)
LEVELS = (
    ("involved", gettext_lazy("Programs that involve women")),
    ("judged", gettext_lazy("Programs with data")),
    *((level.code, level.label) for level in Level if level != Level.NOT_COUNTED),
)


def periods() -> list[tuple[Any, Any]]:
    """The parts of a year, by the text that stands for each in the list."""
    semesters = (_("January to June"), _("July to December"))
    return [
        ("", _("Whole year")),
        (_("Semesters"), [(f"S{n}", label) for n, label in enumerate(semesters, start=1)]),
        (_("Quarters"), [(f"Q{n}", _("Quarter %(n)s") % {"n": n}) for n in range(1, 5)]),
        (_("Months"), [(f"{n:02d}", label) for n, label in MONTHS.items()]),
    ]


class BoardFilterForm(forms.Form):
    """The filter as lists, each with what the person can reach."""

    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=periods)
    district = forms.ChoiceField(label=gettext_lazy("District"), required=False)
    owner = forms.ChoiceField(
        label=gettext_lazy("Owner of the program"), required=False, choices=[ALL, *OWNERS]
    )
    opd = forms.ChoiceField(label=gettext_lazy("Office"), required=False)
    target_group = forms.ChoiceField(
        label=gettext_lazy("Target group"), required=False, choices=[ALL, *TargetGroup.choices]
    )
    fund_source = forms.ChoiceField(
        label=gettext_lazy("Fund source"), required=False, choices=[ALL, *FundSource.choices]
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Level of the program"), required=False, choices=[ALL, *LEVELS]
    )
    basis = forms.ChoiceField(
        label=pgettext_lazy("which records count", "Records"),
        required=False,
        choices=Basis.choices,
    )

    def __init__(self, flt: BoardFilter, years: Sequence[int], user: Any = None):
        super().__init__(
            initial={
                **{name: getattr(flt, name) or "" for name in NAMES},
                "period": flt.when.code[5:],
            }
        )
        self.flt = flt
        self._offer("year", [(year, year) for year in sorted({*years, flt.year}, reverse=True)])
        self._offer_some("district", _districts(user, flt))
        self._offer_some("opd", _offices(user, flt))

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def _offer_some(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """The list, when there is anything to choose between."""
        if len(choices) > 1:
            self._offer(name, [ALL, *choices])
        else:
            del self.fields[name]

    @property
    def in_view(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in IN_VIEW]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in IN_VIEW]

    @property
    def unfolded(self) -> bool:
        """One of the folded ones is in use."""
        return self.flt.narrow or not self.flt.verified_only


def _districts(user: Any, flt: BoardFilter) -> list[tuple[str, str]]:
    if user is None:
        return []
    reach = user.districts_with("view").order_by("name").values_list("code", "name")
    found = list(reach[: MOST_CHOICES + 1])
    if len(found) > MOST_CHOICES:
        code = flt.district[:5] or settings.PUG_REGENCY
        found = list(reach.filter(regency__code=code))
    return found


def _offices(user: Any, flt: BoardFilter) -> list[tuple[int, str]]:
    """Offices that own a program, by name."""
    if user is None:
        return []
    owning = Exists(Program.objects.filter(owner_opd=OuterRef("pk")))
    offices = Opd.objects.visible_to(user).filter(owning).order_by("name")
    return list(offices.values_list("pk", "name")[:MOST_CHOICES])


# -- The address ---------------------------------------------------------------


def canonical(params: Mapping[str, str]) -> str:
    """The address of a filter sent by the form: nothing empty, the period by its own name.

    `period` is "S1", "Q3" or "11" beside a year, or a whole code such as 2026-Q3.
    Refused when it is none of these.
    """
    said = {name: value for name, value in params.items() if value and name != "period"}
    if text := params.get("period", ""):
        when = _period_of(text, said.get("year", ""))
        said = {name: value for name, value in said.items() if name not in PARTS}
        said |= {"year": str(when.year)} if len(text) > 3 else {}
        said |= {when.kind: str(when.number)} if when.number else {}
    return urlencode(said)


def _period_of(text: str, year: str) -> Period:
    try:
        return Period.from_code(text if len(text) > 3 else f"{year or 2000}-{text}")
    except ValueError as error:
        raise Refused(Problem("period", "unknown_value", _("Choose one from the list."))) from error


@dataclass(frozen=True)
class Chip:
    """One filter in use and the address without it."""

    label: str
    remove_url: str


def chips(flt: BoardFilter, default_year: int, params: Mapping[str, str]) -> list[Chip]:
    """The choices that differ from the default; `params` is the query string as it stands."""
    usual = BoardFilter(default_year)
    return [
        Chip(words(flt, name), without(params, name))
        for name in NAMES
        if getattr(flt, name) != getattr(usual, name)
    ]


def words(flt: BoardFilter, name: str) -> str:
    """One choice of the filter as its chip says it."""
    return str(_WORDS[name](getattr(flt, name)))


def _labelled(name: str, choices: Sequence[tuple[Any, Any]]) -> Callable[[Any], str]:
    def say(value: Any) -> str:
        label = BoardFilterForm.base_fields[name].label
        return _("%(name)s: %(value)s") % {"name": label, "value": dict(choices).get(value, value)}

    return say


def _district_name(code: str) -> str:
    found = District.reference.filter(code=code).values_list("name", flat=True).first()
    return district_title(found or code)


def _office_name(pk: int) -> str:
    return Opd.objects.filter(pk=pk).values_list("name", flat=True).first() or str(pk)


_WORDS: dict[str, Callable[[Any], Any]] = {
    "year": str,
    "semester": lambda number: _("Semester %(half)s") % {"half": number},
    "quarter": lambda number: _("Quarter %(n)s") % {"n": number},
    "month": lambda number: MONTHS[number],
    "basis": lambda basis: Basis(basis).label,
    "district": _district_name,
    "opd": _office_name,
    "owner": _labelled("owner", OWNERS),
    "target_group": _labelled("target_group", TargetGroup.choices),
    "fund_source": _labelled("fund_source", FundSource.choices),
    "level": _labelled("level", [*LEVELS, (Level.NOT_COUNTED.code, Level.NOT_COUNTED.label)]),
}


def without(params: Mapping[str, str], name: str) -> str:
    """This page's address without one parameter."""
    return "?" + urlencode({key: value for key, value in params.items() if key != name})
