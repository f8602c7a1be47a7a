"""REST: sending activities, and reading the receipts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters

from ..clients import refuse_too_old
from ..drafts import ActivityDraft, Outcome
from ..models import Submission
from ..serializers import (
    BatchAnswerSerializer,
    BatchSerializer,
    OutcomeSerializer,
    outcome_row,
    read_item,
)
from ..services import submit_activities

MOST_ITEMS = 200
WORDS = ("accepted", "duplicate", "conflict", "rejected")


class SubmissionsView(APIView):
    """The batch: each item is judged alone, all accepted ones commit together."""

    required_scopes = {"POST": "activities:write"}

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
        with transaction.atomic():
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


class SubmissionView(APIView):
    """The receipt of one uid, for the person who sent it."""

    required_scopes = {"GET": "activities:write"}

    @extend_schema(responses=OutcomeSerializer)
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
            {"items": _("Send {“items”: […]} with 1 to %(most)s items.") % {"most": MOST_ITEMS}},
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
