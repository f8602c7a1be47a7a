"""REST: population figures, each with its series and its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from mou.api.shared import done
from programs.api.bodies import read
from programs.api.conflicts import in_http
from programs.api.programs import CHUNK
from villages.models import Population
from villages.services import keep_population, may_keep

from ..forms.population import period_of, period_trouble
from ..place import KEEP
from ..population import figure_of
from ..population_areas import within_sight
from ..reading import area_names
from .index_shapes import PopulationBodySerializer, PopulationFilter, PopulationSerializer
from .shared import READ, WRITE

BODY = OpenApiExample(
    "Women and men of a village",
    request_only=True,
    value={
        "area_code": "64.01.04.2002",
        "year": 2025,
        "series": "registry",
        "count": "semester 2",
        "women": 1204,
        "men": 1287,
        "source": "Disdukcapil Paser, DKB semester 2 2025",
    },
)


class PopulationView(FileList, GenericAPIView):
    """Population figures, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Population.objects.none()
    serializer_class = PopulationSerializer
    filterset_class = PopulationFilter
    ordering_fields = ("year",)

    def get_queryset(self) -> QuerySet[Population]:
        user = self.request.user
        return within_sight(user, Population.objects.visible_to(user))

    @extend_schema(
        operation_id="population",
        summary="Population figures open to the caller",
        responses=file_responses(PopulationSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """By area and year. Registry, statistics and census count differently: never add or join
        figures of different `series`. As a file (`format=csv` or `xlsx`): the same rows."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        return self.get_paginated_response(figure_rows(self.paginate_queryset(rows) or ()))

    def table(self, rows: QuerySet) -> Table:
        found = figure_rows(list(rows.iterator(chunk_size=CHUNK)))
        return dict_table("population", columns_of(PopulationSerializer), found)

    @extend_schema(
        operation_id="population_create",
        summary="Enter a population figure",
        request=PopulationBodySerializer,
        responses={201: PopulationSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """The figure is on file. Needs `manage_indicators` on the area's regency. Women and men
        make the total; a total alone is kept as such."""
        refuse_unknown_parameters(request, set())
        if KEEP not in request.user.capabilities:
            words = _("You enter population figures for areas of your own regency.")
            raise in_http(Refused(Problem("", "not_permitted", words)))
        said = read(request.data, PopulationBodySerializer)
        one = _population(said, request.user)

        def act() -> HttpResponseBase:
            made = keep_population(one, actor=request.user)
            [row] = figure_rows([made])
            return Response(row, status=201, headers={"Cache-Control": "no-store"})

        return done(act)


def _population(said: dict[str, Any], user) -> Population:
    """The figure that the body says; an area that is not hers is as unknown as any other."""
    if not may_keep(user, said["area_code"]):
        words = _("This area is not known, or not one whose figures you keep.")
        raise Refused(Problem("area_code", "unknown_value", words))
    period = period_of(said["series"], said.get("count") or "")
    if trouble := period_trouble(said["series"], period):
        raise Refused(Problem("count", trouble.code, " ".join(trouble.messages)))
    return Population(
        area_code=said["area_code"],
        year=said["year"],
        period=period,
        women=said.get("women"),
        men=said.get("men"),
        total=said.get("total"),
        source=said["source"],
        note=said.get("note") or "",
    )


def figure_rows(rows: Sequence[Population]) -> list[dict[str, Any]]:
    names = area_names(one.area_code for one in rows)
    plain = ("year", "period", "women", "men", "total", "source", "note")
    return [
        {
            "area": {"code": one.area_code, "name": names[one.area_code]},
            "series": figure_of(one).series.value,
            **{name: getattr(one, name) for name in plain},
        }
        for one in rows
    ]


urlpatterns = [path("population/", PopulationView.as_view(), name="population")]
