"""REST: the instruments of scorecards – what they ask, and how a score and a level come of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.programs import CHUNK

from ..models import Direction, Instrument, ItemKind
from ..narrowing import InstrumentFilter
from ..parts import parts_of
from .shared import READ

PARTS = ("pillars", "items", "levels", "gates")


class InstrumentRowSerializer(serializers.Serializer):
    """One version of one scorecard. `adopted_at` null: a draft that only its office sees."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField(help_text="Counts changes of a draft")
    key = serializers.CharField(help_text="drppa, sdgs5, drg …")
    number = serializers.IntegerField(help_text="Version of the scorecard")
    regency = PlaceSerializer(allow_null=True, help_text="Null: for every regency")
    title = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    scored = serializers.BooleanField(help_text="Gives a score of 0–100 and a level")
    first_year = serializers.IntegerField()
    last_year = serializers.IntegerField(allow_null=True)
    previous = serializers.UUIDField(allow_null=True)
    adopted_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PillarSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.IntegerField(help_text="Of 100")


class ItemSerializer(serializers.Serializer):
    """One thing that is asked. `restricted`: its answers are for reviewers and the village."""

    code = serializers.CharField()
    pillar = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(ItemKind.choices)
    target = serializers.DecimalField(14, 2, allow_null=True)
    direction = serializers.ChoiceField(Direction.choices)
    computed = serializers.CharField(
        allow_blank=True, help_text="What the portal fills in by itself"
    )
    restricted = serializers.BooleanField()


class LevelSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    least = serializers.IntegerField(help_text="From this score on")


class GateSerializer(serializers.Serializer):
    """No level above `cap` as long as the item does not reach `least`."""

    item = serializers.CharField()
    least = serializers.DecimalField(14, 2)
    cap = serializers.CharField(help_text="Code of the level")
    words = serializers.CharField()


class InstrumentSerializer(InstrumentRowSerializer):
    """An instrument with everything that it asks."""

    pillars = PillarSerializer(many=True)
    items = ItemSerializer(many=True)
    levels = LevelSerializer(many=True)
    gates = GateSerializer(many=True)


class InstrumentsView(FileList, GenericAPIView):
    """Instruments in use, and drafts of the caller's office."""

    required_scopes = {"GET": READ}
    queryset = Instrument.objects.none()
    serializer_class = InstrumentRowSerializer
    filterset_class = InstrumentFilter
    ordering_fields = ("updated_at", "first_year")

    def get_queryset(self) -> QuerySet[Instrument]:
        return Instrument.objects.visible_to(self.request.user).select_related("regency")

    @extend_schema(
        operation_id="instruments",
        summary="Instruments of scorecards",
        responses=file_responses(InstrumentRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """All versions; `year`: those in use in that year."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = self.paginate_queryset(rows) or ()
        return self.get_paginated_response([instrument_row(one) for one in found])

    def table(self, rows: QuerySet) -> Table:
        found = (instrument_row(one) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("instruments", columns_of(InstrumentRowSerializer), found)


class InstrumentView(APIView):
    """One instrument."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="instrument",
        summary="One instrument",
        responses={200: InstrumentSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """With its items, pillars and their weights, levels and gates."""
        refuse_unknown_parameters(request, {"format"})
        seen = Instrument.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        rows = seen.select_related("regency").prefetch_related(*PARTS)
        row = get_object_or_404(rows, pk=uid)
        shape = InstrumentSerializer(instrument_item(row))
        return Response(shape.data, headers=version_tag(row.version))


_PLAIN = (
    *("version", "key", "number", "title", "basis", "source", "note", "scored", "first_year"),
    *("last_year", "adopted_at", "created_at", "updated_at"),
)


def instrument_row(row: Instrument) -> dict[str, Any]:
    regency = row.regency
    return {
        "uid": row.pk,
        **{name: getattr(row, name) for name in _PLAIN},
        "regency": {"code": regency.code, "name": regency.name} if regency else None,
        "previous": row.previous_id,
    }


def instrument_item(row: Instrument) -> dict[str, Any]:
    parts = parts_of(row)
    lists = {name: getattr(parts, name) for name in ("pillars", "items", "levels", "gates")}
    return {**instrument_row(row), **lists}


urlpatterns = [
    path("instruments/", InstrumentsView.as_view(), name="instruments"),
    path("instruments/<uuid:uid>/", InstrumentView.as_view(), name="instrument"),
]
