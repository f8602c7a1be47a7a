"""Closed for a while, and said so: a file that `manage.py maintenance` writes.

A file and not a row: it must be read while the database is away, and nginx looks for it too
(deploy/), so that the page also stands while the portal itself does not run.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from .problems import for_a_tool, problem_response
from .staticfiles import addresses

USUAL = timedelta(minutes=15)
SOONEST = 60  # seconds; nobody is asked to come back sooner
#: Monitors are told the truth by readyz; files belong to the page that is shown.
OPEN = ("/healthz/", "/readyz/", "/static/")
_DETAIL = _("The portal is being maintained. Nothing was stored; send it again later.")


@dataclass(frozen=True)
class Closure:
    """Until when it is planned to last, and why, in words for everybody."""

    until: datetime
    why: str = ""

    def seconds_left(self, now: datetime) -> int:
        """A minute at least: maintenance that lasts longer than planned is still going on."""
        return max(SOONEST, int((self.until - now).total_seconds()))

    def is_late(self, now: datetime) -> bool:
        return self.until < now


def _flag() -> Path:
    return Path(settings.VAR_DIR) / "maintenance.on"


def _page() -> Path:
    return Path(settings.VAR_DIR) / "maintenance.html"


def closure() -> Closure | None:
    """What is announced; None when the portal is open. A file made by hand counts as well."""
    try:
        text, made = _flag().read_text(encoding="utf-8"), _flag().stat().st_mtime
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return Closure(timezone.now() + USUAL)
    try:
        told = json.loads(text)
        return Closure(datetime.fromisoformat(told["until"]).astimezone(UTC), str(told["why"]))
    except (ValueError, TypeError, KeyError):
        return Closure(datetime.fromtimestamp(made, UTC) + USUAL)


def close(until: datetime, why: str = "") -> None:
    """From now on pages and API answer 503, until `open_again`."""
    announced = Closure(until, why)
    _write(_page(), page_of(announced, timezone.now()))
    _write(_flag(), json.dumps({"until": until.isoformat(), "why": why}))


def open_again() -> bool:
    """False when it was open already."""
    was = _flag().exists()
    _flag().unlink(missing_ok=True)
    return was


def _write(path: Path, text: str) -> None:
    """Readable for nginx; nobody ever reads half of it."""
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.chmod(0o644)
    half.replace(path)


def page_of(announced: Closure, now: datetime) -> str:
    """Asks nothing of the database or of a request. Indonesian: nobody's choice is known."""
    with translation.override("id"):
        facts = {"closure": announced, "late": announced.is_late(now), "sheets": _sheets()}
        return render_to_string("errors/maintenance.html", facts)


def _sheets() -> list[str]:
    """Addresses of the style; none while the files of a new version are not packed yet."""
    try:
        return addresses("css/portal.css")
    except ValueError:
        return []


class MaintenanceMiddleware:
    """503 for everybody while the portal is closed; the answer says when to come again.

    Costs one look for a file at each request. Stands behind what makes every answer safe, and
    before whatever asks the database.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not os.path.exists(_flag()) or request.path.startswith(OPEN):
            return self.get_response(request)
        announced = closure()
        return answer(request, announced) if announced else self.get_response(request)


def answer(request, announced: Closure) -> HttpResponse:
    now = timezone.now()
    headers = {"Retry-After": str(announced.seconds_left(now)), "Cache-Control": "no-store"}
    if for_a_tool(request):
        with translation.override(translation.get_language_from_request(request)):
            return problem_response(request, 503, "maintenance", detail=_DETAIL, headers=headers)
    return HttpResponse(page_of(announced, now), status=503, headers=headers)
