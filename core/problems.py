"""Errors of the API: one shape for all, RFC 9457 problem documents."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from .errors import Problem, Refused, Stale
from .middleware import current_request_id

_log = logging.getLogger(__name__)
#: The database does not answer, or not in time; the call may come again. `is_unavailable` asks.
UNAVAILABLE = (OperationalError, InterfaceError)
#: What a disk without room says; the call may come again, later.
_FULL = {errno.ENOSPC, errno.EDQUOT}
AGAIN, AGAIN_WITH_ROOM = 5, 60  # seconds

TITLES = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("This format is not offered"),
    409: _("Someone was faster"),
    410: _("No longer available"),
    411: _("The length is missing"),
    412: _("The record has changed"),
    413: _("The request is too large"),
    415: _("This content type is not read"),
    422: _("The content was refused"),
    426: _("A newer version is needed"),
    428: _("The version is missing"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("Not available for a moment"),
    507: _("No room for a moment"),
}


def for_a_tool(request) -> bool:
    """Whether a program reads the answer, and not a person on a page."""
    return request.path.startswith("/api/")


def problem_response(
    request,
    status: int,
    code: str,
    *,
    detail: Any = "",
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
) -> JsonResponse:
    """A problem document. `code` is stable English; title and detail follow Accept-Language.

    `more`: members that this kind of problem has besides (RFC 9457, 3.2).
    """
    title = str(TITLES.get(status) or HTTPStatus(status).phrase)
    body = {
        "type": f"urn:pug:problem:{code}",
        "title": title,
        "status": status,
        "detail": str(detail) or title,
        "instance": request.path,
        "code": code,
        "request_id": current_request_id(),
        "errors": errors or [],
        **(more or {}),
    }
    return JsonResponse(
        body, status=status, content_type="application/problem+json", headers=headers
    )


def problem_handler(exc: Exception, context: dict) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER. None: not foreseen; core.trouble answers 500."""
    request = context["request"]
    if isinstance(exc, RequestDataTooBig):
        set_rollback()
        return too_large(request)
    if is_unavailable(exc):
        set_rollback()
        return unavailable(request, exc)
    if is_full(exc):
        set_rollback()
        return full(request, exc)
    if isinstance(exc, Refused):
        set_rollback()
        return _refusal(request, exc)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    set_rollback()
    return _problem_of(request, exc, context.get("view"))


_TOO_LARGE = _("Send at most 1 MB at once; split larger batches.")
_UNAVAILABLE = _(
    "The database does not answer just now. Send the same again: "
    "what was stored already is not stored twice."
)
_FULL_DETAIL = _("The portal has no room on its disk just now. Send the same again later.")


def is_unavailable(fault: BaseException | None) -> bool:
    """Also a connection that breaks in the middle of COPY, which the driver calls nothing but
    DatabaseError; a fault of the statement itself always has a class of its own."""
    return isinstance(fault, UNAVAILABLE) or type(fault) is DatabaseError


def is_full(fault: BaseException | None) -> bool:
    """A disk without room for a file."""
    return isinstance(fault, OSError) and fault.errno in _FULL


def too_large(request) -> HttpResponse:
    return problem_response(request, 413, "body_too_large", detail=_TOO_LARGE)


def unavailable(request, exc: BaseException | None) -> HttpResponse:
    """503 with Retry-After; what the database said stands in the log only."""
    _log.error("The database failed at %s", request.path, exc_info=exc)
    again = {"Retry-After": str(AGAIN)}
    return problem_response(request, 503, "unavailable", detail=_UNAVAILABLE, headers=again)


def full(request, exc: BaseException | None) -> HttpResponse:
    """507 with Retry-After: the office makes room, the call may come again."""
    _log.error("No room on the disk at %s", request.path, exc_info=exc)
    again = {"Retry-After": str(AGAIN_WITH_ROOM)}
    return problem_response(request, 507, "no_room", detail=_FULL_DETAIL, headers=again)


def refusal_of(details: Any) -> Refused:
    """What a serializer found wrong (`get_full_details()`), as a service would say it."""
    return Refused(
        *(
            Problem(one["pointer"].lstrip("/").replace("/", "."), one["code"], one["detail"])
            for one in _flat(details)
        )
    )


def _refusal(request, exc: Refused) -> HttpResponse:
    errors = [
        {"pointer": _pointer(p.field.split(".")), "code": p.code, "detail": str(p.detail)}
        for p in exc.problems
    ]
    status = 409 if isinstance(exc, Stale) else 422
    return problem_response(request, status, exc.code, detail=exc.problems[0].detail, errors=errors)


def _problem_of(request, exc: exceptions.APIException, view=None) -> HttpResponse:
    errors = list(_flat(exc.get_full_details())) if _has_fields(exc) else []
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else _common_code(errors)
    detail = exc.detail if isinstance(exc.detail, str) else (errors[0]["detail"] if errors else "")
    detail = _own_words(request, exc, view) or detail
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(_seconds(exc))
    return problem_response(
        request, exc.status_code, code, detail=detail, errors=errors, headers=headers
    )


def _seconds(exc) -> int:
    return max(1, ceil(exc.wait))


def _own_words(request, exc: exceptions.APIException, view) -> str:
    """What to do next, where the framework's own words only name the trouble; "" elsewhere."""
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _("This address does not take %(method)s; the header Allow says what it takes.") % {
            "method": request.method
        }
    if isinstance(exc, exceptions.NotAcceptable):
        return str(_("Ask for application/json in Accept, or leave Accept out."))
    if isinstance(exc, exceptions.UnsupportedMediaType):
        types = ", ".join(one.media_type for one in getattr(view, "parser_classes", ()))
        return _("Say in Content-Type what you send. Read here: %(types)s.") % {"types": types}
    if isinstance(exc, exceptions.Throttled):
        wait = _seconds(exc) if exc.wait else AGAIN
        return _("Too many calls. Go on in %(seconds)s seconds.") % {"seconds": wait}
    if isinstance(exc, exceptions.NotFound) and exc.detail == exceptions.NotFound.default_detail:
        return str(_("There is nothing here, or nothing that you may see."))
    return ""


def _has_fields(exc: exceptions.APIException) -> bool:
    return isinstance(exc.detail, list | dict)


def _common_code(errors: list[dict[str, str]]) -> str:
    """The one code all errors share, else "invalid"."""
    codes = {error["code"] for error in errors}
    return codes.pop() if len(codes) == 1 else "invalid"


def _flat(details: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """DRF's nested {message, code} as a flat list with JSON pointers."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {
            "pointer": _pointer(path),
            "code": str(details["code"]),
            "detail": str(details["message"]),
        }
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    else:
        yield from _flat_list(details, path)


def _flat_list(details: list, path: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for place, inner in enumerate(details):
        leaf = isinstance(inner, dict) and set(inner) == {"message", "code"}
        yield from _flat(inner, path if leaf else (*path, str(place)))


def _pointer(path) -> str:
    """RFC 6901; "" is the whole."""
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in path if step)
