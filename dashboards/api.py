"""REST: the numbers of the boards, from the same functions and the same read models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import TokenScope
from core.api import NumberPages, refuse_unknown_parameters
from core.errors import Refused
from programs.involvement import DEFINITION_VERSION, Level
from villages.models import VillageQuerySet

from . import answers, boards
from .areas import Area, find_area, home_area
from .filters import BoardFilter, newest_year, parse
from .serializers import (
    LEVEL_CODES,
    InvolvementSummarySerializer,
    ProgramsAnswerSerializer,
    VillagesAnswerSerializer,
)
from .standings import months_of, program_rows

LEVELS = {level.code: level for level in Level}
OWNERS = ("opd", "district", "village")


def _parameter(name: str, description: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, **more)


PERIOD = [
    _parameter("year", "Default: this year, or the newest one with records", int),
    _parameter("semester", "1 or 2; absent = whole year", int, enum=[1, 2]),
    _parameter("basis", "Which records count", enum=["verified", "reported"], default="verified"),
]
PAGE = [
    _parameter("page", "Number of the page", int),
    _parameter("limit", "Rows on a page, 1 to 200", int),
]
DISTRICT = _parameter("district", "Kemendagri code of a district")


@method_decorator(conditional_page, name="dispatch")
class InvolvementView(APIView):
    """What the three answers share: rights, the period, unknown names refused."""

    permission_classes = [*APIView.permission_classes, TokenScope]
    required_scopes = {"GET": "data:read"}
    known: frozenset[str] = frozenset()

    def asked(self) -> BoardFilter:
        """The period asked for; 400 for names and values that are not known."""
        refuse_unknown_parameters(
            self.request, {"year", "semester", "basis", "format", *self.known}
        )
        years = list(boards.years_seen_by(self.request.user))
        default = newest_year(years, timezone.localdate())
        try:
            return parse(self.request.query_params, default)
        except Refused as refused:
            raise ValidationError(
                {p.field: [ErrorDetail(p.detail, p.code)] for p in refused.problems}
            ) from refused

    def villages(self, *names: str) -> VillageQuerySet:
        """Her villages, within the areas that these parameters name; 404 when none is left."""
        villages = self.request.user.villages_with("view")
        codes = [self.request.query_params.get(name) for name in names]
        for code in filter(None, codes):
            villages = villages.under(code)
            if not villages.exists():
                raise Http404
        return villages

    def choice(self, name: str, choices: Iterable[str]) -> str:
        """The parameter's value, "" when absent; 400 when it is none of `choices`."""
        value = self.request.query_params.get(name, "")
        if value and value not in choices:
            words = _("Choose one of: %s.") % ", ".join(choices)
            raise ValidationError({name: [ErrorDetail(words, "unknown_value")]})
        return value

    def page(self, flt: BoardFilter, rows: Any, shape: Any) -> Response:
        """One numbered page of `rows`, each shaped into a dict."""
        pages = NumberPages()
        found = pages.paginate_queryset(rows, self.request, view=self) or []
        answer = pages.get_paginated_response([shape(row) for row in found])
        answer.data = answers.period(flt, DEFINITION_VERSION) | dict(answer.data)
        return answer


class SummaryView(InvolvementView):
    """The numbers of one area's board."""

    known = frozenset({"area"})

    @extend_schema(
        operation_id="involvement_summary",
        parameters=[
            *PERIOD,
            _parameter("area", "Kemendagri code; default: the regency, or the caller's own area"),
        ],
        responses=InvolvementSummarySerializer,
    )
    def get(self, request) -> Response:
        flt = self.asked()
        board = boards.area_board(request.user, self._area(), flt)
        return Response(answers.summary(board))

    def _area(self) -> Area:
        code = self.request.query_params.get("area")
        user = self.request.user
        area = find_area(user, code) if code else home_area(user, settings.PUG_REGENCY)
        if not area:
            raise Http404
        return area


class VillagesView(InvolvementView):
    """One row per village of the caller's reach, also those without any record."""

    known = frozenset({"district", "page", "limit"})

    @extend_schema(
        operation_id="involvement_villages",
        parameters=[*PERIOD, DISTRICT, *PAGE],
        responses=VillagesAnswerSerializer,
    )
    def get(self, request) -> Response:
        flt = self.asked()
        rows = boards.village_values(self.villages("district"), flt)
        return self.page(flt, rows, lambda values: answers.village(boards.row_of(values)))


class ProgramsView(InvolvementView):
    """One row per program and village with records in the period."""

    known = frozenset({"district", "village", "program", "owner", "level", "page", "limit"})

    @extend_schema(
        operation_id="involvement_programs",
        parameters=[
            *PERIOD,
            DISTRICT,
            _parameter("village", "Kemendagri code of a village"),
            _parameter("program", "uid of a program", UUID),
            _parameter("owner", "Whose programs", enum=OWNERS),
            _parameter("level", "Only rows on this level", enum=LEVEL_CODES),
            *PAGE,
        ],
        responses=ProgramsAnswerSerializer,
    )
    def get(self, request) -> Response:
        flt = self.asked()
        months = months_of(self.villages("district", "village"), flt)
        if program := self._program():
            months = months.filter(program=program)
        if owner := self.choice("owner", OWNERS):
            months = months.filter(**{f"program__owner_{owner}__isnull": False})
        rows = program_rows(months)
        if level := self.choice("level", LEVELS):
            rows = rows.filter(level=LEVELS[level])
        return self.page(flt, rows, answers.program)

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
