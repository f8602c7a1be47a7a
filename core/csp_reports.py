"""Where browsers report what the Content-Security-Policy kept them from (ASVS 3.4.7).

Anybody can write here: nothing is stored, one line of the log tells of each kind, and of few kinds
an hour. What a report says is a stranger's text and is cut to the parts that help.
"""

from __future__ import annotations

import json
import logging
import time
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

_log = logging.getLogger("pug.security")
LONGEST = 8_000  # bytes of one report
MOST_LINES = 20  # of one process in an hour
_HOUR = 3600  # seconds


class Teller:
    """Which reports are told: each kind once an hour, and no more than MOST_LINES."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since = 0.0
        self._told: set[tuple[str, ...]] = set()

    def is_new(self, kind: tuple[str, ...], now: float) -> bool:
        with self._lock:
            if now - self._since > _HOUR:
                self._since, self._told = now, set()
            if kind in self._told or len(self._told) >= MOST_LINES:
                return False
            self._told.add(kind)
            return True


_teller = Teller()


@csrf_exempt  # browsers send these without a form; nothing of anybody's changes
@login_not_required
@require_POST
def report(request):
    """204 whatever came: a sender learns nothing."""
    kind = kind_of(_body(request))
    if kind and _teller.is_new(kind, time.monotonic()):
        _log.warning("The policy stopped %s from %s on %s", *kind)
    return HttpResponse(status=204)


def _body(request) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        return b""
    return request.body


def kind_of(content: bytes) -> tuple[str, str, str] | None:
    """(directive, whose address, our page); None for what is no report."""
    try:
        told = json.loads(content)["csp-report"]
        return (
            _word(told.get("effective-directive") or told.get("violated-directive")),
            _host(told.get("blocked-uri")),
            _word(urlsplit(str(told.get("document-uri", ""))).path),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _word(value: Any) -> str:
    return str(value or "")[:100]


def _host(value: Any) -> str:
    """ "inline", "eval", or scheme and host: never the rest of an address."""
    parts = urlsplit(str(value or ""))
    return f"{parts.scheme}://{parts.hostname}"[:100] if parts.hostname else _word(parts.path)
