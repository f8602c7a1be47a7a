"""Shape of partners, agreements and institutions at the REST door: the pieces that they share, and
an agreement as it is read and as a client writes it."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programs.api.activity_list import PlaceSerializer
from programs.models import Stage
from programs.program_serializers import Whole
from programs.serializers import Day, Identifier, ProblemSerializer, Text, Word

from .models import Agreement, AgreementForm, DutyMeasure, PartnerKind, Party, Standing

#: As many districts and villages as an agreement names.
MOST_AREAS = 2_000
#: Longer than any text that officials write.
MOST_LETTERS = 4_000
MOST_NUMBER = 2**31 - 1


# -- Pieces ------------------------------------------------------------------------


class OfficeSerializer(serializers.Serializer):
    """One government office, as opds/ has it."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class AreaSerializer(PlaceSerializer):
    """One area, and what kind of area it is."""

    level = serializers.ChoiceField(["regency", "district", "village"])


class KeptSerializer(serializers.Serializer):
    """What every row of these registers says of itself."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()


_FILL_IN = {"required": Whole.default_error_messages["required"]}
_FILL_IN |= dict.fromkeys(("null", "blank"), _FILL_IN["required"])


def longest(table: type[models.Model], field: str) -> int:
    return getattr(table._meta.get_field(field), "max_length", None) or MOST_LETTERS


def some_text(table: type[models.Model], field: str, **more: Any) -> Text:
    """A text that may be left out, as long as its column."""
    return Text(max_length=longest(table, field), **more)


def needed_text(table: type[models.Model], field: str, **more: Any) -> Text:
    said = {"required": True, "allow_null": False, "allow_blank": False}
    return some_text(table, field, **said, error_messages=_FILL_IN, **more)


def needed_word(vocabulary: type[models.TextChoices], **more: Any) -> Word:
    said = {"required": True, "allow_null": False, "allow_blank": False}
    return Word(vocabulary, **said, error_messages=_FILL_IN, **more)


def needed_day(**more: Any) -> Day:
    return Day(required=True, allow_null=False, error_messages=_FILL_IN, **more)


def needed_number(**more: Any) -> Whole:
    return Whole(MOST_NUMBER, required=True, allow_null=False, **more)


@extend_schema_field({"type": "string"})
class Code(Text):
    """A Kemendagri code."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 13, **kwargs})


# -- Written -----------------------------------------------------------------------


class PartyBodySerializer(serializers.Serializer):
    """One party: a partner, or an office of the government itself; in the order of signature."""

    partner = Identifier(required=False, allow_null=True, help_text="uid of a partner")
    opd = Whole(MOST_NUMBER, help_text="Id of an office; one of the two")
    signatory_name = some_text(Party, "signatory_name")
    signatory_title = some_text(Party, "signatory_title")
    authority = some_text(Party, "authority", help_text="Number of the power of attorney")


class AgreementBodySerializer(serializers.Serializer):
    """What a client says of an agreement. In a PATCH, what is not named stays as it is; `parties`
    and `areas`, once named, are the whole list."""

    uid = Identifier(required=False, help_text="Made by the client; the agreement's key for ever")
    regency = Code(help_text="Code; may be left out by whoever keeps one regency only")
    form = needed_word(AgreementForm)
    title = needed_text(Agreement, "title")
    lead = Whole(MOST_NUMBER, help_text="Id of the office in charge")
    number_first = some_text(Agreement, "number_first")
    number_second = some_text(Agreement, "number_second")
    parent = Identifier(required=False, allow_null=True, help_text="The one it is made under")
    signed_on = Day()
    signed_at = some_text(Agreement, "signed_at")
    starts_on = Day()
    ends_on = Day()
    open_ended = serializers.BooleanField(required=False)
    subject = some_text(Agreement, "subject")
    purpose = some_text(Agreement, "purpose")
    scope = some_text(Agreement, "scope", help_text="One line each")
    result = some_text(Agreement, "result")
    funding = some_text(Agreement, "funding")
    source = some_text(Agreement, "source", help_text="Where numbers and dates are taken from")
    parties = PartyBodySerializer(many=True, required=False)
    areas = serializers.ListField(
        child=Code(allow_null=False, allow_blank=False),
        required=False,
        max_length=MOST_AREAS,
        help_text="Codes of districts and villages; empty: the whole regency",
    )


