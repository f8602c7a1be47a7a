"""REST: sending activities, reading receipts and the programs to send under."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import SessionView
from accounts.authentication import TokenScope
from core.api import refuse_unknown_parameters
from villages.models import Village

from .clients import refuse_too_old
from .drafts import ActivityDraft, Outcome
from .filters import ProgramFilter
from .models import Activity, Program, State, Submission
from .serializers import (
    BatchAnswerSerializer,
    BatchSerializer,
    OutcomeSerializer,
    outcome_row,
    read_item,
)
from .services import submit_activities

MOST_ITEMS = 200
WORDS = ("accepted", "duplicate", "conflict", "rejected")


class SubmissionsView(APIView):
    """The batch: each item is judged alone, all accepted ones commit together."""

    permission_classes = [*APIView.permission_classes, TokenScope]
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

    permission_classes = [*APIView.permission_classes, TokenScope]
    required_scopes = {"GET": "activities:write"}

    @extend_schema(responses=OutcomeSerializer)
    def get(self, request, uid):
        receipt = get_object_or_404(Submission.objects.visible_to(request.user), uid=uid)
        return Response(outcome_row(Outcome.on_receipt(receipt)))


class ProgramSerializer(serializers.ModelSerializer):
    """A program as a client needs it to send activities under."""

    owner = serializers.CharField(source="owner_title")
    villages = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Program
        fields = [
            "uid",
            "title",
            "owner",
            "year_from",
            "year_to",
            "state",
            "target_group",
            "gender_marker",
            "villages",
        ]


class ProgramsView(ListAPIView):
    """Programs open to the caller."""

    permission_classes = [*APIView.permission_classes, TokenScope]
    required_scopes = {"GET": "activities:read"}
    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter
    ordering = "title"

    def get_queryset(self):
        """Each with those of its villages that the caller may see."""
        user = self.request.user
        return (
            Program.objects.visible_to(user)
            .select_related("owner_opd", "owner_district", "owner_village")
            .prefetch_related(Prefetch("villages", Village.objects.visible_to(user)))
        )


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


class PortalSessionView(SessionView):
    """Who am I, and how many records wait for me: to be reviewed, or sent back to be corrected."""

    def waiting(self, user) -> int:
        to_review = Activity.objects.permitting(user, "verify").waiting().exclude(author=user)
        to_correct = Activity.objects.permitting(user, "log").filter(state=State.RETURNED)
        return to_review.count() + to_correct.count()


urlpatterns = [
    path("session/", PortalSessionView.as_view(), name="session"),
    path("submissions/", SubmissionsView.as_view(), name="submissions"),
    path("submissions/<uuid:uid>/", SubmissionView.as_view(), name="submission"),
    path("programs/", ProgramsView.as_view(), name="programs"),
    path("", include("programs.activity_api")),
    path("", include("programs.photo_api")),
    path("", include("programs.reference_api")),
]
