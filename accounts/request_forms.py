"""Shapes of what people ask about their own data."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import RefusableForm
from .models import Decision, RequestKind

MOST_LETTERS = 500


class DataRequestForm(RefusableForm):
    """What is asked for. A copy needs no request: it is there for the taking."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=[one for one in RequestKind.choices if one[0] != RequestKind.COPY],
        widget=forms.RadioSelect,
    )
    wish = forms.CharField(
        label=_("What is wrong, and how should it be?"),
        help_text=_("Only for a correction."),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(RefusableForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[one for one in Decision.choices if one[0] != Decision.OPEN],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person reads this. What the law lets stay is named here."),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
