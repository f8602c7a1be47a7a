"""REST: one record as it stands, and putting it right over the version one has seen."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, version_known, version_tag
from core.errors import Problem, Refused, Stale

from ..clients import refuse_too_old
from ..drafts import ActivityDraft, Outcome
from ..models import Activity, Review, ReviewStep, State
from ..serializers import (
    ActivityContentSerializer,
    ActivityItemSerializer,
    OutcomeSerializer,
    item_row,
    outcome_row,
    read_item,
)
from ..services import correct_activity
from ..services.records import holds
from .conflicts import IF_MATCH, in_http, too_late, version_seen

_WRITTEN = (ReviewStep.SUBMITTED, ReviewStep.CORRECTED, ReviewStep.RESUBMITTED)


class ReturnedSerializer(serializers.Serializer):
    """What the office last asked to be put right."""

    reason = serializers.CharField()
    asked_by = serializers.CharField()
    at = serializers.DateTimeField()


class ActivitySerializer(serializers.Serializer):
    """A record as it stands. `values` may be changed and sent back as the body of a PATCH."""

    uid = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    author = serializers.CharField()
    received_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    returned = ReturnedSerializer(allow_null=True, help_text="Only while it waits for correction")
    values = ActivityContentSerializer()


class CorrectedSerializer(OutcomeSerializer):
    version = serializers.IntegerField()


class Writing(NamedTuple):
    """Who last gave a record its content, and when."""

    by: int
    at: Any


class ActivityView(APIView):
    """One record: read, and corrected as long as it is not verified."""

    required_scopes = {"GET": "activities:read", "PATCH": "activities:write"}

    @extend_schema(
        operation_id="activity",
        summary="One activity",
        responses={200: ActivitySerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """The record as it stands. Its ETag is its version, as If-Match of a PATCH names it."""
        refuse_unknown_parameters(request, {"format"})
        seen = Activity.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        activity = _activity(request, uid)
        return Response(_row(activity), headers=version_tag(activity.version))

    @extend_schema(
        operation_id="activity_correct",
        summary="Put an activity right",
        request=ActivityItemSerializer,
        responses=CorrectedSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is; null means "not recorded"."""
        refuse_unknown_parameters(request, set())
        refuse_too_old(request)
        activity = _activity(request, uid)
        if not holds(request.user, "log", activity):
            raise PermissionDenied  # before versions are compared: that answer tells what stands
        seen = version_seen(request)
        draft = _draft(request.data, activity)
        if seen == activity.version:
            try:
                correct_activity(activity, draft, actor=request.user, version=seen)
            except Stale:
                activity = _activity(request, uid)
            except Refused as refusal:
                raise in_http(refusal) from refusal
            else:
                return _received(activity, draft)
        return self._too_late(request, activity, draft, seen)

    def _too_late(self, request, activity, draft: ActivityDraft, seen: int) -> HttpResponse:
        """Received before, when what stands there is this very content by her hand; else refused
        with what stands there now, its values only to a key that may read them."""
        if _stands(activity, draft) and _writing(activity).by == request.user.pk:
            return _received(activity, draft)
        return too_late(request, activity, seen, "not_correctable")


def _activity(request, uid) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.user).with_places(), pk=uid)


def _etag(activity: Activity) -> str:
    return f'"v{activity.version}"'


def _row(activity: Activity) -> dict[str, Any]:
    return {
        "uid": str(activity.pk),
        "number": activity.receipt.number,
        "version": activity.version,
        "state": activity.state,
        "author": activity.author.name,
        "received_at": activity.receipt.received_at,
        "updated_at": activity.updated_at,
        "returned": _returned(activity),
        "values": item_row(activity),
    }


def _returned(activity: Activity) -> dict[str, Any] | None:
    if activity.state != State.RETURNED:
        return None
    asked = activity.reviews.filter(step=ReviewStep.RETURNED).select_related("actor")
    step: Review = asked.order_by("at", "id").last()
    return {"reason": step.reason, "asked_by": step.actor.name, "at": step.at}


def _draft(body: Any, activity: Activity) -> ActivityDraft:
    """The record with what the body says in place of what it said."""
    if not isinstance(body, dict):
        raise ParseError(_("Send one item as a JSON object."), code="not_an_item")
    uid = str(activity.pk)
    if str(body.get("uid", uid)).lower() != uid:
        raise Refused(Problem("uid", "other_record", _("The body names another record.")))
    draft = read_item({**item_row(activity), **body, "uid": uid})
    assert isinstance(draft, ActivityDraft)  # noqa: S101 - it is none only without a readable uid
    return draft


def _stands(activity: Activity, draft: ActivityDraft) -> bool:
    kept = read_item({**item_row(activity), "uid": str(activity.pk)})
    return isinstance(kept, ActivityDraft) and not draft.problems and kept.digest == draft.digest


def _writing(activity: Activity) -> Writing:
    steps = activity.reviews.filter(step__in=_WRITTEN).order_by("at", "id")
    return Writing(*steps.values_list("actor", "at").last())


def _received(activity: Activity, draft: ActivityDraft) -> Response:
    """The correction is on file: receipt number of the record, moment of its last writing."""
    outcome = Outcome(
        uid=activity.pk,
        word="accepted",
        number=activity.receipt.number,
        received_at=_writing(activity).at,
        client_digest=draft.client_digest,
    )
    row = outcome_row(outcome) | {"version": activity.version}
    return Response(row, headers={"ETag": _etag(activity), "Cache-Control": "no-store"})


urlpatterns = [path("activities/<uuid:uid>/", ActivityView.as_view(), name="activity")]
