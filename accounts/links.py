"""The secret of a one-time link, and the row behind it.

256 random bits, of which an HMAC is kept: its pepper derives from SECRET_KEY, so a copy of the
database opens nothing. It has no salt of its own: a link is found by its digest, and 256 bits
can neither be guessed nor tabulated.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import EnrolmentLink, User
from .reach import may_enrol


def make_secret() -> str:
    """43 signs that may stand in an address."""
    return secrets.token_urlsafe(32)


def digest(text: str, secret: str | None = None) -> str:
    """64 hex digits; `secret` defaults to SECRET_KEY."""
    made = salted_hmac("accounts.EnrolmentLink", text, secret=secret, algorithm="sha256")
    return made.hexdigest()


def opened_by(text: str) -> EnrolmentLink | None:
    """The link that this secret opens now, under the present or an earlier SECRET_KEY."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _counting(digest__in=[digest(text, key) for key in keys])


def numbered(pk: UUID | str | None) -> EnrolmentLink | None:
    """The link of this id, as long as it counts."""
    return _counting(pk=pk) if pk else None


def _counting(**which) -> EnrolmentLink | None:
    rows = EnrolmentLink.objects.live_at(timezone.now()).select_related("person")
    found = rows.filter(**which).first()
    return found if found and still_counts(found) else None


def still_counts(link: EnrolmentLink) -> bool:
    """Her account is open, and its maker (None: the console) might make it today as well."""
    if link.made_by_id is None:
        return link.person.may_enter
    maker = User.objects.get(pk=link.made_by_id)
    return maker.may_enter and may_enrol(maker, link.person)
