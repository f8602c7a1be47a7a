"""Which letters remind whom: one for each person, whatever the number of her villages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from villages.models import VillageQuerySet

from .followups import FollowUp, Person, follow_ups
from .models import Channel, Nudge
from .reporting import discipline_of, month_of

#: A village is not written to again, nor after any other reminder, within this time.
PAUSE = timedelta(days=7)
SPAN = 12  # months that a letter looks back on


@dataclass
class Letter:
    """One letter to one person about some villages."""

    to: Person
    about: list[FollowUp] = field(default_factory=list)


@dataclass
class Line:
    """What becomes of one village that owes the month."""

    code: str
    title: str
    to: list[Person] = field(default_factory=list)
    why_not: str = ""

    def words(self, failed: set[int], dry_run: bool) -> str:
        """In English, for the console and its log."""
        if self.why_not:
            return self.why_not
        reached = ", ".join(one.email for one in self.to if one.pk not in failed)
        if not reached:
            return "NOT SENT"
        return f"would write to {reached}" if dry_run else f"wrote to {reached}"


@dataclass
class Sorting:
    """The letters to send, and one line for each village that owes the month."""

    letters: list[Letter]
    lines: list[Line]


def letters_for(villages: VillageQuerySet, month: date, now: datetime) -> Sorting:
    """Who is to be written to about this month. Left out: villages whose records wait on the
    phone, those reminded within a week, and people without an address.
    """
    span = [month_of(month, step) for step in range(1 - SPAN, 1)]
    discipline = discipline_of(villages, span, timezone.localdate(now))
    rows = follow_ups(discipline, month, now)
    recent = _reminded([one.row.pk for one in rows], month, now - PAUSE)
    letters: dict[int, Letter] = {}
    lines = []
    for one in rows:
        line = Line(one.row.code, one.row.title)
        line.to, line.why_not = _addressees(one, recent[one.row.pk])
        for person in line.to:
            letters.setdefault(person.pk, Letter(person)).about.append(one)
        lines.append(line)
    return Sorting(list(letters.values()), lines)


def _reminded(villages: list[int], month: date, since: datetime) -> dict[int, list[Nudge]]:
    rows = Nudge.objects.filter(
        village__in=villages, year=month.year, month=month.month, at__gt=since
    )
    found = defaultdict(list)
    for one in rows.order_by("at"):
        found[one.village_id].append(one)
    return found


def _addressees(one: FollowUp, recent: list[Nudge]) -> tuple[list[Person], str]:
    """Whom to write to about one village, or why nobody."""
    if one.waiting:
        return [], f"{one.waiting} records wait on the phone"
    if any(nudge.channel != Channel.EMAIL for nudge in recent):
        return [], f"reminded on {timezone.localdate(recent[-1].at)}"
    with_address = [person for person in one.people if person.email]
    if not with_address:
        return [], "nobody has an address"
    written = {nudge.to_id for nudge in recent}
    left = [person for person in with_address if person.pk not in written]
    return left, "" if left else f"reminded on {timezone.localdate(recent[-1].at)}"
