"""REST: the records open to the caller, in pages by position or as one file."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from core.conditional import IF_NONE_MATCH, unchanged_by
from core.listing import FileList, file_responses, query_table
from core.tables import Table

from .. import feed
from ..drafts import FACT_FIELDS
from ..filters import ActivityFilter
from ..models import Activity, State
from ..serializers import UNSAID, ActivityContentSerializer


class PlaceSerializer(serializers.Serializer):
    """One area by its Kemendagri code."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProgramNameSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    title = serializers.CharField()


class ActivityHeadSerializer(serializers.Serializer):
    """What the portal says of a record, beside what the record itself says."""

    uid = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    village = PlaceSerializer()
    district = PlaceSerializer()
    program = ProgramNameSerializer()
    author = serializers.CharField()
    received_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ActivityRowSerializer(ActivityHeadSerializer):
    """A record on a list. `values` may be changed and sent back, as those of activities/{uid}/."""

    values = ActivityContentSerializer()


#: Where each part of the head comes from in the query, by its flat name.
HEAD = {
    "uid": "pk",
    "number": "receipt__number",
    "version": "version",
    "state": "state",
    "village_code": "village__code",
    "village_name": "village__name",
    "district_code": "village__district__code",
    "district_name": "village__district__name",
    "program_uid": "program_id",
    "program_title": "program__title",
    "author": "author__name",
    "received_at": "receipt__received_at",
    "updated_at": "updated_at",
}
#: People's names stay out of files, which go from hand to hand.
UNWRITTEN = ("author",)


class ActivityListFilter(ActivityFilter):
    """The filters of the page; only orders that an index gives, whatever the number of records."""

    ordering = filters.OrderingFilter(
        label=_("Order"), fields=(("held_on", "held_on"), ("updated_at", "updated_at"))
    )


EXAMPLE = OpenApiExample(
    "One record",
    response_only=True,
    media_type="application/json",
    status_codes=["200"],
    value={
        "uid": "0198c6b2-5a10-7c3e-9d1f-3f2b6a7c8d90",
        "number": "6401-2603-00418",
        "version": 2,
        "state": "verified",
        "village": {"code": "64.01.04.2002", "name": "Janju"},
        "district": {"code": "64.01.04", "name": "Tanah Grogot"},
        "program": {"uid": "0198c6a0-11aa-7bbb-8ccc-2ddd3eee4fff", "title": "Pembibitan"},
        "author": "Siti Aminah",
        "received_at": "2026-03-04T03:20:11Z",
        "updated_at": "2026-03-06T01:02:03Z",
        "values": {
            "program": "0198c6a0-11aa-7bbb-8ccc-2ddd3eee4fff",
            "village": "64.01.04.2002",
            "held_on": "2026-03-04",
            "title": "Pelatihan pembibitan",
            "stage": "execution",
            "kind": "training",
            "women_participants": 19,
            "men_participants": 24,
            "count_source": "attendance_list",
        },
    },
)


class ActivitiesView(FileList, GenericAPIView):
    """The records within the caller's reach."""

    required_scopes = {"GET": "activities:read"}
    queryset = Activity.objects.none()
    serializer_class = ActivityRowSerializer
    filterset_class = ActivityListFilter
    ordering = "-held_on"
    ordering_fields = ("held_on", "updated_at")
    page_columns = (*HEAD.values(), *FACT_FIELDS)

    def get_queryset(self) -> QuerySet[Activity]:
        return Activity.objects.permitting(self.request.user, "view", settled=True)

    @extend_schema(
        operation_id="activities",
        summary="Activities open to the caller",
        responses=file_responses(ActivityRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
        examples=[EXAMPLE],
    )
    @unchanged_by(feed.stamp)
    def get(self, request):
        """Newest day first; `ordering=updated_at` with `updated_since` reads what is new.

        Filters are those of the page /kegiatan/. As a file (`format=csv` or `xlsx`): all rows of
        the filter, the parts of `values` under their own names, without people's names.
        """
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        return self.get_paginated_response([row_of(one) for one in self.paginate_queryset(rows)])

    def table(self, rows: QuerySet) -> Table:
        sources = {**HEAD, "village": "village__code"}
        shapes = (ActivityHeadSerializer, ActivityContentSerializer)
        named = {"without": UNWRITTEN, "record_as": "activities"}
        return query_table("activities", shapes, rows, sources, **named)


def row_of(found: tuple[Any, ...]) -> dict[str, Any]:
    """One tuple of HEAD and FACT_FIELDS as the list says it."""
    uid, number, version, state, village, village_name, district, district_name, *rest = found
    program, title, author, received_at, updated_at, *facts = rest
    values = {"program": program, "village": village}
    values.update(zip(FACT_FIELDS, facts, strict=True))
    for name in UNSAID:
        values[name] = values[name] or None
    return {
        "uid": uid,
        "number": number,
        "version": version,
        "state": state,
        "village": {"code": village, "name": village_name},
        "district": {"code": district, "name": district_name},
        "program": {"uid": program, "title": title},
        "author": author,
        "received_at": received_at,
        "updated_at": updated_at,
        "values": values,
    }


urlpatterns = [path("activities/", ActivitiesView.as_view(), name="activities")]
