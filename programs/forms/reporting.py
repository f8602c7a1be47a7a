"""What the reporting table may be narrowed by, and what is said when a village was reminded."""

from __future__ import annotations

from datetime import date

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import WordedForm
from core.identifiers import uuid7
from villages.models import District, Regency

from ..models import Channel
from ..reporting import MonthState, VillageMonths, last_due_month, last_months

EARLIEST = 2000
ORDERS = {
    "missing": lambda row: row.urgency,
    "silence": lambda row: (row.last_on or date.min, row.urgency),
    "late": lambda row: (-row.late, row.urgency),
    "name": lambda row: (row.title, row.code),
    "district": lambda row: (row.district, row.title, row.code),
}
TOLD = (Channel.PHONE, Channel.VISIT)
#: Asked of the month that the page is about.
STATES = (MonthState.MISSING, MonthState.LATE, MonthState.REPORTED, MonthState.NIHIL)


class MonthField(forms.Field):
    """A month as 2026-10; its first day."""

    unreadable = _("Choose a month from the list.")

    def to_python(self, value) -> date | None:
        if value in self.empty_values:
            return None
        try:
            year, month = str(value).split("-")
            if len(year) != 4 or len(month) != 2 or not (year + month).isascii():
                raise ValueError
            return date(int(year), int(month), 1)
        except ValueError as error:
            raise forms.ValidationError(self.unreadable, code="unknown_month") from error


class ReportingFilter(WordedForm, forms.Form):
    """Villages and months of the table. Without a year: the twelve months up to today's."""

    regency = forms.ModelChoiceField(
        Regency.reference.none(), to_field_name="code", required=False, label=_("Regency")
    )
    district = forms.ModelChoiceField(
        District.reference.none(),
        to_field_name="code",
        required=False,
        label=_("District"),
        empty_label=_("All"),
    )
    year = forms.ChoiceField(label=_("Year"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("a month of a village", "State"),
        required=False,
        choices=[("", _("All")), *((one.value, one.label) for one in STATES)],
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Most months missing first")),
            ("silence", _("Longest silence first")),
            ("late", _("Most often late first")),
            ("name", _("By name")),
            ("district", _("By district and name")),
        ],
    )
    month = MonthField(required=False, widget=forms.HiddenInput, label=_("Month"))

    def __init__(self, params, *, user, villages, today: date, since: date | None):
        super().__init__(params)
        self.villages, self.today = villages, today
        years = range(today.year, (since or today).year - 1, -1)
        self.fields["year"].choices = [
            ("", _("The last 12 months")),
            *((str(year), str(year)) for year in years),
        ]
        self._offer_regencies(user.regencies_with("view").order_by("code"))
        districts = District.reference.filter(pk__in=self.villages.order_by().values("district"))
        self.fields["district"].queryset = districts.order_by("name")
        if districts[:2].count() < 2:
            self.fields["district"].widget = forms.HiddenInput()

    def _offer_regencies(self, regencies) -> None:
        self.fields["regency"].queryset = regencies
        if regencies[:2].count() < 2:
            del self.fields["regency"]
        else:
            self.villages = self.villages.under(self._regency())

    def _regency(self) -> str:
        """Of several regencies one is shown at a time: the chosen one, else the portal's own."""
        codes = self.fields["regency"].queryset.values_list("code", flat=True)
        chosen = self.data.get("regency") or settings.PUG_REGENCY
        return chosen if codes.filter(code=chosen).exists() else codes[0]

    def clean(self) -> None:
        month = self.cleaned_data.get("month")
        if month and "year" in self.cleaned_data and month not in self.months:
            self.add_error("month", forms.ValidationError(MonthField.unreadable, "unknown_month"))

    @property
    def months(self) -> list[date]:
        """The months of the table: of a year those that have begun."""
        year = self.cleaned_data.get("year")
        if not year:
            return last_months(self.today)
        whole = [date(int(year), month, 1) for month in MONTH_NAMES]
        return [month for month in whole if month <= self.today]

    @property
    def asked_month(self) -> date | None:
        """The month that the page asks about: the chosen one, else the newest that is due."""
        due = last_due_month(self.today)
        in_reach = [month for month in self.months if month <= due]
        return self.cleaned_data.get("month") or (in_reach[-1] if in_reach else None)

    @property
    def narrowed(self):
        """The villages of the chosen district, else all of hers."""
        district = self.cleaned_data.get("district")
        return self.villages.filter(district=district) if district else self.villages

    def in_order(self, rows) -> list[VillageMonths]:
        return sorted(rows, key=ORDERS[self.cleaned_data.get("order") or "missing"])


class NudgeForm(WordedForm, forms.Form):
    """How somebody of a village is, or was, reminded of a month. `uid`: pressed twice is once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    month = MonthField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How?"),
        choices=[(one.value, one.label) for one in (Channel.WHATSAPP, *TOLD)],
        widget=forms.RadioSelect,
    )
    to = forms.UUIDField(label=_("Whom?"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, **initial) -> NudgeForm:
        return cls(initial={"uid": uuid7(), **initial})

    def for_told(self, people) -> NudgeForm:
        """To note a call or a visit: which of the two, and with whom."""
        self.fields["channel"].choices = [(one.value, one.label) for one in TOLD]
        names = [(one.uid, one.name) for one in people]
        self.fields["to"].widget = forms.Select(choices=[*names, ("", _("Somebody else"))])
        return self
