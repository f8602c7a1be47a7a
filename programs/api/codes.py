"""REST: the activity codes of Permendagri 20/2018, which say what village money may be used for."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.urls import path
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from core.api import NumberPages
from core.conditional import IF_NONE_MATCH, unchanged
from core.listing import FileList, file_responses, query_table
from core.tables import Table

from ..filters import MOST_LETTERS
from ..models import ActivityCode


class ActivityCodeSerializer(serializers.ModelSerializer):
    """One line of the annex: a field (bidang), a sub-field or an activity."""

    parent = serializers.CharField(
        source="parent.code", allow_null=True, default=None, help_text="Code of the line above"
    )

    class Meta:
        model = ActivityCode
        fields = ["code", "name", "level", "parent", "women_relevance"]


class ActivityCodeFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="by_search",
        max_length=MOST_LETTERS,
        label="Part of the name, or the beginning of the code",
    )
    level = filters.ChoiceFilter(choices=ActivityCode.Level.choices)
    parent = filters.CharFilter("parent__code", label="Code of the line above, such as 2.1")

    class Meta:
        model = ActivityCode
        fields: tuple[str, ...] = ()

    def by_search(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        return rows.filter(Q(name__icontains=words) | Q(code__startswith=words))


EXAMPLE = OpenApiExample(
    "An activity",
    response_only=True,
    media_type="application/json",
    status_codes=["200"],
    value={
        "code": "2.2.03",
        "name": "Penyelenggaraan Posyandu",
        "level": "kegiatan",
        "parent": "2.2",
        "women_relevance": "",
    },
)


@extend_schema_view(
    get=extend_schema(
        operation_id="activity_codes",
        summary="Activity codes of Permendagri 20/2018",
        responses=file_responses(ActivityCodeSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
        examples=[EXAMPLE],
    )
)
class ActivityCodesView(FileList, ListAPIView):
    """Every line of the annex by its code, in numbered pages or as a file; open to any key."""

    required_scopes = {"GET": None}
    queryset = ActivityCode.objects.select_related("parent").order_by("code")
    serializer_class = ActivityCodeSerializer
    filterset_class = ActivityCodeFilter
    pagination_class = NumberPages

    @unchanged
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)

    def table(self, rows: QuerySet) -> Table:
        return query_table("activity-codes", [ActivityCodeSerializer], rows)


@extend_schema_view(
    get=extend_schema(
        operation_id="activity_code",
        summary="One activity code",
        responses={200: ActivityCodeSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
        examples=[EXAMPLE],
    )
)
class ActivityCodeView(RetrieveAPIView):
    """One line of the annex."""

    required_scopes = {"GET": None}
    queryset = ActivityCode.objects.select_related("parent")
    serializer_class = ActivityCodeSerializer
    lookup_field = "code"

    @unchanged
    def get(self, request, *args, **kwargs):
        return self.retrieve(request, *args, **kwargs)


urlpatterns = [
    path("activity-codes/", ActivityCodesView.as_view(), name="activity-codes"),
    path("activity-codes/<str:code>/", ActivityCodeView.as_view(), name="activity-code"),
]
