"""REST: gender indices by area, year and release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from mou.api.shared import done, fill, place_row, same_uid
from programs.api import bodies
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH, in_http
from programs.api.programs import CHUNK
from villages.models import Regency

from ..models import IndexRelease, IndexValue, RevisionState
from ..place import KEEP
from ..reading import area_names
from ..services.indices import ValueSaid, add_release, change_release, may_keep, set_values
from .index_shapes import (
    IndexValueFilter,
    IndexValueSerializer,
    ReleaseBodySerializer,
    ReleaseChangeSerializer,
    ReleaseSerializer,
)
from .shared import READ, WRITE

PLAIN = ("index", "title", "publisher", "source", "source_url", "method", "published_on", "state")
SOURCE = ("title", "publisher", "source", "source_url", "method", "published_on", "state")

BODY = OpenApiExample(
    "A release with two values",
    request_only=True,
    value={
        "index": "IPG",
        "title": "BPS Kaltim, BRS 2025",
        "publisher": "BPS",
        "source": "Berita Resmi Statistik, hal. 4",
        "source_url": "https://kaltim.bps.go.id/",
        "method": "LF SP2020",
        "values": [
            {"area_code": "64.01", "year": 2024, "value": 72.35},
            {"area_code": "64", "year": 2024, "value": 87.46},
        ],
    },
)


class IndicesView(FileList, GenericAPIView):
    """Values of indices, and new releases."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = IndexValue.objects.none()
    serializer_class = IndexValueSerializer
    filterset_class = IndexValueFilter
    ordering_fields = ("year",)

    def get_queryset(self) -> QuerySet[IndexValue]:
        rows = IndexValue.objects.visible_to(self.request.user).standing()
        return rows.select_related("release")

    @extend_schema(
        operation_id="indices",
        summary="Values of indices open to the caller",
        responses=file_responses(IndexValueSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """By index, area, year and release. Values of two releases are of two methods or moments:
        never join them in one line. As a file (`format=csv` or `xlsx`): the same rows."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        return self.get_paginated_response(value_rows(self.paginate_queryset(rows) or ()))

    def table(self, rows: QuerySet) -> Table:
        found = value_rows(list(rows.iterator(chunk_size=CHUNK)))
        return dict_table("indices", columns_of(IndexValueSerializer), found)

    @extend_schema(
        operation_id="index_release_create",
        summary="Enter a release of an index",
        request=ReleaseBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """The release is on file with its values. Needs `manage_indicators` on the regency. A
        value without a source is refused."""
        refuse_unknown_parameters(request, set())
        if KEEP not in request.user.capabilities:
            words = _("You keep the indices of no regency.")
            raise in_http(Refused(Problem("", "not_permitted", words)))
        said = read(request.data, ReleaseBodySerializer)
        regency = _regency_named(request.user, said.get("regency"))
        release = _filled(IndexRelease(uid=said.get("uid") or uuid7(), regency=regency), said)

        def act() -> HttpResponseBase:
            made = add_release(release, actor=request.user, values=_values(said))
            return written(made, 201, reverse("index", args=[made.pk]))

        return done(act)


class IndexView(APIView):
    """One release with its values: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="index_release",
        summary="One release of an index",
        responses={200: ReleaseSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What it says, and its values. Its ETag is its version, as If-Match names it."""
        refuse_unknown_parameters(request, {"format"})
        if known := version_known(request, _seen(request.user).filter(pk=uid)):
            return known
        release = _find(request.user, uid)
        return Response(release_row(release), headers=version_tag(release.version))

    @extend_schema(
        operation_id="index_release_change",
        summary="Change a release and its values",
        request=ReleaseChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. What the portal ships is read-only."""
        refuse_unknown_parameters(request, set())
        release = _find(request.user, uid)
        if not may_keep(request.user, release):
            words = _("You cannot change this release.")
            raise in_http(Refused(Problem("", "not_permitted", words)))

        def act(row: IndexRelease, seen: int) -> HttpResponseBase:
            said = read(request.data, ReleaseChangeSerializer, partial=True)
            same_uid(said, row)
            return written(_changed(row, said, seen, request.user))

        again = partial(_find, request.user, uid)
        return bodies.over(request, release, again, act, release_row, scope=READ)


@transaction.atomic
def _changed(row: IndexRelease, said: Mapping[str, Any], seen: int, user) -> IndexRelease:
    """Facts and values as one change: both, or neither."""
    told = change_release(_filled(copy(row), said), actor=user, version=seen)
    if "values" in said:
        told = set_values(told, _values(said), actor=user, version=told.version)
    return told


def _filled(release: IndexRelease, said: Mapping[str, Any]) -> IndexRelease:
    fill(release, said, PLAIN)
    release.state = release.state or RevisionState.UNKNOWN
    return release


def _values(said: Mapping[str, Any]) -> list[ValueSaid]:
    return [
        ValueSaid(
            one["area_code"],
            one["year"],
            one["value"],
            one.get("evidence") or None,
            one.get("note"),
        )
        for one in said.get("values", ())
    ]


def _regency_named(user, code: str | None) -> Regency:
    """The regency that the body names, or her only one; Refused for one she does not keep."""
    found = user.regencies_with(KEEP)
    if code:
        regency = found.filter(code=code).first()
        if regency is None:
            words = _("This regency is not known, or not one whose register you keep.")
            raise Refused(Problem("regency", "unknown_value", words))
        return regency
    several = list(found[:2])
    if len(several) != 1:
        raise Refused(Problem("regency", "required", _("Name the regency by its code.")))
    return several[0]


def _seen(user) -> QuerySet[IndexRelease]:
    return IndexRelease.objects.visible_to(user).filter(removed_at=None).select_related("regency")


def _find(user, uid) -> IndexRelease:
    return get_object_or_404(_seen(user), pk=uid)


def release_row(release: IndexRelease) -> dict[str, Any]:
    names = ("area_code", "year", "evidence", "note")
    return {
        **_source(release),
        "index": release.index,
        "regency": place_row(release.regency) if release.regency else None,
        "values": [
            {**{name: getattr(one, name) for name in names}, "value": float(one.value)}
            for one in release.values.order_by("area_code", "year")
        ],
        "created_at": release.created_at,
        "updated_at": release.updated_at,
    }


def value_rows(values: Sequence[IndexValue]) -> list[dict[str, Any]]:
    names = area_names(one.area_code for one in values)
    return [
        {
            "index": one.release.index,
            "area": {"code": one.area_code, "name": names[one.area_code]},
            "year": one.year,
            "value": float(one.value),
            "evidence": one.evidence,
            "note": one.note,
            "release": _source(one.release),
        }
        for one in values
    ]


def _source(release: IndexRelease) -> dict[str, Any]:
    told = {name: getattr(release, name) for name in SOURCE}
    return {"uid": release.pk, "version": release.version, **told}


urlpatterns = [
    path("indices/", IndicesView.as_view(), name="indices"),
    path("indices/<uuid:uid>/", IndexView.as_view(), name="index"),
]
