"""When keys end, and who hears of it before: on pages, in answers of the API, in a letter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import formats

from .models import ApiToken, User

#: How long before its end a key's owner is told.
NOTICE = timedelta(days=14)


KeyState = Literal["active", "ending", "expired", "revoked"]


def days_left(token: ApiToken, today: date | None = None) -> int:
    """Days after today on which the key still works; 0 on its last day, negative afterwards."""
    return (token.expires_on - (today or timezone.localdate())).days


def ends_soon(token: ApiToken, today: date | None = None) -> bool:
    return token.revoked_at is None and 0 <= days_left(token, today) <= NOTICE.days


def state_of(token: ApiToken) -> KeyState:
    """What has become of a key; `ending` still works."""
    if token.revoked_at:
        return "revoked"
    if days_left(token) < 0:
        return "expired"
    return "ending" if ends_soon(token) else "active"


def ending(keys: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    """Those of `keys` that end within NOTICE, the first to end first."""
    today = timezone.localdate()
    return keys.filter(
        revoked_at=None, expires_on__gte=today, expires_on__lte=today + NOTICE
    ).order_by("expires_on")


def to_be_warned() -> QuerySet[ApiToken]:
    """Keys that end soon, whose owners may enter and have an address but were never written to."""
    keys = ending(ApiToken.objects.select_related("user")).filter(warned_at=None)
    people = User.objects.filter(is_active=True).exclude(email="")
    return keys.filter(user__in=people if settings.PUG_DEMO else people.filter(is_demo=False))


def letter_about(token: ApiToken) -> tuple[str, str]:
    """Subject and text of the letter to the key's owner; always in Indonesian."""
    with override("id"):
        words = {
            "name": token.name,
            "day": formats.day_long(token.expires_on),
            "address": f"{settings.SITE_ADDRESS}{reverse('accounts:token-list')}",
        }
        return _("API key “%(name)s” ends on %(day)s") % words, (
            _(
                "The key “%(name)s” of the PUG portal works until %(day)s. After that the tool "
                "that uses it can no longer send or read anything.\n\n"
                "Make a new key at %(address)s, put it into the tool and withdraw the old one. "
                "No longer needed? Then there is nothing to do."
            )
            % words
        )
