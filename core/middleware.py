"""What every request gets: an id for the log, a language, and no trace in shared caches."""

import logging
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpResponseForbidden, HttpResponseNotAllowed
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from . import origin
from .identifiers import uuid7

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request being answered, or "" outside one."""
    return _request_id.get()


def name_request(named: str) -> None:
    """From here on, this is the id of the request being answered."""
    _request_id.set(named)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class RequestIdMiddleware:
    """Name each request, in the log and in the answer, so that a person can quote it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = str(uuid7())
        name_request(request.request_id)
        origin.answering(request)
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class DemoStaysHereMiddleware:
    """The demonstration has public passwords: what a proxy passes on gets no answer.

    Its own check of the host name does not help where the proxy says "localhost".
    """

    PASSED_ON = {
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.PUG_DEMO and any(name in request.headers for name in self.PASSED_ON):
            return self.refuse(request)
        return self.get_response(request)

    @staticmethod
    def refuse(request):
        text = "The demonstration has public passwords and serves its own machine only.\n"
        if request.path.startswith("/api/"):
            from .problems import problem_response  # which asks this module for the id

            return problem_response(request, 403, "demo_stays_here", detail=text.strip())
        return HttpResponseForbidden(text, content_type="text/plain")


class OpenPagesMiddleware:
    """Pages for everybody are made without knowing who asks, so that anyone may keep a copy.

    No cookie gets in, none goes out, and nothing of the answer depends on one; only reading is
    answered. Their language is chosen in the address (`?lang=en`). Stands before the session.
    """

    UNDER = ("/publik/", "/robots.txt", "/.well-known/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(self.UNDER):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        english = "lang=en" in request.META.get("QUERY_STRING", "").split("&")
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: "en"} if english else {}
        request.open_page, request.open_query = True, "?lang=en" if english else ""
        response = self.get_response(request)
        response.cookies.clear()
        if "Vary" in response:
            del response["Vary"]
        return response


class IndonesianFirstMiddleware(LocaleMiddleware):
    """Pages speak Indonesian unless the person chose English; the API follows Accept-Language."""

    def process_request(self, request):
        if request.path.startswith("/api/"):
            return super().process_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else "id")
        request.LANGUAGE_CODE = translation.get_language()
        return None


class PrivatePagesMiddleware:
    """What a signed-in person saw never lands in a shared or a back-button cache (ASVS 14.3.2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response
