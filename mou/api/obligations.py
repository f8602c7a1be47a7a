"""REST: duties that parties of an agreement took upon themselves, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.models import Stage
from programs.program_serializers import Whole
from programs.serializers import Day, Identifier, Word

from ..measured import progress_of_one
from ..models import DutyMeasure, Obligation, ObligationEntry
from ..serializers import (
    MOST_NUMBER,
    ObligationSerializer,
    needed_day,
    needed_number,
    needed_text,
    some_text,
)
from ..services.duties import add_obligation, change_obligation, end_obligation, enter_progress
from .agreement_parts import PartWrittenSerializer
from .agreements import duty_row, duty_rows, find
from .shared import READ, WRITE, done, fill, over, permit, same_uid

PLAIN = ("text", "measure", "stage", "unit", "target", "due_on")


class ObligationBodySerializer(serializers.Serializer):
    """What a client says of a duty. In a PATCH, what is not named stays as it is."""

    uid = Identifier(required=False, help_text="Made by the client; the duty's key for ever")
    party = needed_number(help_text="`position` of the party whose duty it is")
    text = needed_text(Obligation, "text")
    measure = Word(DutyMeasure, help_text="hand where nothing is said; else the portal counts")
    stage = Word(Stage, help_text="Only activities of this stage count")
    unit = some_text(Obligation, "unit")
    target = Whole(MOST_NUMBER)
    due_on = Day(help_text="Left out: the agreement's last day")


class ObligationChangeSerializer(ObligationBodySerializer):
    ended = serializers.BooleanField(
        required=False, help_text="true: it is taken out of the agreement, for ever"
    )


class ObligationsSerializer(serializers.Serializer):
    results = ObligationSerializer(many=True)


class ProgressBodySerializer(serializers.Serializer):
    """How far a duty kept by hand had come on a day: the whole so far, not what was added."""

    uid = Identifier(required=False, help_text="Made by the client; the entry's key for ever")
    reached_on = needed_day()
    value = needed_number()
    note = some_text(ObligationEntry, "note")


class ObligationsView(APIView):
    """The duties of one agreement, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="agreement_obligations",
        summary="Duties of an agreement",
        responses=ObligationsSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """In their order, with how far they have come; also those that were taken out."""
        refuse_unknown_parameters(request, {"format"})
        agreement = find(request.user, uid)
        return Response({"results": duty_rows(agreement, timezone.localdate())})

    @extend_schema(
        operation_id="agreement_obligation_add",
        summary="Add a duty",
        request=ObligationBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It is part of the agreement. With a `measure` other than hand the portal counts what
        the partner's people log in the agreement's days and area."""
        refuse_unknown_parameters(request, set())
        agreement = find(request.user, uid)
        permit(request.user, agreement.regency)
        said = read(request.data, ObligationBodySerializer)
        duty = Obligation(uid=said.get("uid") or uuid7(), agreement=agreement)
        _tell(duty, said)
        return done(lambda: written(add_obligation(duty, actor=request.user), 201))


class ObligationView(APIView):
    """One duty: changed, or taken out."""

    required_scopes = {"PATCH": WRITE}

    @extend_schema(
        operation_id="obligation_change",
        summary="Change a duty",
        request=ObligationChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. `ended: true` takes the duty out of its agreement:
        what is known of it stays on record."""
        refuse_unknown_parameters(request, set())
        duty = _find(request.user, uid)
        permit(request.user, duty.agreement.regency)

        def act(row: Obligation, seen: int) -> HttpResponseBase:
            said = read(request.data, ObligationChangeSerializer, partial=True)
            same_uid(said, row)
            told = copy(row)
            if said.get("ended"):
                return written(end_obligation(told, actor=request.user, version=seen))
            _tell(told, said)
            return written(change_obligation(told, actor=request.user, version=seen))

        return over(request, duty, partial(_find, request.user, uid), act, _row)


class ProgressView(APIView):
    """How far a duty has come."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="obligation_progress",
        summary="Enter how far a duty has come",
        request=ProgressBodySerializer,
        responses={201: PartWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Of a duty kept by hand; one entry a day. The newest one counts."""
        refuse_unknown_parameters(request, set())
        duty = _find(request.user, uid)
        permit(request.user, duty.agreement.regency)
        said = read(request.data, ProgressBodySerializer)
        entry = ObligationEntry(uid=said.get("uid") or uuid7(), obligation=duty)
        fill(entry, said, ("reached_on", "value", "note"))

        def act() -> HttpResponseBase:
            made = enter_progress(entry, actor=request.user)
            headers = {"Cache-Control": "no-store"}
            return Response({"uid": made.pk}, status=201, headers=headers)

        return done(act)


def _find(user, uid) -> Obligation:
    rows = Obligation.objects.visible_to(user).select_related("agreement__regency", "party")
    return get_object_or_404(rows, pk=uid)


def _row(duty: Obligation) -> dict[str, Any]:
    today = timezone.localdate()
    return duty_row(duty, None if duty.ended_at else progress_of_one(duty, today))


def _tell(duty: Obligation, said: Mapping[str, Any]) -> None:
    """The duty says what was sent; Refused for a party that the agreement has not."""
    fill(duty, said, PLAIN)
    duty.measure = duty.measure or DutyMeasure.HAND
    if "party" in said:
        party = duty.agreement.parties.filter(position=said["party"]).first()
        if party is None:
            words = _("The agreement has no party at this position.")
            raise Refused(Problem("party", "unknown_value", words))
        duty.party = party


urlpatterns = [
    path(
        "agreements/<uuid:uid>/obligations/",
        ObligationsView.as_view(),
        name="agreement-obligations",
    ),
    path("obligations/<uuid:uid>/", ObligationView.as_view(), name="obligation"),
    path("obligations/<uuid:uid>/progress/", ProgressView.as_view(), name="obligation-progress"),
]
