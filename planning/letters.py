"""What a reminder of the planning calendar says, in letters and for WhatsApp; always Indonesian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core import formats

from .calendar import Due
from .todo import Group


def home_address() -> str:
    """Where a reader begins: the page of what she has to do."""
    return f"{settings.SITE_ADDRESS}{reverse('planning:home')}"


def letter_for(due: Due, groups: Sequence[Group], name: str, today: date) -> tuple[str, str]:
    """Subject and text of the letter to one person about what she has to do before a deadline."""
    with override("id"):
        words = {
            "title": str(due.entry.title),
            "what": str(due.entry.what),
            "day": formats.day_long(due.day),
            "left": _left(due.days_left(today)),
            "name": name,
            "lines": "\n".join(_line(one) for one in groups),
            "address": home_address(),
        }
        subject = _("Reminder: %(title)s, %(day)s") % words
        text = _(
            "Dear %(name)s,\n\n"
            "%(title)s: due on %(day)s, %(left)s. %(what)s\n\n"
            "In the PUG portal this waits for you:\n\n%(lines)s\n\n"
            "Open %(address)s\n\n"
            "The day is the portal's calendar for this region; local rules come first. Thank you."
        )
        return subject, text % words


def message_for(due: Due, today: date) -> str:
    """The text to send on to an office or a village by WhatsApp. It names nobody."""
    with override("id"):
        words = {
            "title": str(due.entry.title),
            "what": str(due.entry.what),
            "day": formats.day_long(due.day),
            "left": _left(due.days_left(today)),
            "address": home_address(),
        }
        text = _(
            "Good day. A reminder of the planning calendar: %(title)s, due on %(day)s "
            "(%(left)s). %(what)s Open %(address)s to see what waits for you. Thank you."
        )
        return text % words


def _left(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


def _line(group: Group) -> str:
    titles = "; ".join(one.title for one in group.tasks)
    words = {"title": str(group.title), "number": group.count, "titles": titles}
    if group.more:
        return _("- %(title)s (%(number)s), among them: %(titles)s") % words
    return _("- %(title)s (%(number)s): %(titles)s") % words
