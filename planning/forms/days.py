"""The days of one year's calendar, as the office sets them."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext as _

from core import formats
from core.forms import DayField, WordedForm

from ..calendar import BY_KEY, Due


class DaysForm(WordedForm, forms.Form):
    """One day for each entry; left empty, the proposal stands."""

    def __init__(self, *args, year: int, days: list[Due], **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        for due in days:
            proposal = formats.day_long(date(year, due.entry.month, due.entry.day))
            self.fields[due.entry.key] = DayField(
                label=str(due.entry.title),
                required=False,
                help_text=_("Proposed: %(day)s") % {"day": proposal},
                initial=due.day,
            )

    def clean(self) -> None:
        for key in BY_KEY:
            day = self.cleaned_data.get(key)
            if day and day.year != self.year:
                words = _("Choose a day in %(year)s.") % {"year": self.year}
                self.add_error(key, words)

    def own(self) -> dict[str, date]:
        """The days that differ from the proposal."""
        return {
            key: day
            for key, entry in BY_KEY.items()
            if (day := self.cleaned_data.get(key)) and (day.month, day.day) != _proposed(entry)
        }


def _proposed(entry) -> tuple[int, int]:
    return entry.month, entry.day
