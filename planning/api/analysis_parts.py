"""REST: what belongs to a gender analysis and moves without a new version – the portal's figures
now, results, submitted versions, and who did what."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.conflicts import in_http
from programs.models import Basis
from programs.serializers import Day, Identifier, Text
from villages.models import Village

from ..content import content_of, unpacked
from ..content_json import content_row
from ..figures import Figure, now_of
from ..models import GapVersion, GenderAnalysis, Measure, PlanState
from ..realised import Realised, realised
from ..serializers import MOST_LETTERS, GapContentSerializer, Number
from ..services.outcomes import approved_content, approved_version, enter_realisation
from .analyses import find
from .history import PlanHistorySerializer, history_row
from .shared import READ, WRITE, read, require


class FigureSerializer(serializers.Serializer):
    """One figure of the portal: women and men, or villages (`value` of `whole`)."""

    women = serializers.IntegerField(allow_null=True)
    men = serializers.IntegerField(allow_null=True)
    value = serializers.IntegerField(allow_null=True)
    whole = serializers.IntegerField(allow_null=True)


class FrozenFigureSerializer(serializers.Serializer):
    """A data row that was filled from the portal: what it holds, and what the portal says now."""

    row = serializers.UUIDField(help_text="`key` of the data row")
    measure = serializers.ChoiceField(Measure.choices)
    year = serializers.IntegerField()
    semester = serializers.IntegerField(help_text="0: the whole year")
    basis = serializers.ChoiceField(Basis.choices)
    area = serializers.CharField()
    definition = serializers.IntegerField(help_text="Version of the number's definition")
    held = FigureSerializer()
    now = FigureSerializer()
    moved = serializers.BooleanField()


class FiguresSerializer(serializers.Serializer):
    results = FrozenFigureSerializer(many=True)


class FiguresView(APIView):
    """The portal's figures beside those that the analysis holds."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="gender_analysis_figures",
        summary="The portal's figures, as held and as they are now",
        responses=FiguresSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """One line for each data row with a `measure`. `refresh/` takes them over."""
        refuse_unknown_parameters(request, {"format"})
        analysis = find(request.user, uid)
        content = content_of(analysis)
        now = now_of(content, analysis.program)
        rows = (one for one in content.data_rows if one.key in now)
        return Response({"results": [_figures(one, now[one.key]) for one in rows]})


def _figures(row: Any, now: Figure) -> dict[str, Any]:
    names = ("women", "men", "value", "whole")
    held = {name: getattr(row, name) for name in names}
    held["value"] = None if row.value is None else int(row.value)
    there = {name: getattr(now, name) for name in names}
    return {
        "row": row.key,
        "measure": row.measure,
        **{name: getattr(now, name) for name in ("year", "semester", "basis", "area")},
        "definition": now.definition,
        "held": held,
        "now": there,
        "moved": held != there,
    }


# -- Results -----------------------------------------------------------------------


class ResultSerializer(serializers.Serializer):
    """Where one indicator of the approved analysis stands. `by`: `portal` (by the villages' own
    records), `hand` (entered with its evidence), "" (nothing known)."""

    indicator = serializers.UUIDField(help_text="`key` of the indicator")
    kind = serializers.CharField()
    text = serializers.CharField()
    unit = serializers.CharField()
    baseline = Number()
    target = Number()
    value = Number()
    part = serializers.IntegerField(allow_null=True)
    whole = serializers.IntegerField(allow_null=True)
    by = serializers.ChoiceField(["portal", "hand", ""])
    as_of = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    reached = serializers.BooleanField()


class ResultsSerializer(serializers.Serializer):
    """`version`: the one in force, null before the first approval."""

    version = serializers.IntegerField(allow_null=True)
    results = ResultSerializer(many=True)


class ResultBodySerializer(serializers.Serializer):
    """What an indicator had reached on a day."""

    indicator = Identifier()
    value = Number(required=True, allow_null=False)
    reached_on = Day(required=True, allow_null=False)
    note = Text(max_length=MOST_LETTERS, help_text="How it is known")
    village = Text(max_length=13, help_text="Its code; left out: wherever the program runs")


class EnteredSerializer(serializers.Serializer):
    uid = serializers.UUIDField()


