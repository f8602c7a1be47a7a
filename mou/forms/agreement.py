"""The form of an agreement: what was signed, by whom, for where. Unknown things stay empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import DayField
from villages.models import District, Opd, Regency, Village

from ..drafts import Area, PartySaid
from ..models import Agreement, AgreementForm, Partner, Party
from ..services.agreements import ALWAYS, NEVER
from ..services.parties import said_of
from .judged import NewForm

MOST_PARTIES = 6
#: Without the others behind "more parties".
SHOWN_PARTIES = 2
WHOLE, NAMED = "whole", "named"
_PARTY_NAMES = (
    *(_("First party"), _("Second party"), _("Third party")),
    *(_("Fourth party"), _("Fifth party"), _("Sixth party")),
)
_SIGNATURE = ("signatory_name", "signatory_title", "authority")
#: Fields of parts whose hint says that they can stay empty: it is not said at each again.
_SAID_BEFORE = frozenset(
    {
        *("number_first", "number_second", "signed_on", "signed_at"),
        *("starts_on", "ends_on", "source"),
        *(f"party_{number}" for number in range(1, MOST_PARTIES + 1)),
        *(f"party_{number}_{one}" for number in range(1, MOST_PARTIES + 1) for one in _SIGNATURE),
    }
)


def _told_apart(agreement: Agreement) -> str:
    """Its title with the day of signature: titles alone are often the same."""
    day = agreement.signed_on or agreement.starts_on
    return f"{agreement.title} ({formats.day_short(day)})" if day else agreement.title


class AgreementDraftForm(NewForm):
    """One agreement with its parties and its area, as far as they are known.

    Of a confirmed one only what may still be filled in is asked for.
    """

    renamed: ClassVar[dict[str, str]] = {"parties": "party_1", "areas": "reach"}

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    signed_on = DayField(label=_("Date of signature"), required=False)
    starts_on = DayField(label=_("In force from"), required=False)
    ends_on = DayField(
        label=_("In force until"), required=False, help_text=_("The last day that counts.")
    )
    reach = forms.ChoiceField(
        label=_("Where does it hold?"),
        choices=(
            (WHOLE, _("In the whole regency")),
            (NAMED, _("In the districts and villages ticked below")),
        ),
        widget=forms.RadioSelect,
        initial=WHOLE,
    )

    class Meta:
        model = Agreement
        fields = (
            *("title", "form", "lead", "parent", "subject"),
            *("number_first", "number_second", "signed_on", "signed_at"),
            *("starts_on", "ends_on", "open_ended", "source"),
            *("purpose", "scope", "result", "funding"),
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("purpose", "scope", "result")
        }
        help_texts = {
            "title": _("As on the first page of the agreement."),
            "form": _("TPP are contracted by a ministry, PPDI is an association: forms differ."),
            "parent": _("The general agreement that this one carries out, where there is one."),
            "source": _("For example: signed copy, page 3. Needed with a number or a date."),
            "funding": _("Who pays for what, for example APBD."),
        }

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.regency: Regency = self.instance.regency
        self.fields["form"].choices = [("", _("Choose …")), *AgreementForm.choices]
        self._offer_kin(user)
        self._add_parties(user)
        self._add_places()
        if self.instance._state.adding:
            del self.fields["version"]
        else:
            del self.fields["uid"]
            self.initial["version"] = self.instance.version
        if self.instance.confirmed_at:
            self._keep_what_stands()
        for name in _SAID_BEFORE.intersection(self.fields):
            self.fields[name].needed = True  # type: ignore[attr-defined]

    # -- what the service takes --------------------------------------------------

    def parties(self) -> list[PartySaid] | None:
        """The parties as said; None where they are not asked for."""
        if self.instance.confirmed_at:
            return self._filled_parties()
        said = self.cleaned_data
        return [
            PartySaid(
                self._organisation(said[f"party_{number}"]),
                *(said[f"party_{number}_{name}"] for name in _SIGNATURE),
            )
            for number in self._numbers()
            if said.get(f"party_{number}")
        ]

    def _filled_parties(self) -> list[PartySaid] | None:
        """The parties on file, what was empty as said now; None where nothing was."""
        if not any(name.startswith("party_") for name in self.fields):
            return None
        return [
            replace(one, **{name: said for name, said in self._signature(number) if said})
            for number, one in enumerate(said_of(self._held), start=1)
        ]

    def _signature(self, number: int) -> Iterator[tuple[str, str]]:
        for name in _SIGNATURE:
            yield name, self.cleaned_data.get(f"party_{number}_{name}", "")

    def areas(self) -> list[Area] | None:
        """The districts and villages ticked; [] for the whole regency, None if not asked."""
        if "reach" not in self.fields:
            return None
        if self.cleaned_data["reach"] == WHOLE:
            return []
        return [*self.cleaned_data["districts"], *self.cleaned_data["villages"]]

    def clean(self):
        said = super().clean()
        for number in self._numbers():
            signs = any(said.get(f"party_{number}_{name}") for name in _SIGNATURE)
            if signs and not said.get(f"party_{number}") and f"party_{number}" in self.fields:
                words = _("Choose who this party is.")
                self.add_error(f"party_{number}", forms.ValidationError(words, code="required"))
        self._clean_reach(said)
        return said

    def _clean_reach(self, said: dict[str, Any]) -> None:
        """Boxes and choice mean one thing; boxes that stood there before count for nothing."""
        named, ticked = said.get("reach") == NAMED, False
        for name in ("districts", "villages"):
            codes = {one.code for one in said.get(name) or ()}
            ticked |= bool(codes) if named else codes != set(self.initial.get(name, ()))
        if named and not ticked:
            words = _("Tick a district or a village, or choose the whole regency.")
            self.add_error("reach", forms.ValidationError(words, code="required"))
        elif said.get("reach") == WHOLE and ticked:
            words = _("You ticked places. Choose those, or take the ticks away.")
            self.add_error("reach", forms.ValidationError(words, code="not_allowed"))

    # -- what its page shows -----------------------------------------------------

    def party_rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each party: {name, fields}."""
        for number in self._numbers():
            names = (f"party_{number}", *(f"party_{number}_{one}" for one in _SIGNATURE))
            yield {"name": _PARTY_NAMES[number - 1], "fields": [self[one] for one in names]}

    def first_parties(self) -> list[dict[str, Any]]:
        return list(self.party_rows())[:SHOWN_PARTIES]

    def more_parties(self) -> list[dict[str, Any]]:
        return list(self.party_rows())[SHOWN_PARTIES:]

    @property
    def has_more_parties(self) -> bool:
        return any(one.value() for row in self.more_parties() for one in row["fields"])

    def places(self) -> Iterator[dict[str, Any]]:
        """Each district with its box, the boxes of its villages, and how many are ticked."""
        districts = {str(one.data["value"]): one for one in self["districts"]}
        villages = {str(one.data["value"]): one for one in self["villages"]}
        for district in self._districts:
            inside = [villages[one.code] for one in district.inside if one.code in villages]
            box = districts[district.code]
            ticked = sum(bool(one.data["selected"]) for one in inside)
            yield {"district": district, "box": box, "villages": inside, "ticked": ticked}

    # -- building ----------------------------------------------------------------

    def _numbers(self) -> range:
        return range(1, MOST_PARTIES + 1) if "party_1" in self.fields else range(0)

    def _offer_kin(self, user) -> None:
        offices = _offices(self.regency, self.instance.lead_id)
        self.fields["lead"].queryset = offices
        self.fields["lead"].empty_label = _("Not chosen")
        others = Agreement.objects.visible_to(user).filter(regency=self.regency, cancelled_at=None)
        self.fields["parent"].queryset = others.exclude(pk=self.instance.pk).order_by("title")
        self.fields["parent"].label_from_instance = _told_apart
        self.fields["parent"].empty_label = _("None")

    def _add_parties(self, user) -> None:
        held = [] if self.instance._state.adding else list(self.instance.parties.all())
        self._held = held
        choices = _organisations(self.regency, held)
        for number in range(1, MOST_PARTIES + 1):
            name = f"party_{number}"
            self.fields[name] = forms.ChoiceField(
                label=_("Organisation"), choices=choices, required=False
            )
            for part in _SIGNATURE:
                field = Party._meta.get_field(part)
                self.fields[f"{name}_{part}"] = field.formfield()
            if number <= len(held):
                self._fill_party(name, held[number - 1])

    def _fill_party(self, name: str, party) -> None:
        one = party.organisation
        self.initial.setdefault(name, f"{one._meta.model_name}:{one.pk}")
        for part in _SIGNATURE:
            self.initial.setdefault(f"{name}_{part}", getattr(party, part))

    def _add_places(self) -> None:
        districts = District.objects.filter(regency=self.regency, ended_on=None)
        villages = Village.objects.live().filter(district__regency=self.regency)
        self._districts = list(districts.order_by("name"))
        for name, rows in (("districts", districts), ("villages", villages)):
            self.fields[name] = forms.ModelMultipleChoiceField(
                rows.order_by("name", "code"),
                required=False,
                to_field_name="code",
                widget=forms.CheckboxSelectMultiple,
            )
        inside: dict[int, list[Village]] = {}
        for one in villages.order_by("name", "code"):
            inside.setdefault(one.district_id, []).append(one)
        for district in self._districts:
            district.inside = inside.get(district.pk, [])  # type: ignore[attr-defined]
        if self.instance._state.adding:
            return
        held = list(self.instance.areas.select_related("district", "village"))
        self.initial.setdefault("reach", NAMED if held else WHOLE)
        self.initial["districts"] = [one.district.code for one in held if one.district]
        self.initial["villages"] = [one.village.code for one in held if one.village]

    def _keep_what_stands(self) -> None:
        """Only what is empty, and what is no part of the signed text, is asked for."""
        for name in self._meta.fields:
            column = Agreement._meta.get_field(name).attname
            empty = getattr(self.instance, column) in (None, "") and column not in NEVER
            if not empty and column not in ALWAYS:
                del self.fields[name]
        for name in [one for one in self.fields if one.startswith("party_")]:
            if self.initial.get(name) != "":  # a signature of a party on file that is empty
                del self.fields[name]
        for number, party in enumerate(self._held, start=1):
            self._name_party(number, str(party.organisation))
        for name in ("reach", "districts", "villages"):
            del self.fields[name]

    def _name_party(self, number: int, party: str) -> None:
        """Without its choices beside it a field of a signature says whose it is."""
        for name in _SIGNATURE:
            if field := self.fields.get(f"party_{number}_{name}"):
                words = {"what": field.label, "party": party}
                field.label = _("%(what)s – %(party)s") % words

    def _organisation(self, key: str) -> Partner | Opd:
        kind, _colon, pk = key.partition(":")
        model = {"partner": Partner, "opd": Opd}[kind]
        return model.objects.get(pk=pk)


def _offices(regency: Regency, also: int | None = None):
    """The offices of a regency that are there today, and one that was chosen before."""
    today = timezone.localdate()
    there = Q(valid_until=None) | Q(valid_until__gte=today) | Q(pk=also)
    return Opd.objects.filter(there, regency=regency).order_by("name")


def _organisations(regency: Regency, held: Sequence) -> list:
    """Who can be a party: partners first, then offices; also those that are one already."""
    named = {one.partner_id for one in held}
    partners = Partner.objects.filter(regency=regency)
    partners = partners.filter(Q(ended_on=None) | Q(pk__in=named)).order_by("name")
    offices = _offices(regency) | Opd.objects.filter(pk__in={one.opd_id for one in held})
    return [
        ("", _("Not known yet")),
        (_("Offices"), [(f"opd:{one.pk}", one.name) for one in offices]),
        (_("Partners"), [(f"partner:{one.pk}", one.name) for one in partners]),
    ]
