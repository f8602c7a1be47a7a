"""What every filtered list shares: choices within one's reach, chips, the boxes of its form."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from core import formats
from core.forms import DayField
from villages.models import Village

from ..forms.shared import YearField, out_of_years
from ..models import Program, ProgramVillage
from ..wording import program_name

EARLIEST, LATEST = 2000, 2100
#: A search is a few words, however long the address.
MOST_LETTERS, MOST_WORDS = 200, 8
#: Longer lists of villages or programs are offered only once a district is chosen.
MOST_CHOICES = 200
OWNERS = ("owner_opd", "owner_district", "owner_village")


def in_reach(moment: date) -> None:
    """A day that a database can be asked for, in any time zone."""
    if not EARLIEST <= moment.year <= LATEST:
        raise forms.ValidationError(
            _("Choose a date from the years 2000 to 2100."), code="out_of_range"
        )


class DayFilter(filters.Filter):
    field_class = DayField


class YearFilter(filters.Filter):
    field_class = YearField


class ProgramChoiceField(ModelChoiceField):
    """Programs under a name that tells them apart."""

    def label_from_instance(self, obj: Program) -> str:
        return program_name(obj)


class ProgramChoiceFilter(filters.ModelChoiceFilter):
    field_class = ProgramChoiceField


def districts_of(request) -> QuerySet:
    return request.user.districts_with("view").order_by("name")


def villages_of(request) -> QuerySet:
    """Her villages, those of the chosen district where one is chosen."""
    villages = Village.objects.visible_to(request.user).order_by("name", "code")
    district = request.GET.get("district")
    return villages.filter(district__code=district) if district else villages


def programs_of(request) -> QuerySet:
    """Her programs, those of the chosen village where one is chosen."""
    programs = Program.objects.visible_to(request.user).select_related(*OWNERS)
    programs = programs.order_by(out_of_years(), "title", "-year_from", "uid")
    village = request.GET.get("village")
    if not village:
        return programs
    return programs.filter(
        Exists(ProgramVillage.objects.filter(program=OuterRef("pk"), village__code=village))
    )


class ListFilter(filters.FilterSet):
    """A filter of a list page: what is in use, and which boxes are worth showing."""

    #: Asked for by links and tools, never by a box on the page.
    unasked: tuple[str, ...] = ("ordering",)
    #: What loses its meaning when a filter is taken away.
    leaning: ClassVar[dict[str, tuple[str, ...]]] = {}

    def boxes(self) -> list:
        """The fields of the page's form: those it asks for, and those to be put right. Long lists
        wait until something narrows them."""
        return [
            field
            for field in self.form
            if (field.name not in self.unasked and self._short(field)) or field.errors
        ]

    def carried(self) -> list[tuple[str, str]]:
        """What is in use without a box on the page: the form takes it along."""
        boxes = {field.name for field in self.boxes()}
        return [
            (name, self.data[name])
            for name in self.form.fields
            if name not in boxes and self.data.get(name)
        ]

    def _short(self, field) -> bool:
        choices = getattr(field.field, "queryset", None)
        if choices is None or field.value():
            return True
        return 1 < choices[: MOST_CHOICES + 1].count() <= MOST_CHOICES

    def chips(self) -> list[dict[str, str]]:
        """Each filter in use with its words and the address without it."""
        if not self.form.is_valid():
            return []
        return [
            {"label": self._words(name), "remove_url": self._without(name)}
            for name, value in self.form.cleaned_data.items()
            if name != "ordering" and value not in (None, "")
        ]

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.form.fields if name != "ordering")

    @property
    def unfolded(self) -> bool:
        """In use beyond the state, which has links of its own on the page."""
        return bool(self.form.errors) or any(
            self.data.get(name) for name in self.form.fields if name not in ("ordering", "status")
        )

    def _words(self, name: str) -> str:
        """A filter in use as its chip says it: "Kecamatan: Kuaro"."""
        return f"{self.form.fields[name].label}: {self.value_words(name)}"

    def value_words(self, name: str) -> str:
        """The value of a filter in use as people call it."""
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        if isinstance(field, forms.ModelChoiceField):
            value = field.label_from_instance(value)
        elif isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)
        elif isinstance(field, DayField):
            value = formats.day_short(value)
        return str(value)

    def _without(self, name: str) -> str:
        kept = self.data.copy()
        for gone in (name, *self.leaning.get(name, ()), "page"):
            kept.pop(gone, None)
        return f"?{kept.urlencode()}"
