"""What the forms of this app share."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import CountField

FOUR_FIGURES = _("Write the year in four figures, for example 2026.")


def out_of_years() -> Case:
    """Orders programs that run this year or ran last year before all others."""
    year = timezone.localdate().year
    return Case(When(year_from__lte=year, year_to__gte=year - 1, then=Value(0)), default=Value(1))


def in_years(year: int) -> None:
    """A year the portal keeps: 2000 to 2100."""
    if not 1000 <= year <= 9999:
        raise forms.ValidationError(FOUR_FIGURES, code="four_figures")
    if not 2000 <= year <= 2100:
        raise forms.ValidationError(_("Write a year from 2000 to 2100."), code="out_of_range")


def parse_year(text: str) -> int:
    """As parse_count, but what is no number is asked for as a year."""
    try:
        return formats.parse_count(text)
    except formats.Unreadable as error:
        raise formats.Unreadable(error.code, FOUR_FIGURES) from error


class YearField(CountField):
    """A calendar year from 2000 to 2100."""

    missing = _("Fill in %(what)s with a year, for example 2026.")
    read = staticmethod(parse_year)

    def __init__(self, **options):
        super().__init__(validators=[in_years], **options)


class Refusable:
    """A form that shows what a service refused, each problem beside its field."""

    #: Fields that the service calls by another name.
    renamed: ClassVar[dict[str, str]] = {}

    def refuse(self, answer) -> None:
        """Take over the problems of a Refused or of an Outcome."""
        for problem in answer.problems:
            name = self.renamed.get(problem.field, problem.field)
            self.add_error(
                name if name in self.fields else None,
                forms.ValidationError(problem.detail, code=problem.code),
            )

    def renew(self, version: int) -> None:
        """Offer the same answers again, over the present version of the row."""
        self.data = self.data.copy()
        self.data["version"] = version
