"""One line of the log for every answer: who asked what, from where, what came and how long it took.

The address without what stands behind "?": people search for names, and tools put keys there.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings

from . import metrics

_log = logging.getLogger("pug.request")
#: Refusals by what they tell whoever reads the log (ASVS 16.3.2).
_EVENTS = {401: "not signed in", 403: "denied", 429: "throttled", 503: "not available"}
#: Asked every few seconds by monitors and phones: told only when something is wrong.
_QUIET = ("/healthz/", "/readyz/", "/static/")


class RequestLogMiddleware:
    """Stands right behind the one that names the request, so that nothing answers unseen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        metrics.count(request.method, request.path, response.status_code, seconds)
        if metrics.is_due():
            # After the answer is out: nobody waits for the counting.
            response._resource_closers.append(metrics.flush)
        _tell(request, response.status_code, seconds)
        return response


def _tell(request, status: int, seconds: float) -> None:
    if status < 400 and request.path.startswith(_QUIET):
        return
    level = _level(request.path, status)
    if not _log.isEnabledFor(level):
        return
    facts = {
        "event": _EVENTS.get(status, "broken" if status >= 500 else "answered"),
        "method": request.method,
        "path": request.path[:500],
        "status": status,
        "ms": round(1000 * seconds),
        "address": address_of(request),
        **_who(request),
    }
    words = "%s %s %s"
    _log.log(level, words, request.method, facts["path"], status, extra={"facts": facts})


def _level(path: str, status: int) -> int:
    if status >= 500:
        # What asks whether the portal is ready asks again and again: a warning will do.
        return logging.WARNING if path == "/readyz/" else logging.ERROR
    return logging.WARNING if status in _EVENTS else logging.INFO


def _who(request) -> dict[str, Any]:
    """The person and her roles, or the key: only what the request has already asked for, so that
    the line costs no query and stands also when the database does not."""
    key = getattr(request, "key", None)
    person = key.user if key else getattr(request, "_cached_user", None)
    if person is None or not person.is_authenticated:
        return {"user": None}
    grants = vars(person).get("grants_today") or vars(person).get("_bare_grants") or []
    who = {"user": str(person.uid), "roles": sorted({grant.role for grant in grants})}
    return who | ({"key": f"{key.lookup} {key.name}"} if key else {})


def address_of(request) -> str:
    """Whose machine asked: the last address that a proxy of ours vouches for."""
    meta = request.META
    own = meta.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return own
    passed = [one.strip() for one in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    passed = passed[-settings.TRUSTED_PROXIES :]
    return passed[0][:45] if passed[0] else own
