"""The plain answers of trouble: what happened, what became of the answers, what to do next."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .problems import problem_response


def bad_request(request, exception=None):
    return _answer(request, "errors/400.html", HTTPStatus.BAD_REQUEST)


def forbidden(request, exception=None):
    return _answer(request, "errors/403.html", HTTPStatus.FORBIDDEN)


def not_found(request, exception=None):
    return _answer(request, "errors/404.html", HTTPStatus.NOT_FOUND)


def csrf_failed(request, reason=""):
    return _answer(request, "errors/csrf.html", HTTPStatus.FORBIDDEN)


def broken(request):
    """Asks nothing of the database or the person: they may be what is broken."""
    if _for_a_tool(request):
        return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def _answer(request, template: str, status: HTTPStatus):
    if _for_a_tool(request):
        return _problem(request, status)
    return render(request, template, status=status)


def _for_a_tool(request) -> bool:
    return request.path.startswith("/api/")


def _problem(request, status: HTTPStatus):
    """RFC 9457, for trouble outside the views of the API."""
    codes = {400: "bad_request", 403: "permission_denied", 404: "not_found"}
    return problem_response(request, status, codes.get(status, "server_error"))
