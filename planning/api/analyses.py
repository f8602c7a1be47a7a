"""REST: gender analyses (GAP) – the list, new ones, and one as it stands and changes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core import audit
from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged, version_known, version_tag
from core.errors import Problem, Refused, Stale
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.activity_list import ProgramNameSerializer
from programs.api.bodies import object_of
from programs.api.conflicts import IF_MATCH, in_http, version_seen
from programs.api.programs import CHUNK, OwnerSerializer, owner_row
from programs.models import Program
from programs.program_serializers import Year as NamedYear
from programs.serializers import Identifier, Word, unknown_fields

from .. import checks
from ..content import LISTS, Content, content_of, differences
from ..content_json import content_row, difference_row, place, pointed, read_content
from ..filters import AnalysisFilter
from ..models import GenderAnalysis, PlanLevel, PlanState, Template
from ..serializers import GapContentSerializer
from ..services.analyses import save_content, start_analysis
from .shared import (
    READ,
    WRITE,
    Printed,
    WrittenSerializer,
    conflict,
    paper_asked,
    paper_responses,
    printed,
    read,
    require,
    written,
)

#: Whoever may write an analysis of some office or village holds one of these words.
WRITERS = ("manage_plans", "plan_village")


class AnalysisRowSerializer(serializers.Serializer):
    """One analysis on a list."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="Times it was opened again after approval, + 1")
    state = serializers.ChoiceField(PlanState.choices)
    template = serializers.ChoiceField(Template.choices)
    year = serializers.IntegerField()
    level = serializers.ChoiceField(PlanLevel.choices)
    code = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    program = ProgramNameSerializer()
    owner = OwnerSerializer()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FindingSerializer(serializers.Serializer):
    """One thing to put right. `must`: it stands in the way of submitting; else it is advice."""

    pointer = serializers.CharField(help_text="Into `content`")
    step = serializers.CharField()
    row = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()
    must = serializers.BooleanField()


class AnalysisSerializer(AnalysisRowSerializer):
    """An analysis as it stands. `content` may be changed and sent back as the body of a PATCH."""

    content = GapContentSerializer()
    findings = FindingSerializer(many=True)


class NewAnalysisSerializer(serializers.Serializer):
    """What a new analysis is about; it may be followed by what it says."""

    uid = Identifier(required=False, help_text="Made by the client; the analysis' key for ever")
    program = Identifier()
    year = NamedYear()
    template = Word(Template, help_text="9L where nothing is said; desa: the village's page")


class NewAnalysisBodySerializer(NewAnalysisSerializer, GapContentSerializer):
    """A new analysis: what it is about, and whatever it says already."""


class RowKeysSerializer(serializers.Serializer):
    """The keys of the rows, list by list, in the order sent."""

    data_rows = serializers.ListField(child=serializers.UUIDField())
    factors = serializers.ListField(child=serializers.UUIDField())
    causes = serializers.ListField(child=serializers.UUIDField())
    actions = serializers.ListField(child=serializers.UUIDField())
    baselines = serializers.ListField(child=serializers.UUIDField())
    indicators = serializers.ListField(child=serializers.UUIDField())


class AnalysisWrittenSerializer(WrittenSerializer):
    """The analysis as it is on file now; its ETag is the version to name next."""

    rows = RowKeysSerializer()


