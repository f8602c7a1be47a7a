"""REST: budget lines of offices, districts and villages, with their gender budget (ARG)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet
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
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import RowWrittenSerializer, over, written
from programs.api.conflicts import IF_MATCH, in_http
from programs.api.programs import CHUNK, OwnerSerializer
from programs.models import ArgCategory, FundSource
from programs.program_serializers import NamedOwnerSerializer, OneOf
from programs.program_serializers import Year as NamedYear
from programs.serializers import Identifier, Text, Word
from villages.models import District, Opd, Village

from ..filters import LineFilter
from ..line_rules import MONEY
from ..models import BudgetLine, BudgetStatement
from ..models.vocabulary import APPROVED_STATES
from ..serializers import Rupiah
from ..services.lines import add_line, change_line, holds_owner, remove_line
from .shared import READ, WRITE, read

OWNERS = ("owner_opd", "owner_district", "owner_village")
_NEAR = (*OWNERS, "owner_village__district", "village", "statement")


def _amount(words: str) -> Rupiah:
    return Rupiah(help_text=f"{words}, whole rupiah")


class LineBodySerializer(serializers.Serializer):
    """What a client says of a line. In a PATCH, what is not named stays as it is."""

    uid = Identifier(required=False, help_text="Made by the client; the line's key for ever")
    owner = NamedOwnerSerializer()
    year = NamedYear()
    code = Text(max_length=40, help_text="Of the sub-activity or activity")
    account = Text(max_length=40)
    name = Text(max_length=300)
    fund_source = Word(FundSource)
    plan = _amount("Planned (pagu)")
    changed = _amount("After the changed budget")
    realised = _amount("Realised")
    statement = Identifier(required=False, allow_null=True, help_text="The budget statement")
    action = Identifier(
        required=False, allow_null=True, help_text="`key` of the action that it pays for"
    )
    category = OneOf(ArgCategory, help_text="One line, one category")
    arg_plan = _amount("The part of `plan` that answers a gender gap")
    arg_changed = _amount("That part after the changed budget")
    arg_realised = _amount("That part realised")
    village = Text(max_length=13, help_text="Code of the village where an office spends it")


class LineSerializer(serializers.Serializer):
    """A line as it stands. `counted`: its tagged part is gender budget, as its statement is
    approved."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    owner = OwnerSerializer()
    year = serializers.IntegerField()
    code = serializers.CharField()
    account = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    fund_source = serializers.ChoiceField(FundSource.choices, allow_null=True)
    plan = serializers.IntegerField(help_text="Whole rupiah")
    changed = serializers.IntegerField(allow_null=True)
    realised = serializers.IntegerField(allow_null=True)
    statement = serializers.UUIDField(allow_null=True)
    action = serializers.UUIDField(allow_null=True)
    category = serializers.ChoiceField(ArgCategory.choices, allow_null=True)
    arg_plan = serializers.IntegerField()
    arg_changed = serializers.IntegerField(allow_null=True)
    arg_realised = serializers.IntegerField(allow_null=True)
    counted = serializers.BooleanField()
    village = PlaceSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class LineWrittenSerializer(RowWrittenSerializer):
    """The line as it is on file now; its ETag is the version to name next."""


BODY = OpenApiExample(
    "A line of an office, part of which answers a gap",
    request_only=True,
    value={
        "owner": {"level": "opd", "id": 4},
        "year": 2026,
        "code": "1.02.02.2.02.0001",
        "name": "Kelas ibu hamil",
        "fund_source": "apbd",
        "plan": 150_000_000,
        "statement": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa",
        "category": 2,
        "arg_plan": 60_000_000,
    },
)


