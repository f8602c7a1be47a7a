"""REST: sending activities, and reading the receipts."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import replace

import django_filters as filters
from django.db import transaction
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged

from ..clients import refuse_too_old
from ..drafts import ActivityDraft, Outcome
from ..filters.shared import in_reach
from ..models import Activity, Submission, SubmissionState
from ..serializers import (
    BatchAnswerSerializer,
    BatchSerializer,
    OutcomeSerializer,
    outcome_row,
    read_item,
)
from ..services import submit_activities

CLAIMED = SubmissionState.CLAIMED
ORDER = OpenApiParameter("ordering", enum=["received_at", "-received_at"], default="-received_at")
MOST_ITEMS = 200
WORDS = ("accepted", "duplicate", "conflict", "rejected")


class ReceiptSerializer(OutcomeSerializer):
    """A receipt, with how the item came and what it was called."""

    source = serializers.CharField(help_text="The door: api, browser, sheet, …")
    client = serializers.CharField(allow_blank=True, help_text="X-Client of the sender")
    title = serializers.CharField(allow_null=True)


class ReceiptFilter(filters.FilterSet):
    state = filters.ChoiceFilter(
        choices=[(state.value, state.label) for state in SubmissionState if state != CLAIMED],
        label="accepted or rejected",
    )
    received_since = filters.IsoDateTimeFilter(
        "received_at", "gte", validators=[in_reach], label="Received at that moment or later"
    )
    source = filters.CharFilter("source", max_length=12, label="The door: api, browser, sheet, …")
    client = filters.CharFilter("client", max_length=60, label="X-Client of the sender")

    class Meta:
        model = Submission
        fields: tuple[str, ...] = ()


class SubmissionsView(GenericAPIView):
    """The batch: each item is judged alone, all accepted ones commit together."""

    required_scopes = {"GET": "activities:write", "POST": "activities:write"}
    queryset = Submission.objects.none()
    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilter
    ordering = "-received_at"
    ordering_fields = ("received_at",)

    def get_queryset(self):
        """Judged ones only, with the titles of the records they became, as far as the caller
        still sees those, or else as they were sent."""
        user = self.request.user
        receipts = Submission.objects.visible_to(user).exclude(state=CLAIMED)
        record = Activity.objects.visible_to(user).filter(pk=OuterRef("pk")).values("title")
        sent = KT("payload__title")
        title = Coalesce(Subquery(record), sent, output_field=TextField())
        return receipts.annotate(title=title).defer("payload", "digest")

    @extend_schema(
        operation_id="submissions",
        summary="The caller's own receipts",
        responses=ReceiptSerializer(many=True),
        parameters=[IF_NONE_MATCH, ORDER],
        filters=True,
    )
    @unchanged
    def get(self, request):
        """Receipts of what the caller has sent through any door, the newest first."""
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([receipt_row(one) for one in found])

    @extend_schema(
        request=BatchSerializer,
        responses=BatchAnswerSerializer,
        parameters=[OpenApiParameter("dry_run", bool, description="Judge, store nothing")],
    )
    def post(self, request):
        refuse_unknown_parameters(request, {"dry_run", "format"})
        refuse_too_old(request)
        dry_run = _yes_or_no(request, "dry_run")
        read = [read_item(item) for item in _items(request.data)]
        drafts = [one for one in read if isinstance(one, ActivityDraft)]
        with transaction.atomic() if dry_run else nullcontext():
            judged = submit_activities(
                drafts,
                actor=request.user,
                source="api",
                client=request.headers.get("X-Client", ""),
            )
            if dry_run:
                transaction.set_rollback(True)
                judged = [_unkept(one) for one in judged]
        return Response(_answer(_in_order(read, judged)))


def receipt_row(receipt: Submission) -> dict:
    """One receipt, its `title` beside it, as the list says it."""
    row = outcome_row(Outcome.on_receipt(receipt))
    return row | {"source": receipt.source, "client": receipt.client, "title": receipt.title}


class SubmissionView(APIView):
    """The receipt of one uid, for the person who sent it."""

    required_scopes = {"GET": "activities:write"}

    @extend_schema(
        operation_id="submission", summary="The receipt of one uid", responses=OutcomeSerializer
    )
    def get(self, request, uid):
        receipt = get_object_or_404(Submission.objects.visible_to(request.user), uid=uid)
        return Response(outcome_row(Outcome.on_receipt(receipt)))


def _yes_or_no(request, name: str) -> bool:
    """A switch in the address; anything unclear is refused rather than read as "no"."""
    text = request.query_params.get(name, "0").lower()
    if text not in {"0", "1", "false", "true"}:
        raise ValidationError({name: _("Write 1 or 0.")}, code="invalid")
    return text in {"1", "true"}


def _items(body) -> list:
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise ValidationError(
            {"items": _('Send {"items": [ … ]} with 1 to %(most)s items.') % {"most": MOST_ITEMS}},
            code="not_a_batch",
        )
    return items


def _in_order(read: list[ActivityDraft | Outcome], judged: list[Outcome]) -> list[Outcome]:
    waiting = iter(judged)
    return [next(waiting) if isinstance(one, ActivityDraft) else one for one in read]


def _unkept(outcome: Outcome) -> Outcome:
    """How a draft would have been judged: what was never stored has no number and no time."""
    if outcome.word != "accepted":
        return outcome
    return replace(outcome, number=None, received_at=None)


def _answer(outcomes: list[Outcome]) -> dict:
    count = Counter(outcome.word for outcome in outcomes)
    return {
        "results": [outcome_row(outcome) for outcome in outcomes],
        "summary": {word: count[word] for word in WORDS},
    }


urlpatterns = [
    path("submissions/", SubmissionsView.as_view(), name="submissions"),
    path("submissions/<uuid:uid>/", SubmissionView.as_view(), name="submission"),
]
