"""REST: which villages agreements and facilitators reach, and which they do not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.views import APIView

from core.api import NumberPages, refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.listing import FILES, columns_of, dict_table, file_asked, file_of, file_responses
from core.tables import Table
from programs.api.activity_list import PlaceSerializer
from villages.models import Regency, Village

from ..coverage import IDLE_MONTHS, MOST_MONTHS, Coverage, VillageCover, coverage_of
from ..models import Partner
from .shared import READ, place_row

_SHOWN = [
    OpenApiParameter("regency", str, description="Code. Default: the caller's"),
    OpenApiParameter("partner", UUID, description="Only agreements with this partner"),
    OpenApiParameter(
        "months",
        int,
        description=f"A covered village is idle after so many months. Default: {IDLE_MONTHS}",
    ),
    OpenApiParameter("page", int),
    OpenApiParameter("limit", int),
]
_NAMES = {one.name for one in _SHOWN} | {"format"}


class CoveringSerializer(serializers.Serializer):
    """One agreement in force over a village."""

    uid = serializers.UUIDField()
    title = serializers.CharField()
    days_left = serializers.IntegerField(allow_null=True)
    ending = serializers.BooleanField(help_text="Ends soon, and no renewal of it is confirmed")


class VillageCoverSerializer(serializers.Serializer):
    """What covers one village. `state`: the first of none, idle, ending and active that holds."""

    village = PlaceSerializer()
    district = PlaceSerializer()
    state = serializers.ChoiceField(["none", "idle", "ending", "active"])
    days_left = serializers.IntegerField(allow_null=True, help_text="Until the last one ends")
    ending = serializers.BooleanField()
    idle = serializers.BooleanField()
    last_activity = serializers.DateField(allow_null=True, help_text="By a partner's people")
    support = serializers.ChoiceField(
        ["own", "district", "nobody"], help_text="Who accompanies it today"
    )


class VillageCoverRowSerializer(VillageCoverSerializer):
    """With the agreements, and who accompanies the village itself and its whole district."""

    agreements = CoveringSerializer(many=True)
    facilitators = serializers.ListField(child=serializers.CharField())
    district_facilitators = serializers.ListField(child=serializers.CharField())


class CoverageAnswerSerializer(serializers.Serializer):
    """The villages that the caller sees, and how many of them are reached."""

    regency = PlaceSerializer(allow_null=True)
    months = serializers.IntegerField()
    villages = serializers.IntegerField()
    covered = serializers.IntegerField()
    ending = serializers.IntegerField()
    idle = serializers.IntegerField()
    without_facilitator = serializers.IntegerField()
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VillageCoverRowSerializer(many=True)


class CoverageView(APIView):
    """One row per village of the caller's reach."""

    required_scopes = {"GET": READ}

    def get_renderers(self):
        return [*super().get_renderers(), *(one() for one in FILES)]

    @extend_schema(
        operation_id="coverage",
        summary="Coverage village by village",
        responses=file_responses(CoverageAnswerSerializer),
        parameters=[IF_NONE_MATCH, *_SHOWN],
    )
    @unchanged
    def get(self, request):
        """As of today. As a file (`format=csv` or `xlsx`): all villages, without people's
        names."""
        refuse_unknown_parameters(request, _NAMES)
        regency, months = self._regency(), self._months()
        found = Coverage((), months)
        if regency:
            facts = {"partner": self._partner(), "months": months}
            found = coverage_of(request.user, regency, timezone.localdate(), **facts)
        if file_asked(request):
            return file_of(_table(found), request)
        return self._page(found, regency)

    def _page(self, found: Coverage, regency: Regency | None) -> HttpResponseBase:
        pages = NumberPages()
        rows = pages.paginate_queryset(found.rows, self.request, view=self) or []  # type: ignore[type-var]
        answer = pages.get_paginated_response([{**cover_row(one), **_told(one)} for one in rows])
        sums = ("months", "villages", "covered", "ending", "idle", "without_facilitator")
        head = {"regency": place_row(regency) if regency else None}
        answer.data = head | {name: getattr(found, name) for name in sums} | dict(answer.data)
        return answer

    def _regency(self) -> Regency | None:
        """The one that is named, else the portal's own, else her first; 404 for one she does not
        see anything of."""
        villages = Village.objects.visible_to(self.request.user).order_by()
        seen = Regency.reference.filter(pk__in=villages.values("district__regency"))
        if code := self.request.query_params.get("regency"):
            found = seen.filter(code=code).first()
            if found is None:
                raise Http404
            return found
        own = seen.filter(code=settings.PUG_REGENCY).first()
        return own or seen.order_by("code").first()

    def _partner(self) -> Partner | None:
        text = self.request.query_params.get("partner")
        if not text:
            return None
        try:
            uid = UUID(text)
        except ValueError as broken:
            raise _refuse("partner", "bad_uid", _("Take it from partners/.")) from broken
        found = Partner.objects.visible_to(self.request.user).filter(pk=uid).first()
        if found is None:
            raise Http404
        return found

    def _months(self) -> int:
        text = self.request.query_params.get("months") or str(IDLE_MONTHS)
        short = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_MONTHS))
        if not (short and 1 <= int(text) <= MOST_MONTHS):
            words = _("Choose from 1 to %s.") % MOST_MONTHS
            raise _refuse("months", "out_of_range", words)
        return int(text)


def _refuse(name: str, code: str, words: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(words, code)]})


def _table(found: Coverage) -> Table:
    rows = (cover_row(one) for one in found.rows)
    return dict_table("coverage", columns_of(VillageCoverSerializer), rows)


def cover_row(cover: VillageCover) -> dict[str, Any]:
    plain = ("state", "days_left", "ending", "idle", "last_activity", "support")
    return {
        "village": place_row(cover.village),
        "district": place_row(cover.village.district),
        **{name: getattr(cover, name) for name in plain},
    }


def _told(cover: VillageCover) -> dict[str, Any]:
    return {
        "agreements": [
            {
                "uid": one.agreement.pk,
                "title": one.agreement.title,
                "days_left": one.days_left,
                "ending": one.ending,
            }
            for one in cover.agreements
        ],
        "facilitators": list(cover.facilitators),
        "district_facilitators": list(cover.district_facilitators),
    }


urlpatterns = [path("coverage/", CoverageView.as_view(), name="coverage")]
