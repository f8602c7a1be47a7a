"""What a reminder says, for WhatsApp and for letters: plain, polite, and always in Indonesian.

It names the village, the months and the address of the portal, and nobody by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.capabilities import Role
from villages.models import Village

#: More months than this are counted, not named.
MOST_NAMED = 4


def text_for(village: Village, months: Sequence[date], role: str, address: str) -> str:
    """The message to the head or the facilitator of one village. `months`: those missing."""
    with override("id"):
        words = {
            "village": village.title,
            "months": _months(months),
            "address": address,
            "greeting": _greeting(village, role),
        }
        return (
            _(
                "%(greeting)s\n\n"
                "The PUG portal has no record yet of %(village)s for %(months)s. "
                "Please record the activities at %(address)s\n\n"
                "Was there no activity? Press “No activity this month” there. That counts as a "
                "report too.\n\n"
                "If the signal or the phone is the trouble, please answer this message. Thank you."
            )
            % words
        )


def letter_for(
    places: Sequence[tuple[Village, Sequence[date]]], role: str, address: str
) -> tuple[str, str]:
    """Subject and text of one letter about one village or several."""
    with override("id"):
        if len(places) == 1:
            village, months = places[0]
            subject = _("Reminder: no record yet of %(village)s") % {"village": village.title}
            return subject, text_for(village, months, role, address)
        number = len(places)
        subject = ngettext(
            "Reminder: no record yet of %(number)s village",
            "Reminder: no record yet of %(number)s villages",
            number,
        ) % {"number": number}
        lines = (
            _("- %(village)s: %(months)s") % {"village": village.title, "months": _months(months)}
            for village, months in places
        )
        words = {"lines": "\n".join(lines), "address": address}
        return subject, (
            _(
                "Dear Village Facilitator,\n\n"
                "The PUG portal has no record yet of these villages:\n\n%(lines)s\n\n"
                "Please help their heads to record the activities at %(address)s\n"
                "A month without activities is reported with “No activity this month”. Thank you."
            )
            % words
        )


def wa_link(number: str, text: str) -> str:
    """The address that opens WhatsApp with this text; without a number one chooses whom there."""
    return f"https://wa.me/{number}?text={quote(text)}"


def _greeting(village: Village, role: str) -> str:
    if role == Role.FACILITATOR:
        return _("Dear Facilitator of %(village)s,") % {"village": village.title}
    if village.is_led_by_lurah:
        return _("Dear Lurah %(name)s,") % {"name": village.name}
    return _("Dear Head of %(village)s,") % {"village": village.title}


def _months(months: Sequence[date]) -> str:
    """September and October 2026, as a sentence names them; the newest of many."""
    named = [date_format(month, "F Y") for month in months[-MOST_NAMED:]]
    more = len(months) - len(named)
    if more:
        return ngettext(
            "%(named)s and %(more)s earlier month",
            "%(named)s and %(more)s earlier months",
            more,
        ) % {"named": ", ".join(named), "more": more}
    if len(named) == 1:
        return named[0]
    return _("%(named)s and %(last)s") % {"named": ", ".join(named[:-1]), "last": named[-1]}
