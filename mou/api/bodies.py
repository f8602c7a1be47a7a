"""REST: bodies of gender mainstreaming set up by decree, and the people in them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from copy import copy
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, moving_known, moving_tag, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.api.programs import CHUNK
from programs.program_serializers import Whole
from programs.serializers import Day, Identifier, Word
from villages.models import District, Regency

from ..institutions import Shown, with_people
from ..models import Body, BodyKind, BodyMember, Position, Sex, Standing
from ..narrowing import BodyFilter
from ..serializers import (
    MOST_NUMBER,
    Code,
    KeptSerializer,
    OfficeSerializer,
    needed_text,
    needed_word,
    some_text,
)
from ..services.institutions import add_body, change_body, replace_body
from .shared import (
    READ,
    WRITE,
    done,
    fill,
    office_named,
    office_row,
    over,
    permit,
    permit_somewhere,
    place_row,
    regency_named,
    same_uid,
    whole_for,
)

PLAIN = ("kind", "name", "decree_number", "decree_date", "valid_from", "valid_until", "note")
_MEMBER = ("name", "sex", "position", "title", "left_on")
_NEAR = ("regency", "opd", "district")


# -- Shapes ------------------------------------------------------------------------


class MemberBodySerializer(serializers.Serializer):
    """One person in the body."""

    uid = Identifier(required=False, help_text="Of a member on file; else made by the client")
    name = needed_text(BodyMember, "name")
    sex = needed_word(Sex)
    position = Word(Position, help_text="member where nothing is said")
    title = some_text(BodyMember, "title", help_text="Office and post")
    opd = Whole(MOST_NUMBER, help_text="Id of her office")
    left_on = Day()


class BodyBodySerializer(serializers.Serializer):
    """What a client says of a body. In a PATCH, what is not named stays as it is; members that are
    named are changed or added, the others stay: whoever leaves has `left_on`."""

    uid = Identifier(required=False, help_text="Made by the client; the body's key for ever")
    regency = Code(help_text="Code; may be left out by whoever keeps one regency only")
    kind = needed_word(BodyKind)
    opd = Whole(MOST_NUMBER, help_text="Id of the office, of a focal point")
    district = Code(help_text="Code, of a district's contact")
    name = needed_text(Body, "name")
    decree_number = some_text(Body, "decree_number")
    decree_date = Day()
    valid_from = Day()
    valid_until = Day()
    note = some_text(Body, "note")
    replaces = Identifier(
        required=False, allow_null=True, help_text="The body whose decree this one replaces"
    )
    members = MemberBodySerializer(many=True, required=False)


class BodyChangeSerializer(BodyBodySerializer):
    """What may be changed: a body stays its regency's."""

    regency = None
    replaces = None


