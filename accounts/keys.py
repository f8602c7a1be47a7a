"""The shape of an API key and what is kept of it: `pug_`, 8 signs to find it, 43 random ones.

Kept is an HMAC-SHA256 of the random part with a pepper derived from SECRET_KEY, so a copy of
the database opens nothing. Older secrets in SECRET_KEY_FALLBACKS still count.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from string import ascii_letters, digits

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

PREFIX = "pug_"
_SHAPE = re.compile(r"pug_([A-Za-z0-9_-]{8})([A-Za-z0-9_-]{43})", re.ASCII)
_NEVER = "0" * 64  # compared against when there is no row, so that both cases take equal work


@dataclass(frozen=True)
class Key:
    lookup: str
    random: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.lookup}{self.random}"

    def digest(self, secret: str | None = None) -> str:
        """64 hex digits; `secret` defaults to SECRET_KEY."""
        return salted_hmac(
            "accounts.ApiToken", self.random, secret=secret, algorithm="sha256"
        ).hexdigest()

    def matches(self, digest: str | None) -> bool:
        """This key made `digest`, under the present or an earlier secret."""
        secrets_in_use = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        found = [constant_time_compare(self.digest(s), digest or _NEVER) for s in secrets_in_use]
        return any(found)


def make() -> Key:
    """A fresh key: 256 random bits. The signs to find it by can be typed after any command."""
    lookup = "".join(secrets.choice(ascii_letters + digits) for _ in range(8))
    return Key(lookup, secrets.token_urlsafe(32))


def read(text: str) -> Key | None:
    """The key in `text`; None when it has not the shape of one."""
    match = _SHAPE.fullmatch(text)
    return Key(*match.groups()) if match else None
