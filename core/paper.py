"""HTML on paper: WeasyPrint, which reads our own static files and nothing else.

A paper template extends `paper/base.html` and names pictures as `asset:img/logo.svg`.
"""

from __future__ import annotations

import mimetypes
from threading import Lock
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from .problems import for_a_tool, problem_response

SHEET = "css/paper.css"
SCHEME = "asset:"


class Unprintable(Exception):
    """The machine lacks what WeasyPrint needs (Pango); nothing was printed."""


class Busy(Exception):
    """Other documents are being set; nothing was printed."""


#: Setting a document takes a processor for seconds: one at a time in a process, the next waits.
_press = Lock()
WAIT = 12  # seconds
AGAIN = 30  # seconds


def pdf(
    template_name: str, context: dict[str, Any], *, request: HttpRequest | None = None
) -> bytes:
    """The template as an A4 PDF with `static/css/paper.css`; Unprintable where that cannot be, Busy
    when others were before it for too long."""
    if not _press.acquire(timeout=WAIT):
        raise Busy
    try:
        return _printed(template_name, context, request)
    finally:
        _press.release()


def _printed(template_name: str, context: dict[str, Any], request: HttpRequest | None) -> bytes:
    weasyprint = _weasyprint()
    html = render_to_string(template_name, {"printed_at": timezone.now(), **context}, request)
    fetcher = _fetcher()
    sheet = weasyprint.CSS(filename=_path(SHEET), url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, base_url=SCHEME, url_fetcher=fetcher)
    # Hints: a list's columns say their width in their own attribute.
    return document.write_pdf(stylesheets=[sheet], presentational_hints=True)


def answer(
    request: HttpRequest, template_name: str, context: dict[str, Any], filename: str
) -> HttpResponse:
    """The PDF as a download; a page that says what to do instead where it cannot be printed."""
    try:
        body = pdf(template_name, context, request=request)
    except Unprintable:
        return render(request, "errors/unprintable.html", status=503)
    except Busy:
        return busy(request)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """Too many make files at once: an answer that says so, and when to come again."""
    if for_a_tool(request):
        return problem_response(request, 503, "busy", headers={"Retry-After": str(AGAIN)})
    response = render(request, "errors/busy.html", status=503)
    response["Retry-After"] = str(AGAIN)
    return response


def _weasyprint():
    try:
        import weasyprint
    except (ImportError, OSError) as missing:
        raise Unprintable(str(missing)) from missing
    return weasyprint


def _fetcher():
    """Reads `asset:` (our static files) and `data:`; every other address is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith(SCHEME):
                path = _path(url.removeprefix(SCHEME))
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                with open(path, "rb") as file:
                    return URLFetcherResponse(url, file.read(), {"Content-Type": kind})
            return super().fetch(url, headers)

    return AssetFetcher(allowed_protocols={"data"}, allow_redirects=False)


def _path(name: str) -> str:
    """The file behind the name of a static file; never one outside the static folders."""
    found = finders.find(name.lstrip("/"))
    if not isinstance(found, str):
        raise ValueError(f"No such static file: {name}")
    return found