class BodyRowSerializer(KeptSerializer):
    """One body on a list. Members that have not left, by sex, and how many came to a training."""

    regency = PlaceSerializer()
    kind = serializers.ChoiceField(BodyKind.choices)
    opd = OfficeSerializer(allow_null=True)
    district = PlaceSerializer(allow_null=True)
    name = serializers.CharField()
    standing = serializers.ChoiceField(Standing.choices)
    days_left = serializers.IntegerField(allow_null=True, help_text="Null without an end")
    decree_number = serializers.CharField(allow_blank=True)
    decree_date = serializers.DateField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    replaces = serializers.UUIDField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    women = serializers.IntegerField()
    men = serializers.IntegerField()
    trained_women = serializers.IntegerField()
    trained_men = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class BodyMemberSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    name = serializers.CharField()
    sex = serializers.ChoiceField(Sex.choices)
    position = serializers.ChoiceField(Position.choices)
    title = serializers.CharField(allow_blank=True)
    opd = OfficeSerializer(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    trainings = serializers.IntegerField(help_text="How many she or he came to")


class BodySerializer(BodyRowSerializer):
    """A body as it stands."""

    members = BodyMemberSerializer(
        many=True, allow_null=True, help_text="Null for whoever does not see the whole regency"
    )


# -- Doors -------------------------------------------------------------------------


class BodiesView(FileList, GenericAPIView):
    """Bodies of the caller's regency, and new ones; for those who see a whole district of it."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Body.objects.none()
    serializer_class = BodyRowSerializer
    filterset_class = BodyFilter
    ordering_fields = ("updated_at", "name")

    def get_queryset(self) -> QuerySet[Body]:
        return with_people(Body.objects.visible_to(self.request.user))

    @extend_schema(
        operation_id="bodies",
        summary="Bodies of gender mainstreaming",
        responses=file_responses(BodyRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Pokja PUG, driver teams, focal points of offices, contacts of districts; newest first.
        As a file (`format=csv` or `xlsx`): the same rows."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        today = timezone.localdate()
        found = [head_row(one, today) for one in self.paginate_queryset(rows) or ()]
        return self.get_paginated_response(found)

    def table(self, rows: QuerySet) -> Table:
        today = timezone.localdate()
        found = (head_row(one, today) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("bodies", columns_of(BodyRowSerializer), found)

    @extend_schema(
        operation_id="body_create",
        summary="Enter a body with its members",
        request=BodyBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """It is on file. With `replaces`, the old body was in force until the day before. Needs
        `manage_agreements` on the regency."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, BodyBodySerializer)
        regency = regency_named(request.user, said.get("regency"))
        body = Body(uid=said.get("uid") or uuid7(), regency=regency)
        members = _told(body, said)

        def act() -> HttpResponseBase:
            made = _added(body, members, said, request.user)
            return written(made, 201, reverse("body", args=[made.pk]))

        return done(act)


class BodyView(APIView):
    """One body: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="body",
        summary="One body",
        responses={200: BodySerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """With its members, for those who see the whole regency. The ETag begins with the
        version."""
        refuse_unknown_parameters(request, {"format"})
        if known := moving_known(request, Body.objects.visible_to(request.user).filter(pk=uid)):
            return known
        body = _find(request.user, uid)
        headers = moving_tag(request, body.version)
        return Response(item_row(body, whole_for(request.user)), headers=headers)

    @extend_schema(
        operation_id="body_change",
        summary="Change a body",
        request=BodyChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is, members too: those that are named are changed, or
        added where their `uid` is new."""
        refuse_unknown_parameters(request, set())
        body = _find(request.user, uid)
        permit(request.user, body.regency)

        def act(row: Body, seen: int) -> HttpResponseBase:
            said = read(request.data, BodyChangeSerializer, partial=True)
            same_uid(said, row)
            told = copy(row)
            members = _told(told, said)
            facts = {"version": seen, "members": members}
            return written(change_body(told, actor=request.user, **facts))

        again = partial(_find, request.user, uid)
        return over(request, body, again, act, lambda row: item_row(row, {row.regency_id}))


# -- Rows --------------------------------------------------------------------------


def _find(user, uid) -> Body:
    return get_object_or_404(with_people(Body.objects.visible_to(user)), pk=uid)


def head_row(body: Body, today: date) -> dict[str, Any]:
    shown = Shown(body, today)
    heads = shown.heads
    return {
        "uid": body.pk,
        "version": body.version,
        "regency": place_row(body.regency),
        "opd": office_row(body.opd),
        "district": place_row(body.district) if body.district else None,
        **{name: getattr(body, name) for name in PLAIN},
        "standing": shown.standing,
        "days_left": shown.days_left,
        "replaces": body.replaces_id,
        "women": heads.women,
        "men": heads.men,
        "trained_women": heads.trained_women,
        "trained_men": heads.trained_men,
        "created_at": body.created_at,
        "updated_at": body.updated_at,
    }


def item_row(body: Body, whole: Container) -> dict[str, Any]:
    """`whole`: regencies that the reader sees as a whole; elsewhere nobody is named."""
    named = body.regency_id in whole
    members = [_member_row(one) for one in body.members.all()] if named else None
    return {**head_row(body, timezone.localdate()), "members": members}


def _member_row(member: Any) -> dict[str, Any]:
    return {
        "uid": member.pk,
        **{name: getattr(member, name) for name in _MEMBER},
        "opd": office_row(member.opd),
        "trainings": member.trained,
    }


# -- Reading -----------------------------------------------------------------------


def _told(body: Body, said: Mapping[str, Any]) -> list[BodyMember]:
    """The body says what was sent; the members that were named, new or on file."""
    problems: list[Problem] = []
    fill(body, said, PLAIN)
    if "opd" in said:
        body.opd = office_named(said["opd"], body.regency, "opd", problems)
    if "district" in said:
        body.district = _district(said["district"], body.regency, problems)
    on_file = body.created_at is not None
    known = {one.pk: one for one in body.members.all()} if on_file else {}
    members = []
    for place, one in enumerate(said.get("members") or ()):
        uid = one.get("uid") or uuid7()
        member = copy(known[uid]) if uid in known else BodyMember(uid=uid)
        fill(member, one, _MEMBER)
        member.position = member.position or Position.MEMBER
        if "opd" in one:
            where = f"members.{place}.opd"
            member.opd = office_named(one["opd"], body.regency, where, problems)
        members.append(member)
    if problems:
        raise Refused(*problems)
    return members


def _district(code: str | None, regency: Regency, problems: list[Problem]) -> District | None:
    found = District.reference.filter(regency=regency, code=code).first() if code else None
    if code and found is None:
        words = _("No district of this regency has this code.")
        problems.append(Problem("district", "unknown_value", words))
    return found


def _added(body: Body, members: list[BodyMember], said: Mapping[str, Any], user) -> Body:
    if not said.get("replaces"):
        return add_body(body, actor=user, members=members)
    rows = Body.objects.visible_to(user).filter(regency=body.regency).select_related(*_NEAR)
    old = rows.filter(pk=said["replaces"]).first()
    if old is None:
        words = _("This body is not known. Take it from bodies/.")
        raise Refused(Problem("replaces", "unknown_value", words))
    return replace_body(body, actor=user, replaces=old, version=old.version, members=members)


urlpatterns = [
    path("bodies/", BodiesView.as_view(), name="bodies"),
    path("bodies/<uuid:uid>/", BodyView.as_view(), name="body"),
]
