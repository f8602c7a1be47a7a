"""What the API's lists of village-years and instruments may be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from programs.filters.shared import ListFilter, YearFilter, in_reach, villages_of

from .models import Instrument, ReviewState


class VillageYearFilter(ListFilter):
    """By village, year and state, and what changed since."""

    unasked = ("ordering", "updated_since")

    village = extend_schema_field(str)(
        filters.ModelChoiceFilter(
            label=_("Village"), to_field_name="code", queryset=villages_of, empty_label=_("All")
        )
    )
    year = YearFilter(label=_("Year"))
    state = filters.ChoiceFilter(
        label=_("State"), choices=ReviewState.choices, empty_label=_("All")
    )
    updated_since = filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )

    class Meta:
        fields: tuple[str, ...] = ()


class AssessmentFilter(VillageYearFilter):
    """And by the instrument's short name, in all its versions."""

    instrument = filters.CharFilter(
        label=_("Scorecard"), field_name="instrument__key", max_length=30
    )


class InstrumentFilter(ListFilter):
    """By short name, and which are in use in a year."""

    key = filters.CharFilter(label=_("Short name"), field_name="key", max_length=30)
    year = extend_schema_field(int)(YearFilter(label=_("Year"), method="filter_year"))
    updated_since = filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )

    class Meta:
        model = Instrument
        fields: tuple[str, ...] = ()

    def filter_year(self, rows, _name, year: int):
        return rows.filter(Q(last_year=None) | Q(last_year__gte=year), first_year__lte=year)
