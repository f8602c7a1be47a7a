"""What agreements do without anybody asking for it (settings.DUTIES_ABOVE)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from .services import reminders

_log = logging.getLogger(__name__)

#: Reminders leave once a day, not before this hour of the portal's zone.
_WRITING_HOUR = 7
_TRY_AGAIN = 1800.0


def remind(now: datetime | None = None) -> float:
    """Whoever keeps agreements is told of those that end soon; a letter that failed is tried again
    before long."""
    local = timezone.localtime(now)
    if local.hour < _WRITING_HOUR:
        return _seconds_until_writing(local)
    failed = 0
    for notice in reminders.notices_on(local.date()):
        try:
            reminders.give(notice, local.date())
        except Exception:  # one letter holds no other up
            failed += 1
            _log.exception("A reminder of agreement %s could not be sent", notice.agreement.pk)
    return _TRY_AGAIN if failed else _seconds_until_writing(local)


def _seconds_until_writing(local: datetime) -> float:
    at = local.replace(hour=_WRITING_HOUR, minute=0, second=0, microsecond=0)
    if at <= local:
        at += timedelta(days=1)
    return (at - local).total_seconds()
