"""Where a message may be sent: to the public internet over https, nowhere inside.

Whoever names an address could otherwise make the portal knock at machines that only it reaches.
The name is resolved once, every address it has must be public, and the connection goes to the
address that was judged: a name that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings

PORTS = frozenset({443, 8443})
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
#: Set apart by IANA (3fff::/20: RFC 9637), or wrapping an IPv4 address (6to4, Teredo): where they
#: lead nobody can tell.
_APART = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "2001::/23", "3fff::/20"),
    )
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Unfit(Exception):
    """Nothing may be sent there. `code`: not_https, not_an_address, port, not_public, unknown."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Target:
    """One place: `host` as it was named, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def stays_here(self) -> bool:
        """A receiver on this machine, where the settings allow one."""
        return settings.WEBHOOKS_TO_LOOPBACK and self.host in _LOOPBACK


def read(url: str) -> Target:
    """The parts of an address, its form judged; asks no name server."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode().rstrip(".")
        port = parts.port
    except (ValueError, UnicodeError) as broken:
        raise Unfit("not_an_address") from broken
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not (plain and host) or parts.username is not None or parts.fragment:
        raise Unfit("not_an_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)
    if parts.scheme not in ("https", "http"):
        raise Unfit("not_https")
    if not target.stays_here:
        if parts.scheme != "https":
            raise Unfit("not_https")
        if target.port not in PORTS:
            raise Unfit("port")
    return target


def addresses_of(target: Target, patience: float) -> list[str]:
    """The addresses of its name, all of them fit to be sent to; else Unfit."""
    found = resolve(target.host, target.port, patience)
    if not found:
        raise Unfit("unknown")
    if not all(fit(one, target) for one in found):
        raise Unfit("not_public")
    return found


def fit(address: str, target: Target) -> bool:
    if target.stays_here:
        return ipaddress.ip_address(address).is_loopback
    return is_public(address)


def is_public(address: str) -> bool:
    """A single machine of the public internet."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:  # with a zone: fe80::1%eth0
        return False
    if one.is_multicast or one.is_reserved or one.is_unspecified or not one.is_global:
        return False
    if any(one in network for network in _APART):
        return False
    return isinstance(one, ipaddress.IPv4Address) or one in _PUBLIC_V6


def resolve(host: str, port: int, patience: float) -> list[str]:
    """Every address of the name, each once; none when nobody answers within `patience` seconds."""
    found: list[str] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience)
    return list(found)
