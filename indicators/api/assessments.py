"""REST: scorecards of villages – opened, answered, sent in and reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, moving_known, moving_tag, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import read
from programs.api.conflicts import IF_MATCH, in_http
from programs.program_serializers import Year
from programs.serializers import Identifier, Text, Word

from ..answers import answers_of, result_of, scores_of, shown
from ..models import OPEN_STATES, AnswerState, Assessment, Instrument
from ..narrowing import AssessmentFilter
from ..parts import parts_of
from ..scoring import Score
from ..services.assessments import AnswerSaid, open_assessment, save_answers
from ..sight import inside, is_told
from .shared import (
    READ,
    WRITE,
    YearRowSerializer,
    YearWrittenSerializer,
    changing,
    permit,
    permit_somewhere,
    pieces,
    pointed,
    village_named,
    written,
    year_row,
)

# -- Shapes ------------------------------------------------------------------------


class AssessmentBodySerializer(serializers.Serializer):
    """Which village is assessed by what in which year."""

    instrument = Identifier(help_text="From instruments/")
    village = Text(max_length=13, required=True, allow_null=False, help_text="Code")
    year = Year()


class AnswerBodySerializer(serializers.Serializer):
    """One answer. Without state and value: no data."""

    item = Text(max_length=20, required=True, allow_null=False, help_text="Code of the item")
    state = Word(AnswerState, help_text="Where a figure has a target, the figure says it")
    value = serializers.DecimalField(16, 2, required=False, allow_null=True)
    evidence = Text(max_length=300)
    reporter = Text(max_length=120, help_text="Who reported a zero of cases")


class AnswersBodySerializer(serializers.Serializer):
    """Answers that are new or changed; all others stay."""

    answers = AnswerBodySerializer(many=True)


class UsedInstrumentSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    key = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()


class CardResultSerializer(serializers.Serializer):
    """`score`: 0–100 where the instrument gives one; `level`: after the gates; `earned`: what the
    score alone would give. `done` of `items` have data. `kept_out`: so many items are for reviewers
    and the village alone; for others they count nowhere in this result."""

    score = serializers.DecimalField(4, 1, allow_null=True)
    level = serializers.CharField(allow_null=True)
    earned = serializers.CharField(allow_null=True)
    failed_gates = serializers.ListField(child=serializers.CharField())
    items = serializers.IntegerField()
    done = serializers.IntegerField()
    met = serializers.IntegerField()
    partly = serializers.IntegerField()
    not_met = serializers.IntegerField()
    kept_out = serializers.IntegerField()


class AssessmentRowSerializer(YearRowSerializer):
    """One scorecard of a village and year. `result` null: not sent in yet."""

    village = PlaceSerializer()
    instrument = UsedInstrumentSerializer()
    result = CardResultSerializer(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    """One item with its answer. `kept_back`: it is for reviewers and the village alone."""

    item = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(AnswerState.choices, allow_null=True)
    value = serializers.DecimalField(16, 2, allow_null=True)
    evidence = serializers.CharField(allow_blank=True)
    reporter = serializers.CharField(allow_blank=True)
    by_portal = serializers.BooleanField()
    kept_back = serializers.BooleanField()


class AssessmentSerializer(AssessmentRowSerializer):
    """A scorecard with its answers. While it is open, `result` is what it would be now; reviewers
    and the village alone read that, for others there are no answers and no result."""

    answers = AnswerSerializer(many=True)


BODY = OpenApiExample(
    "Two answers",
    request_only=True,
    value={
        "answers": [
            {"item": "DR01", "state": "met", "evidence": "Kelompok PEKKA Janju"},
            {"item": "DR06", "value": "32.5", "evidence": "Data UMKM 2026"},
        ]
    },
)


# -- Doors -------------------------------------------------------------------------


class AssessmentsView(FileList, GenericAPIView):
    """Scorecards of villages within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Assessment.objects.none()
    serializer_class = AssessmentRowSerializer
    filterset_class = AssessmentFilter
    ordering_fields = ("updated_at", "year")

    def get_queryset(self) -> QuerySet[Assessment]:
        return _seen(self.request.user)

    @extend_schema(
        operation_id="assessments",
        summary="Scorecards of villages",
        responses=file_responses(AssessmentRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first, drafts too, without a result. As a file (`format=csv` or `xlsx`): the same
        rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = _rows(self.paginate_queryset(rows) or (), self.request.user)
        shape = AssessmentRowSerializer(found, many=True)
        return self.get_paginated_response(shape.data)

    def table(self, rows: QuerySet) -> Table:
        user = self.request.user
        found = (row for piece in pieces(rows) for row in _rows(piece, user))
        return dict_table("assessments", columns_of(AssessmentRowSerializer), found)

    @extend_schema(
        operation_id="assessment_open",
        summary="Begin a scorecard",
        request=AssessmentBodySerializer,
        responses={201: YearWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """It is a draft to be answered; the one that is there, where there is one. Needs `log` on
        the village."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, AssessmentBodySerializer)
        village = village_named(request.user, said["village"])
        rows = Instrument.objects.visible_to(request.user)
        instrument = rows.filter(pk=said["instrument"]).first()
        try:
            if instrument is None:
                words = _("This scorecard is not known. Take it from instruments/.")
                raise Refused(Problem("instrument", "unknown_value", words))
            made = open_assessment(instrument, village, said["year"], actor=request.user)
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return written(made, 201, reverse("assessment", args=[made.pk]))


class AssessmentView(APIView):
    """One scorecard: read, answered."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="assessment",
        summary="One scorecard",
        responses={200: AssessmentSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """With its answers; to others than its village and reviewers only once it was sent in. Its
        ETag begins with its version; what the portal fills in moves with the portal's own records
        as long as the scorecard is open."""
        refuse_unknown_parameters(request, {"format"})
        seen = Assessment.objects.visible_to(request.user).filter(pk=uid)
        if known := moving_known(request, seen):
            return known
        row = find(request.user, uid)
        return Response(values_of(row, request.user), headers=moving_tag(request, row.version))

    @extend_schema(
        operation_id="assessment_answer",
        summary="Answer a scorecard",
        request=AnswersBodySerializer,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH],
        examples=[BODY],
    )
    def patch(self, request, uid):
        """These items are answered so; all others stay as they are. Only while it is open."""
        refuse_unknown_parameters(request, set())
        permit(request.user, "log", find(request.user, uid))

        def act(row: Assessment, seen: int) -> HttpResponseBase:
            said = read(request.data, AnswersBodySerializer)["answers"]
            told = [_told(one) for one in said]
            try:
                return written(save_answers(row, told, actor=request.user, version=seen))
            except Refused as refusal:
                raise pointed(refusal, _places(said)) from refusal

        again, values = partial(find, request.user, uid), partial(values_of, user=request.user)
        return changing(request, again, "not_correctable", frozenset(OPEN_STATES), act, values)


# -- Rows --------------------------------------------------------------------------


def _seen(user) -> QuerySet[Assessment]:
    rows = Assessment.objects.visible_to(user)
    return rows.select_related("village__district", "instrument")


def find(user, uid) -> Assessment:
    return get_object_or_404(_seen(user), pk=uid)


def _rows(found: Iterable[Assessment], user) -> list[dict[str, Any]]:
    rows = list(found)
    scores = scores_of(rows, inside(user, (one.village_id for one in rows)))
    return [_row(one, scores.get(one.pk)) for one in rows]


def _row(row: Assessment, score: Score | None) -> dict[str, Any]:
    used = row.instrument
    instrument = {"uid": used.pk, **{n: getattr(used, n) for n in ("key", "number", "title")}}
    result = _result(score) if score else None
    return {**year_row(row), "instrument": instrument, "result": result}


def _result(score: Score) -> dict[str, Any]:
    counts = ("items", "done", "met", "partly", "not_met", "kept_out")
    return {
        "score": score.value,
        "level": score.level.code if score.level else None,
        "earned": score.earned.code if score.earned else None,
        "failed_gates": [one.item for one in score.failed_gates],
        **{name: getattr(score, name) for name in counts},
    }


def values_of(row: Assessment, user) -> dict[str, Any]:
    """The whole scorecard as this caller may read it: outside, of an open one its state alone."""
    hers = inside(user, [row.village_id])
    if not is_told(row, hers):
        return dict(AssessmentSerializer({**_row(row, None), "answers": []}).data)
    parts = parts_of(row.instrument)
    held = answers_of(row, parts)
    answers = []
    for one in shown(parts, held, everything=bool(hers)):
        value = held[one.item.code].value if one.item.code in held else None
        answers.append(
            {
                "item": one.item.code,
                "title": one.item.title,
                "state": None if one.kept_back else one.state,
                "value": None if one.kept_back else value,
                **{name: getattr(one, name) for name in ("evidence", "reporter", "by_portal")},
                "kept_back": one.kept_back,
            }
        )
    said = {**_row(row, result_of(parts, held, everything=bool(hers))), "answers": answers}
    return dict(AssessmentSerializer(said).data)


# -- Reading -----------------------------------------------------------------------


def _told(said: Mapping[str, Any]) -> AnswerSaid:
    texts = {name: said.get(name) or "" for name in ("state", "evidence", "reporter")}
    value: Decimal | None = said.get("value")
    return AnswerSaid(said["item"], value=value, **texts)


def _places(said: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Where the service's fields, which go by the item's code, stand in the body."""
    found: dict[str, str] = {}
    for place, one in enumerate(said):
        code = one["item"]
        found[code] = f"answers.{place}.item"
        for part in ("state", "value", "reporter"):
            found[f"{code}.{part}"] = f"answers.{place}.{part}"
    return found


urlpatterns = [
    path("assessments/", AssessmentsView.as_view(), name="assessments"),
    path("assessments/<uuid:uid>/", AssessmentView.as_view(), name="assessment"),
]
