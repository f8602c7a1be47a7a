"""REST: the organisations with which a regency's government works."""

from __future__ import annotations

from collections.abc import Container
from copy import copy
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.api.programs import CHUNK
from programs.serializers import Day, Identifier

from ..models import Partner, PartnerKind
from ..narrowing import PartnerFilter
from ..serializers import Code, KeptSerializer, needed_text, needed_word, some_text
from ..services.partners import add_partner, change_partner
from .shared import (
    READ,
    WRITE,
    done,
    fill,
    kept_by,
    over,
    permit,
    permit_somewhere,
    place_row,
    regency_named,
    same_uid,
)

PLAIN = (
    *("name", "acronym", "kind", "contact_name", "contact_phone", "address", "note", "ended_on"),
)


class PartnerBodySerializer(serializers.Serializer):
    """What a client says of a partner. In a PATCH, what is not named stays as it is."""

    uid = Identifier(required=False, help_text="Made by the client; the partner's key for ever")
    regency = Code(help_text="Code; may be left out by whoever keeps one regency only")
    name = needed_text(Partner, "name")
    acronym = some_text(Partner, "acronym")
    kind = needed_word(PartnerKind)
    contact_name = some_text(Partner, "contact_name")
    contact_phone = some_text(Partner, "contact_phone")
    address = some_text(Partner, "address")
    note = some_text(Partner, "note")


class PartnerChangeSerializer(PartnerBodySerializer):
    """What may be changed: a partner stays its regency's."""

    regency = None
    ended_on = Day(help_text="No longer a partner since")


class PartnerSerializer(KeptSerializer):
    """A partner as it stands."""

    regency = PlaceSerializer()
    name = serializers.CharField()
    acronym = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(PartnerKind.choices)
    contact_name = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="Null for whoever does not keep the list"
    )
    address = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    ended_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


BODY = OpenApiExample(
    "A partner",
    request_only=True,
    value={"name": "Tenaga Pendamping Profesional", "acronym": "TPP", "kind": "facilitators"},
)


class PartnersView(FileList, GenericAPIView):
    """Partners of the caller's regency, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Partner.objects.none()
    serializer_class = PartnerSerializer
    filterset_class = PartnerFilter
    ordering_fields = ("updated_at", "name")

    def get_queryset(self) -> QuerySet[Partner]:
        return Partner.objects.visible_to(self.request.user).select_related("regency")

    @extend_schema(
        operation_id="partners",
        summary="Partners open to the caller",
        responses=file_responses(PartnerSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. As a file (`format=csv` or `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        kept = kept_by(self.request.user)
        found = [partner_row(one, kept) for one in self.paginate_queryset(rows) or ()]
        return self.get_paginated_response(found)

    def table(self, rows: QuerySet) -> Table:
        kept = kept_by(self.request.user)
        found = (partner_row(one, kept) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("partners", columns_of(PartnerSerializer), found)

    @extend_schema(
        operation_id="partner_create",
        summary="Put a partner on the list",
        request=PartnerBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """It is on the list. Needs `manage_agreements` on the regency."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, PartnerBodySerializer)
        regency = regency_named(request.user, said.get("regency"))
        partner = Partner(uid=said.get("uid") or uuid7(), regency=regency)
        fill(partner, said, PLAIN)

        def act() -> HttpResponseBase:
            made = add_partner(partner, actor=request.user)
            return written(made, 201, reverse("partner", args=[made.pk]))

        return done(act)


class PartnerView(APIView):
    """One partner: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="partner",
        summary="One partner",
        responses={200: PartnerSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What is known of it. Its ETag is its version, as If-Match names it."""
        refuse_unknown_parameters(request, {"format"})
        seen = Partner.objects.visible_to(request.user).filter(pk=uid)
        if known := version_known(request, seen):
            return known
        partner = _find(request.user, uid)
        row = partner_row(partner, kept_by(request.user))
        return Response(row, headers=version_tag(partner.version))

    @extend_schema(
        operation_id="partner_change",
        summary="Change a partner",
        request=PartnerChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is; its regency stays."""
        refuse_unknown_parameters(request, set())
        partner = _find(request.user, uid)
        permit(request.user, partner.regency)

        def act(row: Partner, seen: int) -> HttpResponseBase:
            said = read(request.data, PartnerChangeSerializer, partial=True)
            same_uid(said, row)
            told = copy(row)
            fill(told, said, PLAIN)
            return written(change_partner(told, actor=request.user, version=seen))

        again = partial(_find, request.user, uid)
        return over(request, partner, again, act, lambda row: partner_row(row, {row.regency_id}))


def _find(user, uid) -> Partner:
    rows = Partner.objects.visible_to(user).select_related("regency")
    return get_object_or_404(rows, pk=uid)


def partner_row(partner: Partner, kept: Container) -> dict[str, Any]:
    """`kept`: regencies whose list the reader keeps; elsewhere phone numbers are not told."""
    return {
        "uid": partner.pk,
        "version": partner.version,
        "regency": place_row(partner.regency),
        **{name: getattr(partner, name) for name in PLAIN},
        "contact_phone": partner.contact_phone if partner.regency_id in kept else None,
        "created_at": partner.created_at,
        "updated_at": partner.updated_at,
    }


urlpatterns = [
    path("partners/", PartnersView.as_view(), name="partners"),
    path("partners/<uuid:uid>/", PartnerView.as_view(), name="partner"),
]
