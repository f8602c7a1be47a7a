"""What lists of planning documents and budget lines may be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.filters.figures import offices_of
from programs.filters.shared import (
    MOST_LETTERS,
    ListFilter,
    ProgramChoiceFilter,
    YearFilter,
    districts_of,
    in_reach,
    programs_of,
    villages_of,
)
from programs.models import ArgCategory

from .models import PlanState, Template

OWNERS = (("opd", _("Offices")), ("district", _("Districts")), ("village", _("Villages")))


def _office(path: str):
    return filters.ModelChoiceFilter(
        label=_("Office"),
        field_name=f"{path}owner_opd",
        queryset=offices_of,
        empty_label=_("All"),
    )


def _district(path: str):
    return filters.ModelChoiceFilter(
        label=_("District"),
        field_name=f"{path}owner_district",
        to_field_name="code",
        queryset=districts_of,
    )


def _village(path: str):
    return filters.ModelChoiceFilter(
        label=_("Village"),
        field_name=f"{path}owner_village",
        to_field_name="code",
        queryset=villages_of,
    )


def _program(path: str):
    return ProgramChoiceFilter(
        label=_("Program"), field_name=path, to_field_name="uid", queryset=programs_of
    )


class OwnedFilter(ListFilter):
    """Documents by words, owner, year, state and program; `updated_since` is for tools."""

    unasked = ("ordering", "updated_since")
    #: How to get from a row to the program, with the underscores.
    path = "program__"

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    year = YearFilter(label=_("Budget year"))
    state = filters.ChoiceFilter(label=_("State"), choices=PlanState.choices, empty_label=_("All"))
    owner = filters.ChoiceFilter(
        label=_("Owner"), choices=OWNERS, method="filter_owner", empty_label=_("All")
    )
    updated_since = filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )

    class Meta:
        fields: tuple[str, ...] = ()

    def filter_search(self, rows, _name, text):
        return rows.filter(**{f"{self.path}title__icontains": text})

    def filter_owner(self, rows, _name, kind):
        return rows.filter(**{f"{self.path}owner_{kind}__isnull": False})


class AnalysisFilter(OwnedFilter):
    """Gender analyses, and by their form."""

    opd, district, village = _office("program__"), _district("program__"), _village("program__")
    program = _program("program")
    template = filters.ChoiceFilter(label=_("Form"), choices=Template.choices, empty_label=_("All"))


class StatementFilter(OwnedFilter):
    """Budget statements, and those of one analysis."""

    path = "analysis__program__"
    unasked = (*OwnedFilter.unasked, "analysis")

    opd, district, village = _office(path), _district(path), _village(path)
    program = _program("analysis__program")
    analysis = filters.UUIDFilter(label=_("Gender analysis"), field_name="analysis_id")


class LineFilter(ListFilter):
    """Budget lines by words, owner, year, category, and whether they count as gender budget."""

    unasked = ("ordering", "updated_since", "statement")

    search = filters.CharFilter(
        label=_("Search"), field_name="name", lookup_expr="icontains", max_length=MOST_LETTERS
    )
    year = YearFilter(label=_("Budget year"))
    owner = filters.ChoiceFilter(
        label=_("Owner"), choices=OWNERS, method="filter_owner", empty_label=_("All")
    )
    opd, district = _office(""), _district("")
    village = filters.ModelChoiceFilter(
        label=_("Village"), to_field_name="code", queryset=villages_of, method="filter_village"
    )
    category = filters.ChoiceFilter(
        label=_("ARG category"), choices=ArgCategory.choices, empty_label=_("All")
    )
    counted = filters.ChoiceFilter(
        label=_("Counts as gender budget"),
        choices=[("true", _("Yes")), ("false", _("No"))],
        method="filter_counted",
        empty_label=_("All"),
    )
    statement = filters.UUIDFilter(label=_("Budget statement"), field_name="statement_id")
    updated_since = filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )

    class Meta:
        fields: tuple[str, ...] = ()

    def filter_owner(self, rows, _name, kind):
        return rows.filter(**{f"owner_{kind}__isnull": False})

    def filter_village(self, rows, _name, village):
        """A village's own lines, and those of others that are spent there."""
        return rows.filter(Q(owner_village=village) | Q(village=village))

    def filter_counted(self, rows, _name, counted):
        lines = rows.model.objects.counted()
        return rows.filter(pk__in=lines) if counted == "true" else rows.exclude(pk__in=lines)
