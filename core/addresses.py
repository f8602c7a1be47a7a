"""What a request may carry in its address and cookies: text that every part behind can read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _

from . import entrance
from .formats import storable
from .problems import for_a_tool, problem_response
from .trouble import bad_request

#: Hosts by which a machine calls itself.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LENGTH = _("Send the body with a Content-Length, not in chunks.")
_CONTENT_TYPE = _("Content-Type cannot be read. Name UTF-8 or no charset.")
_SLASH = _("Addresses of the API end with a slash.")


class ReadableMiddleware:
    """400 for signs that no database keeps (NUL, half characters) and for bytes not in UTF-8;
    411 for a body in chunks.

    Stands before whatever looks up the session, so that a refusal costs no query. What forms and
    bodies carry is judged field by field, where it can be said beside the field.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            # Django reads no body without a length; to answer "empty" would mislead.
            return problem_response(request, 411, "length_required", detail=_LENGTH)
        if entrance.REFUSED in request.META or not _is_utf8(request):
            request.encoding = "utf-8"  # the page of trouble shows its own address
            return _refuse_content_type(request)
        if not all(storable(text) == text for text in _texts(request)):
            return bad_request(request)
        if for_a_tool(request) and not request.path.endswith("/") and not _may_stand(request):
            return problem_response(request, 404, "not_found", detail=_SLASH)
        return self.get_response(request)


def _refuse_content_type(request):
    if for_a_tool(request):
        return problem_response(request, 400, "bad_content_type", detail=_CONTENT_TYPE)
    return bad_request(request)


def _may_stand(request) -> bool:
    """A reader without the last slash is sent to the right address; a body would be lost there."""
    return request.method in ("GET", "HEAD", "OPTIONS") or bool(is_valid_path(request.path_info))


def _is_utf8(request) -> bool:
    return codecs.lookup(request.encoding or "utf-8").name == "utf-8"


def _texts(request) -> Iterator[str]:
    yield request.path
    for name, values in request.GET.lists():
        yield name
        yield from values
    for name, value in request.COOKIES.items():
        yield name
        yield value


def site_of(request) -> str:
    """Scheme and host that whole addresses begin with: the portal's own, as it was set, so that
    no reader's way to it ends up on paper; the reader's way where none was set."""
    own = urlsplit(settings.SITE_ADDRESS)
    if own.hostname in LOOPBACK:
        return request.build_absolute_uri("/")[:-1]
    return settings.SITE_ADDRESS