class AnalysesView(FileList, GenericAPIView):
    """Gender analyses of owners within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = GenderAnalysis.objects.none()
    serializer_class = AnalysisRowSerializer
    filterset_class = AnalysisFilter
    ordering_fields = ("updated_at", "year")

    def get_queryset(self) -> QuerySet[GenderAnalysis]:
        rows = GenderAnalysis.objects.visible_to(self.request.user)
        return rows.with_owners().select_related("program")

    @extend_schema(
        operation_id="gender_analyses",
        summary="Gender analyses open to the caller",
        responses=file_responses(AnalysisRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. As a file (`format=csv` or `xlsx`): the same rows, all of them."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        found = self.paginate_queryset(rows)
        return self.get_paginated_response([head_row(one) for one in found])

    def table(self, rows: QuerySet) -> Table:
        found = (head_row(one) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("gender-analyses", columns_of(AnalysisRowSerializer), found)

    @extend_schema(
        operation_id="gender_analysis_create",
        summary="Begin a gender analysis",
        request=NewAnalysisBodySerializer,
        responses={201: AnalysisWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request):
        """A draft whose first step says what the program says, and whose data rows hold the
        portal's own figures of its verified activities. One for each program, year and form.

        Needs `manage_plans` on the program's owner; for a village's own page `plan_village`. What
        else the body says stands in its place at once.
        """
        refuse_unknown_parameters(request, set())
        if not request.user.capabilities & set(WRITERS):
            raise in_http(Refused(_not_hers()))
        body = object_of(request.data)
        named = {name: value for name, value in body.items() if name in _NAMED}
        said = read(named, NewAnalysisSerializer)
        problems = unknown_fields(body, {*_NAMED, *GapContentSerializer().fields})
        if problems:
            raise Refused(*problems)
        return written_analysis(self._begin(request, said, body), 201)

    def _begin(self, request, said: dict[str, Any], body: Any) -> GenderAnalysis:
        program = Program.objects.visible_to(request.user).filter(pk=said["program"]).first()
        if program is None:
            raise Refused(_unknown())
        try:
            analysis = start_analysis(
                program,
                actor=request.user,
                year=said["year"],
                template=said.get("template") or Template.NINE,
                uid=said.get("uid"),
            )
            standing = content_of(analysis)
            content = read_content(body, standing, _NAMED)
            if content != standing:
                save_content(analysis, content, actor=request.user, version=analysis.version)
        except Refused as refusal:
            if refusal.code == "not_permitted":  # as a program that nobody made
                raise Refused(_unknown()) from refusal
            raise as_sent(refusal) from refusal
        return analysis


_NAMED = frozenset(NewAnalysisSerializer().fields)


class AnalysisView(Printed, APIView):
    """One gender analysis: read, printed, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="gender_analysis",
        summary="One gender analysis",
        responses={**paper_responses(AnalysisSerializer), 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """What it says, and what it still lacks. Its ETag is its version, as If-Match names it.

        What moves without a new version stands at addresses of its own: `figures/`, `results/`,
        `history/`. As `format=pdf`, `docx` or `xlsx`: the official form.
        """
        refuse_unknown_parameters(request, {"format"})
        seen = GenderAnalysis.objects.visible_to(request.user).filter(pk=uid)
        form = paper_asked(request)
        if not form and (known := version_known(request, seen)):
            return known
        analysis = find(request.user, uid)
        if form:
            return printed(request, analysis, form)
        return Response(item_row(analysis), headers=version_tag(analysis.version))

    @extend_schema(
        operation_id="gender_analysis_change",
        summary="Change a gender analysis",
        request=GapContentSerializer,
        responses=AnalysisWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is; a list that is named is the whole list. It may be
        incomplete until it is submitted.

        A row without a `key` gets one; a new row may bring its own, so that others can name it in
        the same call. Figures of rows with a `measure` are the portal's: what is sent for them is
        not looked at. 412 shows what stands there and, as `differences`, where it differs from
        what was sent.
        """
        refuse_unknown_parameters(request, set())
        analysis = find(request.user, uid)
        require(request, "manage_plans", analysis)
        seen, body = version_seen(request), object_of(request.data)
        standing = content_of(analysis)
        content = read_content(body, standing)
        if seen == analysis.version and analysis.is_open:
            try:
                save_content(analysis, content, actor=request.user, version=seen)
                return written_analysis(analysis)
            except Stale:
                analysis = find(request.user, uid)
                content = read_content(body, content_of(analysis))
            except Refused as refusal:
                raise as_sent(refusal) from refusal
        return _too_late(request, analysis, content, seen)


def _too_late(request, analysis: GenderAnalysis, content: Content, seen: int) -> HttpResponseBase:
    """Received before, when what stands there is this very content by her hand."""
    standing = content_of(analysis)
    if seen == analysis.version:
        return conflict(request, analysis, "not_correctable", lambda: current(analysis))
    if content == standing and audit.last_hand(analysis, "genderanalysis.") == request.user.pk:
        return written_analysis(analysis)
    told = [difference_row(standing, one) for one in differences(standing, content)]
    return conflict(request, analysis, "changed_meanwhile", lambda: current(analysis), lambda: told)


def find(user, uid) -> GenderAnalysis:
    rows = GenderAnalysis.objects.visible_to(user).with_owners().select_related("program")
    return get_object_or_404(rows, pk=uid)


def current(analysis: GenderAnalysis) -> dict[str, Any]:
    return {"content": content_row(content_of(analysis))}


def written_analysis(analysis: GenderAnalysis, status: int = 200) -> Response:
    content = content_of(analysis)
    rows = {name: [one.key for one in getattr(content, name)] for name in LISTS}
    address = reverse("gender-analysis", args=[analysis.pk]) if status == 201 else ""
    return written(analysis, status, address, rows=rows)


def head_row(analysis: GenderAnalysis) -> dict[str, Any]:
    program = analysis.program
    return {
        "uid": analysis.pk,
        "version": analysis.version,
        "revision": analysis.revision,
        "state": analysis.state,
        "template": analysis.template,
        "year": analysis.year,
        "level": analysis.level,
        "code": analysis.code,
        "title": analysis.title,
        "program": {"uid": program.pk, "title": program.title},
        "owner": owner_row(program),
        "created_at": analysis.created_at,
        "updated_at": analysis.updated_at,
    }


def item_row(analysis: GenderAnalysis) -> dict[str, Any]:
    content = content_of(analysis)
    told = [finding_row(content, one) for one in checks.findings(content)]
    return {**head_row(analysis), "content": content_row(content), "findings": told}


def finding_row(content: Content, one: checks.Finding) -> dict[str, Any]:
    where = place(content, one.where, one.row, one.field).replace(".", "/")
    return {
        "pointer": f"/{where}" if where else "",
        "step": one.step,
        "row": one.row,
        "code": one.code,
        "detail": one.detail,
        "must": one.must,
    }


#: Tables by their model's name, as services name a list in a refusal.
_LIST_OF = {table._meta.model_name: name for name, (_said, table) in LISTS.items()}


def as_sent(refusal: Refused) -> Exception:
    """The refusal with lists by the names they have in a body."""
    told = in_http(refusal)
    if not isinstance(told, Refused):
        return told
    named = (
        Problem(_LIST_OF.get(one.field, one.field), one.code, one.detail)
        for one in refusal.problems
    )
    return Refused(*named)


def in_place(refusal: Refused, analysis: GenderAnalysis) -> Refused:
    """The refusal of a step, with rows by their place in what stands there."""
    return pointed(content_of(analysis), refusal)


def _not_hers() -> Problem:
    return Problem("", "not_permitted", _("You write plans for no office and no village."))


def _unknown() -> Problem:
    words = _("This program is not known, or not one whose plans you write.")
    return Problem("program", "unknown_program", words)


urlpatterns = [
    path("gender-analyses/", AnalysesView.as_view(), name="gender-analyses"),
    path("gender-analyses/<uuid:uid>/", AnalysisView.as_view(), name="gender-analysis"),
]
