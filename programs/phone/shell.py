"""Shells: the phone's pages rendered for nobody, and the plan of what the worker keeps.

A shell is the same text for everybody and on every day. Scripts fill it from what the phone itself
holds, so a cache full of shells tells nothing about anybody.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from core.staticfiles import addresses as packed_addresses

from .views import shell_context


@dataclass(frozen=True)
class Page:
    """A page with a shell: its route, its template, and whether the shell comes before the network.

    The shell without a route is shown for every other page.
    """

    route: str = ""
    template: str = ""
    first: bool = False


PAGES = {
    "home": Page("programs:phone-home", "phone/home.html"),
    "record": Page("programs:phone-record", "programs/activity_form.html", first=True),
    "records": Page("programs:phone-records", "phone/records.html"),
    "receipt": Page("programs:phone-receipt", "phone/receipt.html", first=True),
    "counter": Page("programs:phone-counter", "phone/counter.html", first=True),
    "outbox": Page("programs:phone-outbox", "phone/outbox.html", first=True),
    "help": Page("programs:phone-help", "phone/help.html", first=True),
    "account": Page("accounts:phone-account", "phone/account.html"),
    "nosignal": Page(template="phone/nosignal.html"),
}


@dataclass(frozen=True)
class Build:
    """All shells of this code: `texts` by page, the worker's `plan`, one `version` of both."""

    version: str
    texts: dict[str, str]
    plan: dict


def built() -> Build:
    """Made once per process; while developing, anew each time."""
    return _built.__wrapped__() if settings.DEBUG else _built()


def worker_text() -> str:
    return render_to_string("phone/sw.js")


@lru_cache(maxsize=1)
def _built() -> Build:
    texts = {page: text(page) for page in PAGES}
    files = {address: digest(address) for address in addresses(texts)}
    parts = [worker_text(), *texts.values(), *(f"{name} {sum}" for name, sum in files.items())]
    version = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return Build(version, texts, _plan(version, files))


def text(page: str) -> str:
    """A page's template without a person, in Indonesian, as it stands on every day."""
    request = HttpRequest()
    request.method = "GET"
    request.user = AnonymousUser()
    request.phone_shell = True
    request.path = request.path_info = _address(page) or "/"
    with override("id"):
        # An empty token: a form filled from a shell asks for a fresh one when it is sent.
        context = {**shell_context(), "page_name": page, "csrf_token": ""}
        return render_to_string(PAGES[page].template, context, request=request)


def addresses(texts: dict[str, str]) -> list[str]:
    """Static files that the shells name, and every script that these may load."""
    named = re.compile(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"#?]+)')
    found = {address for body in texts.values() for address in named.findall(body)}
    found |= set(packed_addresses("js/phone.js", whole=True))
    return sorted(found)


def digest(address: str) -> str:
    """The `integrity` of a static file: a stranger's answer never enters the phone's cache."""
    name = address.removeprefix(settings.STATIC_URL)
    path = finders.find(name)
    if path:
        body = Path(path).read_bytes()
    else:  # a name by content stands only among the collected files
        with staticfiles_storage.open(name) as file:
            body = file.read()
    return "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def _address(page: str) -> str:
    route = PAGES[page].route
    return reverse(route) if route else ""


def _plan(version: str, files: dict[str, str]) -> dict:
    """What the worker is told, as JSON."""
    return {
        "version": version,
        "files": files,
        "shells": reverse("programs:phone-shells"),
        "pages": {
            _address(page): {"shell": page, "first": kind.first}
            for page, kind in PAGES.items()
            if kind.route
        },
        "form": reverse("programs:phone-record"),
    }
