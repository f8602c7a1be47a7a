"""What a form says of an answer that cannot be read, collected by asking it.

A phone judges answers without signal; it must say the very words that the portal would say.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from core.forms import CountField, DayField, RupiahField

#: One text for each way in which a day, a count, an amount or a choice can go wrong.
SAMPLES = ("", "x", "-1", "1,5", "31-2-2026", "1-1-99", "9" * 15, "999")
KINDS = (
    (RupiahField, "rupiah"),
    (CountField, "count"),
    (DayField, "day"),
    (forms.ChoiceField, "choice"),
    (forms.FloatField, "point"),
    (forms.BooleanField, "yes"),
)


def sayings(form: forms.Form) -> dict[str, dict[str, str]]:
    """By field: its `kind`, and for each code of a problem the sentence."""
    shown = [name for name, field in form.fields.items() if not field.widget.is_hidden]
    return {name: {"kind": _kind(form.fields[name])} | _said(form.fields[name]) for name in shown}


def _kind(field: forms.Field) -> str:
    return next((name for kind, name in KINDS if isinstance(field, kind)), "text")


def _said(field: forms.Field) -> dict[str, str]:
    found: dict[str, str] = {}
    for sample in SAMPLES:
        try:
            field.clean(sample)
        except ValidationError as trouble:
            for one in trouble.error_list:
                found.setdefault(one.code, " ".join(one.messages))
    return found
