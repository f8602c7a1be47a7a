"""What is typed into terms of reference, with their stages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from core.forms import CountField, DayField, RupiahField, WordedForm
from programs.forms.shared import Refusable

from ..models import TermsOfReference
from ..services.signing import SIGNED_FIELDS
from ..services.terms import ASKED, MOST_MONTHS, StageSaid, stages_of, what_is_wrong
from .statement import BEFORE_SENDING, area

MOST_STAGES = 12
_PARTS = ("label", "text", "months")


class TermsForm(Refusable, WordedForm, forms.ModelForm):
    """The KAK's own fields, its stages and who signs.

    Stages stand in fields `stage_<place>_<part>`; `stages` says how many places the page has. A
    place left empty is no stage. "Add a stage" sends the page again with one place more.
    """

    sections: ClassVar = (
        (
            "activity",
            gettext_lazy("The activity"),
            ("legal_basis", "purpose", "beneficiaries", "subactivity", "limits"),
        ),
        (
            "time",
            gettext_lazy("Where, when and by whom"),
            ("location", "starts_on", "ends_on", "months", "performer", "responsible"),
        ),
        ("money", gettext_lazy("Money"), ("cost",)),
        (
            "signatory",
            gettext_lazy("Who signs"),
            tuple(name for name in SIGNED_FIELDS if name != "signed_on"),
        ),
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    stages = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_STAGES)
    legal_basis = area(
        gettext_lazy("Legal basis"), help_text=gettext_lazy("Regulations, one on each line.")
    )
    purpose = area(gettext_lazy("Purpose of the activity"))
    beneficiaries = area(
        gettext_lazy("Beneficiaries"),
        help_text=gettext_lazy("Who, how many women and how many men."),
    )
    limits = area(gettext_lazy("Limits of the activity"))
    starts_on = DayField(
        label=gettext_lazy("From"), what=gettext_lazy("the first day"), required=False
    )
    ends_on = DayField(
        label=gettext_lazy("Until"), what=gettext_lazy("the last day"), required=False
    )
    months = CountField(
        label=gettext_lazy("Duration in months"),
        what=gettext_lazy("the duration in months"),
        required=False,
    )
    cost = RupiahField(label=gettext_lazy("Cost"), required=False)

    class Meta:
        model = TermsOfReference
        fields = (
            *("legal_basis", "purpose", "beneficiaries", "location", "starts_on", "ends_on"),
            *("subactivity", "limits", "months", "performer", "responsible", "cost"),
            *(name for name in SIGNED_FIELDS if name != "signed_on"),
        )

    def __init__(self, data=None, *, instance: TermsOfReference, initial=None, **options):
        super().__init__(data, instance=instance, initial=initial, **options)
        self.initial.setdefault("version", instance.version)
        for name in ASKED:
            self.fields[name].needed = BEFORE_SENDING
        said = stages_of(instance)
        self.initial.setdefault("stages", min(MOST_STAGES, len(said) + 1))
        self.places = _whole(data.get("stages") if data else self.initial["stages"])
        for place in range(self.places):
            self._ask(place, said[place] if place < len(said) else StageSaid(""))

    def _ask(self, place: int, said: StageSaid) -> None:
        words = {"number": place + 1}
        fields: dict[str, Any] = {
            "label": forms.CharField(label=_("Stage %(number)s") % words, max_length=120),
            "text": area(_("What is done in stage %(number)s") % words, rows=2),
            "months": CountField(
                label=_("Months for stage %(number)s") % words, max_value=MOST_MONTHS
            ),
        }
        for part, field in fields.items():
            field.required = False
            self.fields[f"stage_{place}_{part}"] = field
            self.initial.setdefault(f"stage_{place}_{part}", getattr(said, part))

    def clean(self) -> dict[str, Any]:
        """Days without a duration say it themselves: every month that they touch."""
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first day."))
        elif "months" in said and said["months"] is None and first and last:
            said["months"] = 12 * (last.year - first.year) + last.month - first.month + 1
        return said

    def _post_clean(self) -> None:
        """Beside what cannot be read stands what the service would refuse: all in one round."""
        super()._post_clean()
        if not self.errors:
            return
        found = what_is_wrong(self.instance, self.said_stages())
        self.refuse(Refused(*self._new(found)))

    def _new(self, found: list[Problem]) -> list[Problem]:
        named = self._names_of_stages()
        return [one for one in found if named.get(one.field, one.field) not in self.errors]

    def parts(self) -> list[tuple]:
        """(key, title, its fields) of every section."""
        return [(key, title, [self[name] for name in names]) for key, title, names in self.sections]

    def stage_rows(self) -> list[tuple]:
        return [
            tuple(self[f"stage_{place}_{part}"] for part in _PARTS) for place in range(self.places)
        ]

    def more(self) -> TermsForm:
        """The same answers with a place more, not judged yet."""
        said = self.data.dict() | {"stages": min(MOST_STAGES, self.places + 1)}
        return TermsForm(instance=self.instance, initial=said)

    @property
    def full(self) -> bool:
        return self.places >= MOST_STAGES

    def said_stages(self) -> list[StageSaid]:
        """The stages in their order, without the places that were left empty."""
        return [one for _place, one in self._said()]

    def _said(self) -> list[tuple[int, StageSaid]]:
        found = []
        for place in range(self.places):
            values = {part: self.cleaned_data.get(f"stage_{place}_{part}") for part in _PARTS}
            if any(values.values()):
                one = StageSaid(values["label"] or "", values["text"] or "", values["months"])
                found.append((place, one))
        return found

    def refuse(self, answer) -> None:
        """A problem of a stage stands beside its own place, though empty places were left out."""
        self.renamed = self._names_of_stages()
        super().refuse(answer)

    def _names_of_stages(self) -> dict[str, str]:
        places = [place for place, _one in self._said()]
        return {
            f"stages.{number}.{part}": f"stage_{place}_{part}"
            for number, place in enumerate(places)
            for part in _PARTS
        } | {"stages": "stage_0_label"}


def _whole(text: object) -> int:
    """How many places; what cannot be read is one."""
    said = str(text)
    return max(1, min(MOST_STAGES, int(said))) if said.isdecimal() and len(said) < 4 else 1
