"""What planning does again and again without anybody asking for it (settings.DUTIES_ABOVE)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from .models import GapVersion, PlanState
from .services import outcomes, reminders

_log = logging.getLogger(__name__)

#: Seconds between two looks at what the village logs have moved.
_BETWEEN_LOOKS = 6 * 3600.0


def settle() -> float:
    """Programs with an approved analysis of this year or the last: where its outcomes stand."""
    year = timezone.localdate().year
    approved = GapVersion.objects.filter(state=PlanState.APPROVED, analysis__year__gte=year - 1)
    rows = approved.select_related("analysis__program")
    for analysis in {one.analysis.program_id: one.analysis for one in rows}.values():
        outcomes.settle_outcomes(analysis, actor=None)
    return _BETWEEN_LOOKS


#: Reminders leave once a day, not before this hour of the portal's zone.
_WRITING_HOUR = 7
_TRY_AGAIN = 1800.0


def remind(now: datetime | None = None) -> float:
    """Whoever has something to do before a deadline is written to; a letter that failed is tried
    again before long."""
    local = timezone.localtime(now)
    if local.hour < _WRITING_HOUR:
        return _seconds_until_writing(local)
    failed = 0
    for letter in reminders.letters_on(local.date()):
        try:
            reminders.send_letter(letter, local.date())
        except OSError:
            failed += 1
            _log.exception("A reminder of %s could not be sent", letter.due.entry.key)
    return _TRY_AGAIN if failed else _seconds_until_writing(local)


def _seconds_until_writing(local: datetime) -> float:
    at = local.replace(hour=_WRITING_HOUR, minute=0, second=0, microsecond=0)
    if at <= local:
        at += timedelta(days=1)
    return (at - local).total_seconds()
