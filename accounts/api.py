"""`/api/v1/session/`: who am I, what may I do and where."""

from __future__ import annotations

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters

from . import devices, key_ends, services
from .models import ApiToken, Grant, User
from .reach import level_of


class WhoSerializer(serializers.Serializer):
    username = serializers.CharField()
    name = serializers.CharField()


class ReachSerializer(serializers.Serializer):
    """One area of a live grant. Offices have no code: `opd` carries their number."""

    level = serializers.ChoiceField(["village", "district", "regency", "opd", "everything"])
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class KeySerializer(serializers.Serializer):
    """The key that asks: what it may do, and until when."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_on = serializers.DateField(help_text="Its last day")
    days_left = serializers.IntegerField(help_text="0 on its last day")


class SessionSerializer(serializers.Serializer):
    user = WhoSerializer()
    capabilities = serializers.ListField(child=serializers.CharField())
    areas = ReachSerializer(many=True)
    csrf_token = serializers.CharField(required=False, help_text="Cookie sessions only")
    token = KeySerializer(required=False, help_text="Calls with a key only")
    server_time = serializers.DateTimeField()
    waiting = serializers.IntegerField(help_text="Records that wait for the caller")


def areas_of(user: User) -> list[dict[str, str]]:
    """Each area once, in the order of codes."""
    rows = {(row["level"], row["code"]): row for row in map(_area, user.grants_today)}
    return [rows[key] for key in sorted(rows)]


def _area(grant: Grant) -> dict[str, str]:
    area = grant.area
    code = "" if area is None else getattr(area, "code", str(area.pk))
    name = getattr(area, "title", None) or (area.name if area else _("Everything"))
    return {"level": level_of(area), "code": code, "name": name}


class WaitingSerializer(serializers.Serializer):
    """What a phone of the portal's own says of its queue."""

    waiting = serializers.IntegerField(
        required=False, min_value=0, max_value=100_000, help_text="Records not sent yet"
    )
    oldest = serializers.DateTimeField(required=False, help_text="Since when the oldest waits")


def _note_waiting(request) -> None:
    """The office sees which phones have something left to send."""
    told = WaitingSerializer(data=request.query_params)
    told.is_valid(raise_exception=True)
    told = told.validated_data
    device = None if request.auth else request._request.session.get(devices.KEY)
    if device and "waiting" in told:
        services.note_waiting(device, count=told["waiting"], since=told.get("oldest"))


def _key(token: ApiToken) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "expires_on": token.expires_on,
        "days_left": key_ends.days_left(token),
    }


class SessionView(APIView):
    """An upper room that knows of waiting work subclasses this and says how much."""

    required_scopes = {"GET": None}  # every key may ask whose it is

    def waiting(self, user: User) -> int:
        raise NotImplementedError

    @extend_schema(
        operation_id="session", parameters=[WaitingSerializer], responses=SessionSerializer
    )
    def get(self, request) -> Response:
        user = request.user
        refuse_unknown_parameters(request, {"format", *WaitingSerializer().fields})
        _note_waiting(request)
        facts = {
            "user": {"username": user.username, "name": user.name},
            "capabilities": sorted(user.capabilities),
            "areas": areas_of(user),
            "server_time": timezone.now(),
            "waiting": self.waiting(user),
        }
        if request.auth is None:
            facts["csrf_token"] = get_token(request._request)
        else:
            facts["token"] = _key(request.auth)
        return Response(SessionSerializer(facts).data)
