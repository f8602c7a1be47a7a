"""REST: the way of a budget statement – submitted, returned, approved, signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.conflicts import IF_MATCH

from ..content import unpacked
from ..services.signing import SIGNED_FIELDS, Signature
from ..services.statements import (
    approve_statement,
    return_statement,
    sign_statement,
    submit_statement,
)
from .history import PlanHistorySerializer, history_row
from .shared import (
    READ,
    MoveView,
    NoteSerializer,
    RemarkBodySerializer,
    WrittenSerializer,
    read,
    remarks_of,
)
from .statements import SignatureSerializer, as_said, find, values_of

#: What a remark may be about: the parts that are typed, and the actions of the analysis.
STEPS = ("money", "signatory", "actions")


class ReturnSerializer(NoteSerializer):
    """What the office is to put right: remarks, or a note, or both."""

    remarks = RemarkBodySerializer(many=True, required=False)


class StatementMove(MoveView):
    def find(self, uid):
        return find(self.request.user, uid)

    def values(self, document):
        return values_of(document)


class SubmitView(StatementMove):
    move = "submit"

    @extend_schema(
        operation_id="budget_statement_submit",
        summary="Submit a budget statement",
        request=None,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It waits for review. Needs a total and at least one budget line within it."""
        return self.take(request, uid)

    def act(self, document, version, said):
        submit_statement(document, actor=self.request.user, version=version)


class ReturnView(StatementMove):
    move = "return"

    @extend_schema(
        operation_id="budget_statement_return",
        summary="Send a budget statement back",
        request=ReturnSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Its office corrects it. Remarks are about `money`, `signatory`, or `actions` with the
        `key` of the action."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, ReturnSerializer)

    def act(self, document, version, said):
        actions = unpacked(document.gap_version.content).actions
        remarks = remarks_of(said.get("remarks", ()), STEPS, [one.key for one in actions])
        note = said.get("note") or ""
        return_statement(document, remarks, actor=self.request.user, version=version, note=note)


class ApproveView(StatementMove):
    move = "approve"

    @extend_schema(
        operation_id="budget_statement_approve",
        summary="Approve a budget statement",
        request=NoteSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Its tagged lines count as gender budget from now on. Nobody approves what she submitted
        herself."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, NoteSerializer)

    def act(self, document, version, said):
        note = said.get("note") or ""
        approve_statement(document, actor=self.request.user, version=version, note=note)


class SignView(StatementMove):
    move = "sign"

    @extend_schema(
        operation_id="budget_statement_sign",
        summary="Sign a budget statement",
        request=SignatureSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """The head of the office or village signs. What is not named stands in the statement."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, SignatureSerializer)

    def act(self, document, version, said):
        signature = signature_of(document, said)
        sign_statement(document, actor=self.request.user, version=version, signature=signature)


def signature_of(document: Any, said: Mapping[str, Any]) -> Signature | None:
    """The signature as sent, the rest from the document; None where nothing was sent."""
    if not said:
        return None
    told = as_said(document, said)
    return Signature(**{name: getattr(told, name) for name in SIGNED_FIELDS})


class HistoryView(APIView):
    """Who did what."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="budget_statement_history",
        summary="Steps and remarks of a budget statement",
        responses=PlanHistorySerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """Newest step first; what reviewers said, settled or not."""
        refuse_unknown_parameters(request, {"format"})
        return Response(history_row(find(request.user, uid)))


def _route(word: str, view: type[APIView]):
    address = f"budget-statements/<uuid:uid>/{word}/"
    return path(address, view.as_view(), name=f"budget-statement-{word}")


urlpatterns = [
    _route("submit", SubmitView),
    _route("return", ReturnView),
    _route("approve", ApproveView),
    _route("sign", SignView),
    _route("history", HistoryView),
]
