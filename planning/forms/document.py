"""A document that comes with a form, and what lists of documents may be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, WordedForm
from core.identifiers import uuid7
from programs import files
from programs.filters.figures import offices_of
from programs.filters.shared import MOST_LETTERS, ListFilter, YearFilter
from programs.forms.shared import Refusable, YearField
from programs.models import Program
from programs.wording import program_name
from villages.models import Opd, Regency

from ..models import Document, DocumentKind

WHOLE = "regency"
Owner = tuple[Regency, Opd | None]


def owners_of(user, capability: str = "manage_plans") -> dict[str, Owner]:
    """For whom she may keep documents and evidence: whole regencies first, then offices."""
    whole = user.regencies_with(capability).order_by("code")
    offices = user.opds_with(capability).select_related("regency").order_by("name")
    found: dict[str, Owner] = {f"{WHOLE}-{one.code}": (one, None) for one in whole}
    return found | {f"opd-{one.pk}": (one.regency, one) for one in offices}


class OwnerField(forms.ChoiceField):
    """An office, or the whole regency; hidden where there is only one to choose."""

    def __init__(self, **options):
        super().__init__(label=_("Belongs to"), **options)
        self.owners: dict[str, Owner] = {}

    def offer(self, owners: dict[str, Owner]) -> None:
        self.owners = owners
        self.choices = [
            (key, opd.name if opd else area.name) for key, (area, opd) in owners.items()
        ]
        if len(owners) == 1:
            self.widget, self.initial = forms.HiddenInput(), next(iter(owners))

    def clean(self, value):
        return self.owners[super().clean(value)]


class ProgramOfDocument(forms.ModelChoiceField):
    def label_from_instance(self, obj: Program) -> str:
        return program_name(obj)


class DocumentForm(Refusable, WordedForm, forms.ModelForm):
    """One document under the uid that the page made, so that sending twice adds one."""

    field_order = ("uid", "file", "kind", "title", "owner", "number", "dated", "valid_until")

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, XLSX, JPG or PNG, at most 10 MB; pictures at most 5 MB."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"}),
    )
    owner = OwnerField()
    dated = DayField(label=_("Date of the document"), required=False)
    valid_until = DayField(
        label=_("In force until"),
        required=False,
        help_text=_("The binder warns 90 days before."),
    )
    year = YearField(label=_("Budget year"), initial=lambda: timezone.localdate().year)
    program = ProgramOfDocument(
        label=_("Program"),
        required=False,
        queryset=Program.objects.none(),
        empty_label=_("No single program"),
    )

    class Meta:
        model = Document
        fields = ("kind", "title", "number", "dated", "valid_until", "year", "program")
        help_texts = {"title": _("For example SK Pokja PUG 2026.")}

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["file"].error_messages["required"] = _("Choose a file.")
        self.fields["kind"].choices = [("", _("Choose …")), *DocumentKind.choices]
        self.fields["owner"].offer(owners_of(user))
        hers = Q(owner_opd__in=user.opds_with("manage_plans"))
        programs = Program.objects.filter(hers).select_related("owner_opd")
        self.fields["program"].queryset = programs.order_by("title", "-year_from")

    def too_large(self) -> DocumentForm:
        """The form again, after a body that nobody read."""
        self.full_clean()
        self.errors.clear()
        self.refuse(files.too_large())
        return self

    def clean(self):
        said = super().clean()
        first, last = said.get("dated"), said.get("valid_until")
        if first and last and last < first:
            words = _("The document ends before its date. Check both dates.")
            self.add_error("valid_until", forms.ValidationError(words, code="days_in_order"))
        (_regency, opd), program = said.get("owner") or (None, None), said.get("program")
        if opd and program and program.owner_opd_id != opd.pk:
            words = _("Choose a program of this office.")
            self.add_error("program", forms.ValidationError(words, code="other_office"))
        return said

    def document(self) -> Document:
        self.instance.pk = self.cleaned_data["uid"]
        self.instance.regency, self.instance.opd = self.cleaned_data["owner"]
        return self.instance

    def content(self) -> bytes:
        return self.cleaned_data["file"].read(files.MOST_BYTES + 1)


class DocumentFilter(ListFilter):
    """Documents by words, kind, year and office."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    kind = filters.ChoiceFilter(label=_("Kind"), choices=DocumentKind.choices, empty_label=_("All"))
    year = YearFilter(label=_("Budget year"))
    opd = filters.ModelChoiceFilter(label=_("Office"), queryset=offices_of, empty_label=_("All"))

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def filter_search(self, rows, _name, text):
        return rows.filter(Q(title__icontains=text) | Q(number__icontains=text))
