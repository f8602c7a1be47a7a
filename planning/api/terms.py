"""REST: the terms of reference (KAK) of a budget statement, below its address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, version_known, version_tag
from core.errors import Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.conflicts import IF_MATCH, in_http
from programs.program_serializers import Whole
from programs.serializers import Day, Text

from ..models import OPEN_STATES, PlanState, TermsOfReference
from ..serializers import MOST_LETTERS, MOST_ROWS, Rupiah
from ..services.terms import (
    OWN_FIELDS,
    StageSaid,
    approve_terms,
    change_terms,
    make_terms,
    return_terms,
    sign_terms,
    stages_of,
    submit_terms,
)
from . import statements
from .shared import (
    READ,
    WRITE,
    MoveView,
    NoteSerializer,
    Printed,
    WrittenSerializer,
    changing,
    paper_asked,
    paper_responses,
    printed,
    read,
    remarks_of,
    require,
    written,
)
from .statement_steps import ReturnSerializer, signature_of
from .statements import SignatureSerializer, as_said

#: What a remark may be about.
STEPS = ("activity", "time", "stages", "money", "signatory")


def _column(name: str) -> Text:
    return Text(max_length=TermsOfReference._meta.get_field(name).max_length or MOST_LETTERS)


class StageSerializer(serializers.Serializer):
    """One stage of carrying it out."""

    label = Text(max_length=120, required=True, allow_null=False)
    text = Text(max_length=MOST_LETTERS)
    months = Whole(120)


class TermsBodySerializer(SignatureSerializer):
    """What is typed into terms; all else is the analysis and its statement."""

    legal_basis = _column("legal_basis")
    purpose = _column("purpose")
    beneficiaries = _column("beneficiaries")
    location = _column("location")
    starts_on = Day()
    ends_on = Day()
    subactivity = _column("subactivity")
    limits = _column("limits")
    months = Whole(120)
    performer = _column("performer")
    responsible = _column("responsible")
    cost = Rupiah(help_text="Whole rupiah, within the budget of the statement")
    stages = StageSerializer(many=True, required=False, max_length=MOST_ROWS)


class TermsSerializer(serializers.Serializer):
    """Terms as they stand. `values` may be changed and sent back as the body of a PATCH."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(PlanState.choices)
    statement = serializers.UUIDField()
    values = TermsBodySerializer()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TermsView(Printed, APIView):
    """The terms of one statement: made, read, printed, filled in."""

    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    @extend_schema(
        operation_id="budget_statement_terms",
        summary="The terms of reference of a budget statement",
        responses={**paper_responses(TermsSerializer), 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What they say; 404 until they are made. As `format=pdf`, `docx` or `xlsx`: the printed
        form."""
        refuse_unknown_parameters(request, {"format"})
        form = paper_asked(request)
        if not form and (
            known := version_known(request, _seen(request.user).filter(statement=uid))
        ):
            return known
        terms = find(request.user, uid)
        if form:
            return printed(request, terms, form)
        return Response(item_row(terms), headers=version_tag(terms.version))

    @extend_schema(
        operation_id="budget_statement_terms_create",
        summary="Make the terms of reference",
        request=None,
        responses={201: WrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """A draft of what the analysis says already, or of what the last terms said. One for each
        statement."""
        refuse_unknown_parameters(request, set())
        statement = statements.find(request.user, uid)
        require(request, "manage_plans", statement)
        read(request.data, serializers.Serializer)
        try:
            made = make_terms(statement, actor=request.user)
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return written(made, 201, reverse("budget-statement-terms", args=[statement.pk]))

    @extend_schema(
        operation_id="budget_statement_terms_change",
        summary="Fill in the terms of reference",
        request=TermsBodySerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is; `stages` is the whole list."""
        refuse_unknown_parameters(request, set())
        again = partial(find, request.user, uid)
        require(request, "manage_plans", again())

        def act(terms: Any, seen: int) -> HttpResponseBase:
            said = read(request.data, TermsBodySerializer)
            stages = _stages(said.pop("stages")) if "stages" in said else stages_of(terms)
            told = as_said(terms, said)
            return written(change_terms(told, stages, actor=request.user, version=seen))

        return changing(request, again, "not_correctable", OPEN_STATES, act, values_of)


def _stages(said: list[Mapping[str, Any]]) -> list[StageSaid]:
    return [StageSaid(one["label"], one.get("text") or "", one.get("months")) for one in said]


class TermsMove(MoveView):
    def values(self, document):
        return values_of(document)

    def find(self, uid):
        return find(self.request.user, uid)


class TermsSubmitView(TermsMove):
    move = "submit"

    @extend_schema(
        operation_id="budget_statement_terms_submit",
        summary="Submit the terms of reference",
        request=None,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """They wait for review."""
        return self.take(request, uid)

    def act(self, document, version, said):
        submit_terms(document, actor=self.request.user, version=version)


class TermsReturnView(TermsMove):
    move = "return"

    @extend_schema(
        operation_id="budget_statement_terms_return",
        summary="Send the terms of reference back",
        request=ReturnSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Their office corrects them. Remarks are about `activity`, `time`, `stages`, `money` or
        `signatory`."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, ReturnSerializer)

    def act(self, document, version, said):
        remarks, note = remarks_of(said.get("remarks", ()), STEPS, ()), said.get("note") or ""
        return_terms(document, remarks, actor=self.request.user, version=version, note=note)


class TermsApproveView(TermsMove):
    move = "approve"

    @extend_schema(
        operation_id="budget_statement_terms_approve",
        summary="Approve the terms of reference",
        request=NoteSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """They can be signed. Nobody approves what she submitted herself."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, NoteSerializer)

    def act(self, document, version, said):
        note = said.get("note") or ""
        approve_terms(document, actor=self.request.user, version=version, note=note)


class TermsSignView(TermsMove):
    move = "sign"

    @extend_schema(
        operation_id="budget_statement_terms_sign",
        summary="Sign the terms of reference",
        request=SignatureSerializer,
        responses=WrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """After the statement. What is not named stands in the terms."""
        return self.take(request, uid)

    def read(self, body, document):
        return read(body, SignatureSerializer)

    def act(self, document, version, said):
        signature = signature_of(document, said)
        sign_terms(document, actor=self.request.user, version=version, signature=signature)


def _seen(user) -> QuerySet[TermsOfReference]:
    return TermsOfReference.objects.visible_to(user)


def find(user, uid) -> TermsOfReference:
    """The terms of the statement of this uid."""
    rows = _seen(user).with_owners().select_related("statement__analysis__program")
    return get_object_or_404(rows, statement=uid)


def item_row(terms: TermsOfReference) -> dict[str, Any]:
    return {
        "uid": terms.pk,
        "version": terms.version,
        "state": terms.state,
        "statement": terms.statement_id,
        **values_of(terms),
        "created_at": terms.created_at,
        "updated_at": terms.updated_at,
    }


def values_of(terms: TermsOfReference) -> dict[str, Any]:
    names = (*OWN_FIELDS, *SignatureSerializer().fields)
    stages = [
        {"label": one.label, "text": one.text, "months": one.months} for one in stages_of(terms)
    ]
    return {"values": {name: getattr(terms, name) for name in names} | {"stages": stages}}


def _route(word: str, view: type[APIView]):
    address = f"budget-statements/<uuid:uid>/terms/{word}/"
    return path(address, view.as_view(), name=f"budget-statement-terms-{word}")


urlpatterns = [
    path(
        "budget-statements/<uuid:uid>/terms/",
        TermsView.as_view(),
        name="budget-statement-terms",
    ),
    _route("submit", TermsSubmitView),
    _route("return", TermsReturnView),
    _route("approve", TermsApproveView),
    _route("sign", TermsSignView),
]
