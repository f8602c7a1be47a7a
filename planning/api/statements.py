"""REST: budget statements (GBS) – made from an approved analysis, filled with money, signed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import ProgramNameSerializer
from programs.api.conflicts import IF_MATCH, in_http
from programs.api.programs import CHUNK, OwnerSerializer, owner_row
from programs.serializers import Day, Identifier, Text

from ..content import unpacked
from ..content_json import content_row
from ..filters import StatementFilter
from ..models import OPEN_STATES, BudgetStatement, GenderAnalysis, PlanState
from ..serializers import GapContentSerializer, Rupiah, Year
from ..services.statements import (
    VILLAGE_DOCUMENTS,
    change_statement,
    make_statement,
)
from .shared import (
    READ,
    WRITE,
    Printed,
    WrittenSerializer,
    changing,
    paper_asked,
    paper_responses,
    printed,
    read,
    require,
    written,
)


def _column(name: str) -> Text:
    return Text(max_length=BudgetStatement._meta.get_field(name).max_length)


class SignatureSerializer(serializers.Serializer):
    """Where, when and by whom it is signed."""

    place = _column("place")
    signed_on = Day()
    signatory_title = _column("signatory_title")
    signatory_name = _column("signatory_name")
    signatory_rank = _column("signatory_rank")
    signatory_number = _column("signatory_number")


class StatementBodySerializer(SignatureSerializer):
    """What is typed into a statement; all else is the analysis."""

    year = Year(allow_null=False)
    total = Rupiah(help_text="Budget of the program or activity, whole rupiah")
    office_address = _column("office_address")
    village_document = serializers.ChoiceField(
        VILLAGE_DOCUMENTS, required=False, allow_blank=True, help_text="Of a village only"
    )


class NewStatementSerializer(serializers.Serializer):
    """Of which analysis."""

    analysis = Identifier()


class StatementRowSerializer(serializers.Serializer):
    """One statement on a list."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(PlanState.choices)
    year = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True, help_text="Whole rupiah")
    analysis = serializers.UUIDField()
    gap_version = serializers.IntegerField(help_text="The version of the analysis it is made of")
    title = serializers.CharField()
    program = ProgramNameSerializer()
    owner = OwnerSerializer()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class StatementSerializer(StatementRowSerializer):
    """A statement as it stands. `values` may be changed and sent back as the body of a PATCH;
    `content` is that version of the analysis, and stays."""

    values = StatementBodySerializer()
    content = GapContentSerializer()


class StatementsView(FileList, GenericAPIView):
    """Budget statements of owners within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = BudgetStatement.objects.none()
    serializer_class = StatementRowSerializer
    filterset_class = StatementFilter
    ordering_fields = ("updated_at", "year")

    def get_queryset(self) -> QuerySet[BudgetStatement]:
        return seen_by(self.request.user)

    @extend_schema(
        operation_id="budget_statements",
        summary="Budget statements open to the caller",
        responses=file_responses(StatementRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. As a file (`format=csv` or `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = self.paginate_queryset(rows)
        return self.get_paginated_response([head_row(one) for one in found])

    def table(self, rows: QuerySet) -> Table:
        found = (head_row(one) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("budget-statements", columns_of(StatementRowSerializer), found)

    @extend_schema(
        operation_id="budget_statement_create",
        summary="Make a budget statement",
        request=NewStatementSerializer,
        responses={201: WrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """A draft of the newest approved version of this analysis. A later one is its next
        revision. Needs `manage_plans` on the program's owner (for a village `plan_village`)."""
        refuse_unknown_parameters(request, set())
        if not request.user.capabilities & {"manage_plans", "plan_village"}:
            words = _("You write plans for no office and no village.")
            raise in_http(Refused(Problem("", "not_permitted", words)))
        said = read(request.data, NewStatementSerializer)
        seen = GenderAnalysis.objects.visible_to(request.user)
        analysis = seen.select_related("program").filter(pk=said["analysis"]).first()
        if analysis is None:
            raise Refused(_unknown())
        try:
            made = make_statement(analysis, actor=request.user)
        except Refused as refusal:
            if refusal.code == "not_permitted":  # as one that nobody made
                raise Refused(_unknown()) from refusal
            raise
        return written(made, 201, reverse("budget-statement", args=[made.pk]))


class StatementView(Printed, APIView):
    """One budget statement: read, printed, filled in."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="budget_statement",
        summary="One budget statement",
        responses={**paper_responses(StatementSerializer), 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What it says. Its ETag is its version. As `format=pdf`, `docx` or `xlsx`: the official
        form."""
        refuse_unknown_parameters(request, {"format"})
        seen = BudgetStatement.objects.visible_to(request.user).filter(pk=uid)
        form = paper_asked(request)
        if not form and (known := version_known(request, seen)):
            return known
        statement = find(request.user, uid)
        if form:
            return printed(request, statement, form)
        return Response(item_row(statement), headers=version_tag(statement.version))

    @extend_schema(
        operation_id="budget_statement_change",
        summary="Fill in a budget statement",
        request=StatementBodySerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """Money, year and signatory; what is not named stays as it is."""
        refuse_unknown_parameters(request, set())
        again = partial(find, request.user, uid)
        require(request, "manage_plans", again())

        def act(statement: Any, seen: int) -> Response:
            said = as_said(statement, read(request.data, StatementBodySerializer))
            return written(change_statement(said, actor=request.user, version=seen))

        return changing(request, again, "not_correctable", OPEN_STATES, act, values_of)


def as_said(document: Any, values: Mapping[str, Any]) -> Any:
    """The document with what was sent; null takes a text away."""
    said = copy(document)
    for name, value in values.items():
        words = value is None and isinstance(getattr(document, name), str)
        setattr(said, name, "" if words else value)
    return said


# -- Rows --------------------------------------------------------------------------


def seen_by(user) -> QuerySet[BudgetStatement]:
    rows = BudgetStatement.objects.visible_to(user).with_owners()
    return rows.select_related("analysis__program", "gap_version")


def find(user, uid) -> BudgetStatement:
    return get_object_or_404(seen_by(user), pk=uid)


def head_row(statement: BudgetStatement) -> dict[str, Any]:
    program = statement.analysis.program
    plain = ("version", "revision", "state", "year", "total", "created_at", "updated_at")
    return {
        "uid": statement.pk,
        **{name: getattr(statement, name) for name in plain},
        "analysis": statement.analysis_id,
        "gap_version": statement.gap_version.number,
        "title": str(statement.analysis),
        "program": {"uid": program.pk, "title": program.title},
        "owner": owner_row(program),
    }


def item_row(statement: BudgetStatement) -> dict[str, Any]:
    content = unpacked(statement.gap_version.content)
    return {**head_row(statement), **values_of(statement), "content": content_row(content)}


def values_of(statement: BudgetStatement) -> dict[str, Any]:
    names = StatementBodySerializer().fields
    return {"values": {name: getattr(statement, name) for name in names}}


def _unknown() -> Problem:
    words = _("This analysis is not known, or not one whose plans you write.")
    return Problem("analysis", "unknown_analysis", words)


urlpatterns = [
    path("budget-statements/", StatementsView.as_view(), name="budget-statements"),
    path("budget-statements/<uuid:uid>/", StatementView.as_view(), name="budget-statement"),
]
