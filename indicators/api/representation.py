"""REST: women among those who decide in a village, one row for each village and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.errors import Refused, Stale
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import read
from programs.api.conflicts import IF_MATCH, in_http
from programs.program_serializers import Whole, Year
from programs.serializers import Day, Text, Word

from ..models import ProposalStage, Representation, ReviewState, Seat, Sex
from ..narrowing import VillageYearFilter
from ..seats import PARTS, SeatsSaid, said_of
from ..services.representation import save_representation
from ..sight import inside, is_told
from .shared import (
    MOST_LETTERS,
    READ,
    WRITE,
    YearRowSerializer,
    YearWrittenSerializer,
    changing,
    on_file,
    permit,
    permit_somewhere,
    pieces,
    pointed,
    village_named,
    written,
    year_row,
)

MOST_PEOPLE = 1_000_000
MOST_RUPIAH = 10**13
_TEXTS = ("head_sex", "women_meeting_minutes", "source", "note")


# -- Shapes ------------------------------------------------------------------------


class PairSerializer(serializers.Serializer):
    """Women and all in one body or meeting."""

    women = Whole(MOST_PEOPLE)
    total = Whole(MOST_PEOPLE, help_text="Women and men together")


class ProposalsSerializer(serializers.Serializer):
    """Women's proposals that came so far, and the money in them."""

    number = Whole(MOST_PEOPLE)
    amount = Whole(MOST_RUPIAH, help_text="Whole rupiah")


def _named(name: str, shape: type, words: Any) -> type[serializers.Serializer]:
    """One part for each word of a vocabulary; null: not known, which is never 0."""
    parts = {one.value: shape(required=False, allow_null=True) for one in words}
    return type(name, (serializers.Serializer,), parts)


SeatsSerializer = _named("SeatsSerializer", PairSerializer, Seat)
StagesSerializer = _named("StagesSerializer", ProposalsSerializer, ProposalStage)


class RepresentationFactsSerializer(serializers.Serializer):
    """What is said of the village's year."""

    seats = SeatsSerializer(required=False)
    proposals = StagesSerializer(required=False)
    head_sex = Word(Sex, help_text="Of the village head")
    women_meeting = serializers.BooleanField(
        required=False, allow_null=True, help_text="A meeting of women before the Musrenbang"
    )
    women_meeting_on = Day()
    women_meeting_minutes = Text(max_length=80, help_text="Number of the minutes")
    source = Text(max_length=200)
    note = Text(max_length=MOST_LETTERS)
    submit = serializers.BooleanField(required=False, help_text="Send it in at once")


class RepresentationBodySerializer(RepresentationFactsSerializer):
    """A village's year that is entered for the first time."""

    village = Text(max_length=13, required=True, allow_null=False, help_text="Code")
    year = Year()


class RepresentationChangeSerializer(RepresentationFactsSerializer):
    """What changes. What is not named stays as it is, body by body."""

    reason = Text(max_length=MOST_LETTERS, help_text="Why verified numbers change")


class RepresentationSerializer(YearRowSerializer):
    """A village's year. A body that is null is not known, or not told: of a year that is open
    (draft, returned) others than its village and reviewers read the state alone."""

    village = PlaceSerializer()
    head_sex = serializers.ChoiceField(Sex.choices, allow_blank=True)
    seats = SeatsSerializer()
    proposals = StagesSerializer()
    women_meeting = serializers.BooleanField(allow_null=True)
    women_meeting_on = serializers.DateField(allow_null=True)
    women_meeting_minutes = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


BODY = OpenApiExample(
    "A BPD with two women, sent in at once",
    request_only=True,
    value={
        "village": "64.01.04.2002",
        "year": 2026,
        "seats": {"bpd": {"women": 2, "total": 7}, "musdes": {"women": 31, "total": 80}},
        "proposals": {"raised": {"number": 6}},
        "source": "SK BPD 12/2025",
        "submit": True,
    },
)


# -- Doors -------------------------------------------------------------------------


class RepresentationsView(FileList, GenericAPIView):
    """Village-years within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Representation.objects.none()
    serializer_class = RepresentationSerializer
    filterset_class = VillageYearFilter
    ordering_fields = ("updated_at", "year")

    def get_queryset(self) -> QuerySet[Representation]:
        return _seen(self.request.user)

    @extend_schema(
        operation_id="representation_list",
        summary="Women among those who decide in villages",
        responses=file_responses(RepresentationSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first, drafts too: `state` says what was sent in and what is verified. Of an open
        one (draft, returned) others than its village and reviewers read the state alone. As a file
        (`format=csv` or `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = _rows(self.paginate_queryset(rows) or (), self.request.user)
        return self.get_paginated_response(found)

    def table(self, rows: QuerySet) -> Table:
        user = self.request.user
        found = (row for piece in pieces(rows) for row in _rows(piece, user))
        return dict_table("representation", columns_of(RepresentationSerializer), found)

    @extend_schema(
        operation_id="representation_create",
        summary="Enter a village's year",
        request=RepresentationBodySerializer,
        responses={201: YearWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """It is on file as a draft, or with `submit` waits for a reviewer. Needs `log` on the
        village. A year that is there is changed by PATCH: 409 with its `uid`."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, RepresentationBodySerializer)
        village = village_named(request.user, said["village"])
        facts = {"actor": request.user, "submit": said.get("submit", False)}
        try:
            made = save_representation(village, said["year"], _told(SeatsSaid(), said), **facts)
        except Stale:
            known = _seen(request.user).get(village=village, year=said["year"])
            return on_file(request, known, partial(values_of, user=request.user))
        except Refused as refusal:
            raise in_http(pointed(refusal, PLACES)) from refusal
        return written(made, 201, reverse("representation", args=[made.pk]))


