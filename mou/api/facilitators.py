"""REST: people of partners – facilitators among them – with their contracts and assignments."""

from __future__ import annotations

from collections.abc import Container, Mapping
from copy import copy
from dataclasses import replace
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
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.serializers import Day, Identifier, Text
from villages.models import Regency

from ..assigned import assignments_seen, people_seen, persons_known, tasks_of, with_tasks
from ..models import MemberKind, Membership, Partner
from ..narrowing import FacilitatorFilter
from ..serializers import (
    AreaSerializer,
    Code,
    KeptSerializer,
    needed_day,
    needed_word,
    some_text,
)
from ..services.assignments import assign, end_assignment
from ..services.memberships import add_membership, change_membership, withdraw_membership
from .shared import (
    READ,
    WRITE,
    area_named,
    area_row,
    done,
    fill,
    kept_by,
    over,
    permit,
    permit_somewhere,
    same_uid,
)

PLAIN = ("kind", "contract", "valid_from", "valid_until")


# -- Shapes ------------------------------------------------------------------------


class PartnerNameSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    name = serializers.CharField()


class PersonNameSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    name = serializers.CharField()


class AssignmentSerializer(serializers.Serializer):
    """Where she works, from a day until a day, both included."""

    id = serializers.UUIDField()
    area = AreaSerializer()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class FacilitatorSerializer(KeptSerializer):
    """One person of a partner in her contract, with her assignments of today."""

    partner = PartnerNameSerializer()
    person = PersonNameSerializer()
    kind = serializers.ChoiceField(MemberKind.choices)
    contract = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="Null for whoever does not keep the list"
    )
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    live = serializers.BooleanField(help_text="The contract is in force today")
    assignments = AssignmentSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FacilitatorChangeSerializer(serializers.Serializer):
    """What may be changed of a contract: partner and person stay."""

    uid = Identifier(required=False, help_text="Made by the client; the contract's key for ever")
    kind = needed_word(MemberKind)
    contract = some_text(Membership, "contract")
    valid_from = needed_day()
    valid_until = Day()
    withdrawn = serializers.BooleanField(
        required=False, help_text="true: it was entered by mistake and counts no more"
    )


class FacilitatorBodySerializer(FacilitatorChangeSerializer):
    """A contract of a person who has an account; new accounts are made on the portal's pages."""

    partner = Identifier(help_text="uid of a partner")
    person = Identifier(required=False, allow_null=True, help_text="uid, as the list has it")
    username = Text(max_length=150, help_text="In place of `person`")
    withdrawn = None


class AssignmentBodySerializer(serializers.Serializer):
    """Which area from when until when."""

    area = Code(
        required=True,
        allow_null=False,
        allow_blank=False,
        help_text="Code of a village, a district or the regency",
    )
    valid_from = needed_day()
    valid_until = Day()
    note = Text(max_length=200)


class AssignmentEndSerializer(serializers.Serializer):
    """Her last day there; today or earlier: it stops at once."""

    on = needed_day()


# -- Doors -------------------------------------------------------------------------


class FacilitatorsView(GenericAPIView):
    """People of the partners, and new contracts."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Membership.objects.none()
    serializer_class = FacilitatorSerializer
    filterset_class = FacilitatorFilter
    ordering_fields = ("updated_at", "valid_from")

    def get_queryset(self) -> QuerySet[Membership]:
        return with_tasks(people_seen(self.request.user), timezone.localdate())

    @extend_schema(
        operation_id="facilitators",
        summary="Facilitators and other people of partners",
        responses=FacilitatorSerializer(many=True),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """For those who see the whole regency; newest first. Where somebody works is told by her
        assignments, never by her contract."""
        rows = self.filter_queryset(self.get_queryset())
        kept = kept_by(request.user)
        found = [person_row(one, kept) for one in self.paginate_queryset(rows) or ()]
        return self.get_paginated_response(found)

    @extend_schema(
        operation_id="facilitator_create",
        summary="Enter somebody's contract with a partner",
        request=FacilitatorBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """She works for the partner in these days. Needs `manage_agreements` on its regency."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, FacilitatorBodySerializer)
        row = Membership(uid=said.get("uid") or uuid7(), **_sides(said, request.user))
        fill(row, said, PLAIN)

        def act() -> HttpResponseBase:
            made = add_membership(row, actor=request.user)
            return written(made, 201, reverse("facilitator", args=[made.pk]))

        return done(act)


class FacilitatorView(APIView):
    """One contract: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="facilitator",
        summary="One person of a partner",
        responses={200: FacilitatorSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """Her contract and her assignments of today. The ETag begins with the version."""
        refuse_unknown_parameters(request, {"format"})
        if known := moving_known(request, people_seen(request.user).filter(pk=uid)):
            return known
        row = _find(request.user, uid)
        headers = moving_tag(request, row.version)
        return Response(person_row(row, kept_by(request.user)), headers=headers)

    @extend_schema(
        operation_id="facilitator_change",
        summary="Change a contract",
        request=FacilitatorChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. Assignments stay: they are ended by themselves."""
        refuse_unknown_parameters(request, set())
        found = _find(request.user, uid)
        permit(request.user, found.partner.regency)

        def act(row: Membership, seen: int) -> HttpResponseBase:
            said = read(request.data, FacilitatorChangeSerializer, partial=True)
            same_uid(said, row)
            told = copy(row)
            if said.get("withdrawn"):
                return written(withdraw_membership(told, actor=request.user, version=seen))
            fill(told, said, PLAIN)
            return written(change_membership(told, actor=request.user, version=seen))

        again = partial(_find, request.user, uid)
        return over(
            request, found, again, act, lambda row: person_row(row, {row.partner.regency_id})
        )


