"""REST: the programs open to the caller."""

from __future__ import annotations

from django.db.models import F, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged_by, version_known, version_tag
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from villages.models import Village

from .. import feed
from ..filters import ProgramFilter
from ..models import (
    ArgCategory,
    FundSource,
    GenderMarker,
    Origin,
    Program,
    ProgramState,
    TargetGroup,
)

OWNERS = ("owner_opd", "owner_district", "owner_village")
#: Read at a time where a whole list is written into a file.
CHUNK = 2_000


class ProgramSerializer(serializers.ModelSerializer):
    """A program as a client needs it to send activities under."""

    owner = serializers.CharField(source="owner_title")
    villages = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Program
        fields = [
            "uid",
            "title",
            "owner",
            "year_from",
            "year_to",
            "state",
            "target_group",
            "gender_marker",
            "villages",
            "version",
            "updated_at",
        ]


class OwnerSerializer(serializers.Serializer):
    """Whose the program is: `id` names an office, `code` a district or a village."""

    level = serializers.ChoiceField(choices=["opd", "district", "village"])
    id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class ProgramTargetSerializer(serializers.Serializer):
    """One village of the program, with what it means to reach there; null = not said."""

    code = serializers.CharField()
    name = serializers.CharField()
    target_activities = serializers.IntegerField(allow_null=True)
    target_women = serializers.IntegerField(allow_null=True)
    target_men = serializers.IntegerField(allow_null=True)
    outcome_reached_on = serializers.DateField(allow_null=True)


class ProgramDetailSerializer(serializers.Serializer):
    """A program as it stands, with those of its villages that the caller may see."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(ProgramState.choices)
    title = serializers.CharField()
    goal = serializers.CharField(allow_blank=True)
    owner = OwnerSerializer()
    year_from = serializers.IntegerField()
    year_to = serializers.IntegerField()
    activity_code = serializers.CharField(
        allow_null=True, help_text="Permendagri 20/2018, as in activity-codes/"
    )
    gender_marker = serializers.ChoiceField(GenderMarker.choices, allow_null=True)
    arg_category = serializers.ChoiceField(ArgCategory.choices, allow_null=True)
    target_group = serializers.ChoiceField(TargetGroup.choices)
    fund_source = serializers.ChoiceField(FundSource.choices, allow_null=True)
    ceiling = serializers.IntegerField(allow_null=True, help_text="Whole rupiah")
    gap_approved_on = serializers.DateField(allow_null=True)
    benefit_target_percent = serializers.IntegerField(allow_null=True)
    origin = serializers.ChoiceField(Origin.choices)
    villages = ProgramTargetSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


EXAMPLE = OpenApiExample(
    "An office's program in one village",
    response_only=True,
    status_codes=["200"],
    value={
        "uid": "0198c6b2-5a10-7c3e-9d1f-3f2b6a7c8d90",
        "version": 3,
        "state": "active",
        "title": "Kelas ibu hamil",
        "goal": "",
        "owner": {"level": "opd", "id": 4, "code": None, "name": "Dinas Kesehatan"},
        "year_from": 2026,
        "year_to": 2026,
        "activity_code": None,
        "gender_marker": 2,
        "arg_category": 1,
        "target_group": "women",
        "fund_source": "apbd",
        "ceiling": 150_000_000,
        "gap_approved_on": None,
        "benefit_target_percent": None,
        "origin": "field",
        "villages": [
            {
                "code": "64.01.04.2002",
                "name": "Janju",
                "target_activities": 12,
                "target_women": 40,
                "target_men": None,
                "outcome_reached_on": None,
            }
        ],
        "created_at": "2026-01-12T02:10:00Z",
        "updated_at": "2026-03-04T03:20:00Z",
    },
)


@extend_schema_view(
    get=extend_schema(
        operation_id="programs",
        summary="Programs open to the caller",
        responses=file_responses(ProgramSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
)
class ProgramsView(FileList, ListAPIView):
    """Programs in which the caller may see at least one village, by title.

    `villages` holds the codes of those she may see. As a file (`format=csv` or `xlsx`): the same
    rows, all of them, the codes in one cell.
    """

    required_scopes = {"GET": "activities:read"}
    queryset = Program.objects.none()
    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter
    ordering = "title"

    def get_queryset(self) -> QuerySet[Program]:
        """Each with those of its villages that the caller may see."""
        user = self.request.user
        villages = Village.objects.visible_to(user).order_by("code")
        return (
            Program.objects.visible_to(user)
            .select_related(*OWNERS)
            .prefetch_related(Prefetch("villages", villages))
        )

    @unchanged_by(feed.stamp)
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)

    def table(self, rows: QuerySet) -> Table:
        shape = ProgramSerializer()
        found = (
            shape.to_representation(one) | {"updated_at": one.updated_at}
            for one in rows.iterator(chunk_size=CHUNK)
        )
        return dict_table("programs", columns_of(ProgramSerializer), found)


class ProgramView(APIView):
    """One program."""

    required_scopes = {"GET": "activities:read"}

    @extend_schema(
        operation_id="program",
        summary="One program",
        responses={200: ProgramDetailSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
        examples=[EXAMPLE],
    )
    def get(self, request, uid):
        """The program with its targets in the villages that the caller may see.

        Its ETag is its version, for example "v3": the one that If-Match of a PATCH names.
        """
        refuse_unknown_parameters(request, {"format"})
        seen = Program.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        program = get_object_or_404(seen.select_related(*OWNERS, "activity_code"))
        return Response(program_row(program, request.user), headers=version_tag(program.version))


def program_row(program: Program, user) -> dict:
    """What `ProgramDetailSerializer` says, within the reach of `user`. One query."""
    names = ("title", "goal", "year_from", "year_to", "gender_marker", "arg_category")
    names += ("target_group", "ceiling", "gap_approved_on", "benefit_target_percent")
    return {
        "uid": program.pk,
        "version": program.version,
        "state": program.state,
        **{name: getattr(program, name) for name in names},
        "owner": owner_row(program),
        "activity_code": program.activity_code.code if program.activity_code else None,
        "fund_source": program.fund_source or None,
        "origin": program.origin,
        "villages": [*_targets(program, user)],
        "created_at": program.created_at,
        "updated_at": program.updated_at,
    }


def owner_row(program: Program) -> dict:
    if office := program.owner_opd:
        return {"level": "opd", "id": office.pk, "code": None, "name": office.name}
    level = "district" if program.owner_district else "village"
    return {
        "level": level,
        "id": None,
        "code": program.owner.code,
        "name": program.owner_title,
    }


def _targets(program: Program, user) -> QuerySet:
    return (
        program.targets.filter(village__in=Village.objects.visible_to(user))
        .order_by("village__code")
        .values(
            "target_activities",
            "target_women",
            "target_men",
            "outcome_reached_on",
            code=F("village__code"),
            name=F("village__name"),
        )
    )
