"""Women's seats of many villages as one sheet: a village and a year in each row."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from core.forms import DayField, WordedForm
from programs.forms.shared import Refusable, YearField
from programs.intake import Intake, WordField
from villages.models import Village

from .forms.seats import HEADS, said_in, seat_fields
from .models import Representation
from .services.representation import save_representation

HELD = (("", ""), ("yes", _("yes")), ("no", _("no")))


class SeatsRow(Refusable, WordedForm, forms.Form):
    """One village-year. An empty cell means not known."""

    village = forms.CharField(label=_("Village code"), max_length=13)
    year = YearField(label=_("Year"))

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self._user = user
        self.fields |= seat_fields(alone=True)
        self.fields["head_sex"] = WordField(label=_("Village head"), choices=HEADS, required=False)
        self.fields["women_meeting"] = WordField(
            label=_("Special meeting of women"), choices=HELD, required=False
        )
        self.fields["women_meeting_on"] = DayField(label=_("Date of that meeting"), required=False)
        self.fields["women_meeting_minutes"] = forms.CharField(
            label=_("Number of the minutes"), max_length=80, required=False
        )
        self.fields["source"] = forms.CharField(
            label=_("Source of the numbers"), max_length=200, required=False
        )

    def clean_village(self) -> Village:
        code = self.cleaned_data["village"].strip()
        row = Village.objects.permitting(self._user, "log").filter(code=code).first()
        if row is None:
            words = gettext("No village of yours has this code.")
            raise forms.ValidationError(words, code="unknown_village")
        return row


def _save(form: SeatsRow, actor) -> Representation:
    """The row waits for review. What others wrote, or was sent in, is changed on its own page."""
    village, year = form.cleaned_data["village"], form.cleaned_data["year"]
    row = Representation.objects.filter(village=village, year=year).first()
    if row and not (row.is_open and row.author_id == actor.pk):
        words = gettext("Numbers of %(year)s are on file already. Change them on their page.")
        words %= {"year": year}
        raise Refused(Problem("village", "already_there", words))
    return save_representation(
        village,
        year,
        said_in(form.cleaned_data),
        actor=actor,
        version=row.version if row else None,
        submit=True,
    )


SEATS = Intake(
    key="seats",
    title=_("Women in decisions"),
    form=SeatsRow,
    save=_save,
    may=lambda user: "log" in user.capabilities,
    back="indicators:seats",
    example={
        "village": "64.01.04.2002",
        "year": "2026",
        "bpd_women": "2",
        "bpd_total": "7",
        "women_meeting": "yes",
    },
    about=(
        _("One row is one village in one year. An empty cell means not known, never 0."),
        _("What is taken over waits for review by somebody else."),
    ),
)
