"""What a person in a picture asked for, and where the request is on file."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm

from ..models import Wish
from .shared import Refusable

_CODE = re.compile(r"[0-9a-f]{8}")


class WithdrawalForm(Refusable, WordedForm, forms.Form):
    wish = forms.ChoiceField(
        label=_("What was asked for?"),
        choices=Wish.choices,
        widget=forms.RadioSelect,
        initial=Wish.ERASE,
    )
    reference = forms.CharField(
        label=_("Where the request is on file"),
        help_text=_("Number of the letter or of the agenda. Write no name and no NIK."),
        max_length=80,
    )


class PhotoCodeForm(WordedForm, forms.Form):
    """A photo as the public page names it: the last eight signs of its number."""

    code = forms.CharField(
        label=_("Number of the photo"),
        help_text=_("Eight signs, below the photo on the public page, for example 4f0a91c2."),
        max_length=36,
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().lower()[-8:]
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("Write the eight signs as they stand below the photo."))
        return code
