"""What a reviewer says when a record goes back or is struck out."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from .shared import Refusable


class QuickReason(models.TextChoices):
    """What is asked for most often; the text itself is kept with the record."""

    HEADS = "heads", _("Count women and men apart.")
    DATE = "date", _("Check the date of the activity.")
    PROGRAM = "program", _("Choose the right program.")
    PROOF = "proof", _("Compare the numbers with the attendance list.")
    OTHER = "other", _("Something else, written below.")


class StepForm(Refusable, forms.Form):
    """A step on the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(StepForm):
    quick = forms.ChoiceField(
        label=_("What has to be put right?"),
        choices=QuickReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what has to be put right.")},
    )
    reason = forms.CharField(
        label=_("Explanation for the village"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("quick") == QuickReason.OTHER and not self.cleaned_data.get(
            "reason"
        ):
            self.add_error("reason", _("Write what has to be put right."))

    def text(self) -> str:
        """The reason as the village will read it, one sentence a line."""
        quick = QuickReason(self.cleaned_data["quick"])
        parts = [
            "" if quick is QuickReason.OTHER else str(quick.label),
            self.cleaned_data["reason"],
        ]
        return "\n".join(part for part in parts if part)


class VoidForm(StepForm):
    reason = forms.CharField(
        label=_("Why is it struck out?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason in a few words.")},
    )
