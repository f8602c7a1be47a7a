"""What every answer says of itself to the browser, whoever made it; methods that nobody needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
#: For answers that no page-making middleware has seen: refusals at the door, static files.
BARE_POLICY = "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
BARE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": BARE_POLICY,
}


class HeadersMiddleware:
    """Stands outermost but for the request's name: no answer leaves without these (ASVS 3.4).

    TRACE and methods that nobody knows are answered 405 before anything looks at them (13.4.4);
    the API refuses them by itself, with the methods of the address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        known = request.method in METHODS or request.path.startswith("/api/")
        return complete(self.get_response(request) if known else HttpResponseNotAllowed(METHODS))


def complete(response: HttpResponse) -> HttpResponse:
    """The answer with whatever it lacked. What a view has said of itself stands."""
    for name, value in BARE.items():
        response.headers.setdefault(name, value)
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset" not in kind:
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    if settings.SECURE_HSTS_SECONDS:
        response.headers.setdefault("Strict-Transport-Security", hsts())
    return response


def hsts() -> str:
    """As SecurityMiddleware says it; on plain http browsers ignore it (RFC 6797, 8.1)."""
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    parts += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
    parts += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
    return "; ".join(parts)
