"""The plain answers of trouble: what happened, what became of the answers, what to do next."""

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .problems import (
    AGAIN,
    AGAIN_WITH_ROOM,
    for_a_tool,
    full,
    is_full,
    is_unavailable,
    problem_response,
    too_large,
    unavailable,
)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig) and for_a_tool(request):
        return too_large(request)
    return _answer(request, "errors/400.html", HTTPStatus.BAD_REQUEST)


def forbidden(request, exception=None):
    return _answer(request, "errors/403.html", HTTPStatus.FORBIDDEN)


def not_found(request, exception=None):
    return _answer(request, "errors/404.html", HTTPStatus.NOT_FOUND)


def csrf_failed(request, reason=""):
    return _answer(request, "errors/csrf.html", HTTPStatus.FORBIDDEN)


def broken(request):
    """Asks nothing of the database or the person: they may be what is broken.

    503 when it is the database, 507 when the disk is full: what asked may be asked again.
    """
    fault = sys.exc_info()[1]
    if for_a_tool(request):
        return _for_a_tool(request, fault)
    status, again = _plainly(fault)
    page = HttpResponse(render_to_string("errors/500.html"), status=status)
    if again:
        page["Retry-After"] = str(again)
    return page


def _for_a_tool(request, fault: BaseException | None):
    if is_unavailable(fault):
        return unavailable(request, fault)
    return full(request, fault) if is_full(fault) else _problem(request, HTTPStatus(500))


def _plainly(fault: BaseException | None) -> tuple[int, int]:
    """The status, and in how many seconds the same may be asked again (0: nobody knows)."""
    if is_unavailable(fault):
        return 503, AGAIN
    return (507, AGAIN_WITH_ROOM) if is_full(fault) else (500, 0)


def _answer(request, template: str, status: HTTPStatus):
    if for_a_tool(request):
        return _problem(request, status)
    return render(request, template, status=status)


def _problem(request, status: HTTPStatus):
    """RFC 9457, for trouble outside the views of the API."""
    codes = {400: "bad_request", 403: "permission_denied", 404: "not_found"}
    return problem_response(request, status, codes.get(status, "server_error"))