class AssignmentsView(APIView):
    """Where she works."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="facilitator_assign",
        summary="Assign a village to a facilitator",
        request=AssignmentBodySerializer,
        responses={201: AssignmentSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """She accompanies the area in these days. Twice on one day is `overlapping`."""
        refuse_unknown_parameters(request, set())
        row = _find(request.user, uid)
        permit(request.user, row.partner.regency)
        said = read(request.data, AssignmentBodySerializer)
        area = area_named(said["area"], row.partner.regency)
        if area is None:
            words = _("No district and no village of this regency has this code.")
            raise Refused(Problem("area", "unknown_value", words))
        days = {"valid_from": said["valid_from"], "valid_until": said.get("valid_until")}
        note = said.get("note") or ""

        def act() -> HttpResponseBase:
            made = _assigned(row, area, actor=request.user, note=note, **days)
            return Response(task_row(made), status=201, headers={"Cache-Control": "no-store"})

        return done(act)


class AssignmentEndView(APIView):
    """One assignment ends."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="assignment_end",
        summary="End an assignment",
        request=AssignmentEndSerializer,
        responses=AssignmentSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Her last day there is `on`. What she recorded keeps her name."""
        refuse_unknown_parameters(request, set())
        grant = get_object_or_404(assignments_seen(request.user), pk=uid)
        permit(request.user, _regency_of(grant.area))
        said = read(request.data, AssignmentEndSerializer)

        def act() -> HttpResponseBase:
            ended = end_assignment(grant, actor=request.user, on=said["on"])
            return Response(task_row(ended), headers={"Cache-Control": "no-store"})

        return done(act)


# -- Rows and bodies ---------------------------------------------------------------


def _find(user, uid) -> Membership:
    return get_object_or_404(with_tasks(people_seen(user), timezone.localdate()), pk=uid)


def person_row(row: Membership, kept: Container) -> dict[str, Any]:
    """`kept`: regencies whose list the reader keeps; elsewhere contracts have no number."""
    return {
        "uid": row.pk,
        "version": row.version,
        "partner": {"uid": row.partner_id, "name": row.partner.name},
        "person": {"uid": row.person.uid, "name": row.person.name},
        **{name: getattr(row, name) for name in PLAIN},
        "contract": row.contract if row.partner.regency_id in kept else None,
        "withdrawn_at": row.withdrawn_at,
        "live": row.is_live_on(timezone.localdate()),
        "assignments": [task_row(one) for one in tasks_of(row)],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def task_row(grant: Any) -> dict[str, Any]:
    return {
        "id": grant.pk,
        "area": area_row(grant.area),
        "valid_from": grant.valid_from,
        "valid_until": grant.valid_until,
    }


def _sides(said: Mapping[str, Any], user) -> dict[str, Any]:
    """The partner and the person; Refused for those that are not known to her."""
    problems = []
    partners = Partner.objects.permitting(user, "manage_agreements").select_related("regency")
    partner = partners.filter(pk=said["partner"]).first()
    if partner is None:
        words = _("This partner is not known, or not one whose people you enter.")
        problems.append(Problem("partner", "unknown_value", words))
    where = "username" if said.get("username") else "person"
    named = {"username": said["username"]} if where == "username" else {"uid": said.get("person")}
    person = persons_known(user).filter(**named).first()
    if person is None:
        words = _("This person is not known, or not one you look after.")
        problems.append(Problem(where, "unknown_value", words))
    if problems:
        raise Refused(*problems)
    return {"partner": partner, "person": person}


def _assigned(row: Membership, area: Any, **said: Any) -> Any:
    """The assignment; what the service says of its areas is said of this one."""
    try:
        return assign(row.person, area, **said)
    except Refused as refusal:
        found = (
            replace(one, field="area") if one.field == "areas" else one for one in refusal.problems
        )
        raise Refused(*found) from refusal


def _regency_of(area: Any) -> Regency:
    if isinstance(area, Regency):
        return area
    return (area.district if hasattr(area, "district") else area).regency


urlpatterns = [
    path("facilitators/", FacilitatorsView.as_view(), name="facilitators"),
    path("facilitators/<uuid:uid>/", FacilitatorView.as_view(), name="facilitator"),
    path(
        "facilitators/<uuid:uid>/assignments/",
        AssignmentsView.as_view(),
        name="facilitator-assignments",
    ),
    path("assignments/<uuid:uid>/end/", AssignmentEndView.as_view(), name="assignment-end"),
]
