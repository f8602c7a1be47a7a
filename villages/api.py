"""Reference data over REST: areas and offices, read-only, open to everyone signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.api import NumberPages
from core.conditional import IF_NONE_MATCH, unchanged
from core.listing import FileList, file_responses, query_table
from core.tables import Table

from . import filters, serializers
from .models import AreaShape, District, Opd, Province, Regency, Village


class GeoJSONRenderer(JSONRenderer):
    media_type = "application/geo+json"
    format = "geojson"


def described(what: str, one: str) -> Callable:
    """The schema of the two doors of a reference list."""

    def decorate(view: type[ReferenceViewSet]) -> type[ReferenceViewSet]:
        shape = view.serializer_class
        return extend_schema_view(
            list=extend_schema(
                summary=what,
                responses=file_responses(shape(many=True)),
                parameters=[IF_NONE_MATCH],
            ),
            retrieve=extend_schema(
                summary=one, responses={200: shape, 304: None}, parameters=[IF_NONE_MATCH]
            ),
        )(view)

    return decorate


# Where the database tells no moment (a standby), an answer's own bytes make its ETag.
@method_decorator(conditional_page, name="dispatch")
class ReferenceViewSet(FileList, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list in numbered pages or as a file, and one row by its code; unchanged is 304."""

    required_scopes = {"GET": None}  # any key
    pagination_class = NumberPages

    @unchanged
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    @unchanged
    def retrieve(self, request, *args, **kwargs):
        return super().retrieve(request, *args, **kwargs)

    def table(self, rows: QuerySet) -> Table:
        return query_table(self.basename, [self.serializer_class], rows)

    lookup_field = "code"
    lookup_value_regex = r"[0-9.]+"


class AreaViewSet(ReferenceViewSet):
    """Lists hold the present areas; one that has ended still answers under its code."""

    def get_queryset(self):
        areas = super().get_queryset().visible_to(self.request.user)
        return areas if self.detail else areas.filter(ended_on=None)


@described("Provinces", "One province")
class ProvinceViewSet(AreaViewSet):
    """Provinces by Kemendagri code."""

    queryset = Province.reference.order_by("code")
    serializer_class = serializers.ProvinceSerializer
    filterset_class = filters.ProvinceFilter


@described("Regencies and cities", "One regency or city")
class RegencyViewSet(AreaViewSet):
    """Regencies and cities by Kemendagri code."""

    queryset = Regency.reference.select_related("province").order_by("code")
    serializer_class = serializers.RegencySerializer
    filterset_class = filters.RegencyFilter


@described("Districts", "One district")
class DistrictViewSet(AreaViewSet):
    """Districts by Kemendagri code."""

    queryset = District.reference.select_related("regency").order_by("code")
    serializer_class = serializers.DistrictSerializer
    filterset_class = filters.DistrictFilter


@described("Villages", "One village")
class VillageViewSet(AreaViewSet):
    """Villages by Kemendagri code."""

    queryset = Village.reference.select_related("district__regency").order_by("code")
    serializer_class = serializers.VillageSerializer
    filterset_class = filters.VillageFilter

    def table(self, rows: QuerySet) -> Table:
        has = Case(When(kind=Village.Kind.KELURAHAN, then=Value("false")), default=Value("true"))
        sources = {"has_apbdes": has}
        return query_table(self.basename, [self.serializer_class], rows, sources)


@described("Government offices", "One government office")
class OpdViewSet(ReferenceViewSet):
    """Government offices of a regency."""

    queryset = Opd.objects.none()
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = r"[0-9]{1,18}"
    serializer_class = serializers.OpdSerializer
    filterset_class = filters.OpdFilter

    def get_queryset(self):
        offices = Opd.objects.visible_to(self.request.user)
        return offices.select_related("regency", "district").order_by("name", "pk")


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    get=extend_schema(
        operation_id="villages_shapes",
        summary="Outlines of villages as GeoJSON",
        responses={200: serializers.VillageShapesSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
        filters=True,
        tags=["villages"],
    )
)
class VillageShapesView(GenericAPIView):
    """Village outlines as GeoJSON, of one kind; without a filter, those of the portal's regency."""

    queryset = VillageViewSet.queryset
    filterset_class = filters.VillageFilter
    serializer_class = serializers.VillageShapesSerializer
    required_scopes = {"GET": None}  # any key
    pagination_class = None
    renderer_classes = [GeoJSONRenderer, JSONRenderer]

    def get_queryset(self):
        villages = super().get_queryset().visible_to(self.request.user).filter(ended_on=None)
        asked = self.request.query_params
        if asked.get("regency") or asked.get("district"):
            return villages
        return villages.filter(district__regency__code=settings.PUG_REGENCY)

    @unchanged
    def get(self, request):
        villages = self.filter_queryset(self.get_queryset())
        shapes = AreaShape.objects.visible_to(request.user)
        best = shapes.best_set(villages)
        found = shapes.of_villages(villages).filter(kind=best.kind) if best else shapes.none()
        return Response(_collection(villages, best.kind if best else "none", found))


def _collection(villages, kind: str, shapes) -> dict:
    by_code = {village.code: village for village in villages}
    outlines = list(shapes)
    return {
        "type": "FeatureCollection",
        "kind": kind,
        "source": outlines[0].source if outlines else "",
        "features": [_feature(by_code[one.area_code], one) for one in outlines],
    }


def _feature(village: Village, shape: AreaShape) -> dict:
    return {
        "type": "Feature",
        "id": village.code,
        "properties": {
            "code": village.code,
            "name": village.name,
            "kind": village.kind,
            "district": village.district.name,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": shape.rings},
    }


router = SimpleRouter()
router.register("provinces", ProvinceViewSet, basename="province")
router.register("regencies", RegencyViewSet, basename="regency")
router.register("districts", DistrictViewSet, basename="district")
router.register("villages", VillageViewSet, basename="village")
router.register("opds", OpdViewSet, basename="opd")

urlpatterns = [
    path("villages.geojson", VillageShapesView.as_view(), name="village-shapes"),
    *router.urls,
]
