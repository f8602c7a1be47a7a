"""Partners, and agreements as drafts with both parties, as sheets."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from core.forms import DayField
from programs.intake import Intake, WordField
from villages.models import Opd

from .drafts import PartySaid
from .intake_institutions import OfRegency, may
from .models import Agreement, AgreementForm, Partner, PartnerKind
from .services.agreements import add_agreement
from .services.partners import add_partner


def _text(label, most: int, *, needed: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=needed)


class PartyField(forms.CharField):
    """A partner or an office, by its name or its short name, in any case."""

    regency = None

    def clean(self, value):
        text = super().clean(value)
        if not text or self.regency is None:
            return None
        found = _called(Partner.objects.filter(regency=self.regency, ended_on=None), text)
        found = found or _called(Opd.objects.filter(regency=self.regency), text)
        if len(found) == 1:
            return found[0]
        words = _("“%(name)s” is no partner or office on the list. Add the partner first.")
        raise forms.ValidationError(words, code="unknown_value", params={"name": text})


def _called(rows: Iterable, text: str) -> list:
    """Those of this name; where there are none, those of this short name."""
    wanted = text.casefold()
    named = [one for one in rows if one.name.casefold() == wanted]
    return named or [one for one in rows if one.acronym.casefold() == wanted]


class PartnerRow(OfRegency):
    name = _text(gettext_lazy("Name"), 200, needed=True)
    acronym = _text(gettext_lazy("Acronym"), 40)
    kind = WordField(label=gettext_lazy("Kind of partner"), choices=PartnerKind.choices)
    contact_name = _text(gettext_lazy("Contact person"), 120)
    contact_phone = _text(gettext_lazy("Phone number"), 20)
    address = _text(gettext_lazy("Address"), 200)
    note = forms.CharField(label=gettext_lazy("Note"), required=False)


class AgreementRow(OfRegency):
    """One agreement; what is not known stays empty."""

    title = _text(gettext_lazy("Title"), 250, needed=True)
    form = WordField(label=gettext_lazy("Legal form"), choices=AgreementForm.choices)
    first = PartyField(label=gettext_lazy("First party"))
    first_name = _text(gettext_lazy("First party: signed by"), 120)
    first_title = _text(gettext_lazy("First party: position"), 150)
    second = PartyField(label=gettext_lazy("Second party"))
    second_name = _text(gettext_lazy("Second party: signed by"), 120)
    second_title = _text(gettext_lazy("Second party: position"), 150)
    number_first = _text(gettext_lazy("Number of the first party"), 80)
    number_second = _text(gettext_lazy("Number of the second party"), 80)
    signed_on = DayField(label=gettext_lazy("Date of signature"), required=False)
    signed_at = _text(gettext_lazy("Place of signature"), 120)
    starts_on = DayField(label=gettext_lazy("In force from"), required=False)
    ends_on = DayField(label=gettext_lazy("In force until"), required=False)
    subject = _text(gettext_lazy("Subject"), 250)
    result = forms.CharField(label=gettext_lazy("Result hoped for"), required=False)
    source = _text(gettext_lazy("Source of these facts"), 300)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["first"].regency = self.fields["second"].regency = self.regency

    def parties(self) -> list[PartySaid]:
        said = self.cleaned_data
        return [
            PartySaid(said[one], said[f"{one}_name"], said[f"{one}_title"])
            for one in ("first", "second")
        ]

    def agreement(self) -> Agreement:
        names = {field.name for field in Agreement._meta.concrete_fields}
        said = {name: value for name, value in self.cleaned_data.items() if name in names}
        return Agreement(regency=self.regency, **said)


def save_partner(form: PartnerRow, actor) -> None:
    add_partner(Partner(regency=form.regency, **form.cleaned_data), actor=actor)


def save_agreement(form: AgreementRow, actor) -> None:
    """Refused (already_there) where a live one of this title, parties and first day is on file."""
    made, parties = form.agreement(), form.parties()
    rows = Agreement.objects.filter(
        regency=made.regency,
        title__iexact=made.title,
        starts_on=made.starts_on,
        cancelled_at=None,
    )
    for said in parties:
        of = {name: one for name, one in said.names().items() if one}
        rows = rows.filter(**{f"parties__{name}": one for name, one in of.items()})
    if rows.exists():
        words = _("This agreement is on file already. Change it on its page.")
        raise Refused(Problem("title", "already_there", words))
    add_agreement(made, actor=actor, parties=parties)


PARTNERS = Intake(
    key="partners",
    title=gettext_lazy("Partners"),
    form=PartnerRow,
    save=save_partner,
    may=may,
    back="mou:partner-list",
    example={
        "name": "Persatuan Perangkat Desa Indonesia",
        "acronym": "PPDI",
        "kind": "Asosiasi",
        "contact_name": "M. Yunus",
    },
)
AGREEMENTS = Intake(
    key="agreements",
    title=gettext_lazy("Agreements"),
    form=AgreementRow,
    save=save_agreement,
    may=may,
    back="mou:home",
    example={
        "title": "Percepatan PUG melalui Desa Responsif Gender",
        "form": "Kesepakatan bersama",
        "first": "DP2KBP3A",
        "second": "PPDI",
        "signed_on": "15-7-2022",
        "source": "Salinan perjanjian",
    },
    about=(
        gettext_lazy("Every row becomes a draft; what is not known stays empty."),
        gettext_lazy("Each party is a partner or an office that is on the list already."),
        gettext_lazy("Area, duties and the signed PDF are added on the page of each agreement."),
    ),
)
