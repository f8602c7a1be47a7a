"""Answers to scorecards that come in as a sheet: one row for each answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from core.forms import WordedForm
from planning.forms.fields import FigureField
from programs.forms.shared import YearField
from programs.intake import Intake, WordField
from villages.models import Village

from .models import AnswerState, Assessment
from .services.assessments import AnswerSaid, open_assessment, save_answers
from .services.instruments import instrument_for


class AnswerRowForm(WordedForm, forms.Form):
    """One answer of one village."""

    village = forms.ModelChoiceField(
        label=_("Village code"), queryset=Village.objects.none(), to_field_name="code"
    )
    year = YearField(label=_("Year"))
    instrument = forms.CharField(label=_("Instrument (short name)"), max_length=30)
    item = forms.CharField(label=_("Item code"), max_length=20)
    state = WordField(label=_("State"), choices=[("", ""), *AnswerState.choices], required=False)
    value = FigureField(label=_("Value"), required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=300, required=False)
    reporter = forms.CharField(label=_("Reported by"), max_length=120, required=False)

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, **options)
        villages = Village.objects.permitting(user, "log").live()
        self.fields["village"].queryset = villages.select_related("district__regency")


def save(form: AnswerRowForm, actor) -> Assessment:
    """The scorecard of the row is opened where it is not there yet, and answered."""
    told = form.cleaned_data
    village, year = told["village"], told["year"]
    instrument = instrument_for(told["instrument"].strip().lower(), village.district.regency, year)
    if instrument is None:
        words = _("No scorecard of this name is in use for this village and year.")
        raise Refused(Problem("instrument", "unknown_value", words))
    row = open_assessment(instrument, village, year, actor=actor)
    names = ("item", "state", "value", "evidence", "reporter")
    said = AnswerSaid(**{name: told[name] for name in names})
    try:
        return save_answers(row, [said], actor=actor, version=row.version)
    except Refused as refusal:
        raise Refused(*(_as_column(one) for one in refusal.problems)) from refusal


def _as_column(problem: Problem) -> Problem:
    """DR08.reporter is the column "reporter", a code alone the column "item"."""
    code, dot, column = problem.field.partition(".")
    name = column if dot else "item" if code and code != "state" else ""
    return Problem(name, problem.code, problem.detail)


ASSESSMENTS = Intake(
    key="assessments",
    title=_("Answers to village scorecards"),
    form=AnswerRowForm,
    save=save,
    may=lambda user: user.villages_with("log").exists(),
    back="indicators:cards",
    example={
        "village": "64.01.04.2002",
        "year": "2026",
        "instrument": "drppa",
        "item": "DR03",
        "state": "Terpenuhi",
        "evidence": "Perdes 4/2026, 12 Maret 2026",
    },
    about=(
        _("One row for each answer; several rows of a village make its scorecard of that year."),
        _("What the portal fills in itself is left out. The scorecard stays a draft."),
        _("A zero of cases needs the name of whoever reported it."),
    ),
)
