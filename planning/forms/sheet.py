"""Forms of a sheet of budget lines: which file, and which of its columns holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from programs.forms.shared import Refusable, YearField

from ..sheets import FIELDS, NEEDED
from .line import owner_choices, owner_named, with_first

TOO_LARGE = _("The file is larger than 5 MB. Split it into smaller ones.")


class SheetForm(Refusable, WordedForm, forms.Form):
    """One sheet with the lines of one owner in one year."""

    owner = forms.ChoiceField(label=_("Owner of the budget"))
    year = YearField(label=_("Budget year"), initial=lambda: timezone.localdate().year)
    file = forms.FileField(
        label=_("File of the sheet"),
        help_text=_("XLSX or CSV, at most 5 MB and 20,000 rows."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        groups = owner_choices(user)
        self.fields["owner"].choices = with_first(groups, _("Choose the owner of the budget"))
        self.fields["file"].error_messages["required"] = _("Choose a sheet.")

    @classmethod
    def too_large(cls, user) -> SheetForm:
        """The form again, after a body that nobody read."""
        form = cls({}, {}, user=user)
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
        return form

    def clean_owner(self):
        return owner_named(self.cleaned_data["owner"])


class ColumnsForm(Refusable, WordedForm, forms.Form):
    """Which heading of the sheet is which of our fields."""

    def __init__(self, data=None, *, headings: Sequence[str], chosen: Mapping[str, str], **options):
        super().__init__(data, **options)
        offered = [(one, one) for one in headings if one]
        for name, label in FIELDS.items():
            needed = name in NEEDED
            empty = _("Choose the column") if needed else _("Not in this sheet")
            field = forms.ChoiceField(label=label, required=needed, choices=[("", empty), *offered])
            field.initial = chosen.get(name, "")
            what = str(label)
            words = {"what": what[:1].lower() + what[1:]}
            asked = _("Choose the column that holds %(what)s.") % words
            field.error_messages |= {"required": asked, "invalid_choice": asked}
            self.fields[name] = field
        self.fields["save_as"] = forms.CharField(
            label=_("Keep this choice under a name"),
            help_text=_("For the next sheet with the same columns, for example SIPD RKA."),
            required=False,
            max_length=80,
        )

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS}
