"""The office closes last year, a record comes in late, and the closed figures are revised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from django.utils import timezone

from accounts.models import User
from core.errors import Refused
from programs.models import Snapshot
from programs.periods import Period
from programs.services import answer_request, ask_correction, close_period
from villages.models import Regency, Village

from .enact import WINDOW_DAYS
from .manners import JANJU
from .plans import Record

#: month and day of this year
CLOSED_ON, ASKED_ON, ANSWERED_ON = (1, 5), (2, 20), (2, 23)
ASKED = "Satu kegiatan bulan Desember baru dicatat pada bulan Januari. Mohon dihitung."
ANSWERED = "Catatan bulan Desember dari Desa Janju masuk sesudah penutupan dan sudah diterima."


def halves(records: Iterable[Record], now: datetime) -> tuple[list[Record], list[Record]]:
    """What the office had on file when it closed last year, and what came in afterwards."""
    window = _moment(now, CLOSED_ON).toordinal() // WINDOW_DAYS
    before: list[Record] = []
    after: list[Record] = []
    for one in records:
        early = one.received_on.toordinal() // WINDOW_DAYS < window
        (before if early else after).append(one)
    return before, after


def close(regency: Regency, people: Mapping[str, User], now: datetime) -> Snapshot | None:
    """Last year closed by the officer early in January; None before that day."""
    at = _moment(now, CLOSED_ON)
    if now < at:
        return None
    return close_period(regency, Period(at.year - 1), actor=people["officer"], now=at)


def revise(closed: Snapshot | None, people: Mapping[str, User], now: datetime) -> int:
    """The village head asks, the officer makes a revision. The revision that is in force."""
    if closed is None or now < _moment(now, ANSWERED_ON):
        return int(closed is not None)
    asked = ask_correction(
        closed,
        village=Village.objects.get(code=JANJU),
        actor=people["kades"],
        reason=ASKED,
        now=_moment(now, ASKED_ON),
    )
    try:
        at = _moment(now, ANSWERED_ON)
        answer_request(asked, actor=people["officer"], accept=True, answer=ANSWERED, now=at)
    except Refused:  # the records of Janju were left out: nothing came in late
        return 1
    return 2


def _moment(now: datetime, month_and_day: tuple[int, int]) -> datetime:
    day = date(timezone.localdate(now).year, *month_and_day)
    return timezone.make_aware(datetime.combine(day, time(9)))
