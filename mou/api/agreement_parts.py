"""REST: what belongs to an agreement – its addenda, its evaluations, its files by name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from programs.api.bodies import read
from programs.serializers import Identifier

from ..models import Addendum, Evaluation, FileKind
from ..serializers import needed_day, needed_text, some_text
from ..services.agreements import add_addendum, add_evaluation
from .agreements import find
from .shared import READ, WRITE, done, fill, permit


class AddendumBodySerializer(serializers.Serializer):
    """What was changed in words after signing; dates and area are changed by a renewal."""

    uid = Identifier(required=False, help_text="Made by the client; the addendum's key for ever")
    number = some_text(Addendum, "number")
    dated = needed_day()
    text = needed_text(Addendum, "text")


class AddendumSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    dated = serializers.DateField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class AddendaSerializer(serializers.Serializer):
    results = AddendumSerializer(many=True)


class EvaluationBodySerializer(serializers.Serializer):
    """How an agreement went in a period."""

    uid = Identifier(required=False, help_text="Made by the client; the evaluation's key for ever")
    period_from = needed_day()
    period_until = needed_day()
    achieved = needed_text(Evaluation, "achieved")
    obstacles = some_text(Evaluation, "obstacles")
    follow_up = some_text(Evaluation, "follow_up")


class EvaluationSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    period_from = serializers.DateField()
    period_until = serializers.DateField()
    achieved = serializers.CharField()
    obstacles = serializers.CharField(allow_blank=True)
    follow_up = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class EvaluationsSerializer(serializers.Serializer):
    results = EvaluationSerializer(many=True)


class PartWrittenSerializer(serializers.Serializer):
    """It is on record."""

    uid = serializers.UUIDField()


class AgreementFileSerializer(serializers.Serializer):
    """One PDF by its name; its bytes are given out on the portal's pages."""

    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(FileKind.choices)
    title = serializers.CharField()
    file_name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class AgreementFilesSerializer(serializers.Serializer):
    results = AgreementFileSerializer(many=True)


class PartsView(APIView):
    """Rows of one kind, which are added and never changed."""

    required_scopes: ClassVar = {"GET": READ, "POST": WRITE}
    table: Any
    body: type[serializers.Serializer]
    shape: type[serializers.Serializer]

    def told(self, request, uid) -> Response:
        refuse_unknown_parameters(request, {"format"})
        agreement = find(request.user, uid)
        rows = self.table.objects.visible_to(request.user).filter(agreement=agreement)
        return Response({"results": self.shape(rows, many=True).data})

    def take(self, request, uid, add) -> HttpResponseBase:
        refuse_unknown_parameters(request, set())
        agreement = find(request.user, uid)
        permit(request.user, agreement.regency)
        said = read(request.data, self.body)
        row = self.table(uid=said.get("uid") or uuid7(), agreement=agreement)
        fill(row, said, [name for name in self.body().fields if name != "uid"])

        def act() -> HttpResponseBase:
            made = add(row, actor=request.user)
            headers = {"Cache-Control": "no-store"}
            return Response({"uid": made.pk}, status=201, headers=headers)

        return done(act)


class AddendaView(PartsView):
    table, body, shape = Addendum, AddendumBodySerializer, AddendumSerializer

    @extend_schema(
        operation_id="agreement_addenda",
        summary="Addenda of an agreement",
        responses=AddendaSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """The oldest first."""
        return self.told(request, uid)

    @extend_schema(
        operation_id="agreement_addendum_add",
        summary="Add an addendum",
        request=AddendumBodySerializer,
        responses={201: PartWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """To an agreement that was put in force."""
        return self.take(request, uid, add_addendum)


class EvaluationsView(PartsView):
    table, body, shape = Evaluation, EvaluationBodySerializer, EvaluationSerializer

    @extend_schema(
        operation_id="agreement_evaluations",
        summary="Evaluations of an agreement",
        responses=EvaluationsSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """The newest period first."""
        return self.told(request, uid)

    @extend_schema(
        operation_id="agreement_evaluation_add",
        summary="Add an evaluation",
        request=EvaluationBodySerializer,
        responses={201: PartWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Of an agreement that was put in force."""
        return self.take(request, uid, add_evaluation)


class FilesView(APIView):
    """The files of an agreement."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="agreement_files",
        summary="Files of an agreement, by name",
        responses=AgreementFilesSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """What is there; whoever wants to read one opens it on the portal's pages."""
        refuse_unknown_parameters(request, {"format"})
        rows = find(request.user, uid).files.filter(removed_at=None)
        return Response({"results": AgreementFileSerializer(rows, many=True).data})


def _route(word: str, view: type[APIView]):
    address = f"agreements/<uuid:uid>/{word}/"
    return path(address, view.as_view(), name=f"agreement-{word}")


urlpatterns = [
    _route("addenda", AddendaView),
    _route("evaluations", EvaluationsView),
    _route("files", FilesView),
]
