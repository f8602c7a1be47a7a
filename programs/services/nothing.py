"""A month without activities, said aloud: zero is not missing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from villages.models import Village

from .. import rollups
from ..models import Activity, NothingToReport
from .records import not_permitted

EARLIEST = date(2000, 1, 1)


@transaction.atomic
def declare_nothing(
    village: Village, *, year: int, month: int, actor, now: datetime | None = None
) -> NothingToReport:
    """The village had nothing to report in this month. Saying it twice changes nothing.

    Refused unless she records there, for a month still to come or not on the calendar, and while
    the month has a record that was not voided. A record that comes in later outweighs it.
    """
    _require_recorder(village, actor)
    now = now or timezone.now()
    _require_past(year, month, timezone.localdate(now))
    rollups.lock([village.pk])
    if Activity.objects.live().filter(village=village, year=year, month=month).exists():
        raise Refused(
            Problem("month", "has_records", _("This month has records, so it is not without any."))
        )
    declared, is_new = NothingToReport.objects.get_or_create(
        village=village,
        year=year,
        month=month,
        withdrawn_at=None,
        defaults={"declared_by": actor, "declared_at": now},
    )
    if is_new:
        _note(actor, "declared", declared)
    return declared


@transaction.atomic
def withdraw_nothing(
    declared: NothingToReport, *, actor, now: datetime | None = None
) -> NothingToReport:
    """The declaration is taken back: nothing is known of the month again. Twice is once."""
    _require_recorder(declared.village, actor)
    taken = NothingToReport.objects.filter(pk=declared.pk, withdrawn_at=None).update(
        withdrawn_at=now or timezone.now(), withdrawn_by=actor
    )
    declared.refresh_from_db()
    if taken:
        _note(actor, "withdrawn", declared)
    return declared


def _require_recorder(village: Village, actor) -> None:
    if not Village.objects.permitting(actor, "log").live().filter(pk=village.pk).exists():
        raise not_permitted()


def _require_past(year: int, month: int, today: date) -> None:
    try:
        first = date(year, month, 1)
    except ValueError as error:
        raise _wrong_month(_("Choose a month from the list.")) from error
    if first < EARLIEST:
        raise _wrong_month(_("Choose a month from the list."))
    if first > today:
        raise _wrong_month(_("This month is still to come."), "future")


def _wrong_month(words: str, code: str = "unknown_month") -> Refused:
    return Refused(Problem("month", code, words))


def _note(actor, what: str, declared: NothingToReport) -> None:
    audit.record(
        actor,
        f"nothing.{what}",
        declared,
        village=declared.village.code,
        month=f"{declared.year}-{declared.month:02d}",
    )
