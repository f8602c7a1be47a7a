"""What a reviewer writes, and what her queue may be narrowed by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from programs.forms.shared import Refusable, YearField

from ..models import ReviewState
from ..waiting import NOUNS

#: A reviewer never sees drafts.
STATES = [(state.value, state.label) for state in ReviewState if state != ReviewState.DRAFT]


class NoteForm(Refusable, WordedForm, forms.Form):
    """Why it goes back, over the version that the reviewer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Explanation for the village"),
        required=False,  # the service asks for it
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["note"].needed = "now"


class QueueForm(WordedForm, forms.Form):
    """Which of what waits: kind, state, district, year."""

    noun = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    district = forms.ModelChoiceField(
        label=_("District"),
        required=False,
        queryset=None,
        to_field_name="code",
        empty_label=_("All"),
    )
    year = YearField(label=_("Year"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        nouns = [(one.key, one.label) for one in NOUNS.values()]
        self.fields["noun"].choices = [("", _("All")), *nouns]
        self.fields["district"].queryset = user.districts_with("verify").order_by("name")

    @property
    def state_asked(self) -> str:
        return self.cleaned_data.get("state") or ReviewState.SUBMITTED

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, rows):
        """Rows of one noun that fit."""
        said = self.cleaned_data
        found = rows.filter(state=self.state_asked)
        if said.get("district"):
            found = found.filter(village__district=said["district"])
        return found.filter(year=said["year"]) if said.get("year") else found
