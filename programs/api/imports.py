"""REST: sheets of activities, judged in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH
from core.downloads import XLSX_TYPE
from core.errors import Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.listing import CsvRenderer, FileList, XlsxRenderer, file_asked, file_responses
from core.sheets import MOST_BYTES

from ..imports.files import problems_table, template_answer
from ..models import ImportJob, ImportProblem
from ..services import importing

#: What a form weighs beside its file, in bytes.
WRAPPING = 20_000


class SheetTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = gettext_lazy("The file is larger than 5 MB. Split it into smaller ones.")


class TooManyWaiting(APIException):
    status_code = 429
    default_code = "too_many_waiting"
    wait = 60


class _BoundedHandler(MemoryFileUploadHandler):
    """Files in memory, never more of them than one sheet may have."""

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True
        self.taken = 0

    def receive_data_chunk(self, raw_data, start):
        self.taken += len(raw_data)
        if self.taken > MOST_BYTES:
            raise SheetTooLarge
        return super().receive_data_chunk(raw_data, start)


class SheetFormParser(MultiPartParser):
    """A form with one file."""

    def parse(self, stream, media_type=None, parser_context=None):
        request = parser_context["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + WRAPPING:
            raise SheetTooLarge
        request.upload_handlers = [_BoundedHandler(request._request)]
        return super().parse(stream, media_type, parser_context)


class CsvParser(BaseParser):
    """The body as bytes, never more of it than a sheet may have."""

    media_type = "text/csv"

    def parse(self, stream, media_type=None, parser_context=None) -> bytes:
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise SheetTooLarge
        return data


class XlsxParser(CsvParser):
    media_type = XLSX_TYPE


class ImportJobSerializer(serializers.ModelSerializer):
    """A sheet on its way. `rows` is null until it was opened; `percent` is of its rows.

    With `dry_run`, `accepted` counts the rows that would be taken. `trouble` says why a failed
    sheet could not be read. `tried`: the job that this one applies.
    """

    percent = serializers.SerializerMethodField()
    tried = serializers.UUIDField(source="tried_id", allow_null=True)

    class Meta:
        model = ImportJob
        fields = (
            *("uid", "name", "size", "dry_run", "tried", "state", "rows", "judged", "percent"),
            *("accepted", "duplicate", "conflict", "rejected", "trouble"),
            *("created_at", "finished_at"),
        )
        read_only_fields = fields

    def get_percent(self, job: ImportJob) -> int:
        return importing.percent(job)


class RowProblemSerializer(serializers.Serializer):
    """One thing wrong with one cell; `detail` is in Indonesian, as the sheets are."""

    pointer = serializers.SerializerMethodField()
    code = serializers.CharField()
    detail = serializers.CharField()

    def get_pointer(self, problem: dict) -> str:
        return f"/{problem['field']}" if problem["field"] else ""


class ImportRowSerializer(serializers.ModelSerializer):
    """A row that was not taken, by its number as a spreadsheet shows it, with its cells."""

    outcome = serializers.ChoiceField(["conflict", "rejected"])
    problems = RowProblemSerializer(many=True)
    cells = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = ImportProblem
        fields = ("number", "outcome", "problems", "cells")


class SheetSerializer(serializers.Serializer):
    """A form with the sheet: CSV or XLSX, at most 5 MB and 50,000 rows."""

    file = serializers.FileField()


class _Own(GenericAPIView):
    """The caller's own sheets."""

    required_scopes = dict.fromkeys(("GET", "POST"), "activities:write")
    serializer_class = ImportJobSerializer

    def get_queryset(self):
        return ImportJob.objects.visible_to(self.request.user).defer("content")

    def job(self, uid) -> ImportJob:
        return get_object_or_404(_Own.get_queryset(self), pk=uid)

    def begun(self, job: ImportJob) -> Response:
        """202: it is being done; look at Location."""
        place = reverse("import", [job.pk], request=self.request)
        return Response(self.get_serializer(job).data, status=202, headers={"Location": place})


