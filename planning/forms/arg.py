"""What the page of gender budget is asked for: year, area, rows, total, amount, and what if."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from programs.forms.shared import YearField

from ..models import Denominator

BY = (
    ("opd", _("Office")),
    ("category", _("Category")),
    ("district", _("District where it is spent")),
    ("village", _("Village where it is spent")),
)
MONEY = (
    ("plan", _("Plan (pagu)")),
    ("changed", _("After the change")),
    ("realised", _("Realised")),
)
THOUGHT = (
    ("diajukan", _("statements waiting for review")),
    ("draf", _("statements in draft")),
)


class RecapForm(WordedForm, forms.Form):
    """Whatever is left out takes its usual value (`chosen`)."""

    year = YearField(label=_("Budget year"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    by = forms.ChoiceField(label=_("Rows by"), choices=BY, required=False)
    denominator = forms.ChoiceField(
        label=_("Share of"), choices=Denominator.choices, required=False
    )
    money = forms.ChoiceField(label=_("Amount"), choices=MONEY, required=False)
    tambah = RupiahField(label=_("Add in thought"), required=False, max_value=10**15)
    termasuk = forms.MultipleChoiceField(
        label=_("Count as approved"),
        choices=THOUGHT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data, *, areas, today: date):
        data = data.copy()
        words = ",".join(data.getlist("termasuk")).split(",")
        data.setlist("termasuk", [one for one in words if one])
        super().__init__(data)
        self._today = today
        self.fields["area"].choices = areas
        self._first = areas[0][1][0][0] if areas else ""
        words = _("Choose %(what)s from the list.")
        self.fields["termasuk"].error_messages["invalid_choice"] = words % {
            "what": self.fields["termasuk"].label
        }

    def chosen(self, name: str, usual):
        """What is asked for, or the usual."""
        found = self.cleaned_data.get(name) if self.is_valid() else None
        return usual if found in (None, "", []) else found

    def settle(self, **usual) -> None:
        """The boxes show what is shown: the usual where nothing was chosen."""
        for name, value in usual.items():
            if not self.data.get(name):
                self.data[name] = value

    @property
    def year_now(self) -> int:
        return self.chosen("year", self._today.year)

    @property
    def area_now(self) -> str:
        return self.chosen("area", self._first)
