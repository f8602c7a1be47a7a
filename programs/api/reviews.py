"""REST: the steps of a review, each over the version that the reviewer saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.errors import Problem, Refused, Stale
from core.idempotency import IDEMPOTENCY_KEY, once
from core.problems import refusal_of

from ..models import Activity, ReviewStep, State
from ..serializers import Text, unknown_fields
from ..services import confirm_activity, return_activity, verify_activity, void_activity
from ..services.records import holds, not_permitted, require_reviewer
from ..services.reviews import MOVES
from .conflicts import (
    IF_MATCH,
    in_http,
    too_late,
    version_seen,
)

#: As long as the page's own field.
MOST_LETTERS = 500


class ReasonSerializer(serializers.Serializer):
    """What the village reads."""

    reason = Text(max_length=MOST_LETTERS, help_text="In a few words; cannot be empty")


class SteppedSerializer(serializers.Serializer):
    """The record after the step; its ETag is the version to name next."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    number = serializers.CharField()


EXAMPLE = OpenApiExample(
    "Done",
    response_only=True,
    status_codes=["200"],
    value={
        "uid": "0198c6b2-5a10-7c3e-9d1f-3f2b6a7c8d90",
        "version": 2,
        "state": "verified",
        "number": "6401-2603-00418",
    },
)


class StepView(APIView):
    """One step, taken once: sent again by the same person, it is answered as the first time."""

    required_scopes = {"POST": "activities:write"}
    step: str
    takes_reason = False

    def act(self, activity: Activity, actor, version: int, reason: str) -> Activity:
        raise NotImplementedError

    def require(self, activity: Activity, actor) -> None:
        """Refused: not hers to do, whichever version stands there."""
        require_reviewer(activity, actor)

    def take(self, request, uid) -> Response:
        refuse_unknown_parameters(request, set())
        activity = _activity(request, uid)
        try:
            self.require(activity, request.user)  # first: the answers below tell what stands
            seen, reason = version_seen(request), _reason(request.data, self.takes_reason)
            if _did(activity, self.step, request.user, seen, reason):
                return _stepped(activity, seen + 1, MOVES[self.step][1])
            if seen != activity.version:
                return too_late(request, activity, seen, "step_not_possible")
            moved = self.act(activity, request.user, seen, reason)
        except Stale:
            return self._overtaken(request, uid, seen, reason)
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return _stepped(moved, moved.version, moved.state)

    def _overtaken(self, request, uid, seen: int, reason: str):
        """Somebody was faster between reading and writing: perhaps her own call, sent twice."""
        activity = _activity(request, uid)
        if _did(activity, self.step, request.user, seen, reason):
            return _stepped(activity, seen + 1, MOVES[self.step][1])
        return too_late(request, activity, seen, "step_not_possible")


class VerifyView(StepView):
    step = ReviewStep.VERIFIED

    @extend_schema(
        operation_id="activity_verify",
        summary="Verify a record",
        request=None,
        responses=SteppedSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        examples=[EXAMPLE],
    )
    @once
    def post(self, request, uid):
        """The record becomes verified and counts. Never one's own. No body is needed."""
        return self.take(request, uid)

    def act(self, activity, actor, version, reason):
        return verify_activity(activity, actor=actor, version=version)


class ReturnView(StepView):
    step = ReviewStep.RETURNED
    takes_reason = True

    @extend_schema(
        operation_id="activity_return",
        summary="Send a record back",
        request=ReasonSerializer,
        responses=SteppedSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """The record goes back to the village with a reason, and stops counting."""
        return self.take(request, uid)

    def act(self, activity, actor, version, reason):
        return return_activity(activity, actor=actor, version=version, reason=reason)


class VoidView(StepView):
    step = ReviewStep.VOIDED
    takes_reason = True

    @extend_schema(
        operation_id="activity_void",
        summary="Strike a record out",
        request=ReasonSerializer,
        responses=SteppedSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """The record is struck out with a reason: it stays readable and counts nowhere."""
        return self.take(request, uid)

    def require(self, activity, actor):
        if activity.state == State.VERIFIED:
            require_reviewer(activity, actor)
        elif not (holds(actor, "log", activity) or holds(actor, "verify", activity)):
            raise not_permitted()

    def act(self, activity, actor, version, reason):
        if activity.state == State.VOIDED:
            raise Stale(Problem("version", "step_not_possible", ""))
        return void_activity(activity, actor=actor, version=version, reason=reason)


class ConfirmView(APIView):
    """A second person was there."""

    required_scopes = {"POST": "activities:write"}

    @extend_schema(
        operation_id="activity_confirm",
        summary="Confirm that it took place",
        request=None,
        responses=SteppedSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """A second person saw the same event. Once each; never the author. Changes no version."""
        refuse_unknown_parameters(request, set())
        activity = _activity(request, uid)
        _reason(request.data, takes_reason=False)
        try:
            held = confirm_activity(activity, actor=request.user)
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return _stepped(held, held.version, held.state)


def _activity(request, uid) -> Activity:
    rows = Activity.objects.visible_to(request.user).with_places()
    return get_object_or_404(rows, pk=uid)


def _reason(body: Any, takes_reason: bool) -> str:
    """The reason in the body; a body that says anything else is refused, not read past."""
    if not isinstance(body, dict):
        raise ParseError(_("Send a JSON object."), code="not_an_item")
    known = {"reason"} if takes_reason else set()
    problems = unknown_fields(body, known)
    if problems:
        raise Refused(*problems)
    if not takes_reason:
        return ""
    sent = ReasonSerializer(data=body)
    try:
        sent.is_valid(raise_exception=True)
    except ValidationError as wrong:
        raise refusal_of(wrong.get_full_details()) from wrong
    return (sent.validated_data.get("reason") or "").strip()


def _did(activity: Activity, step: str, actor, seen: int, reason: str) -> bool:
    """She herself took this very step on that version: her first answer was lost on the way."""
    steps = activity.reviews.filter(step=step, actor=actor, version=seen + 1)
    return steps.values_list("reason", flat=True).first() == reason


def _stepped(activity: Activity, version: int, state: str) -> Response:
    row = {"uid": activity.pk, "version": version, "state": state}
    row["number"] = activity.receipt.number
    return Response(row, headers={"ETag": f'"v{version}"', "Cache-Control": "no-store"})


def _route(word: str, view: Callable):
    return path(f"activities/<uuid:uid>/{word}/", view, name=f"activity-{word}")


urlpatterns = [
    _route("verify", VerifyView.as_view()),
    _route("return", ReturnView.as_view()),
    _route("void", VoidView.as_view()),
    _route("confirm", ConfirmView.as_view()),
]
