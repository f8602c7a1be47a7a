"""REST: what a phone keeps so that recording needs no signal."""

from __future__ import annotations

import json
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.capabilities import Role
from core.api import refuse_unknown_parameters

from ..models import ProgramState, State
from ..phone.reference import reference_of
from ..serializers import ActivityContentSerializer


class ReferenceVillageSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    district = serializers.CharField()
    has_apbdes = serializers.BooleanField(help_text="false: village funds are not offered there")


class ReferenceProgramSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    title = serializers.CharField()
    owner = serializers.CharField()
    year_from = serializers.IntegerField()
    year_to = serializers.IntegerField()
    state = serializers.ChoiceField(ProgramState.choices)
    villages = serializers.ListField(child=serializers.CharField())
    last_used_on = serializers.DateField(allow_null=True, help_text="By the caller herself")


class TaskSerializer(serializers.Serializer):
    """A record sent back to be put right; `values` may be sent again with If-Match `version`."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    number = serializers.CharField()
    village = serializers.CharField()
    reason = serializers.CharField()
    asked_by = serializers.CharField()
    returned_at = serializers.DateTimeField(allow_null=True)
    values = ActivityContentSerializer()


class RecentSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    number = serializers.CharField()
    village = serializers.CharField()
    program = serializers.UUIDField()
    title = serializers.CharField()
    held_on = serializers.DateField()
    state = serializers.ChoiceField(State.choices)


class ContactSerializer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(Role.choices)
    title = serializers.CharField(help_text="The role in the caller's language")


class NothingSerializer(serializers.Serializer):
    village = serializers.CharField()
    year = serializers.IntegerField()
    month = serializers.IntegerField()


class ReferenceSerializer(serializers.Serializer):
    account = serializers.CharField()
    name = serializers.CharField()
    villages = ReferenceVillageSerializer(many=True)
    programs = ReferenceProgramSerializer(many=True)
    tasks = TaskSerializer(many=True)
    recent = RecentSerializer(many=True, help_text="Last 90 days, newest first, at most 300")
    helpers = ContactSerializer(many=True)
    nothing = NothingSerializer(many=True, help_text="Months declared to have had no activity")


class ReferenceView(APIView):
    """Everything a phone needs to record without signal, in one answer with a strong ETag."""

    required_scopes = {"GET": "activities:read"}

    @extend_schema(operation_id="reference", responses=ReferenceSerializer)
    def get(self, request):
        refuse_unknown_parameters(request, {"format"})
        found = reference_of(request.user, timezone.localdate())
        text = json.dumps(found, cls=DjangoJSONEncoder, sort_keys=True)
        etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
        # The page keeps it with its ETag where logging out wipes both; a copy of the browser's
        # own would stay on a borrowed phone.
        headers = {"ETag": etag, "Cache-Control": "private, no-store"}
        return get_conditional_response(
            request, etag=etag, response=Response(found, headers=headers)
        )


urlpatterns = [path("reference/", ReferenceView.as_view(), name="reference")]
