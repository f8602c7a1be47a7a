"""REST: what happened to a planning document, in one shape for all of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ..models import StepKind
from ..trail import remarks_of, steps_of


class PlanStepSerializer(serializers.Serializer):
    """One step: what was done, by whom, when."""

    step = serializers.ChoiceField(StepKind.choices)
    by = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField(allow_null=True, help_text="Of the version it concerns")


class PlanRemarkSerializer(serializers.Serializer):
    """What a reviewer said about a cell. `settled_at`: dealt with, or submitted again."""

    step = serializers.CharField()
    row = serializers.UUIDField(allow_null=True)
    field = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class PlanHistorySerializer(serializers.Serializer):
    """Everything that happened to a document."""

    steps = PlanStepSerializer(many=True)
    remarks = PlanRemarkSerializer(many=True)


def history_row(document: Any) -> dict[str, Any]:
    return {
        "steps": [
            {"step": one.kind, "by": one.actor.name, "at": one.at}
            | {"note": one.note, "number": one.number}
            for one in steps_of(document.pk)
        ],
        "remarks": [
            {name: getattr(one, name) for name in ("step", "row", "field", "text")}
            | {"by": one.author.name, "at": one.at, "settled_at": one.settled_at}
            for one in remarks_of(document.pk)
        ],
    }
