"""Index values and population figures that come in as sheets."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from core.forms import WordedForm
from core.identifiers import uuid7
from programs.intake import Intake, WordField
from villages.models import Population
from villages.services import keep_population

from .forms.index import IndexYearField, ValueField
from .forms.population import CountedYearField, CountsForm, period_of, period_trouble
from .models import IndexCode, IndexRelease, RevisionState, Statement
from .place import kept_regencies
from .population import PopulationSeries
from .services.indices import ValueSaid, add_release, set_value

_AREA = _("0 is Indonesia, 64 the province, 64.01 the regency.")


class IndexRow(WordedForm, forms.Form):
    """One value; rows of one index and release name make one release."""

    index = WordField(label=_("Index"), choices=IndexCode.choices)
    title = forms.CharField(label=_("Release"), max_length=200)
    publisher = forms.CharField(label=_("Publisher"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=300)
    source_url = forms.CharField(label=_("Address of the source"), max_length=500, required=False)
    method = forms.CharField(label=_("Method or base"), max_length=200, required=False)
    state = WordField(
        label=_("Revision state"), choices=[("", ""), *RevisionState.choices], required=False
    )
    area_code = forms.CharField(label=_("Area code"), max_length=13, help_text=_AREA)
    year = IndexYearField(label=_("Year"))
    value = ValueField(label=_("Value"), help_text=_("With a comma, for example 71,98."))
    evidence = WordField(
        label=_("How surely"), choices=[("", ""), *Statement.choices], required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user


def save_index_row(form: IndexRow, actor) -> None:
    """The value is in its release, which is made by the first row that names it. A value that is
    there already is refused, whatever it says."""
    said = form.cleaned_data
    regency = kept_regencies(actor)[0]
    rows = IndexRelease.objects.filter(regency=regency, removed_at=None)
    release = rows.filter(index=said["index"], title=said["title"].strip()).first()
    if release is None:
        release = add_release(_release(said, regency), actor=actor)
    if release.values.filter(area_code=said["area_code"], year=said["year"]).exists():
        words = gettext("The release has a value for this area and year already.")
        raise Refused(Problem("value", "already_there", words))
    one = ValueSaid(
        said["area_code"],
        said["year"],
        said["value"],
        said["evidence"] or Statement.STATED,
        said["note"],
    )
    try:
        set_value(release, one, actor=actor, version=release.version)
    except Refused as refusal:
        raise Refused(*(_of_row(problem) for problem in refusal.problems)) from refusal


def _of_row(problem: Problem) -> Problem:
    """“values.0.year” is the row's year."""
    return Problem(problem.field.removeprefix("values.0."), problem.code, problem.detail)


def _release(said: dict, regency) -> IndexRelease:
    names = ("index", "title", "publisher", "source", "source_url", "method")
    return IndexRelease(
        uid=uuid7(),
        regency=regency,
        state=said["state"] or RevisionState.UNKNOWN,
        **{name: said[name] for name in names},
    )


class PopulationRow(CountsForm):
    """One figure; a row without any number is passed over."""

    field_order = (
        *("area_code", "area_name", "year", "series", "detail"),
        *("women", "men", "total", "source", "note"),
    )

    area_code = forms.CharField(label=_("Area code"), max_length=13)
    area_name = forms.CharField(label=_("Area (only to read)"), required=False)
    year = CountedYearField(label=_("Year"), required=False)
    series = WordField(
        label=_("Counted by"), choices=[("", ""), *PopulationSeries.choices], required=False
    )
    detail = forms.CharField(label=_("Which count"), required=False, max_length=60)
    source = forms.CharField(label=_("Source"), required=False, max_length=500)

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user

    @property
    def is_empty(self) -> bool:
        return all(self.cleaned_data.get(name) is None for name in ("women", "men", "total"))

    def clean(self):
        said = super().clean()
        if self.errors or self.is_empty:
            return said
        for name in ("year", "series"):
            if not said.get(name):
                words = self.fields[name].error_messages["required"]
                if name == "year":
                    words = gettext("Fill in the year that was counted, for example 2025.")
                self.add_error(name, words)
        if said.get("series"):
            said["period"] = period_of(said["series"], said.get("detail") or "")
            if trouble := period_trouble(said["series"], said["period"]):
                self.add_error("detail", trouble)
        return said


def save_population_row(form: PopulationRow, actor) -> None:
    if form.is_empty:
        return
    said = form.cleaned_data
    one = Population(
        area_code=said["area_code"],
        year=said["year"],
        period=said["period"],
        source=said["source"],
    )
    keep_population(form.told(one), actor=actor)


def may_send(user) -> bool:
    return bool(kept_regencies(user))


INDICES = Intake(
    key="indices",
    title=_("Index values"),
    form=IndexRow,
    save=save_index_row,
    may=may_send,
    back="indicators:releases",
    example={
        "index": "IPG",
        "title": "BPS Kaltim, BRS 2025",
        "publisher": "BPS",
        "source": "Berita Resmi Statistik, hal. 4",
        "source_url": "https://kaltim.bps.go.id/",
        "method": "LF SP2020",
        "area_code": "64.01",
        "year": "2024",
        "value": "72,35",
    },
    about=(
        _("Rows of the same index and release name make one release of your office."),
        _("A value that is there already is refused; change it on the page of its release."),
    ),
)
POPULATION = Intake(
    key="population",
    title=_("Population"),
    form=PopulationRow,
    save=save_population_row,
    may=may_send,
    back="indicators:population",
    example={
        "area_code": "64.01.04.2002",
        "area_name": "Desa Janju",
        "year": "2025",
        "series": "registry",
        "detail": "semester 2",
        "women": "1.204",
        "men": "1.287",
        "source": "Disdukcapil Paser, DKB semester 2 2025",
    },
    about=(
        _("Rows without a number are passed over."),
        _("A figure that is there already for the same source is refused."),
    ),
)
