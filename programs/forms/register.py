"""A village's short form: its own program from one line of the village budget."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from core.identifiers import uuid7
from villages.models import Village

from ..models import ActivityCode, FundSource, Program, ProgramState, TargetGroup
from ..models.vocabulary import APBDES_FUNDS
from .shared import Refusable, YearField

#: How many words of what was typed are looked for, and how many lines are offered.
MOST_WORDS, MOST_ALIKE = 8, 10


def activity_codes() -> list[tuple[str, list[ActivityCode]]]:
    """The activity lines of Permendagri 20/2018 under the names of their fields (bidang)."""
    lines = list(ActivityCode.objects.all())
    fields = {line.code: line.name for line in lines if line.level == ActivityCode.Level.FIELD}
    groups: dict[str, list[ActivityCode]] = {code: [] for code in fields}
    for line in lines:
        if line.level == ActivityCode.Level.ACTIVITY:
            groups.setdefault(line.code.split(".")[0], []).append(line)
    return [(fields.get(code, code), group) for code, group in groups.items() if group]


class ActivityCodeField(forms.CharField):
    """One activity line, typed or picked as "2.2.02 Penyelenggaraan Posyandu"."""

    unknown = _("Pick an activity from the list, for example 2.2.02 Posyandu.")

    def clean(self, value) -> ActivityCode:
        text = super().clean(value)
        code = re.match(r"\d+(\.\d+)*", text)
        lines = ActivityCode.objects.filter(level=ActivityCode.Level.ACTIVITY)
        wanted = {"code": code[0]} if code else {"name__iexact": text}
        line = lines.filter(**wanted).first()
        if line is None:
            raise forms.ValidationError(self.unknown, code="unknown_code")
        return line


def codes_like(text: str) -> list[ActivityCode]:
    """The activity lines in whose names these words stand, a few of them."""
    words = text.split()[:MOST_WORDS]
    if not words:
        return []
    lines = ActivityCode.objects.filter(level=ActivityCode.Level.ACTIVITY)
    for word in words:
        lines = lines.filter(name__icontains=word)
    return list(lines[:MOST_ALIKE])


class RegisterForm(Refusable, WordedForm, forms.Form):
    """A village's own program for one year, from one line of Permendagri 20/2018."""

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    code = ActivityCodeField(
        label=_("Activity of the village budget"),
        help_text=_("Type a word, for example posyandu, and pick from the list."),
        widget=forms.TextInput(attrs={"list": "activity-codes", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Program name"),
        max_length=200,
        required=False,
        help_text=_("Left empty, the name of the activity is used."),
    )
    year = YearField(label=_("Year"), initial=lambda: timezone.localdate().year)
    target_group = forms.ChoiceField(
        label=_("Who is it for?"), choices=TargetGroup, initial=TargetGroup.GENERAL
    )
    fund_source = forms.ChoiceField(label=_("Fund source"), required=False)
    ceiling = RupiahField(
        label=_("Budget ceiling"), required=False, help_text=_("For example 25.000.000.")
    )
    again = forms.BooleanField(
        label=_("Yes, this is another program"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data=None, *, village: Village, **options):
        super().__init__(data, **options)
        self.village = village
        self.fields["fund_source"].choices = [
            ("", _("Choose the fund source")),
            *(
                (code, label)
                for code, label in FundSource.choices
                if village.has_apbdes or code not in APBDES_FUNDS
            ),
        ]

    @property
    def alike(self) -> list[ActivityCode]:
        """What she may have meant by a text that is no activity line."""
        return codes_like(str(self["code"].value())) if "code" in self.errors else []

    def clean(self) -> None:
        """Twice the same program of one year is more often a slip: asked about once."""
        twin = None if self.cleaned_data["again"] else self._twin()
        if twin is None:
            return
        self.fields["again"].widget = forms.CheckboxInput()
        words = _("Your village already has “%(title)s” for %(year)s. Tick this for one more.")
        params = {"title": twin.title, "year": twin.year_from}
        self.add_error("again", forms.ValidationError(words, code="twin", params=params))

    def _twin(self) -> Program | None:
        """Another program of this village from the same line in the same year."""
        code, year = self.cleaned_data.get("code"), self.cleaned_data.get("year")
        if not code or not year:
            return None
        same = self.village.own_programs.filter(
            activity_code=code, year_from__lte=year, year_to__gte=year
        )
        same = same.exclude(state=ProgramState.CANCELLED)
        return same.exclude(pk=self.cleaned_data.get("uid")).first()

    def values(self) -> dict[str, Any]:
        """What `register_village_program` asks for, beside village and code."""
        asked = {"code", "again"}
        return {name: value for name, value in self.cleaned_data.items() if name not in asked}
