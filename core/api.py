"""What every REST endpoint shares, under one name: problems, pages, strict filters."""

from django.conf import settings

from .pages import (
    CursorPages,
    NumberPages,
    StrictFilterBackend,
    limit_of,
    refuse_unknown_parameters,
)
from .problems import problem_handler, problem_response

__all__ = [
    "ApiOverHttpsMiddleware",
    "CursorPages",
    "NumberPages",
    "StrictFilterBackend",
    "limit_of",
    "problem_handler",
    "problem_response",
    "refuse_unknown_parameters",
]


class ApiOverHttpsMiddleware:
    """A key sent over plain http is already lost: say so, never redirect (ASVS 4.1.2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        plain = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if plain and request.path.startswith("/api/"):
            return problem_response(request, 403, "https_only")
        return self.get_response(request)
