"""By what door the present act came in: for the audit trail, without asking any caller."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

LONGEST = 60  # characters of `via`


class Origin(NamedTuple):
    """Where an act came from: the asker's address (None outside a request), and the door."""

    address: str | None
    via: str


_request: ContextVar[Any] = ContextVar("request", default=None)


def answering(request: Any) -> None:
    """From here on, what happens is done for this request; None: for none."""
    _request.set(request)


def present() -> Origin:
    """The origin of what is being done now. Whoever has proved a key is known by its look-up."""
    request = _request.get()
    if request is None:
        return Origin(None, _command())
    key = getattr(request, "key", None)
    via = f"key {key.lookup}" if key else "page"
    return Origin(address_of(request), via[:LONGEST])


def address_of(request: Any) -> str | None:
    """The address that asks: what the outermost proxy of ours saw, or the socket's own."""
    seen = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.TRUSTED_PROXIES and hops != [""]:
        seen = hops[-min(settings.TRUSTED_PROXIES, len(hops))]
    try:
        found = ip_address(seen)
    except ValueError:  # a socket of the machine's own
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(found.packed)  # without the zone
    return str(found)


def _command() -> str:
    """ "command seed_demo" where manage.py runs one, else ""."""
    known = Path(sys.argv[0]).name in ("manage.py", "django-admin") and len(sys.argv) > 1
    return f"command {sys.argv[1]}"[:LONGEST] if known else ""
