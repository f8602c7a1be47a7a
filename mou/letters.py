"""What a reminder of an agreement's end says; always Indonesian."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core import formats
from core.formats import one_line

from .models import Agreement


def letter_for(agreement: Agreement, last: date, name: str, today: date) -> tuple[str, str]:
    """Subject and text of the letter to one keeper; needs the agreement's parties."""
    with override("id"):
        path = reverse("mou:agreement", args=[agreement.pk])
        words = {
            "title": agreement.title,
            "parties": "; ".join(str(one) for one in agreement.parties.all()) or "–",
            "day": formats.day_long(last),
            "left": left((last - today).days),
            "name": name,
            "address": f"{settings.SITE_ADDRESS}{path}",
        }
        subject = one_line(_("Reminder: an agreement ends on %(day)s: %(title)s") % words)
        text = _(
            "Dear %(name)s,\n\n"
            "The agreement “%(title)s” ends on %(day)s, %(left)s.\n"
            "Parties: %(parties)s\n\n"
            "Is the work to go on? Then prepare its renewal in time: the villages that only this "
            "agreement covers are without one after that day.\n\n"
            "Open %(address)s\n\n"
            "Once a renewal is confirmed in the PUG portal these reminders stop. Thank you."
        )
        return subject, text % words


def left(days: int) -> str:
    """today, or in so many days"""
    if days == 0:
        return _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