class LinesView(FileList, GenericAPIView):
    """Budget lines of owners within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = BudgetLine.objects.none()
    serializer_class = LineSerializer
    filterset_class = LineFilter
    ordering_fields = ("updated_at", "year")

    def get_queryset(self) -> QuerySet[BudgetLine]:
        return _seen(self.request.user)

    @extend_schema(
        operation_id="budget_lines",
        summary="Budget lines open to the caller",
        responses=file_responses(LineSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. `counted=true`: what counts as gender budget. As a file (`format=csv` or
        `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = self.paginate_queryset(rows)
        return self.get_paginated_response([line_row(one) for one in found])

    def table(self, rows: QuerySet) -> Table:
        found = (line_row(one) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("budget-lines", columns_of(LineSerializer), found)

    @extend_schema(
        operation_id="budget_line_create",
        summary="Enter a budget line",
        request=LineBodySerializer,
        responses={201: LineWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """The line is on file. Needs `manage_plans` on its owner (for a village `plan_village`).

        The part that answers a gender gap is never more than the line, in one category only, and
        counts once the statement over it is approved.
        """
        refuse_unknown_parameters(request, set())
        if not request.user.capabilities & {"manage_plans", "plan_village"}:
            words = _("You enter budget lines for no office and no village.")
            raise in_http(Refused(Problem("", "not_permitted", words)))
        said = read(request.data, LineBodySerializer)
        line = BudgetLine(uid=said.get("uid") or uuid7())
        try:
            made = add_line(_with(line, said, request.user), actor=request.user)
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return written(made, 201, reverse("budget-line", args=[made.pk]))


class LineView(APIView):
    """One budget line: read, changed, taken out."""

    required_scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="budget_line",
        summary="One budget line",
        responses={200: LineSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What it says. Its ETag is its version, as If-Match names it."""
        refuse_unknown_parameters(request, {"format"})
        seen = BudgetLine.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        line = find(request.user, uid)
        return Response(line_row(line), headers=version_tag(line.version))

    @extend_schema(
        operation_id="budget_line_change",
        summary="Change a budget line",
        request=LineBodySerializer(partial=True),
        responses=LineWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. Its owner and year stay. Under a statement that is
        submitted or approved, only what was changed and realised can be entered."""
        refuse_unknown_parameters(request, set())

        def act(line: BudgetLine, seen: int) -> HttpResponseBase:
            said = read(request.data, LineBodySerializer, partial=True)
            if said.get("uid") not in (None, line.pk):
                words = _("The body names another record.")
                raise Refused(Problem("uid", "other_record", words))
            told = _with(copy(line), said, request.user)
            return written(change_line(told, actor=request.user, version=seen))

        return _over(request, uid, act)

    @extend_schema(
        operation_id="budget_line_remove",
        summary="Take a budget line out",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    def delete(self, request, uid):
        """It is gone. Not while the statement over it is submitted, approved or signed."""
        refuse_unknown_parameters(request, set())

        def act(line: BudgetLine, seen: int) -> HttpResponseBase:
            remove_line(line, actor=request.user, version=seen)
            return Response(status=204)

        return _over(request, uid, act)


def _over(request, uid, act) -> HttpResponseBase:
    """`act` over the version that the caller saw, or what keeps her from it."""
    again = partial(find, request.user, uid)
    line = again()
    if not holds_owner(request.user, line.owner):
        words = _("You cannot enter budget lines for this office or village.")
        raise in_http(Refused(Problem("", "not_permitted", words)))
    return over(request, line, again, act, line_row, scope=READ)


def _seen(user) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.visible_to(user).select_related(*_NEAR)


def find(user, uid) -> BudgetLine:
    return get_object_or_404(_seen(user), pk=uid)


def line_row(line: BudgetLine) -> dict[str, Any]:
    plain = ("year", "code", "account", "name", *MONEY, "category", "action")
    village = line.village
    tagged = line.category is not None and line.statement is not None
    return {
        "uid": line.pk,
        "version": line.version,
        "owner": owner_of(line),
        **{name: getattr(line, name) for name in plain},
        "fund_source": line.fund_source or None,
        "statement": line.statement_id,
        "counted": tagged and line.statement.state in APPROVED_STATES,
        "village": {"code": village.code, "name": village.name} if village else None,
        "created_at": line.created_at,
        "updated_at": line.updated_at,
    }


def owner_of(line: BudgetLine) -> dict[str, Any]:
    """Whose the line is, in the words of a program's owner."""
    owner = line.owner
    if isinstance(owner, Opd):
        return {"level": "opd", "id": owner.pk, "code": None, "name": owner.name}
    level = "district" if isinstance(owner, District) else "village"
    return {"level": level, "id": None, "code": owner.code, "name": owner.name}


# -- Reading -----------------------------------------------------------------------


def _with(line: BudgetLine, said: Mapping[str, Any], user) -> BudgetLine:
    """The line with what was sent in place of what it says; Refused for what is not hers."""
    problems: list[Problem] = []
    for name, value in said.items():
        if name in ("uid", "owner", "village", "statement"):
            continue
        setattr(line, name, "" if value is None and name in _TEXTS else value)
    if "owner" in said:
        owner = _owner(said["owner"], user)
        if owner is None:
            words = _("This owner is not known, or not one whose budget lines you enter.")
            problems.append(Problem("owner", "unknown_owner", words))
        for name, table in zip(OWNERS, (Opd, District, Village), strict=True):
            setattr(line, name, owner if isinstance(owner, table) else None)
    if "village" in said:
        line.village = _village(said["village"], user, problems)
    if "statement" in said:
        line.statement = _statement(said["statement"], user, problems)
    if problems:
        raise Refused(*problems)
    return line


_TEXTS = ("code", "account", "name", "fund_source")


def _owner(named: Mapping[str, Any], user) -> Model | None:
    """Whom the body names, if she enters budget lines for it."""
    key = {"pk": named.get("id")} if named["level"] == "opd" else {"code": named.get("code") or ""}
    table = {"opd": Opd, "district": District, "village": Village}[named["level"]]
    found = table.reference.filter(**key).first()
    return found if found is not None and holds_owner(user, found) else None


def _village(code: str | None, user, problems: list[Problem]) -> Village | None:
    found = Village.objects.visible_to(user).filter(code=code).first() if code else None
    if code and found is None:
        words = _("This village is not known, or not one you see. Check the village code.")
        problems.append(Problem("village", "unknown_village", words))
    return found


def _statement(uid: Any, user, problems: list[Problem]) -> BudgetStatement | None:
    found = BudgetStatement.objects.visible_to(user).filter(pk=uid).first() if uid else None
    if uid and found is None:
        words = _("This budget statement is not known, or not one you see.")
        problems.append(Problem("statement", "unknown_statement", words))
    return found


urlpatterns = [
    path("budget-lines/", LinesView.as_view(), name="budget-lines"),
    path("budget-lines/<uuid:uid>/", LineView.as_view(), name="budget-line"),
]
