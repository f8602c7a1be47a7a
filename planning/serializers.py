"""Shape of an analysis at the REST door: what it says as JSON, and a body as a content."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programs.api.bodies import MOST_ROWS
from programs.models import FundSource
from programs.models.activity import MOST_PEOPLE, MOST_RUPIAH
from programs.program_serializers import Whole
from programs.serializers import Day, Identifier, Text, Word

from .content import LISTS
from .models import (
    BaselineOf,
    CauseScope,
    FactorKind,
    GenderAnalysis,
    IndicatorKind,
    Measure,
    PlanLevel,
    Sex,
)

MOST_LETTERS = 4_000
_TOO_LARGE = 10**12
_AS_READ = "As it is read; not looked at"


@extend_schema_field({"type": "number"})
class Number(serializers.Field):
    """A number with at most two decimals, or null."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a number with at most two decimals, for example 12.5."),
        "too_large": gettext_lazy("The number is too large. Check the zeros."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "allow_null": True, **kwargs})

    def to_internal_value(self, data) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, int | float | str):
            self.fail("invalid")
        try:
            value = Decimal(str(data)[:40].strip())
        except InvalidOperation:
            self.fail("invalid")
        if not value.is_finite():
            self.fail("invalid")
        if abs(value) >= _TOO_LARGE:
            self.fail("too_large")
        if value != value.quantize(Decimal("0.01")):
            self.fail("invalid")
        return value

    def to_representation(self, value) -> float:
        return float(value)


class Rupiah(Whole):
    """Whole rupiah, or null. A text with dots is refused: "1.000" may be one or a thousand."""

    default_error_messages = {
        "invalid": gettext_lazy("Fill in whole rupiah without dots, for example 12500000.")
    }

    def __init__(self, **kwargs):
        super().__init__(MOST_RUPIAH, **kwargs)

    def to_internal_value(self, data) -> int:
        if isinstance(data, str) and not data.strip().lstrip("-").isdecimal():
            self.fail("invalid")
        return super().to_internal_value(data)


class Year(Whole):
    """A year from 2000 to 2100, or null."""

    def __init__(self, **kwargs):
        super().__init__(9999, **kwargs)

    def to_internal_value(self, data) -> int:
        value = super().to_internal_value(data)
        if not 2000 <= value <= 2100:
            self.fail("out_of_range")
        return value


def _word(vocabulary, **more) -> Word:
    """A word that every such row has."""
    return Word(vocabulary, required=True, allow_null=False, allow_blank=False, **more)


def _longest(table: type[Any], field: str) -> int:
    return table._meta.get_field(field).max_length or MOST_LETTERS


def _text(name: str, field: str) -> Text:
    return Text(max_length=_longest(LISTS[name][1], field))


class GapRowSerializer(serializers.Serializer):
    """`key` is the row's name for ever: other rows name it by this. Left out, the portal makes
    one."""

    key = Identifier(required=False, help_text="Made by the client or, left out, by the portal")


class PortalSerializer(serializers.Serializer):
    """Where figures of the portal came from."""

    year = serializers.IntegerField()
    semester = serializers.IntegerField(help_text="0: the whole year")
    area = serializers.CharField()
    basis = serializers.CharField()
    definition = serializers.IntegerField(help_text="Version of the number's definition")
    taken_at = serializers.DateTimeField()


class GapDataRowSerializer(GapRowSerializer):
    """One line of eye-opening data: women and men in `unit`, or another figure."""

    text = _text("data_rows", "text")
    women = Whole(MOST_PEOPLE)
    men = Whole(MOST_PEOPLE)
    value = Number()
    whole = Whole(MOST_PEOPLE, help_text="What `value` is a part of")
    unit = _text("data_rows", "unit")
    year = Year()
    place = _text("data_rows", "place")
    source = _text("data_rows", "source")
    measure = Word(Measure, help_text="A figure of the portal: filled in by figures/")
    portal = serializers.JSONField(required=False, help_text=_AS_READ)


class GapFactorSerializer(GapRowSerializer):
    """One gap in access, participation, control or benefit, and the data row that shows it."""

    kind = _word(FactorKind)
    text = _text("factors", "text")
    data_row = Identifier(required=False, allow_null=True)


class GapCauseSerializer(GapRowSerializer):
    """One cause inside or outside the office, and the gap that it explains."""

    scope = _word(CauseScope)
    text = _text("causes", "text")
    factor = Identifier(required=False, allow_null=True)


class GapActionSerializer(GapRowSerializer):
    """One action, and the causes that it answers."""

    text = _text("actions", "text")
    causes = serializers.ListField(child=Identifier(), required=False, max_length=MOST_ROWS)
    resources = _text("actions", "resources")
    responsible = _text("actions", "responsible")
    budget = Rupiah(help_text="Whole rupiah")
    fund_source = Word(FundSource)


class GapBaselineSerializer(GapRowSerializer):
    """One starting figure, by the data row it is taken from."""

    text = _text("baselines", "text")
    data_row = Identifier(required=False, allow_null=True)
    of = Word(BaselineOf, help_text="Which figure of the row; women_share where nothing is said")


class GapIndicatorSerializer(GapRowSerializer):
    """One indicator: from its baseline to its target."""

    kind = _word(IndicatorKind)
    text = _text("indicators", "text")
    baseline = Identifier(required=False, allow_null=True)
    action = Identifier(required=False, allow_null=True)
    target = Number()
    unit = _text("indicators", "unit")
    due = Day()
    sex = Word(Sex)
    measure = Word(Measure, help_text="The portal's figure by which it realises itself")


def _plain(field: str) -> Text:
    return Text(max_length=_longest(GenderAnalysis, field))


class GapContentSerializer(serializers.Serializer):
    """What an analysis says. A list that is named is the whole list: a row that is not on it is
    taken out; what is not named stays as it is."""

    level = Word(PlanLevel)
    code = _plain("code")
    title = _plain("title")
    is_new = serializers.BooleanField(required=False)
    goal = _plain("goal")
    audience = _plain("audience")
    qualitative_reason = _plain("qualitative_reason")
    new_goal = _plain("new_goal")
    goal_kept = serializers.BooleanField(required=False)
    goal_reason = _plain("goal_reason")
    data_rows = GapDataRowSerializer(many=True, required=False)
    factors = GapFactorSerializer(many=True, required=False)
    causes = GapCauseSerializer(many=True, required=False)
    actions = GapActionSerializer(many=True, required=False)
    baselines = GapBaselineSerializer(many=True, required=False)
    indicators = GapIndicatorSerializer(many=True, required=False)
