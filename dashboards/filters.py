"""Which period and which records a board shows: read from the query string, kept in links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from programs.models import Basis

EARLIEST, LATEST = 2000, 2100
SEMESTERS = {"": 0, "1": 1, "2": 2}


@dataclass(frozen=True)
class BoardFilter:
    """One year or one of its semesters (0 = whole year), on one basis."""

    year: int
    semester: int = 0
    basis: str = Basis.VERIFIED

    @property
    def period(self) -> str:
        if not self.semester:
            return str(self.year)
        return gettext("semester %(half)s of %(year)s") % {
            "half": self.semester,
            "year": self.year,
        }

    @property
    def first_day(self) -> date:
        return date(self.year, 7 if self.semester == 2 else 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 6, 30) if self.semester == 1 else date(self.year, 12, 31)

    @property
    def verified_only(self) -> bool:
        return self.basis == Basis.VERIFIED

    @property
    def query(self) -> str:
        """The same filter as a query string, for links to other boards and to the API."""
        return urlencode(self.params)

    @property
    def params(self) -> dict[str, Any]:
        said: dict[str, Any] = {"year": self.year}
        if self.semester:
            said["semester"] = self.semester
        if not self.verified_only:
            said["basis"] = self.basis
        return said

    @property
    def on_other_basis(self) -> BoardFilter:
        other = Basis.REPORTED if self.verified_only else Basis.VERIFIED
        return replace(self, basis=other.value)


def newest_year(years: Sequence[int], today: date) -> int:
    """The present year when it has records or nothing has, else the newest year that has."""
    return today.year if today.year in years or not years else max(years)


def parse(params: Mapping[str, str], default_year: int) -> BoardFilter:
    """Read `year`, `semester` and `basis`; absent ones mean the default year, whole, verified.

    Refused names every parameter that cannot be read: a board never guesses a period.
    """
    problems = []
    year = _year(params.get("year", ""), default_year)
    if year is None:
        problems.append(Problem("year", "unknown_value", gettext("Choose a year, such as 2026.")))
    semester = SEMESTERS.get(params.get("semester", ""))
    if semester is None:
        problems.append(
            Problem("semester", "unknown_value", gettext("Choose semester 1 or 2, or the year."))
        )
    basis = params.get("basis", "") or Basis.VERIFIED.value
    if basis not in Basis.values:
        problems.append(
            Problem("basis", "unknown_value", gettext("Choose verified or all records sent in."))
        )
    if problems:
        raise Refused(*problems)
    return BoardFilter(year or default_year, semester or 0, basis)


def _year(text: str, default: int) -> int | None:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return None
    return int(text) if EARLIEST <= int(text) <= LATEST else None


class BoardFilterForm(forms.Form):
    """The filter as three lists to choose from; sent by GET, read by `parse`."""

    year = forms.ChoiceField(label=_("Year"), required=False)
    semester = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[("", _("Whole year")), ("1", _("January to June")), ("2", _("July to December"))],
    )
    basis = forms.ChoiceField(
        label=pgettext_lazy("which records count", "Records"),
        required=False,
        choices=Basis.choices,
    )

    def __init__(self, flt: BoardFilter, years: Sequence[int]):
        super().__init__(
            initial={"year": flt.year, "semester": flt.semester or "", "basis": flt.basis}
        )
        choices = sorted({*years, flt.year}, reverse=True)
        cast(forms.ChoiceField, self.fields["year"]).choices = [(year, year) for year in choices]


@dataclass(frozen=True)
class Chip:
    """One filter in use and the address without it."""

    label: str
    remove_url: str


def chips(flt: BoardFilter, default_year: int, params: Mapping[str, str]) -> list[Chip]:
    """The choices that differ from the default; `params` is the query string as it stands."""
    said = {"year": str(flt.year) if flt.year != default_year else ""}
    if flt.semester:
        said["semester"] = gettext("Semester %(half)s") % {"half": flt.semester}
    if not flt.verified_only:
        said["basis"] = str(Basis(flt.basis).label)
    return [Chip(label, without(params, name)) for name, label in said.items() if label]


def without(params: Mapping[str, str], name: str) -> str:
    """This page's address without one parameter."""
    return "?" + urlencode({key: value for key, value in params.items() if key != name})
