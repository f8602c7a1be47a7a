"""REST: who changed what on a record, and when."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged_by

from .. import feed
from ..models import Activity, ReviewStep


class StepSerializer(serializers.Serializer):
    """One step in the life of a record, and the version that it made."""

    step = serializers.ChoiceField(ReviewStep.choices)
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="Name of the person whose step it was")
    reason = serializers.CharField(
        allow_blank=True, help_text="Why; of `merged`, the number of the record that stands"
    )
    version = serializers.IntegerField()
    changes = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(allow_null=True), min_length=2, max_length=2
        ),
        help_text="{field: [before, after]} as text; null = not recorded",
    )


class HistorySerializer(serializers.Serializer):
    """Every step, the oldest first."""

    results = StepSerializer(many=True)


EXAMPLE = OpenApiExample(
    "Recorded, then corrected",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "step": "submitted",
                "at": "2026-03-04T03:20:11Z",
                "actor": "Siti Aminah",
                "reason": "",
                "version": 1,
                "changes": {},
            },
            {
                "step": "corrected",
                "at": "2026-03-05T01:00:00Z",
                "actor": "Siti Aminah",
                "reason": "",
                "version": 2,
                "changes": {"women_participants": ["19", "21"]},
            },
        ]
    },
)


class HistoryView(APIView):
    """The steps of one record."""

    required_scopes = {"GET": "activities:read"}

    @extend_schema(
        operation_id="activity_history",
        summary="Who changed what, when",
        responses={200: HistorySerializer, 304: None},
        parameters=[IF_NONE_MATCH],
        examples=[EXAMPLE],
    )
    @unchanged_by(feed.stamp)
    def get(self, request, uid):
        """Every step of the record, the oldest first, in one answer: there are few."""
        refuse_unknown_parameters(request, {"format"})
        activity = get_object_or_404(Activity.objects.visible_to(request.user).only("pk"), pk=uid)
        steps = activity.reviews.select_related("actor").order_by("at", "id")
        return Response({"results": [_row(step) for step in steps]})


def _row(step) -> dict:
    return {
        "step": step.step,
        "at": step.at,
        "actor": step.actor.name,
        "reason": step.reason,
        "version": step.version,
        "changes": step.changes,
    }


urlpatterns = [
    path("activities/<uuid:uid>/history/", HistoryView.as_view(), name="activity-history")
]
