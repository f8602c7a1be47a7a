"""304 before the work: a caller who has what stands now is told so at the cost of one look."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter

from .moment import tag

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    location="header",
    description="An ETag that this address gave: 304 without a body while nothing has changed",
)


def unchanged_by(stamp: Callable[[], Any]) -> Callable[[Callable], Callable]:
    """For a method of an API view: 304 where the caller has what stands now.

    The answer may depend on the person, the key, the language, the day, the address and what
    `stamp()` stands for (None: the whole database), and on nothing else. A file of a list is left
    as it is: it says when it was made.
    """

    def decorate(get: Callable) -> Callable:
        @wraps(get)
        def answer(self, request, *args, **kwargs):
            key = getattr(request.auth, "pk", None)
            # Her rights were read before the database's moment: they may be older than it.
            rights = getattr(request.user, "reach", None)
            asked = (request.user.pk, rights, key, get_language(), timezone.localdate())
            where = request.get_full_path(), request.headers.get("Accept")
            mark = tag(*asked, *where, stamp=stamp())
            known = mark and get_conditional_response(request._request, etag=mark)
            response = known or get(self, request, *args, **kwargs)
            if mark and response.status_code in (200, 304) and not response.streaming:
                _mark(response, mark)
            return response

        return answer

    return decorate


unchanged = unchanged_by(lambda: None)


def _mark(response: HttpResponseBase, mark: str) -> None:
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization", "Cookie"))


def version_tag(version: int) -> dict[str, str]:
    """The headers of an item: its version as a strong ETag, kept by nobody but the caller."""
    return {"ETag": f'"v{version}"', "Cache-Control": "private, no-cache"}


def version_known(request, rows: QuerySet) -> HttpResponseBase | None:
    """304 where the caller has the version of this one row that stands now; 404 without a row.

    `rows` are narrowed to her reach. Asks only where she named a version.
    """
    if "If-None-Match" not in request.headers:
        return None
    version = rows.values_list("version", flat=True).first()
    if version is None:
        raise Http404
    return _known_under(request, version_tag(version))


def _known_under(request, headers: dict[str, str]) -> HttpResponseBase | None:
    known = get_conditional_response(request._request, etag=headers["ETag"])
    if known is not None:
        for name, value in headers.items():
            known[name] = value
    return known


def moving_tag(request, version: int) -> dict[str, str]:
    """As `version_tag`, for an item parts of which move without a new version (the days that are
    left, what others did): its version, as If-Match names it, and the moment after it."""
    rights, key = getattr(request.user, "reach", None), getattr(request.auth, "pk", None)
    asked = request.user.pk, rights, key, get_language(), timezone.localdate()
    mark = tag(*asked, request.get_full_path())
    moment = "-" + mark.strip('"') if mark else ""
    return {**version_tag(version), "ETag": f'"v{version}{moment}"'}


def moving_known(request, rows: QuerySet) -> HttpResponseBase | None:
    """`version_known` for such an item: 304 only where nothing at all has changed since."""
    if "If-None-Match" not in request.headers:
        return None
    version = rows.values_list("version", flat=True).first()
    if version is None:
        raise Http404
    headers = moving_tag(request, version)
    return _known_under(request, headers) if "-" in headers["ETag"] else None
