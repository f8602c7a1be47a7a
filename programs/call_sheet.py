"""The call list as a file: who owes the month, since when, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import formats
from core.tables import Column, Table

from .followups import FollowUp, Person
from .heat import in_time


def table_of(rows: Sequence[FollowUp], month: date | None, now: datetime) -> Table:
    """Telephone numbers leave the portal with it, so it is always noted who took it."""
    return Table(
        name="desa-belum-melapor",
        title=_("Villages that did not report"),
        columns=[
            Column("code", _("Code"), "code"),
            Column("village", _("Village")),
            Column("district", _("District")),
            Column("months", _("Months missing")),
            Column("days_late", _("Days late"), "count"),
            Column("last_on", _("Last activity"), "day"),
            Column("head", _("Head")),
            Column("head_phone", _("Telephone of the head")),
            Column("facilitator", _("Facilitator")),
            Column("facilitator_phone", _("Telephone of the facilitator")),
            Column("waiting", _("Waiting on the phone"), "count"),
            Column("reminded_at", _("Last reminder"), "moment"),
        ],
        rows=[_row(one) for one in rows],
        notes=[
            (_("Month asked about"), date_format(month, "F Y") if month else formats.NOTHING),
            (_("In time"), in_time()),
            (_("Read on"), formats.moment(now)),
        ],
        record_as="desa-belum-melapor",
    )


def _row(one: FollowUp) -> list:
    return [
        one.row.code,
        one.row.title,
        one.row.district,
        ", ".join(date_format(month, "M Y") for month in one.months),
        one.days_late,
        one.row.last_on,
        *_first(one.heads),
        *_first(one.facilitators),
        one.waiting,
        one.last and one.last.at,
    ]


def _first(people: Sequence[Person]) -> tuple[str, str]:
    return (people[0].name, people[0].phone) if people else ("", "")