class RepresentationView(APIView):
    """One village's year: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="representation",
        summary="One village's year",
        responses={200: RepresentationSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What it says; to others than its village and reviewers only once it was sent in. Its ETag
        is its version, as If-Match names it."""
        refuse_unknown_parameters(request, {"format"})
        seen = Representation.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        row = find(request.user, uid)
        return Response(values_of(row, request.user), headers=version_tag(row.version))

    @extend_schema(
        operation_id="representation_change",
        summary="Change a village's year",
        request=RepresentationChangeSerializer,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is; a body that is null is not known any more. What was
        verified is changed with `submit` and a `reason`, and is reviewed again."""
        refuse_unknown_parameters(request, set())
        permit(request.user, "log", find(request.user, uid))

        def act(row: Representation, seen: int) -> HttpResponseBase:
            said = read(request.data, RepresentationChangeSerializer)
            facts = {"submit": said.get("submit", False), "reason": said.get("reason") or ""}
            facts |= {"actor": request.user, "version": seen}
            told = _told(said_of(row), said)
            try:
                return written(save_representation(row.village, row.year, told, **facts))
            except Refused as refusal:
                raise pointed(refusal, PLACES) from refusal

        again, values = partial(find, request.user, uid), partial(values_of, user=request.user)
        anywhere = frozenset(ReviewState.values)
        return changing(request, again, "not_correctable", anywhere, act, values)


# -- Rows --------------------------------------------------------------------------


def _seen(user) -> QuerySet[Representation]:
    rows = Representation.objects.visible_to(user).select_related("village__district")
    return rows.prefetch_related(*PARTS)


def find(user, uid) -> Representation:
    return get_object_or_404(_seen(user), pk=uid)


def _rows(found: Iterable[Representation], user) -> list[dict[str, Any]]:
    rows = list(found)
    hers = inside(user, (one.village_id for one in rows))
    return [_row(one, told=is_told(one, hers)) for one in rows]


def values_of(row: Representation, user) -> dict[str, Any]:
    """A village's year as this caller may read it: outside, of an open one its state alone."""
    return _rows([row], user)[0]


def _row(row: Representation, *, told: bool) -> dict[str, Any]:
    said = said_of(row) if told else SeatsSaid()
    pairs, stages = said.seats, said.proposals
    names = (*_TEXTS, "women_meeting", "women_meeting_on")
    return {
        **year_row(row),
        **{name: getattr(said, name) for name in names},
        "seats": {one.value: _part(pairs.get(one), ("women", "total")) for one in Seat},
        "proposals": {
            one.value: _part(stages.get(one), ("number", "amount")) for one in ProposalStage
        },
    }


def _part(pair: tuple | None, names: tuple[str, str]) -> dict[str, Any] | None:
    return dict(zip(names, pair, strict=True)) if pair else None


# -- Reading -----------------------------------------------------------------------

#: Where the service's fields stand in a body.
PLACES = {
    **{f"{one}_{part}": f"seats.{one}.{part}" for one in Seat for part in ("women", "total")},
    **{
        f"{one}_{part}": f"proposals.{one}.{part}"
        for one in ProposalStage
        for part in ("number", "amount")
    },
}
_PLAIN = {one.name for one in fields(SeatsSaid)} - {"seats", "proposals"}


def _told(before: SeatsSaid, said: Mapping[str, Any]) -> SeatsSaid:
    """What was said before, with what was sent in its place."""
    plain = {name: value for name, value in said.items() if name in _PLAIN}
    empty = {name: "" for name in _TEXTS if name in plain and plain[name] is None}
    seats = _pairs(before.seats, said.get("seats"), ("women", "total"))
    proposals = _pairs(before.proposals, said.get("proposals"), ("number", "amount"))
    return replace(before, seats=seats, proposals=proposals, **plain | empty)


def _pairs(before: Mapping[str, Any], said: Mapping[str, Any] | None, names) -> dict[str, Any]:
    """A part that is named says both of its numbers."""
    found = dict(before)
    for key, part in (said or {}).items():
        found[key] = tuple((part or {}).get(name) for name in names)
    return found


urlpatterns = [
    path("representation/", RepresentationsView.as_view(), name="representation-list"),
    path("representation/<uuid:uid>/", RepresentationView.as_view(), name="representation"),
]
