"""A sheet that comes with a form. It is opened by the service, never here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm

from ..services.importing import TOO_LARGE
from .shared import Refusable


class SheetForm(Refusable, WordedForm, forms.Form):
    """One sheet, to be tried out first."""

    file = forms.FileField(
        label=_("File of the sheet"),
        help_text=_("XLSX or CSV, at most 5 MB and 50,000 rows."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("Choose a sheet.")

    @classmethod
    def too_large(cls) -> SheetForm:
        """The form again, after a body that nobody read."""
        form = cls({}, {})
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
        return form

    def content(self) -> bytes:
        return self.cleaned_data["file"].read()
