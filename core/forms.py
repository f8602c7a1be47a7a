"""How forms look and what they say: the renderer, and fields for days, money and counts.

A message says what to do and is built from the field's label, or from `what`, the noun phrase
that completes "Fill in …": CountField(label=_("Women"), what=_("the number of women present")).
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import formats

#: Years of the days that people write: beyond them a day is a slip of the hand.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PortalFormRenderer(TemplatesSetting):
    """Forms and fields through templates/django/forms/."""


def phrase(field: forms.Field) -> str:
    """What a sentence calls the answer of this field: its `what`, else its label, inside a line."""
    text = str(getattr(field, "what", None) or field.label or _("this part"))
    keep = text[:2].isupper()  # an acronym stays as it is
    return text if keep else text[:1].lower() + text[1:]


class WordedForm:
    """Mixin for forms: what is missing or not on the list is said with the field's own name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, ReadField):
                field.error_messages |= _messages(field)


def _messages(field: forms.Field) -> dict:
    if str(field.label or "").endswith("?"):
        return {"required": _("Answer “%(what)s”") % {"what": field.label}}
    named = {"what": phrase(field)}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return {
            "required": _("Choose %(what)s.") % named,
            "invalid_choice": _("Choose %(what)s from the list.") % named,
        }
    if isinstance(field, forms.BooleanField):
        return {}
    return {"required": _("Fill in %(what)s.") % named}


class ReadField(forms.Field):
    """A text that `read` turns into a value; what can't be read says how to write it."""

    read = staticmethod(str)
    input_attrs: dict[str, str] = {"autocomplete": "off"}
    missing = _("Fill in %(what)s.")
    unreadable = _("Check %(what)s. %(how)s")

    def __init__(self, *, what=None, **kwargs):
        self.what = what
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip()
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except formats.Unreadable as problem:
            words = {"what": phrase(self), "how": problem.detail}
            raise ValidationError(self.unreadable, code=problem.code, params=words) from problem

    def validate(self, value):
        if self.required and value in self.empty_values:
            raise ValidationError(self.missing, code="required", params={"what": phrase(self)})

    def widget_attrs(self, widget):
        return {} if widget.is_hidden else dict(self.input_attrs)


class DayField(ReadField):
    """A calendar day, written day first."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off", "class": "day", "inputmode": "text"}
    missing = _("Fill in %(what)s, for example 5-11-2026.")

    @staticmethod
    def read(text: str):
        day = formats.parse_day(text, timezone.localdate())
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            words = _("Choose a date from the years 2000 to 2100.")
            raise formats.Unreadable("out_of_range", words)
        return day

    def prepare_value(self, value):
        """Shown as it is typed: 5-11-2026."""
        return f"{value.day}-{value.month}-{value.year}" if hasattr(value, "day") else value

    def has_changed(self, initial, data):
        return _changed(self, initial, data)


class CountField(ReadField):
    """Whole things, 0 or more, at most `max_value`."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off", "inputmode": "numeric"}
    missing = _("Fill in %(what)s with a number, for example 19.")
    too_much = _("Check %(what)s: the number is too large.")
    read = staticmethod(formats.parse_count)

    def __init__(self, *, max_value: int = 1_000_000, **kwargs):
        self.max_value = max_value
        super().__init__(**kwargs)

    def run_validators(self, value):
        super().run_validators(value)
        if value is not None and value > self.max_value:
            raise ValidationError(self.too_much, code="too_large", params={"what": phrase(self)})

    def has_changed(self, initial, data):
        return _changed(self, initial, data)


class RupiahField(CountField):
    """Whole rupiah, 0 or more, at most `max_value`."""

    input_attrs = {"autocomplete": "off", "inputmode": "text", "class": "money"}
    missing = _("Fill in %(what)s in rupiah, for example 12.500.000.")
    too_much = _("Check %(what)s: the amount is too large.")
    read = staticmethod(formats.parse_rupiah)

    def __init__(self, *, max_value: int = 10**13, **kwargs):
        super().__init__(max_value=max_value, **kwargs)

    def prepare_value(self, value):
        """Shown with dots between thousands, in any language, as it may be typed again."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def _changed(field: ReadField, initial, data) -> bool:
    try:
        return field.to_python(data) != initial
    except ValidationError:
        return True
