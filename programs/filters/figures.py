"""The filters by which a list shows exactly the records behind a figure of a board.

Their names are those of the boards' addresses; boxes on the page ask for none of them.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import ModelChoiceField

from villages.models import District, Opd, Province, Regency, Village, VillageQuerySet, level_of
from villages.models import Level as AreaLevel

from .. import behind
from ..involvement import NAMED_LEVELS, Level
from ..models import Activity, Basis, FundSource, Kind, TargetGroup
from ..periods import Period, PeriodKind
from ..rollups import COUNTED, WITH_WOMEN
from .shared import ListFilter, YearFilter

#: Parts of a year by the name their number has in an address.
PARTS = ("semester", "quarter", "month")
#: Whose a program is: an office's, a district's own or a village's own.
OWNERS = (("opd", _("Offices")), ("district", _("Districts")), ("village", _("Villages")))
#: The whole country, where boards call an area by its code.
NATION = "0"
_AREAS = {
    AreaLevel.PROVINCE: Province,
    AreaLevel.REGENCY: Regency,
    AreaLevel.DISTRICT: District,
}
_GROUPS = {
    "involved": _("Programs that involve women"),
    "judged": _("Programs with data"),
}
#: The words of `level` with what the page calls them.
LEVELS = [(word, _GROUPS.get(word) or levels[0].label) for word, levels in NAMED_LEVELS.items()]

Choice = partial(filters.ChoiceFilter, empty_label=_("All"))
Only = partial(Choice, label=pgettext_lazy("which records are listed", "Only"))


def period_of(said: dict) -> Period | None:
    """The period of these cleaned values; None when no year is among them."""
    if not said.get("year"):
        return None
    for part in PARTS:
        if number := said.get(part):
            return Period(said["year"], PeriodKind(part).value, int(number))
    return Period(said["year"])


class FigureForm(forms.Form):
    """A part of a year needs its year; a level is a level of one period, on one basis."""

    def clean(self):
        said = self.cleaned_data
        parts = [part for part in PARTS if said.get(part)]
        if len(parts) > 1:
            words = _("Choose one period: a semester, a quarter or a month.")
            self.add_error(parts[1], forms.ValidationError(words, code="one_period"))
        if (parts or said.get("level")) and not said.get("year") and "year" not in self.errors:
            self.add_error("year", forms.ValidationError(_("Choose the year."), code="required"))
        if said.get("level") and not said.get("basis") and "basis" not in self.errors:
            words = _("Choose verified or all records sent in.")
            self.add_error("basis", forms.ValidationError(words, code="required"))
        return said


def under(villages: VillageQuerySet, code: str) -> VillageQuerySet:
    return villages if code == NATION else villages.under(code)


class AreaField(ModelChoiceField):
    """The code of an area in which she sees at least one village."""

    widget = forms.TextInput

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if level_of(value) is None and value != NATION:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "unknown_value")
        if not under(self.queryset, value).exists():
            raise forms.ValidationError(self.error_messages["invalid_choice"], "unknown_value")
        return value

    def label_from_instance(self, obj: str) -> str:
        if obj == NATION:
            return "Indonesia"
        if model := _AREAS.get(level_of(obj)):
            name = model.reference.get(code=obj).name
            return _("District %(name)s") % {"name": name} if model is District else name
        return self.queryset.get(code=obj).title


class AreaFilter(filters.ModelChoiceFilter):
    field_class = AreaField


def reach_of(request) -> QuerySet:
    return Village.objects.visible_to(request.user)


def offices_of(request) -> QuerySet:
    return Opd.objects.visible_to(request.user).order_by("name")


class FigureFilter(ListFilter):
    """What a figure counts: a period, a basis, an area, some of the programs, some records."""

    asked_by_figures = (
        *("year", *PARTS, "basis", "area", "owner", "opd", "target_group", "fund_source"),
        *("level", "kind", "counted", "women", "called_off"),
    )

    leaning: ClassVar = {"year": (*PARTS, "level"), "basis": ("level",)}

    year = YearFilter(label=_("Year"), method="filter_year")
    semester = Choice(
        label=_("Semester"), choices=[(1, "1"), (2, "2")], method="filter_with_others"
    )
    quarter = Choice(
        label=_("Quarter"),
        choices=[(number, str(number)) for number in range(1, 5)],
        method="filter_with_others",
    )
    month = Choice(label=_("Month"), choices=[*MONTH_NAMES.items()], method="filter_with_others")
    basis = Choice(
        label=pgettext_lazy("which records count", "Records"),
        choices=Basis.choices,
        method="filter_basis",
    )
    area = AreaFilter(label=_("Area"), queryset=reach_of, method="filter_area")
    owner = Choice(label=_("Owner of the program"), choices=OWNERS, method="filter_owner")
    opd = filters.ModelChoiceFilter(
        label=_("Office"), field_name="program__owner_opd", queryset=offices_of
    )
    target_group = Choice(
        label=_("Target group"), field_name="program__target_group", choices=TargetGroup.choices
    )
    fund_source = Choice(
        label=_("Fund source of the program"),
        field_name="program__fund_source",
        choices=FundSource.choices,
    )
    level = Choice(label=_("Level of the program"), choices=LEVELS, method="filter_level")
    kind = Choice(label=_("Kind of activity"), choices=Kind.choices)
    counted = Only(choices=[("1", _("women and men counted"))], method="filter_counted")
    women = Only(choices=[("1", _("at least one woman"))], method="filter_women")
    called_off = Only(choices=[("1", _("cancelled or postponed"))], method="filter_called_off")

    class Meta:
        model = Activity
        form = FigureForm
        fields: tuple[str, ...] = ()

    @property
    def period(self) -> Period | None:
        return period_of(self.form.cleaned_data)

    def filter_year(self, queryset, _name, _year):
        return queryset.filter(held_on__range=(self.period.first_day, self.period.last_day))

    def filter_with_others(self, queryset, _name, _value):
        """A part of the year, which `filter_year` reads with it."""
        return queryset

    def filter_basis(self, queryset, _name, basis):
        found = behind.on_basis(queryset, basis)
        return found if self.form.cleaned_data.get("called_off") else found.counted()

    def filter_area(self, queryset, _name, value: str):
        return queryset.filter(
            village__in=under(self.form.fields["area"].queryset, value).settled()
        )

    def filter_owner(self, queryset, _name, kind):
        return queryset.filter(**{f"program__owner_{kind}__isnull": False})

    def filter_level(self, queryset, _name, word):
        """Those of programs that a board of this level shows: it keeps those without data."""
        basis = self.form.cleaned_data.get("basis")
        if not (basis and self.period):  # said to be missing: FigureForm
            return queryset.none()
        levels = (*NAMED_LEVELS[word], Level.NO_DATA)
        return behind.at_levels(queryset, levels, self.period, basis)

    def filter_counted(self, queryset, _name, _yes):
        return queryset.filter(COUNTED)

    def filter_women(self, queryset, _name, _yes):
        return queryset.filter(WITH_WOMEN)

    def filter_called_off(self, queryset, _name, _yes):
        return queryset.called_off()