class ResultsView(APIView):
    """What the indicators have reached."""

    required_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="gender_analysis_results",
        summary="What the indicators have reached",
        responses=ResultsSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """Of the approved version; empty before. Indicators with a `measure` realise themselves
        from the villages' verified records."""
        refuse_unknown_parameters(request, {"format"})
        analysis = find(request.user, uid)
        version = approved_version(analysis)
        rows = realised(analysis, approved_content(version)) if version else []
        number = version.number if version else None
        return Response({"version": number, "results": [_result(one) for one in rows]})

    @extend_schema(
        operation_id="gender_analysis_result_create",
        summary="Enter what an indicator has reached",
        request=ResultBodySerializer,
        responses={201: EnteredSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """For indicators that the portal does not count itself, with a word on how it is known."""
        refuse_unknown_parameters(request, set())
        analysis = find(request.user, uid)
        require(request, "manage_plans", analysis)
        said = read(request.data, ResultBodySerializer)
        try:
            made = enter_realisation(
                analysis,
                said["indicator"],
                actor=request.user,
                value=said["value"],
                reached_on=said["reached_on"],
                note=said.get("note") or "",
                village=_village(request.user, said.get("village")),
            )
        except Refused as refusal:
            raise in_http(refusal) from refusal
        return Response({"uid": made.pk}, status=201, headers={"Cache-Control": "no-store"})


def _village(user, code: str | None) -> Village | None:
    if not code:
        return None
    village = Village.objects.visible_to(user).filter(code=code).first()
    if village is None:
        words = _("This village is not known, or not one you see. Check the village code.")
        raise Refused(Problem("village", "unknown_village", words))
    return village


def _result(one: Realised) -> dict[str, Any]:
    row = one.indicator
    part, whole = one.pair or (None, None)
    return {
        "indicator": row.key,
        **{name: getattr(row, name) for name in ("kind", "text", "unit", "due")},
        **{name: _number(getattr(one, name)) for name in ("baseline", "target", "value")},
        "part": part,
        "whole": whole,
        "by": one.by,
        "as_of": one.as_of,
        "reached": one.reached,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


# -- Versions and history ----------------------------------------------------------


class VersionRowSerializer(serializers.Serializer):
    """One submission."""

    number = serializers.IntegerField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(PlanState.choices)
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class VersionsSerializer(serializers.Serializer):
    results = VersionRowSerializer(many=True)


class VersionSerializer(VersionRowSerializer):
    """One submission with what it said, figures and all."""

    content = GapContentSerializer()


class VersionsView(APIView):
    """What was submitted."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="gender_analysis_versions",
        summary="The submitted versions of an analysis",
        responses=VersionsSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """Newest first, without what they say."""
        refuse_unknown_parameters(request, {"format"})
        rows = _versions(find(request.user, uid)).defer("content")
        return Response({"results": [_version(one) for one in rows]})


class VersionView(APIView):
    """One submitted version."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="gender_analysis_version",
        summary="One submitted version of an analysis",
        responses=VersionSerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid, number):
        """What it said when it was submitted, with the figures of that day."""
        refuse_unknown_parameters(request, {"format"})
        found = get_object_or_404(_versions(find(request.user, uid)), number=number)
        return Response({**_version(found), "content": content_row(unpacked(found.content))})


def _versions(analysis: GenderAnalysis):
    return analysis.versions.select_related("submitted_by", "decided_by").order_by("-number")


def _version(one: GapVersion) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("number", "revision", "state")},
        "submitted_by": one.submitted_by.name,
        "submitted_at": one.submitted_at,
        "decided_by": one.decided_by.name if one.decided_by else None,
        "decided_at": one.decided_at,
    }


class HistoryView(APIView):
    """Who did what."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="gender_analysis_history",
        summary="Steps and remarks of an analysis",
        responses=PlanHistorySerializer,
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request, uid):
        """Newest step first; what reviewers said, cell by cell, settled or not."""
        refuse_unknown_parameters(request, {"format"})
        return Response(history_row(find(request.user, uid)))


def _route(word: str, view: type[APIView], name: str):
    return path(f"gender-analyses/<uuid:uid>/{word}/", view.as_view(), name=name)


urlpatterns = [
    _route("figures", FiguresView, "gender-analysis-figures"),
    _route("results", ResultsView, "gender-analysis-results"),
    _route("versions", VersionsView, "gender-analysis-versions"),
    _route("versions/<int:number>", VersionView, "gender-analysis-version"),
    _route("history", HistoryView, "gender-analysis-history"),
]
