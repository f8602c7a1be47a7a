"""Errors of the API: one shape for all, RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from .errors import Refused, Stale
from .middleware import current_request_id

TITLES = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("This format is not offered"),
    409: _("Someone was faster"),
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
}


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
        return problem_response(request, 413, "body_too_large", detail=_TOO_LARGE)
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
    return _problem_of(request, exc)


_TOO_LARGE = _("Send at most 1 MB at once; split larger batches.")


def _refusal(request, exc: Refused) -> HttpResponse:
    errors = [
        {"pointer": _pointer(p.field.split(".")), "code": p.code, "detail": str(p.detail)}
        for p in exc.problems
    ]
    status = 409 if isinstance(exc, Stale) else 422
    return problem_response(request, status, exc.code, detail=exc.problems[0].detail, errors=errors)


def _problem_of(request, exc: exceptions.APIException) -> HttpResponse:
    errors = list(_flat(exc.get_full_details())) if _has_fields(exc) else []
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else _common_code(errors)
    detail = exc.detail if isinstance(exc.detail, str) else (errors[0]["detail"] if errors else "")
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait))
    return problem_response(
        request, exc.status_code, code, detail=detail, errors=errors, headers=headers
    )


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
