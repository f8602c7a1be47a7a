"""Browsers that somebody has signed in with before, and networks that guess passwords.

A thief of passwords tries one each of many names from one place: no single account sees enough of
it to wait. A whole district shares one address, so a network is never shut: when more than MOST
wrong passwords have come from it in WITHIN, it must wait with names that this browser has not yet
signed in as. Phones that were here before go on as if nothing had happened (ASVS 6.3.1).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse

from core.origin import address_of

from .models import User

MOST, WITHIN = 100, timedelta(minutes=15)
LASTS = 180 * 24 * 60 * 60  # seconds; as long as a login of the field may
_SALT = "accounts.known"
_MOST_NAMES = 8  # people of one shared computer


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """This browser has signed in as her."""
    names = [name for name in _names(request) if name != person.username]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps([person.username, *names][:_MOST_NAMES], salt=_SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _names(request: HttpRequest) -> list[str]:
    try:
        told = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "")
        return signing.loads(told, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return []


def must_wait(request: HttpRequest, username: str, now: datetime) -> bool:
    """This name is new to the browser, and the network behind it has guessed too much."""
    network = network_of(address_of(request))
    if not network or failures_from(network, now) < MOST:
        return False
    return username not in _names(request)


def network_of(address: str | None) -> str:
    """The first signs of every address beside this one: /24, or /48 of IPv6; "" for none."""
    if not address:
        return ""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return ":".join(found.exploded.split(":")[:3])
    return address.rpartition(".")[0] + "."


def failures_from(network: str, now: datetime) -> int:
    """Wrong passwords from there, as axes remembers them."""
    rows = AccessAttempt.objects.filter(attempt_time__gt=now - WITHIN)
    rows = rows.values_list("ip_address").annotate(failures=Sum("failures_since_start"))
    return sum(failures for address, failures in rows if network_of(address) == network)
