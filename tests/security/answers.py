"""What every answer owes to the browser, whoever asked for whatever; and what a look may write."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Directives without which a policy lets in what the portal never needs.
CLOSED = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
#: What looking at a page may write: that she was seen, that she took a file along.
NOTED = frozenset(
    {
        "accounts_apitoken",
        "accounts_callbudget",
        "accounts_device",
        "accounts_pace",
        "core_auditentry",
        "core_auditlink",
        "core_requestcount",
        "django_session",
        "otp_totp_totpdevice",  # the app she is about to connect, on its own page
    }
)
_WRITES = re.compile(r'^\s*(?:insert into|update|delete from)\s+"?(\w+)"?', re.I)
#: Made for everybody alike: without a cookie of hers in, or anything of her out.
_OPEN = (
    *("/publik/", "/static/", "/robots.txt", "/.well-known/", "/healthz/"),
    *("/sw.js", "/manifest.webmanifest", "/desa/cangkang/", "/api/v1/schema/", "/api/v1/docs/"),
    "/keluar/",  # she has left by then
)


def lacking(response, *, signed_in: bool = False) -> list[str]:
    """What this answer should have said and does not."""
    found = [what for what, is_there in _owed(response) if not is_there]
    found += [f"cookie {name}: {why}" for name, why in _bare_cookies(response)]
    path = response.request["PATH_INFO"] if hasattr(response, "request") else ""
    if signed_in and not path.startswith(_OPEN) and not _is_private(response):
        found.append(f"Cache-Control {response.headers.get('Cache-Control')!r}")
    return found


def _owed(response) -> Iterable[tuple[str, bool]]:
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    yield "nosniff", headers.get("X-Content-Type-Options") == "nosniff"
    yield "Referrer-Policy", headers.get("Referrer-Policy") in ("same-origin", "no-referrer")
    closed = CLOSED[::3] if "sandbox" in policy else CLOSED  # a file runs nothing at all
    yield f"policy {policy!r}", all(part in policy for part in closed)
    yield "policy without unsafe words", "unsafe" not in policy
    yield "X-Request-ID", len(headers.get("X-Request-ID", "")) == 36
    foreign = headers.get("Access-Control-Allow-Origin")
    yield "no other origin", foreign is None or foreign == "*" and _is_open_data(response)
    yield "Content-Type", _says_its_type(response)
    if headers.get("Content-Type", "").startswith("text/html"):
        yield "opener policy", headers.get("Cross-Origin-Opener-Policy") == "same-origin"


def _is_open_data(response) -> bool:
    """Files that the office published, given out without a look at any cookie."""
    return response.request["PATH_INFO"].startswith("/publik/") and not response.cookies


def _says_its_type(response) -> bool:
    """A type, and for text its charset; an empty answer needs none."""
    said = response.headers.get("Content-Type", "")
    if not said:
        return not response.streaming and not response.content
    return not said.startswith("text/") or "charset=utf-8" in said.lower().replace('"', "")


def _bare_cookies(response) -> Iterable[tuple[str, str]]:
    for name, cookie in response.cookies.items():
        if not cookie.value:  # taken away
            continue
        if not cookie["httponly"]:
            yield name, "readable by scripts"
        if cookie["samesite"] not in ("Lax", "Strict"):
            yield name, "no SameSite"
        if cookie["path"] != "/" or cookie["domain"]:
            yield name, "not bound to the host"


def _is_private(response) -> bool:
    """Not kept at all, or by this browser alone and asked for anew each time."""
    words = set(response.headers.get("Cache-Control", "").replace(" ", "").split(","))
    return "no-store" in words or {"private", "no-cache"} <= words


def changed(queries: Iterable[dict[str, str]]) -> set[str]:
    """The tables that these statements wrote to, but for those where looking is noted."""
    found = {match[1] for query in queries if (match := _WRITES.match(query["sql"]))}
    return found - NOTED
