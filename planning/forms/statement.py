"""What is typed into a budget statement, and what goes with each move of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, RupiahField, WordedForm
from programs.forms.shared import Refusable, YearField

from ..models import BudgetStatement
from ..models.statement import Signed
from ..services.moves import RemarkSaid
from ..services.signing import SIGNED_FIELDS, Signature, signature_of

#: `needed` of a field that may be saved empty, but not sent.
BEFORE_SENDING = "sending"
LONGEST = 2000  # characters of a note or remark

VILLAGE_DOCUMENTS = (
    ("", gettext_lazy("Not attached yet")),
    ("rkpdes", "RKPDes"),
    ("apbdes", "APBDes"),
)


def area(label, *, required: bool = False, rows: int = 3, help_text="") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StatementForm(Refusable, WordedForm, forms.ModelForm):
    """Money, year and signatory: all that is typed. The rest is the approved GAP."""

    #: Sections of the page, each with its fields.
    sections: ClassVar = (
        ("money", gettext_lazy("Money"), ("year", "total", "village_document")),
        (
            "signatory",
            gettext_lazy("Who signs"),
            ("office_address", *(name for name in SIGNED_FIELDS if name != "signed_on")),
        ),
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    year = YearField(label=gettext_lazy("Budget year"))
    total = RupiahField(
        label=gettext_lazy("Budget of the program or activity"),
        what=gettext_lazy("the budget of the program or activity"),
        required=False,
        help_text=gettext_lazy("As in the DPA, for example 250.000.000."),
    )
    village_document = forms.ChoiceField(
        label=gettext_lazy("Attached to"), choices=VILLAGE_DOCUMENTS, required=False
    )

    class Meta:
        model = BudgetStatement
        fields = (
            *("year", "total", "village_document", "office_address"),
            *(name for name in SIGNED_FIELDS if name != "signed_on"),
        )

    def __init__(self, data=None, *, instance: BudgetStatement, **options):
        super().__init__(data, instance=instance, **options)
        self.initial["version"] = instance.version
        self.fields["total"].needed = BEFORE_SENDING
        if instance.analysis.program.owner_village_id is None:
            del self.fields["village_document"]

    def parts(self) -> list[tuple]:
        """(key, title, its fields) of every section."""
        return [
            (key, title, [self[name] for name in names if name in self.fields])
            for key, title, names in self.sections
        ]


class MoveForm(Refusable, WordedForm, forms.Form):
    """A confirmation, with a note where one has something to say."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = area(gettext_lazy("Note"))


class SubmitForm(Refusable, WordedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(MoveForm):
    """What has to be put right: at a part of the paper, or in one sentence.

    `cells`: (field name, what the part is called, step, row) of every part.
    """

    def __init__(self, *args, cells: Sequence[tuple], **options):
        super().__init__(*args, **options)
        self.cells = cells
        self.fields["note"].label = _("In one sentence")
        for name, label, _step, _row in cells:
            self.fields[name] = area(_("Remark on “%(name)s”") % {"name": label}, rows=2)
        self.order_fields(["version", *(cell[0] for cell in cells), "note"])

    def remarks(self) -> list[RemarkSaid]:
        said = self.cleaned_data
        return [
            RemarkSaid(step, said[name].strip(), row)
            for name, _label, step, row in self.cells
            if said[name].strip()
        ]

    def clean(self):
        super().clean()
        if not self.errors and not self.remarks() and not self.cleaned_data["note"].strip():
            words = _("Say what has to be put right, at one part or in one sentence.")
            self.add_error("note", words)


class SignForm(Refusable, WordedForm, forms.Form):
    """Who signs, where and when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80)
    signed_on = DayField(
        label=gettext_lazy("Date of signature"), what=gettext_lazy("the date of signature")
    )
    signatory_title = forms.CharField(label=gettext_lazy("Position"), max_length=150)
    signatory_name = forms.CharField(
        label=gettext_lazy("Full name with titles"),
        max_length=120,
    )
    signatory_rank = forms.CharField(
        label=gettext_lazy("Rank (pangkat)"), max_length=80, required=False
    )
    signatory_number = forms.CharField(label="NIP", max_length=30)

    def __init__(self, *args, paper: Signed, in_village: bool, **options):
        said = signature_of(paper)
        initial = {name: getattr(said, name) for name in SIGNED_FIELDS}
        initial["signed_on"] = said.signed_on or timezone.localdate()
        super().__init__(*args, initial=initial | options.pop("initial", {}), **options)
        if in_village:
            self.fields["signatory_number"].required = False

    def signature(self) -> Signature:
        return Signature(**{name: self.cleaned_data[name] for name in SIGNED_FIELDS})
