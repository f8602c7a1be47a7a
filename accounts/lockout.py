"""Wrong passwords: after five the account waits 1, 2, 4 … 60 minutes, whoever tries.

Per account and never per address: the phones of a whole district share one. A wait, not a
closed door: nobody can lock a village out for good by guessing (ASVS 6.3.1). Unknown names
are counted the same way, so that the answer tells nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.shortcuts import render
from django.utils import timezone

from . import known, services

LONGEST = timedelta(minutes=60)


def delay(failures: int) -> timedelta:
    """How long to wait after this many wrong tries in a row: 5 → 1 minute, 6 → 2, 7 → 4 … 60."""
    beyond = failures - settings.AXES_FAILURE_LIMIT
    return timedelta(0) if beyond < 0 else min(timedelta(minutes=2 ** min(beyond, 10)), LONGEST)


def closed_until(username: str, now: datetime) -> datetime | None:
    """When this name may try again; None when it may now."""
    remembered = AccessAttempt.objects.filter(
        username=username, attempt_time__gt=now - settings.AXES_COOLOFF_TIME
    ).aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    if not remembered["last"]:
        return None
    until = remembered["last"] + delay(remembered["failures"])
    return until if until > now else None


def forget(username: str) -> None:
    """The wrong tries under this name count no more."""
    AccessAttempt.objects.filter(username=username).delete()


class GrowingDelays(AxesDatabaseHandler):
    """Axes counts and remembers (AXES_COOLOFF_TIME says how long); the wait is ours.

    Axes' own cool-off is one length for all: a callable there would make one account's short
    wait forget the failures of another.
    """

    def is_locked(self, request, credentials=None) -> bool:
        username = (credentials or {}).get("username")
        now = request.axes_attempt_time
        return bool(username) and (
            closed_until(username, now) is not None or known.must_wait(request, username, now)
        )

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Counted, and on record; a try while it waits is neither."""
        waited = request.axes_locked_out
        super().user_login_failed(sender, credentials, request, **kwargs)
        if not waited:
            services.note_failure(credentials["username"], locked=request.axes_locked_out)


def answer(request, response=None, credentials=None):
    """The page that says when to try again, in words."""
    now = timezone.now()
    username = (credentials or {}).get("username") or ""
    until = closed_until(username, now) or now + timedelta(minutes=1)
    seconds = int((until - now).total_seconds()) + 1
    page = render(
        request,
        "accounts/locked.html",
        {"until": until, "minutes": -(-seconds // 60)},
        status=429,
    )
    page["Retry-After"] = str(seconds)
    return page
