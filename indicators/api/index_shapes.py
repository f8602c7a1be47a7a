"""Shape of indices and population at the REST door, and what their lists may be narrowed by."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mou.serializers import Code, KeptSerializer, needed_text, some_text
from programs.api.activity_list import PlaceSerializer
from programs.program_serializers import Whole
from programs.serializers import Day, Identifier, Text, Word
from villages.models import Population

from ..models import IndexCode, IndexRelease, IndexValue, RevisionState, Statement
from ..population import PopulationSeries

MOST_PEOPLE = 2**31 - 1


@extend_schema_field({"type": "number", "minimum": 0})
class DecimalNumber(serializers.Field):
    """A number with at most three decimals."""

    default_error_messages = {  # noqa: RUF012
        "invalid": _("Send a number with at most three decimals, for example 71.98.")
    }

    def to_internal_value(self, data) -> Decimal:
        number = isinstance(data, int | float) and not isinstance(data, bool)
        if not number or not isfinite(data) or abs(data) >= 10**9:
            self.fail("invalid")
        value = Decimal(str(data))
        if value != round(value, 3):
            self.fail("invalid")
        return round(value, 3)

    def to_representation(self, value) -> float:
        return float(value)


class ValueBodySerializer(serializers.Serializer):
    """One value of a release; null takes it out."""

    area_code = needed_text(
        IndexValue, "area_code", help_text='"0" the nation, "64" a province, "64.01" a regency'
    )
    year = Whole(9999, required=True, allow_null=False)
    value = DecimalNumber(required=True, allow_null=True)
    evidence = Word(Statement)
    note = some_text(IndexValue, "note")


class ReleaseBodySerializer(serializers.Serializer):
    """What a client says of a release. In a PATCH, what is not named stays as it is, and so do
    values that `values` does not name."""

    uid = Identifier(required=False, help_text="Made by the client; the release's key for ever")
    regency = Code(help_text="Code; may be left out by whoever keeps one regency only")
    index = Word(IndexCode, required=True, allow_null=False, allow_blank=False)
    title = needed_text(IndexRelease, "title")
    publisher = needed_text(IndexRelease, "publisher")
    source = needed_text(IndexRelease, "source", help_text="Where it was read; never empty")
    source_url = some_text(IndexRelease, "source_url")
    method = some_text(IndexRelease, "method", help_text="Only one method in one release")
    published_on = Day()
    state = Word(RevisionState)
    values = ValueBodySerializer(many=True, required=False)


class ReleaseChangeSerializer(ReleaseBodySerializer):
    """What may be changed: a release stays its regency's."""

    regency = None


class ReleaseSourceSerializer(KeptSerializer):
    """A release as a value names it."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    source = serializers.CharField()
    source_url = serializers.CharField(allow_blank=True)
    method = serializers.CharField(allow_blank=True)
    published_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(RevisionState.choices)


class IndexValueSerializer(serializers.Serializer):
    """One value of one area in one year, with its release: never without its source."""

    index = serializers.ChoiceField(IndexCode.choices)
    area = PlaceSerializer()
    year = serializers.IntegerField()
    value = serializers.FloatField()
    evidence = serializers.ChoiceField(Statement.choices)
    note = serializers.CharField(allow_blank=True)
    release = ReleaseSourceSerializer()


class ReleaseValueSerializer(serializers.Serializer):
    """One value of the release."""

    area_code = serializers.CharField()
    year = serializers.IntegerField()
    value = serializers.FloatField()
    evidence = serializers.ChoiceField(Statement.choices)
    note = serializers.CharField(allow_blank=True)


class ReleaseSerializer(ReleaseSourceSerializer):
    """A release as it stands. `regency` is null for what the portal ships."""

    index = serializers.ChoiceField(IndexCode.choices)
    regency = PlaceSerializer(allow_null=True)
    values = ReleaseValueSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class IndexValueFilter(filters.FilterSet):
    """Values by index, area, year and release."""

    index = filters.ChoiceFilter(
        label=_("Index"), field_name="release__index", choices=IndexCode.choices
    )
    area = filters.CharFilter(label=_("Area code"), field_name="area_code", max_length=13)
    year = filters.NumberFilter(label=_("Year"), min_value=1990, max_value=2100)
    release = filters.UUIDFilter(label=_("Release"), field_name="release")

    class Meta:
        model = IndexValue
        fields: tuple[str, ...] = ()


class PopulationBodySerializer(serializers.Serializer):
    """One figure: women and men, or a total only."""

    area_code = needed_text(Population, "area_code")
    year = Whole(9999, required=True, allow_null=False)
    series = Word(PopulationSeries, required=True, allow_null=False, allow_blank=False)
    count = Text(max_length=60, help_text="Which count, for example semester 2")
    women = Whole(MOST_PEOPLE)
    men = Whole(MOST_PEOPLE)
    total = Whole(MOST_PEOPLE)
    source = needed_text(Population, "source")
    note = some_text(Population, "note")


class PopulationSerializer(serializers.Serializer):
    """One figure. Figures of different `series` are never added or joined."""

    area = PlaceSerializer()
    year = serializers.IntegerField()
    series = serializers.ChoiceField(PopulationSeries.choices)
    period = serializers.CharField()
    women = serializers.IntegerField(allow_null=True)
    men = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class PopulationFilter(filters.FilterSet):
    """Figures by area, what lies below an area, and year."""

    area = filters.CharFilter(label=_("Area code"), field_name="area_code", max_length=13)
    under = filters.CharFilter(
        label=_("Area code"), field_name="area_code", lookup_expr="startswith", max_length=13
    )
    year = filters.NumberFilter(label=_("Year"), min_value=1950, max_value=2100)

    class Meta:
        model = Population
        fields: tuple[str, ...] = ()
