"""REST: trainings on gender mainstreaming, and who came by sex."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import MOST_ROWS, RowWrittenSerializer, read, written
from programs.api.programs import CHUNK
from programs.serializers import Identifier
from villages.models import Regency

from ..models import BodyMember, Training
from ..narrowing import TrainingFilter
from ..serializers import (
    Code,
    KeptSerializer,
    needed_day,
    needed_number,
    needed_text,
    some_text,
)
from ..services.institutions import add_training
from .shared import (
    READ,
    WRITE,
    done,
    fill,
    permit_somewhere,
    place_row,
    regency_named,
    whole_for,
)

PLAIN = ("title", "held_on", "organiser", "women", "men", "source")


class TrainingBodySerializer(serializers.Serializer):
    """Who came: everybody by sex, and of them the members of bodies by their uid."""

    uid = Identifier(required=False, help_text="Made by the client; the training's key for ever")
    regency = Code(help_text="Code; may be left out by whoever keeps one regency only")
    title = needed_text(Training, "title")
    held_on = needed_day()
    organiser = some_text(Training, "organiser")
    women = needed_number()
    men = needed_number()
    source = some_text(Training, "source")
    members = serializers.ListField(
        child=Identifier(), required=False, max_length=MOST_ROWS, help_text="As bodies/ has them"
    )


class TrainingSerializer(KeptSerializer):
    """A training as it stands."""

    regency = PlaceSerializer()
    title = serializers.CharField()
    held_on = serializers.DateField()
    organiser = serializers.CharField(allow_blank=True)
    women = serializers.IntegerField()
    men = serializers.IntegerField()
    source = serializers.CharField(allow_blank=True)
    members = serializers.ListField(
        child=serializers.UUIDField(),
        allow_null=True,
        help_text="Null for whoever does not see the whole regency",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TrainingsView(FileList, GenericAPIView):
    """Trainings of the caller's regency, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Training.objects.none()
    serializer_class = TrainingSerializer
    filterset_class = TrainingFilter
    ordering_fields = ("updated_at", "held_on")

    def get_queryset(self) -> QuerySet[Training]:
        rows = Training.objects.visible_to(self.request.user).filter(removed_at=None)
        return rows.select_related("regency").prefetch_related("members")

    @extend_schema(
        operation_id="trainings",
        summary="Trainings on gender mainstreaming",
        responses=file_responses(TrainingSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. As a file (`format=csv` or `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        whole = whole_for(self.request.user)
        found = [training_row(one, whole) for one in self.paginate_queryset(rows) or ()]
        return self.get_paginated_response(found)

    def table(self, rows: QuerySet) -> Table:
        whole = whole_for(self.request.user)
        found = (training_row(one, whole) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("trainings", columns_of(TrainingSerializer), found)

    @extend_schema(
        operation_id="training_create",
        summary="Enter a training",
        request=TrainingBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """It is on file. `women` and `men` count everybody who came, members of bodies among
        them. Needs `manage_agreements` on the regency."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, TrainingBodySerializer)
        regency = regency_named(request.user, said.get("regency"))
        training = Training(uid=said.get("uid") or uuid7(), regency=regency)
        fill(training, said, PLAIN)
        members = _members(said.get("members", ()), request.user, regency)

        def act() -> HttpResponseBase:
            return written(add_training(training, actor=request.user, members=members), 201)

        return done(act)


def training_row(training: Training, whole: Container) -> dict[str, Any]:
    """`whole`: regencies that the reader sees as a whole."""
    named = training.regency_id in whole
    return {
        "uid": training.pk,
        "version": training.version,
        "regency": place_row(training.regency),
        **{name: getattr(training, name) for name in PLAIN},
        "members": [one.pk for one in training.members.all()] if named else None,
        "created_at": training.created_at,
        "updated_at": training.updated_at,
    }


def _members(uids: list[Any], user, regency: Regency) -> list[BodyMember]:
    rows = BodyMember.objects.permitting(user, "manage_agreements").select_related("body")
    known = {one.pk: one for one in rows.filter(body__regency=regency, pk__in=uids)}
    words = _("Nobody of a body of this regency has this identifier. Take it from bodies/.")
    problems = [
        Problem(f"members.{place}", "unknown_value", words)
        for place, uid in enumerate(uids)
        if uid not in known
    ]
    if problems:
        raise Refused(*problems)
    return list(known.values())


urlpatterns = [path("trainings/", TrainingsView.as_view(), name="trainings")]
