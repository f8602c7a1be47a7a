"""REST: the way of a gender analysis – submitted, taken back, returned, approved, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.errors import Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.conflicts import IF_MATCH, in_http
from programs.serializers import Text

from ..checks import CHECKLIST
from ..content import content_of
from ..models import OPEN_STATES, GenderAnalysis
from ..serializers import MOST_LETTERS
from ..services.analyses import (
    approve_analysis,
    check_plan,
    refresh_figures,
    return_analysis,
    revise_analysis,
    submit_analysis,
    withdraw_analysis,
)
from ..steps import STEPS
from .analyses import (
    AnalysisWrittenSerializer,
    current,
    find,
    in_place,
    written_analysis,
)
from .shared import (
    WRITE,
    MoveView,
    NoteSerializer,
    RemarkBodySerializer,
    WrittenSerializer,
    changing,
    read,
    remarks_of,
    require,
    written,
)


class TickSerializer(serializers.Serializer):
    """One line of the reviewer's list."""

    code = serializers.ChoiceField([code for code, _label in CHECKLIST])
    ok = serializers.BooleanField()


class ApprovalSerializer(NoteSerializer):
    """What goes with an approval; nothing of it is needed."""

    checklist = TickSerializer(many=True, required=False)


class AnalysisReturnSerializer(ApprovalSerializer):
    """What the office is to put right: remarks at cells, or a note, or both."""

    remarks = RemarkBodySerializer(many=True, required=False)


class AnalysisMove(MoveView):
    def find(self, uid):
        return find(self.request.user, uid)

    def values(self, document):
        return current(document)


class SubmitView(AnalysisMove):
    move = "submit"

    @extend_schema(
        operation_id="gender_analysis_submit",
        summary="Submit a gender analysis",
        request=None,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It waits for review, frozen with its figures. 422 names every cell that is missing:
        `pointer` leads into `content` as `{uid}/` gives it."""
        return self.take(request, uid)

    def act(self, document, version, said):
        try:
            submit_analysis(document, actor=self.request.user, version=version)
        except Refused as refusal:
            raise_in_place(refusal, document)


def raise_in_place(refusal: Refused, document: GenderAnalysis) -> None:
    """Raise it; a refusal that names cells points at them."""
    if any(one.field.count(".") == 3 for one in refusal.problems):  # noqa: PLR2004 - step.list.row.field
        raise in_place(refusal, document) from refusal
    raise refusal


class WithdrawView(AnalysisMove):
    move = "withdraw"

    @extend_schema(
        operation_id="gender_analysis_withdraw",
        summary="Take a submitted gender analysis back",
        request=None,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It is a draft again, as long as nobody decided on it. The version that was submitted
        counts as returned."""
        return self.take(request, uid)

    def act(self, document, version, said):
        withdraw_analysis(document, actor=self.request.user, version=version)


class ReturnView(AnalysisMove):
    move = "return"

    @extend_schema(
        operation_id="gender_analysis_return",
        summary="Send a gender analysis back",
        request=AnalysisReturnSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "One remark on one cell",
                request_only=True,
                value={
                    "remarks": [
                        {
                            "step": "data",
                            "row": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa",
                            "field": "source",
                            "text": "Sebutkan daftar hadir bulan apa.",
                        }
                    ]
                },
            )
        ],
    )
    @once
    def post(self, request, uid):
        """Its office corrects it. Each remark names a step and, where it can, the row (its `key`)
        and the field. Nobody returns or approves what she submitted herself."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, AnalysisReturnSerializer)

    def act(self, document, version, said: Mapping[str, Any]):
        steps = [one.key for one in STEPS[document.template]]
        keys = [row.key for _name, row in content_of(document).rows()]
        return_analysis(
            document,
            remarks_of(said.get("remarks", ()), steps, keys),
            actor=self.request.user,
            version=version,
            note=said.get("note") or "",
            checklist=said.get("checklist", ()),
        )


class ApproveView(AnalysisMove):
    move = "approve"

    @extend_schema(
        operation_id="gender_analysis_approve",
        summary="Approve a gender analysis",
        request=ApprovalSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It is approved as it was submitted; a budget statement can be made from it. Nobody
        approves what she submitted herself."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, ApprovalSerializer)

    def act(self, document, version, said: Mapping[str, Any]):
        approve_analysis(
            document,
            actor=self.request.user,
            version=version,
            note=said.get("note") or "",
            checklist=said.get("checklist", ()),
        )


class ReviseView(AnalysisMove):
    move = "revise"

    @extend_schema(
        operation_id="gender_analysis_revise",
        summary="Open a gender analysis again",
        request=NoteSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It may be changed again. What was approved stays in force until it is approved anew."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, NoteSerializer)

    def act(self, document, version, said: Mapping[str, Any]):
        note = said.get("note") or ""
        revise_analysis(document, actor=self.request.user, version=version, note=note)


class CheckBodySerializer(serializers.Serializer):
    """What the planning board found."""

    note = Text(max_length=MOST_LETTERS, required=True, allow_null=False)


class CheckView(APIView):
    """The planning board's word."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="gender_analysis_check",
        summary="Say whether an analysis fits the planning documents",
        request=CheckBodySerializer,
        responses=WrittenSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """A word for the reviewer while the analysis waits for review. Changes no version."""
        refuse_unknown_parameters(request, set())
        analysis = find(request.user, uid)
        require(request, "check_plans", analysis)
        said = read(request.data, CheckBodySerializer)
        try:
            check_plan(analysis, actor=request.user, note=said["note"])
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return written(analysis)


class FiguresTaken(APIView):
    """The portal's figures, taken anew."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="gender_analysis_refresh",
        summary="Take the portal's figures anew",
        request=None,
        responses=AnalysisWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Every data row with a `measure` holds what the portal says now."""
        refuse_unknown_parameters(request, set())
        require(request, "manage_plans", find(request.user, uid))
        read(request.data, serializers.Serializer)

        def act(analysis: Any, seen: int) -> Response:
            refresh_figures(analysis, actor=request.user, version=seen)
            return written_analysis(analysis)

        again = partial(find, request.user, uid)
        return changing(request, again, "not_correctable", OPEN_STATES, act, current)


def _route(word: str, view: type[APIView]):
    address = f"gender-analyses/<uuid:uid>/{word}/"
    return path(address, view.as_view(), name=f"gender-analysis-{word}")


urlpatterns = [
    _route("submit", SubmitView),
    _route("withdraw", WithdrawView),
    _route("return", ReturnView),
    _route("approve", ApproveView),
    _route("revise", ReviseView),
    _route("check", CheckView),
    _route("refresh", FiguresTaken),
]