class AgreementChangeSerializer(AgreementBodySerializer):
    """What may be changed: an agreement stays its regency's."""

    regency = None


#: Columns by the names of the body.
PLAIN = (
    *("form", "title", "number_first", "number_second", "signed_on", "signed_at", "starts_on"),
    *("ends_on", "open_ended", "subject", "purpose", "scope", "result", "funding", "source"),
)


# -- Read --------------------------------------------------------------------------


class OrganisationSerializer(serializers.Serializer):
    """A partner by `uid`, or an office by `id`."""

    uid = serializers.UUIDField(allow_null=True)
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    kind = serializers.ChoiceField(PartnerKind.choices, allow_null=True, help_text="Of a partner")


class PartySerializer(serializers.Serializer):
    """One party, and who signed for it in what capacity."""

    position = serializers.IntegerField()
    organisation = OrganisationSerializer()
    signatory_name = serializers.CharField(allow_blank=True)
    signatory_title = serializers.CharField(allow_blank=True)
    authority = serializers.CharField(allow_blank=True)


class AgreementRowSerializer(KeptSerializer):
    """One agreement on a list. `standing` and `days_left` are of today."""

    regency = PlaceSerializer()
    form = serializers.ChoiceField(AgreementForm.choices)
    title = serializers.CharField()
    standing = serializers.ChoiceField(Standing.choices)
    days_left = serializers.IntegerField(allow_null=True, help_text="Null without an end")
    number_first = serializers.CharField(allow_blank=True)
    number_second = serializers.CharField(allow_blank=True)
    signed_on = serializers.DateField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    open_ended = serializers.BooleanField()
    terminated_on = serializers.DateField(allow_null=True)
    parties = serializers.ListField(child=serializers.CharField(), help_text="Names, in order")
    areas = serializers.ListField(
        child=serializers.CharField(), help_text="Codes; empty: the whole regency"
    )
    lead = OfficeSerializer(allow_null=True)
    parent = serializers.UUIDField(allow_null=True)
    renews = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProgressSerializer(serializers.Serializer):
    """How far a duty has come. Counted by the portal: `value` of verified records, `reported` of
    all that were sent in; entered by hand: `value` alone."""

    value = serializers.IntegerField(allow_null=True)
    reported = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text="Its own day, or the last of all")
    reached = serializers.BooleanField()
    late = serializers.BooleanField()
    as_of = serializers.DateField(allow_null=True)


class ObligationSerializer(KeptSerializer):
    """One duty of one party. `progress` is null once the duty was taken out."""

    party = serializers.IntegerField(help_text="`position` of the party")
    text = serializers.CharField()
    measure = serializers.ChoiceField(DutyMeasure.choices)
    stage = serializers.ChoiceField(Stage.choices, allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    target = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressSerializer(allow_null=True)


class ReachedSerializer(serializers.Serializer):
    """The villages of an agreement that the caller sees; null while it is not in force."""

    villages = serializers.IntegerField()
    active = serializers.IntegerField(help_text="Of these, with activity in the last months")
    idle = serializers.IntegerField(help_text="Without any, months after it began")
    without_facilitator = serializers.IntegerField()


class AgreementSerializer(AgreementRowSerializer):
    """An agreement as it stands."""

    signed_at = serializers.CharField(allow_blank=True)
    subject = serializers.CharField(allow_blank=True)
    purpose = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    result = serializers.CharField(allow_blank=True)
    funding = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    termination_reason = serializers.CharField(allow_blank=True)
    termination_letter = serializers.CharField(allow_blank=True)
    renewals = serializers.ListField(child=serializers.UUIDField())
    parties = PartySerializer(many=True)
    areas = AreaSerializer(many=True)
    missing = ProblemSerializer(many=True, help_text="What must be known before it is in force")
    obligations = ObligationSerializer(many=True)
    coverage = ReachedSerializer(allow_null=True)
