"""Words of the shipped tables in the reader's language; what an office writes is left as it is."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = frozenset(
    (
        _("quoted with the 2019 IPG"),
        _(
            "year not printed next to the value; set to 2019 because the province and national "
            "values quoted with it are the 2019 ones"
        ),
        _("highest in Kaltim 2023"),
        _("lowest in Kaltim 2023"),
        _("text gives the series 2017-2019"),
        _("same value in infokaltim.id (BPS Kaltim)"),
        _("printed with a plus-minus sign"),
        _("Wikipedia infobox citing BPS; a later series (UHH long form) may apply"),
        _("thousand rupiah per year, male, printed as about 19.6 million"),
        _("thousand rupiah per year, female, printed as about 3.3 million"),
        _("total only"),
        _("total only, Wikipedia mirror"),
        _("Wikipedia mirror"),
        _("BPS series, differs from Dukcapil"),
        _("total is the sum of the two figures"),
        _("semester 1, registered (Dukcapil)"),
        _("mid-year"),
        _("as quoted June 2023"),
        _("as in Paser Dalam Angka"),
        _("census"),
    )
)


def told(text: str) -> str:
    """A note or a period as people read it."""
    return gettext(text) if text in WORDS else text
