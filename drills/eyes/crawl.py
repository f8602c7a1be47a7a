"""Every role's pages by their links: whole HTML for the validator, headers looked at on the way."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

from .finding import Finding
from .portal import ROLES, Visitor

MOST_OF_A_ROUTE = 3
MOST_PAGES = 600  # of one person
_LINK = re.compile(rb'<(?:a|link|form)\b[^>]*?\s(?:href|action)="([^"]+)"')
#: What every answer carries (docs/threats.md); pages also a policy of their own.
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class Crawl:
    """What one walk over the portal found."""

    def __init__(self, base: str, folder: Path):
        self.base, self.folder = base, folder
        self.routes: Counter[str] = Counter()
        self.pages = 0
        self.findings: list[Finding] = []

    def walk(self) -> None:
        for name in ("", *ROLES):
            self._walk(Visitor(self.base, name), name or "anonymous")

    def _walk(self, visitor: Visitor, name: str) -> None:
        waiting, seen, seen_of = deque(["/", "/publik/", "/masuk/"]), {"/keluar/"}, Counter()
        asked = 0
        while waiting and asked < MOST_PAGES:
            path = waiting.popleft()
            route = _route(path)
            if path in seen or not route or seen_of[route] >= MOST_OF_A_ROUTE:
                continue
            seen.add(path)
            seen_of[route] += 1
            asked += 1
            waiting.extend(self._visit(visitor, name, path, route))

    def _visit(self, visitor: Visitor, name: str, path: str, route: str) -> list[str]:
        status, headers, body = visitor.get(path)
        self.pages += 1
        self.routes[route] += 1
        self._judge(f"{name} {path}", status, headers)
        if status in (301, 302, 303):
            return [_inside(self.base, path, headers.get("Location", ""))]
        if not body or not headers.get("Content-Type", "").startswith("text/html"):
            return []
        kept = self.folder / f"{name}-{self.pages}.html"
        kept.write_bytes(body)
        (self.folder / "names").open("a").write(f"{kept.name}\t{name} {path}\n")
        links = (unescape(one.decode()) for one in _LINK.findall(body))
        return [_inside(self.base, path, one) for one in links]

    def _judge(self, where: str, status: int, headers: dict[str, str]) -> None:
        if status >= 500:
            self.findings.append(Finding(where, "broken", str(status)))
        for header, value in ALWAYS.items():
            if headers.get(header) != value:
                self.findings.append(Finding(where, "header", f"{header} is not {value}"))
        if headers.get("Content-Type", "").startswith("text/html"):
            policy = headers.get("Content-Security-Policy", "")
            if "default-src 'none'" not in policy or "unsafe" in policy:
                self.findings.append(Finding(where, "header", "no strict content policy"))


def _inside(base: str, page: str, link: str) -> str:
    """The path of a link within the portal, else nothing."""
    whole = urlsplit(urldefrag(urljoin(base + page, link))[0])
    if f"{whole.scheme}://{whole.netloc}" != base:
        return ""
    return f"{whole.path}?{whole.query}" if whole.query else whole.path


def _route(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name if path else ""
    except Resolver404:
        return ""
