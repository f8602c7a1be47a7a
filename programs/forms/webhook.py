"""The form of a webhook: what it is called, where it is, what it is told of."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm

from ..models.webhook import WebhookEvent
from .shared import Refusable


class WebhookForm(Refusable, WordedForm, forms.Form):
    """The service judges the address: what is public is known by asking, not by its letters."""

    name = forms.CharField(
        label=_("Name of the webhook"),
        max_length=80,
        help_text=_("Which tool receives the messages, for example: Server of Tanah Grogot."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    url = forms.CharField(
        label=_("Address of the receiver"),
        max_length=500,
        help_text=_("It begins with https:// and can be reached from the internet."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}
        ),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when an activity is"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    events.what = _("at least one event")  # type: ignore[attr-defined]