class ImportsView(_Own):
    parser_classes = (SheetFormParser, CsvParser, XlsxParser)

    @extend_schema(
        operation_id="imports_list",
        summary="Your sheets, the newest first",
        responses=ImportJobSerializer(many=True),
    )
    def get(self, request):
        """Every sheet that the caller sent, with how far it has come."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="imports_send",
        summary="Send a sheet of activities",
        request={
            "multipart/form-data": SheetSerializer,
            "text/csv": OpenApiTypes.BINARY,
            XLSX_TYPE: OpenApiTypes.BINARY,
        },
        responses={202: ImportJobSerializer},
        parameters=[
            OpenApiParameter("dry_run", bool, description="Judge only, record nothing; default 0"),
            OpenApiParameter("name", str, description="Name of the file, when it is the body"),
            IDEMPOTENCY_KEY,
        ],
    )
    @once
    def post(self, request):
        """Taken in at once, judged in the background: follow `Location` until `state` is `done`.

        CSV (comma, semicolon or tab) or the first sheet of an XLSX, told apart by its content. A
        row sent again is a `duplicate`, so a sheet may be sent as often as one likes. What can be
        told from the first row is told at once: 422 naming `file`.
        """
        refuse_unknown_parameters(request, {"dry_run", "name", "format"})
        dry_run = _yes_or_no(request, "dry_run")
        content, name = _sheet(request)
        with _in_http():
            job = importing.take_in(content, name, request.user, dry_run)
        return self.begun(job)


class ImportView(_Own):
    @extend_schema(
        operation_id="imports_read",
        summary="How far a sheet has come",
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """One sheet of the caller's. Ask again every few seconds with If-None-Match."""
        refuse_unknown_parameters(request, {"format"})
        job = self.job(uid)
        etag = f'"{job.state}-{job.judged}-{job.rows or 0}"'
        known = get_conditional_response(request._request, etag=etag)
        answer = known or Response(self.get_serializer(job).data)
        answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
        return answer


class ImportApplyView(_Own):
    @extend_schema(
        operation_id="imports_apply",
        summary="Record the rows of a sheet that was tried",
        request=None,
        responses={202: ImportJobSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """A new job over the same content, judged anew; pressed twice, it is one. 409
        `not_tried` before the trial ended, `content_gone` once the sheet is no longer kept."""
        with _in_http():
            return self.begun(importing.apply(self.job(uid), request.user))


class ImportStopView(_Own):
    @extend_schema(
        operation_id="imports_stop",
        summary="Leave the rest of a sheet alone",
        request=None,
        responses=ImportJobSerializer,
    )
    def post(self, request, uid):
        """Rows recorded before stay recorded. 409 `already_ended` when there is nothing left."""
        return Response(self.get_serializer(importing.stop(self.job(uid), request.user)).data)


class ImportErrorsView(FileList, _Own):
    serializer_class = ImportRowSerializer
    ordering = "number"

    queryset = ImportProblem.objects.none()  # for the schema

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.job(self.kwargs["uid"]).problems.all()

    def table(self, rows):
        return problems_table(self.job(self.kwargs["uid"]))

    @extend_schema(
        operation_id="imports_errors",
        summary="Rows that were not taken",
        responses=file_responses(ImportRowSerializer(many=True)),
    )
    def get(self, request, uid):
        """By row number. As a file: the rows under their own columns with one more that says
        what to do; put right, that file can be sent as it is."""
        return self.list(request)


class ImportTemplateView(APIView):
    required_scopes: ClassVar = {"GET": "activities:write"}

    def get_renderers(self):
        return [XlsxRenderer(), CsvRenderer()]

    @extend_schema(
        operation_id="imports_template",
        summary="An empty sheet to fill in",
        responses={
            (200, XLSX_TYPE): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request):
        """Every column with an example row; the XLSX also lists the words, the villages and the
        programs that the caller may write."""
        refuse_unknown_parameters(request, {"format"})
        with _in_http():
            importing.require_log(request.user)
        return template_answer(request.user, file_asked(request))


def _sheet(request) -> tuple[bytes, str]:
    """The bytes that were sent and what the file is called."""
    data = request.data
    if not request.content_type.startswith(SheetFormParser.media_type):
        # DRF asks no parser for a body of no length.
        return data if isinstance(data, bytes) else b"", request.query_params.get("name", "")
    sent = data.get("file")
    if not hasattr(sent, "read"):
        raise ValidationError({"file": _("Send the sheet as “file”.")}, code="required")
    return sent.read(), sent.name


def _yes_or_no(request, name: str) -> bool:
    text = request.query_params.get(name, "0").lower()
    if text not in {"0", "1", "false", "true"}:
        raise ValidationError({name: _("Write 1 or 0.")}, code="invalid")
    return text in {"1", "true"}


@contextmanager
def _in_http() -> Iterator[None]:
    """What concerns the person is a 403, too large a 413, too many a 429; the rest as it is."""
    try:
        yield
    except Refused as refusal:
        words = refusal.problems[0].detail
        if refusal.code == "not_permitted":
            raise PermissionDenied(words) from refusal
        if refusal.code == "too_large":
            raise SheetTooLarge from refusal
        if refusal.code == "too_many_waiting":
            raise TooManyWaiting(words) from refusal
        raise


urlpatterns = [
    path("imports/", ImportsView.as_view(), name="imports"),
    path("imports/template/", ImportTemplateView.as_view(), name="import-template"),
    path("imports/<uuid:uid>/", ImportView.as_view(), name="import"),
    path("imports/<uuid:uid>/errors/", ImportErrorsView.as_view(), name="import-errors"),
    path("imports/<uuid:uid>/apply/", ImportApplyView.as_view(), name="import-apply"),
    path("imports/<uuid:uid>/stop/", ImportStopView.as_view(), name="import-stop"),
]
