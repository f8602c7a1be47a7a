"""`?format=`: the same list or board as a file. The page's view asks here before it draws."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from threading import BoundedSemaphore
from typing import Any

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from . import audit, paper
from .copying import QueryRows
from .csvs import Counted, csv_blocks
from .errors import Problem, Refused
from .paper_tables import context_of
from .problems import for_a_tool, problem_response
from .tables import Table
from .workbooks import TooLong, workbook

FORMATS = ("csv", "xlsx", "pdf")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows that a page can be waited for with; beyond, CSV streams without end.
MOST_SHEET_ROWS = 100_000
MOST_PAPER_ROWS = 300
#: Files on their way at once, in one process: a slow reader keeps a thread of the server for as
#: long as she reads, and `serve` has four in each.
MOST_STREAMS = 2
_streams = BoundedSemaphore(MOST_STREAMS)
#: More rows than this leave a trace in the audit trail.
UNRECORDED_ROWS = 1_000
LONGEST_FILTER = 1_000  # characters


class UnknownFormat(Refused, BadRequest):
    """`?format=` names what no download can be; a 400 wherever it is not caught."""


def asked_format(request: HttpRequest, formats: tuple[str, ...] = FORMATS) -> str:
    """The format in the address, "" for the page itself; UnknownFormat for any other."""
    asked = request.GET.get("format", "")
    if asked and asked not in formats:
        words = _("Choose one of: %s.") % ", ".join(formats)
        raise UnknownFormat(Problem("format", "unknown_value", words))
    return asked


def formats_for(rows: int) -> str:
    """The formats worth offering for a list of so many rows, as `_exports.html` reads them."""
    return "csv xlsx pdf" if rows <= MOST_PAPER_ROWS else "csv xlsx"


def download(table: Table, fmt: str, *, request: HttpRequest) -> HttpResponseBase:
    """The table as a file; 422 that names the way out where it is too long."""
    try:
        return {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[fmt](table, request)
    except TooLong as long:
        if for_a_tool(request):
            words = _("%(format)s takes at most %(most)s rows. Narrow the list, or ask for CSV.")
            words %= {"format": fmt.upper(), "most": long.most}
            return problem_response(request, 422, "too_long", detail=words)
        context = {"most": long.most, "format": fmt.upper(), "table": table}
        return render(request, "errors/too_long.html", context, status=422)


def file_name(table: Table, ending: str) -> str:
    return stamped(table.name, ending, timezone.now())


def stamped(stem: str, ending: str, now: datetime) -> str:
    """kegiatan-20261105-1405.csv: what it is and when, in the portal's own zone."""
    stamp = timezone.localtime(now).strftime("%Y%m%d-%H%M")
    return f"{slugify(stem) or 'data'}-{stamp}.{ending}"


def as_attachment(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def note_download(request: HttpRequest, table: Table, fmt: str, rows: int, *, whole: bool) -> None:
    """Leave a trace of a large download, or of one that always leaves one."""
    if rows <= UNRECORDED_ROWS and not table.record_as:
        return
    asked = request.GET.copy()
    asked.pop("format", None)
    facts: dict[str, Any] = {"format": fmt, "path": request.path, "rows": rows, "whole": whole}
    facts["filter"] = asked.urlencode()[:LONGEST_FILTER]
    audit.record(
        request.user, f"{audit.DOWNLOAD}{table.record_as or table.name}"[:40], request.user, **facts
    )


def _csv(table: Table, request: HttpRequest) -> HttpResponseBase:
    if not _streams.acquire(blocking=False):
        return paper.busy(request)
    stream = _Stream(_counted_csv(table, request))
    response = StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8")
    return as_attachment(response, file_name(table, "csv"))


class _Stream:
    """A file on its way. It holds one of the few places until it is out, or its reader gone."""

    def __init__(self, blocks: Generator[bytes, None, None]):
        self._blocks, self._held = blocks, True

    def __iter__(self) -> _Stream:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._blocks)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        try:
            self._blocks.close()
        finally:
            self._leave()

    __del__ = close

    def _leave(self) -> None:
        if self._held:
            self._held = False
            _streams.release()


def _counted_csv(table: Table, request: HttpRequest) -> Generator[bytes, None, None]:
    """The blocks; how many rows went out is noted at the end, also when the reader leaves."""
    count, whole = Counted(), False
    try:
        yield from csv_blocks(table, count)
        whole = True
    finally:
        note_download(request, table, "csv", count.rows, whole=whole)


def _xlsx(table: Table, request: HttpRequest) -> HttpResponseBase:
    file, rows = workbook(_upto(table, MOST_SHEET_ROWS + 1), most=MOST_SHEET_ROWS)
    note_download(request, table, "xlsx", rows, whole=True)
    name = file_name(table, "xlsx")
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _upto(table: Table, most: int) -> Table:
    """The table without the rows that nobody will read, where the database can leave them out."""
    return (
        replace(table, rows=table.rows.upto(most)) if isinstance(table.rows, QueryRows) else table
    )


def _pdf(table: Table, request: HttpRequest) -> HttpResponse:
    rows = list(islice(_upto(table, MOST_PAPER_ROWS + 1).rows, MOST_PAPER_ROWS + 1))
    if len(rows) > MOST_PAPER_ROWS:
        raise TooLong(MOST_PAPER_ROWS)
    note_download(request, table, "pdf", len(rows), whole=True)
    context = context_of(table, rows)
    return paper.answer(request, "paper/table.html", context, file_name(table, "pdf"))
