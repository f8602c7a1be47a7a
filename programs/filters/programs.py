"""What lists of programs may be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from ..models import Program, ProgramState, TargetGroup
from .shared import MOST_LETTERS, ListFilter, YearFilter, villages_of


class ProgramFilter(ListFilter):
    """Programs by words, owner, state, year and target group."""

    OWNERS = (
        ("opd", _("Offices")),
        ("district", _("Districts")),
        ("village", _("Villages")),
    )

    search = filters.CharFilter(
        label=_("Search"), field_name="title", lookup_expr="icontains", max_length=MOST_LETTERS
    )
    owner = filters.ChoiceFilter(
        label=_("Owner"), choices=OWNERS, method="filter_owner", empty_label=_("All")
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=ProgramState.choices, empty_label=_("All")
    )
    year = YearFilter(label=_("Year"), method="filter_year")
    target_group = filters.ChoiceFilter(
        label=_("Target group"), choices=TargetGroup.choices, empty_label=_("All")
    )
    village = filters.ModelChoiceFilter(
        label=_("Village"),
        field_name="villages",
        to_field_name="code",
        queryset=villages_of,
        empty_label=_("All"),
    )

    class Meta:
        model = Program
        fields: tuple[str, ...] = ()

    def filter_owner(self, queryset, _name, kind):
        return queryset.filter(**{f"owner_{kind}__isnull": False})

    def filter_year(self, queryset, _name, value: int):
        return queryset.filter(year_from__lte=value, year_to__gte=value)
