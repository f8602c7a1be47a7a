"""The shape of the involvement answers, for the schema; rows are built as plain dicts."""

from rest_framework import serializers

from programs.involvement import Level
from programs.models import Basis
from programs.rollups import HEADS

#: Levels that a program with activities can have, by the API's words.
LEVEL_CODES = [level.code for level in Level]


class ShareSerializer(serializers.Serializer):
    """Women of everybody counted by sex, in person-activities."""

    women = serializers.IntegerField()
    total = serializers.IntegerField()


class HeadlineSerializer(serializers.Serializer):
    """`numerator` of `denominator` programs involve women; `no_data` stand in neither."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    no_data = serializers.IntegerField()


class CoverageSerializer(serializers.Serializer):
    """Activities with at least one woman, of those counted by sex."""

    with_women = serializers.IntegerField()
    counted = serializers.IntegerField()


class SharesSerializer(serializers.Serializer):
    """Null where nobody was counted; that is not zero."""

    participants = ShareSerializer(allow_null=True)
    deciders = ShareSerializer(allow_null=True)
    beneficiaries = ShareSerializer(allow_null=True)


class ProgramsByLevelSerializer(serializers.Serializer):
    """Programs by level, each program once in each village."""

    no_data = serializers.IntegerField()
    none = serializers.IntegerField()
    present = serializers.IntegerField()
    meaningful = serializers.IntegerField()
    deciding = serializers.IntegerField()
    equal_results = serializers.IntegerField()
    men_with_gender_goal = serializers.IntegerField()


class PeriodSerializer(serializers.Serializer):
    """What every involvement answer begins with."""

    definition_version = serializers.IntegerField()
    year = serializers.IntegerField()
    semester = serializers.IntegerField(
        allow_null=True, help_text="null, as quarter and month = whole year"
    )
    quarter = serializers.IntegerField(allow_null=True)
    month = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(choices=Basis.choices)


class PageSerializer(PeriodSerializer):
    """A numbered page of rows."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class BoardAreaSerializer(serializers.Serializer):
    level = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()


class VillagesReportingSerializer(serializers.Serializer):
    reporting = serializers.IntegerField()
    total = serializers.IntegerField()


class InvolvementSummarySerializer(PeriodSerializer):
    """The board of one area."""

    area = BoardAreaSerializer()
    headline = HeadlineSerializer()
    enough_data = serializers.BooleanField(
        help_text="false: too many programs without data for the share to be a finding"
    )
    distinct_programs = HeadlineSerializer(
        allow_null=True,
        help_text="Each program once, whatever its villages; null above a regency",
    )
    women_only = HeadlineSerializer(help_text="The part of the headline for women only")
    programs = ProgramsByLevelSerializer()
    without_activity = serializers.IntegerField(
        allow_null=True,
        help_text="Programs that run in a village and have no activity there on this basis; "
        "null above a regency",
    )
    activities = serializers.IntegerField()
    called_off = serializers.IntegerField()
    coverage = CoverageSerializer(allow_null=True)
    shares = SharesSerializer()
    villages = VillagesReportingSerializer()
    waiting = serializers.IntegerField(help_text="Records of the period that wait for review")
    newest_record_at = serializers.DateTimeField(allow_null=True)


class VillageRowSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    district = serializers.CharField()
    district_name = serializers.CharField()
    programs = ProgramsByLevelSerializer()
    headline = HeadlineSerializer()
    women_only = HeadlineSerializer()
    activities = serializers.IntegerField()
    activities_sent = serializers.IntegerField(help_text="Sent in, verified or not")
    called_off = serializers.IntegerField()
    coverage = CoverageSerializer(allow_null=True)
    shares = SharesSerializer()


class VillagesAnswerSerializer(PageSerializer):
    results = VillageRowSerializer(many=True)


class AspectsSerializer(serializers.Serializer):
    access = serializers.BooleanField()
    participation = serializers.BooleanField()
    control = serializers.BooleanField()
    benefit = serializers.BooleanField()


class ProgramOwnerSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["opd", "district", "village"])
    name = serializers.CharField()


SumsSerializer = type(
    "SumsSerializer",
    (serializers.Serializer,),
    {
        "__doc__": "Sums over the activities of the period, in person-activities and rupiah.",
        **{name: serializers.IntegerField() for name in HEADS},
    },
)


class ProgramRowSerializer(serializers.Serializer):
    program = serializers.UUIDField()
    title = serializers.CharField()
    owner = ProgramOwnerSerializer()
    village = serializers.CharField()
    village_name = serializers.CharField()
    level = serializers.ChoiceField(choices=LEVEL_CODES)
    reasons = AspectsSerializer(allow_null=True, help_text="null where nobody was counted")
    small_group = serializers.BooleanField(help_text="Fewer than five people were present")
    women_only = serializers.BooleanField()
    gender_marker = serializers.IntegerField(allow_null=True)
    shares = SharesSerializer()
    sums = SumsSerializer()


class ProgramsAnswerSerializer(PageSerializer):
    results = ProgramRowSerializer(many=True)
