"""What is asked for when something is decided on an agreement, or added to it."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, WordedForm
from programs import files
from programs.forms.shared import Refusable

from ..models import Addendum, Agreement, AgreementFile, Evaluation, FileKind
from ..standing import last_day
from .judged import NewForm, VersionForm

#: Kinds of files that an agreement has; the others belong to decrees and trainings.
KINDS = (
    *(FileKind.AGREEMENT, FileKind.ANNEX, FileKind.ADDENDUM),
    *(FileKind.TERMINATION, FileKind.EVALUATION),
)


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ConfirmForm(VersionForm):
    """Nothing but the version."""


class CancelForm(VersionForm):
    note = forms.CharField(
        label=_("Why is it cancelled?"),
        widget=_lines(),
        required=False,
        help_text=_("For example: entered twice, or never signed."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["note"].needed = True  # type: ignore[attr-defined]


class TerminateForm(VersionForm):
    last_day = DayField(label=_("Last day"), what=_("its last day"))
    reason = forms.CharField(label=_("Reason"), widget=_lines(), required=False)
    letter = forms.CharField(label=_("Number of the letter"), max_length=120, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("reason", "letter"):
            self.fields[name].needed = True  # type: ignore[attr-defined]


class RenewForm(Refusable, WordedForm, forms.Form):
    starts_on = DayField(label=_("In force from"), what=_("the first day"))
    ends_on = DayField(
        label=_("In force until"),
        required=False,
        help_text=_("Leave it open while it is still talked about."),
    )

    def __init__(self, *args, agreement: Agreement, **options):
        super().__init__(*args, **options)
        if last := last_day(agreement):
            self.initial.setdefault("starts_on", last + timedelta(days=1))


class AddendumForm(NewForm):
    dated = DayField(label=_("Date of the addendum"))

    class Meta:
        model = Addendum
        fields = ("dated", "number", "text")
        widgets = {"text": _lines()}


class EvaluationForm(NewForm):
    period_from = DayField(label=_("Period from"))
    period_until = DayField(label=_("Period until"))

    class Meta:
        model = Evaluation
        fields = ("period_from", "period_until", "achieved", "obstacles", "follow_up")
        widgets = {name: _lines() for name in ("achieved", "obstacles", "follow_up")}


class FileForm(NewForm):
    """One PDF of an agreement."""

    field_order = ("uid", "file", "kind", "title")

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, at most 10 MB."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    class Meta:
        model = AgreementFile
        fields = ("kind", "title")
        help_texts = {"title": _("As people will look for it, for example Signed agreement.")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["file"].error_messages["required"] = _("Choose a file.")
        choices = [(one.value, one.label) for one in KINDS]
        self.fields["kind"].choices = [("", _("Choose …")), *choices]

    def too_large(self) -> FileForm:
        """The form again, after a body that nobody read."""
        self.full_clean()
        self.errors.clear()
        self.refuse(files.too_large())
        return self

    def content(self) -> bytes:
        return self.cleaned_data["file"].read(files.MOST_BYTES + 1)
