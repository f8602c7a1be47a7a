"""The form of one population figure."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, WordedForm
from programs.forms.shared import Refusable, parse_year
from villages.models import Population
from villages.services.population import FIRST_YEAR, MOST_PEOPLE, mark_of

from ..population import PREFIXES, PopulationSeries, series_of


def counted_year(year: int) -> None:
    last = timezone.localdate().year
    if not FIRST_YEAR <= year <= last:
        words = _("Write a year from %(first)s to %(last)s.")
        params = {"first": FIRST_YEAR, "last": last}
        raise ValidationError(words, code="out_of_range", params=params)


class CountedYearField(CountField):
    """The year that people were counted in."""

    missing = _("Fill in %(what)s with a year, for example 2025.")
    read = staticmethod(parse_year)

    def __init__(self, **options):
        super().__init__(validators=[counted_year], **options)


class CountsForm(Refusable, WordedForm, forms.Form):
    """Women, men and all of one area, as far as the source tells."""

    women = CountField(label=_("Women"), required=False, max_value=MOST_PEOPLE)
    men = CountField(label=_("Men"), required=False, max_value=MOST_PEOPLE)
    total = CountField(
        label=_("Total"),
        required=False,
        max_value=MOST_PEOPLE,
        help_text=_("Leave it open where women and men are filled in."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def told(self, population: Population) -> Population:
        """The figure with the counts that were typed."""
        for name in ("women", "men", "total", "note"):
            setattr(population, name, self.cleaned_data[name])
        return population


class ChangeForm(CountsForm):
    """`version`: what she saw (villages.services.mark_of)."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, population: Population):
        initial = {name: getattr(population, name) for name in ("women", "men", "total", "note")}
        super().__init__(data, initial={**initial, "version": mark_of(population)})


class FigureForm(CountsForm):
    """A new figure: which area, when, counted how, and where it was read."""

    field_order = ("area", "year", "series", "detail", "women", "men", "total", "source", "note")
    renamed = {"area_code": "area", "period": "detail"}  # noqa: RUF012

    area = forms.ChoiceField(label=_("Area"))
    year = CountedYearField(label=_("Year"))
    series = forms.ChoiceField(label=_("Counted by"), help_text=_("Series are never mixed."))
    detail = forms.CharField(
        label=_("Which count"),
        required=False,
        max_length=60,
        help_text=_("For example mid-year, semester 2."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=500,
        help_text=_("Publication, page or letter, or the address where it can be read."),
    )

    def __init__(self, data=None, *, areas, initial=None):
        super().__init__(data, initial=initial)
        self.fields["area"].choices = [("", _("Choose …")), *areas]
        self.fields["series"].choices = [("", _("Choose …")), *PopulationSeries.choices]

    def clean(self):
        said = super().clean()
        if said.get("series"):
            said["period"] = period_of(said["series"], said.get("detail") or "")
            if trouble := period_trouble(said["series"], said["period"]):
                self.add_error("detail", trouble)
        return said

    def population(self) -> Population:
        said = self.cleaned_data
        one = Population(
            area_code=said["area"],
            year=said["year"],
            period=said["period"],
            source=said["source"],
        )
        return self.told(one)


def period_of(series: str, detail: str) -> str:
    """What is stored: “Dukcapil, semester 1”."""
    return ", ".join(filter(None, (PREFIXES[PopulationSeries(series)], detail.strip())))


def period_trouble(series: str, period: str) -> ValidationError | None:
    """Other sources are named, and what is named is not of another series."""
    if not period:
        return ValidationError(_("Say what was counted and when."), code="required")
    read = series_of(period, "")
    if read != series:
        words = _("This reads as “%(series)s”. Choose that series, or write it otherwise.")
        return ValidationError(words, code="unknown_value", params={"series": read.label})
    return None
