"""A photo that comes with a form. It is opened by the service, never here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from core.identifiers import uuid7

from ..pictures import MOST_BYTES
from .shared import Refusable

TOO_LARGE = _("The photo is larger than 5 MB. Choose a smaller one.")


class PhotoForm(Refusable, WordedForm, forms.Form):
    """One photo under the uid that the page made, so that sending twice adds one."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, at most 5 MB."),
        allow_empty_file=True,  # the service says that it cannot be opened
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    is_public = forms.BooleanField(
        label=_("May be shown to the public"),
        help_text=_(
            "Only when everyone who can be recognised agreed that anybody may see it. "
            "An officer decides too."
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photo"].error_messages["required"] = _("Choose a photo.")

    @classmethod
    def too_large(cls) -> PhotoForm:
        """The form again, after a body that nobody read."""
        form = cls({"uid": uuid7()}, {})
        form.errors.clear()
        form.add_error("photo", TOO_LARGE)
        return form

    def clean_photo(self):
        sent = self.cleaned_data["photo"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="too_large")
        return sent

    def sent(self) -> bytes:
        return self.cleaned_data["photo"].read()

    def facts(self) -> dict:
        """What the service takes beside the bytes."""
        return {name: self.cleaned_data[name] for name in ("uid", "is_public")}
