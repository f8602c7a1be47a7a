"""Fields that planning asks for beside those of core/forms.py."""

from __future__ import annotations

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.formats import Unreadable
from core.forms import CountField

_DECIMAL = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]{1,2}))?")


def parse_decimal(text: str) -> Decimal:
    """A figure from "40", "1.500" or "12,5"; two decimals at most.

    A dot only ever parts thousands, a comma only ever starts the decimals.
    Raises Unreadable: negative, bad_figure.
    """
    plain = "".join(text.split()).removesuffix("%")
    if plain.startswith(("-", "−")):
        raise Unreadable("negative", _("Write 0 or more, without a minus sign."))
    match = _DECIMAL.fullmatch(plain)
    if not match:
        words = _("Write a figure with a comma for decimals, for example 40 or 12,5.")
        raise Unreadable("bad_figure", words)
    return Decimal(f"{match['whole'].replace('.', '')}.{match['part'] or '0'}")


class FigureField(CountField):
    """A figure of 0 or more with at most two decimals."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off", "inputmode": "decimal", "class": "figure-box"}
    missing = _("Fill in %(what)s with a number, for example 12,5.")
    read = staticmethod(parse_decimal)

    def __init__(self, *, max_value: int = 10**11, **options):
        super().__init__(max_value=max_value, **options)

    def prepare_value(self, value):
        """Shown as it is typed: 12,5 and not 12.50."""
        if not isinstance(value, Decimal):
            return value
        return f"{value.normalize() + 0:f}".replace(".", ",")
