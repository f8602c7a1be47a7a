"""A document's printed form as a download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import paper as press
from core.problems import for_a_tool, problem_response

from ..models import GapVersion
from . import pdf, sheet, word
from .making import Document, paper_of
from .parts import Paper


@dataclass(frozen=True)
class Format:
    write: Callable[[Paper], bytes]
    media_type: str


FORMATS: dict[str, Format] = {
    "pdf": Format(pdf.written, "application/pdf"),
    "docx": Format(word.written, word.MEDIA_TYPE),
    "xlsx": Format(sheet.written, sheet.MEDIA_TYPE),
}
#: Word and Excel files are set one at a time in a process, as the press does with PDF.
_desk = Lock()


def answer(
    request: HttpRequest, document: Document, fmt: str, version: GapVersion | None = None
) -> HttpResponse:
    """The form of this document (of an analysis: as it stands, or as `version` froze it) in one
    of FORMATS. Where it cannot be made now, an answer that says so; 404 for another format.

    Whoever asks must already be known to see the document.
    """
    if fmt not in FORMATS:
        raise Http404
    paper = paper_of(document, version=version)
    try:
        body = written(paper, fmt)
    except press.Unprintable:
        return _unprintable(request)
    except press.Busy:
        return press.busy(request)
    response = HttpResponse(body, content_type=FORMATS[fmt].media_type)
    response["Content-Disposition"] = f'attachment; filename="{paper.name}.{fmt}"'
    return response


def written(paper: Paper, fmt: str) -> bytes:
    """The file; press.Busy when others were before it for too long."""
    if fmt == "pdf":
        return FORMATS[fmt].write(paper)  # the press has its own lock
    if not _desk.acquire(timeout=press.WAIT):
        raise press.Busy
    try:
        return FORMATS[fmt].write(paper)
    finally:
        _desk.release()


def _unprintable(request: Any) -> HttpResponse:
    if for_a_tool(request):
        return problem_response(request, 503, "unprintable")
    return render(request, "errors/unprintable.html", status=503)
