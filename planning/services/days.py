"""The office sets the days of its planning calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused

from ..calendar import BY_KEY
from ..models import Deadline


def may_set_days(user) -> bool:
    """The calendar is the regency's: whoever approves plans over a whole regency sets it."""
    return user.regencies_with("approve_plans").exists()


@transaction.atomic
def set_days(year: int, own: Mapping[str, date], *, actor) -> None:
    """The days of `year` are those of `own`, by key; for every other entry the proposal stands.

    Refused: `not_permitted`; `outside_year` for a day of another year; `unknown` keys.
    """
    if not may_set_days(actor):
        words = _("Only those who approve plans for the regency set these days.")
        raise Refused(Problem("", "not_permitted", words))
    problems = [
        Problem(key, "outside_year", _("Choose a day in %(year)s.") % {"year": year})
        for key, day in own.items()
        if day.year != year
    ]
    problems += [
        Problem(key, "unknown", _("There is no such line in the calendar."))
        for key in own.keys() - BY_KEY.keys()
    ]
    if problems:
        raise Refused(*problems)
    before = {one.kind: one.day for one in Deadline.objects.filter(year=year)}
    Deadline.objects.filter(year=year).exclude(kind__in=own).delete()
    for key, day in own.items():
        row, _made = Deadline.objects.update_or_create(kind=key, year=year, defaults={"day": day})
        if before.get(key) != day:
            audit.record(actor, "deadline.set", row, day=[str(before.get(key)), str(day)])
    for key in before.keys() - own.keys():
        row = Deadline(kind=key, year=year, day=before[key])
        audit.record(actor, "deadline.proposal", row, year=year, kind=key)
