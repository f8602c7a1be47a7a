"""REST: the numbers of the boards, from the same functions and the same read models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.api import NumberPages, refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.errors import Refused
from core.listing import FILES, columns_of, dict_table, file_asked, file_of, file_responses
from core.tables import Table
from programs.involvement import DEFINITION_VERSION
from programs.models import FundSource, TargetGroup
from villages.models import VillageQuerySet

from . import answers, boards
from .areas import Area, find_area, home_area
from .filters import LEVELS, OWNERS, BoardFilter, newest_year, parse
from .serializers import (
    InvolvementSummarySerializer,
    PeriodSerializer,
    ProgramRowSerializer,
    ProgramsAnswerSerializer,
    VillageRowSerializer,
    VillagesAnswerSerializer,
)
from .standings import months_of, program_rows


def _parameter(name: str, description: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, **more)


#: Rows read at a time where a whole list is written into a file.
CHUNK = 2_000
#: What boards are narrowed by: the names of BoardFilter.
FILTER = [
    _parameter("year", "Default: this year, or the newest one with records", int),
    _parameter("semester", "1 or 2; absent = whole year", int, enum=[1, 2]),
    _parameter("quarter", "1 to 4; at most one of semester, quarter and month", int),
    _parameter("month", "1 to 12", int),
    _parameter("basis", "Which records count", enum=["verified", "reported"], default="verified"),
    _parameter("district", "Kemendagri code of a district"),
    _parameter("owner", "Whose programs", enum=OWNERS),
    _parameter("opd", "Key of the office that owns the programs", int),
    _parameter("target_group", "Only programs for this group", enum=TargetGroup.values),
    _parameter("fund_source", "Only programs paid from this source", enum=FundSource.values),
    _parameter(
        "level",
        "Only programs on this level, or `involved` (2 to 4) or `judged` (0 to 4); "
        "sums keep the programs without data beside them",
        enum=list(LEVELS),
    ),
]
NAMES = frozenset(field.name for field in fields(BoardFilter))
PAGE = [
    _parameter("page", "Number of the page", int),
    _parameter("limit", "Rows on a page, 1 to 200", int),
]


@contextmanager
def told() -> Iterator[None]:
    """A choice that a board refuses is a 400 that names it."""
    try:
        yield
    except Refused as refused:
        raise ValidationError(
            {p.field: [ErrorDetail(p.detail, p.code)] for p in refused.problems}
        ) from refused


@method_decorator(conditional_page, name="dispatch")
class InvolvementView(APIView):
    """What the three answers share: rights, the period, unknown names refused."""

    required_scopes = {"GET": "data:read"}
    known: frozenset[str] = frozenset()

    def asked(self) -> BoardFilter:
        """The filter asked for; 400 for names and values that are not known."""
        refuse_unknown_parameters(self.request, {"format", *NAMES, *self.known})
        years = list(boards.years_seen_by(self.request.user))
        default = newest_year(years, timezone.localdate())
        with told():
            return parse(self.request.query_params.dict(), default)

    def villages(self, *names: str) -> VillageQuerySet:
        """Her villages, within the areas that these parameters name; 404 when none is left."""
        villages = self.request.user.villages_with("view")
        codes = [self.request.query_params.get(name) for name in names]
        for code in filter(None, codes):
            villages = villages.under(code)
            if not villages.exists():
                raise Http404
        return villages


class RowsView(InvolvementView):
    """An answer in rows of one `shape`, in pages or as a file."""

    name = ""
    shape: type[Serializer]

    def get_renderers(self):
        return [*super().get_renderers(), *(one() for one in FILES)]

    def answer(self, flt: BoardFilter, rows: Any, shape: Any) -> HttpResponseBase:
        """One numbered page of `rows`, each shaped into a dict; or all of them as a file."""
        if file_asked(self.request):
            return file_of(self._table(flt, map(shape, _read(rows))), self.request)
        pages = NumberPages()
        found = pages.paginate_queryset(rows, self.request, view=self) or []
        answer = pages.get_paginated_response([shape(row) for row in found])
        answer.data = answers.period(flt, DEFINITION_VERSION) | dict(answer.data)
        return answer

    def _table(self, flt: BoardFilter, rows: Iterable[dict[str, Any]]) -> Table:
        """The period stands before each row: such files are laid side by side."""
        period = answers.period(flt, DEFINITION_VERSION)
        columns = columns_of(PeriodSerializer, self.shape)
        return dict_table(self.name, columns, (period | row for row in rows))


def _read(rows: Any) -> Iterable[Any]:
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


class SummaryView(InvolvementView):
    """The numbers of one area's board."""

    known = frozenset({"area"})

    @extend_schema(
        operation_id="involvement_summary",
        summary="The board of one area",
        parameters=[
            IF_NONE_MATCH,
            *FILTER,
            _parameter("area", "Kemendagri code; default: the regency, or the caller's own area"),
        ],
        responses={200: InvolvementSummarySerializer, 304: None},
    )
    @unchanged
    def get(self, request) -> Response:
        flt, area = self.asked(), self._area()
        with told():
            return Response(answers.summary(boards.area_board(request.user, area, flt)))

    def _area(self) -> Area:
        code = self.request.query_params.get("area")
        user = self.request.user
        area = find_area(user, code) if code else home_area(user, settings.PUG_REGENCY)
        if not area:
            raise Http404
        return area


class VillagesView(RowsView):
    """One row per village of the caller's reach, also those without any record."""

    name, shape = "involvement-villages", VillageRowSerializer
    known = frozenset({"page", "limit"})

    @extend_schema(
        operation_id="involvement_villages",
        summary="Involvement village by village",
        parameters=[IF_NONE_MATCH, *FILTER, *PAGE],
        responses=file_responses(VillagesAnswerSerializer),
    )
    @unchanged
    def get(self, request) -> HttpResponseBase:
        flt = self.asked()
        villages = self.villages("district")
        if not flt.whole:
            return self.answer(flt, boards.rows_of(villages, flt), answers.village)
        rows = boards.village_values(villages, flt)
        return self.answer(flt, rows, lambda values: answers.village(boards.row_of(values)))


class ProgramsView(RowsView):
    """One row per program and village with records in the period."""

    name, shape = "involvement-programs", ProgramRowSerializer
    known = frozenset({"village", "program", "page", "limit"})

    @extend_schema(
        operation_id="involvement_programs",
        summary="Involvement program by program",
        parameters=[
            IF_NONE_MATCH,
            *FILTER,
            _parameter("village", "Kemendagri code of a village"),
            _parameter("program", "uid of a program", UUID),
            *PAGE,
        ],
        responses=file_responses(ProgramsAnswerSerializer),
    )
    @unchanged
    def get(self, request) -> HttpResponseBase:
        flt = self.asked()
        months = months_of(self.villages("district", "village"), flt)
        if program := self._program():
            months = months.filter(program=program)
        rows = program_rows(months)
        if flt.level:
            rows = rows.filter(level__in=LEVELS[flt.level])
        return self.answer(flt, rows, answers.program)

    def _program(self) -> UUID | None:
        text = self.request.query_params.get("program")
        try:
            return UUID(text) if text else None
        except ValueError as broken:
            words = _("This is not an identifier (UUID). Take it from the list of programs.")
            raise ValidationError({"program": [ErrorDetail(words, "bad_uid")]}) from broken


urlpatterns = [
    path("involvement/summary/", SummaryView.as_view(), name="involvement-summary"),
    path("involvement/villages/", VillagesView.as_view(), name="involvement-villages"),
    path("involvement/programs/", ProgramsView.as_view(), name="involvement-programs"),
]
