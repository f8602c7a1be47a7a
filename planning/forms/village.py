"""A village's single page as a form: plain questions, each for one cell of the analysis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from core.forms import CountField, DayField, RupiahField, WordedForm
from core.identifiers import uuid7
from programs.forms.register import ActivityCodeField, codes_like
from programs.forms.shared import Refusable, YearField
from programs.models import ActivityCode, ArgCategory, FundSource
from programs.models.vocabulary import APBDES_FUNDS
from villages.models import Village

from ..checks import Finding
from ..models import FactorKind, Measure, Sex
from ..village_page import VillagePage
from .fields import FigureField

#: The question that shows whether there is a gap of this kind.
TESTS: dict[str, Any] = {
    FactorKind.ACCESS: _("Who can take part?"),
    FactorKind.PARTICIPATION: _("Who comes?"),
    FactorKind.CONTROL: _("Who decides?"),
    FactorKind.BENEFIT: _("Who benefits?"),
}
#: The questions of the page up to the gaps; the others follow these.
_BEFORE_GAPS = ("version", "goal", "about", "women", "men", "data_year", "source", "note")
#: Beside it stands that no gap at all was ticked.
FIRST_TICK = str(FactorKind.ACCESS)
#: From this month on a village plans the next year.
PLANS_AHEAD_FROM = 6


def planning_year() -> int:
    """The year a village plans for today: next year's, once its RKPDes is being written."""
    today = timezone.localdate()
    return today.year + (today.month >= PLANS_AHEAD_FROM)


class VillageStartForm(Refusable, WordedForm, forms.Form):
    """Which activity of which year the page is about."""

    renamed: ClassVar[dict[str, str]] = {"program": "code"}

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    code = ActivityCodeField(
        label=_("Activity of the village budget"),
        help_text=_("Type a word, for example posyandu, or pick from the lists below."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    year = YearField(label=_("For the plan of which year?"), initial=planning_year)

    @property
    def alike(self) -> list[ActivityCode]:
        """What she may have meant by a text that is no activity line."""
        return codes_like(str(self["code"].value())) if "code" in self.errors else []


class SentenceField(forms.CharField):
    """One or a few sentences."""

    def __init__(self, *, rows: int = 2, **options):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=1000, required=False, widget=widget, **options)


class OfHundredField(FigureField):
    """How many of a hundred people."""

    too_much = _("Write a target from 0 to 100, because it is counted of 100 people.")


class VillagePageForm(Refusable, WordedForm, forms.Form):
    """The page. Everything may be left empty until it is sent."""

    renamed: ClassVar[dict[str, str]] = {}

    version = forms.IntegerField(widget=forms.HiddenInput)
    goal = SentenceField(label=_("What is this activity for?"))
    about = forms.ChoiceField(
        label=_("Whom do you count?"),
        choices=[
            (Measure.PARTICIPANTS, _("Those who take part")),
            (Measure.DECIDERS, _("Those who decide")),
            (Measure.BENEFICIARIES, _("Those who benefit")),
        ],
        widget=forms.RadioSelect,
    )
    women = CountField(label=_("Women"), what=_("the number of women"), required=False)
    men = CountField(label=_("Men"), what=_("the number of men"), required=False)
    data_year = YearField(label=_("Year of the numbers"), required=False)
    source = forms.CharField(
        label=_("Where are the numbers from?"),
        max_length=200,
        required=False,
        help_text=_("For example the attendance list of 12 March."),
    )
    note = SentenceField(label=_("What else did you see or hear?"))
    internal = SentenceField(
        label=_("Cause in the village government or its team"),
        help_text=_("What we arrange ourselves: invitations, hours, teams, money."),
    )
    external = SentenceField(
        label=_("Cause outside"),
        help_text=_("Habits, distance, work at home, other offices."),
    )
    change = SentenceField(
        rows=4, label=_("What will be done differently?"), help_text=_("One change on each line.")
    )
    new_goal = SentenceField(
        label=_("New goal, if it changes"), help_text=_("Empty: the goal above stays.")
    )
    sex = forms.ChoiceField(
        label=_("Whose number is to grow?"),
        choices=[(Sex.WOMEN, _("Women")), (Sex.MEN, _("Men"))],
        required=False,
        help_text=_("Those who are fewer now. Where men are few, choose men."),
        widget=forms.RadioSelect,
    )
    target = OfHundredField(
        label=_("Target: how many of 100 people are they to be?"),
        what=_("the target"),
        max_value=100,
        required=False,
        help_text=_("For example 40."),
    )
    due = DayField(label=_("To be reached by"), what=_("the day of the target"), required=False)
    cost = RupiahField(label=_("Cost of this activity"), required=False)
    fund_source = forms.ChoiceField(label=_("Fund source"), required=False)

    def __init__(self, data=None, *, village: Village, **options):
        super().__init__(data, **options)
        self.fields["fund_source"].choices = fund_choices(village)
        for kind in TESTS:
            self.fields[kind] = forms.BooleanField(label=_("There is a gap"), required=False)
            self.fields[f"{kind}_text"] = SentenceField(label=_("Describe it in one sentence"))
        self.order_fields([*_BEFORE_GAPS, *(f for kind in TESTS for f in (kind, f"{kind}_text"))])
        for name, field in self.fields.items():
            field.needed = name not in ("note", "new_goal")  # before it is sent, not to save it

    @property
    def gaps(self) -> list[tuple]:
        """Name, question, tick and sentence of each kind of gap."""
        return [
            (FactorKind(kind).label, question, self[kind], self[f"{kind}_text"])
            for kind, question in TESTS.items()
        ]

    def clean(self) -> None:
        """Half a count says nothing of women and men."""
        women, men = self.cleaned_data.get("women"), self.cleaned_data.get("men")
        if "women" in self.errors or "men" in self.errors or (women is None) == (men is None):
            return
        missing = "women" if women is None else "men"
        words = _("Fill in %(what)s too; write 0 if there was nobody.")
        what = self.fields[missing].what
        self.add_error(missing, forms.ValidationError(words, code="one_sex", params={"what": what}))

    def page(self) -> VillagePage:
        """What a form without errors says."""
        told = self.cleaned_data
        names = ("goal", "about", "women", "men", "source", "note", "internal", "external")
        more = ("new_goal", "change", "target", "due", "cost", "fund_source")
        ticked = {
            str(kind): told[f"{kind}_text"] for kind in TESTS if told[kind] or told[f"{kind}_text"]
        }
        return VillagePage(
            year=told["data_year"],
            gaps=ticked,
            sex=told["sex"] or Sex.WOMEN,
            **{name: told[name] for name in (*names, *more)},
        )

    def lack(self, refusal: Refused) -> None:
        """Show what stands in the way of sending, each beside the question that answers it."""
        self.lack_answers()
        ticked = any(self._ticked())
        for problem in refusal.problems:
            name, words = _question(problem)
            said = name in self.errors or (name == FIRST_TICK and ticked)
            if not said and (name or not problem.field):
                self._say(name or None, words)
        if not self.errors:
            self.refuse(refusal)

    def lack_answers(self) -> None:
        """Show which questions have no answer yet: all of them in one round, also beside what
        was typed wrongly."""
        told = self.cleaned_data
        for name, words in _MISSING.items():
            if name in told and told[name] in (None, ""):
                self._say(name, words)
        for kind in self._ticked():
            if told.get(f"{kind}_text") == "":
                self._say(f"{kind}_text", _("Describe the gap in one sentence."))
        if not any(self._ticked()) and not any(told.get(f"{kind}_text") for kind in TESTS):
            self._say(FIRST_TICK, _NO_GAP)
        if told.get("internal") == told.get("external") == "":
            self._say("internal", _NO_CAUSE)

    def _ticked(self) -> list[str]:
        return [str(kind) for kind in TESTS if self.data.get(kind)]

    def _say(self, name: str | None, words) -> None:
        self.add_error(name, forms.ValidationError(words, code="required"))


def _question(problem: Problem) -> tuple[str, Any]:
    """The question behind a cell (`step.list.row.field`), and what to do there."""
    _step, where, row, field = (problem.field.split(".") + [""] * 4)[:4]
    if where == "factors" and field == "text":
        return "", ""  # said beside its tick
    keys = ((where, problem.code), (where, field), (where, ""))
    name, words = next((_CELLS[key] for key in keys if key in _CELLS), ("", ""))
    return name, words or problem.detail


def advice_of(found: Iterable[Finding]) -> list[str]:
    """What is still missing or worth a second thought, in the words of the page, each once."""
    problems = (Problem(one.pointer, one.code, one.detail) for one in found)
    return list(dict.fromkeys(str(_question(one)[1] or one.detail) for one in problems))


_NO_GAP = _("Tick at least one gap and describe it in one sentence.")
_NO_CAUSE = _("Write at least one cause of the gap.")
_NO_NUMBERS = _("Fill in how many women and how many men there are now.")
_MISSING: dict[str, Any] = {
    "goal": _("Write what this activity is for."),
    "change": _("Write what will be done differently."),
    "target": _("Write the target: how many of 100 people."),
    "cost": _("Write what it costs."),
    "fund_source": _("Choose the fund source."),
    "due": _("Write by when the target is to be reached."),
}
#: By list and cell (or code of the finding): the question that answers it, and what to do there;
#: "": as the finding itself says it.
_CELLS: dict[tuple[str, str], tuple[str, Any]] = {
    ("", "goal"): ("goal", _MISSING["goal"]),
    ("data_rows", "source"): ("source", _("Write where the numbers are from.")),
    ("data_rows", "year"): ("data_year", _("Write the year of the numbers.")),
    ("data_rows", "old_data"): ("data_year", ""),
    ("data_rows", ""): ("women", _NO_NUMBERS),
    ("factors", "data_row"): ("women", _NO_NUMBERS),
    ("factors", ""): (FIRST_TICK, _NO_GAP),
    ("causes", ""): ("internal", _NO_CAUSE),
    ("actions", "budget"): ("cost", _MISSING["cost"]),
    ("actions", "fund_source"): ("fund_source", _MISSING["fund_source"]),
    ("actions", ""): ("change", _MISSING["change"]),
    ("indicators", "same_as_baseline"): (
        "target",
        _("The target is the same as today. Write a better number."),
    ),
    ("indicators", "out_of_range"): ("target", ""),
    ("indicators", "due"): ("due", _MISSING["due"]),
    ("indicators", "target"): ("target", _MISSING["target"]),
    ("baselines", ""): ("women", _NO_NUMBERS),
}


def fund_choices(village: Village) -> list[tuple[str, Any]]:
    """Where the money may come from; a kelurahan has no village budget."""
    return [
        ("", _("Choose the fund source")),
        *(
            (code, label)
            for code, label in FundSource.choices
            if village.has_apbdes or code not in APBDES_FUNDS
        ),
    ]


def initial_of(page: VillagePage, version: int, year: int) -> dict[str, Any]:
    """The page as the form begins: what was said, and the last day of the plan's year."""
    names = ("goal", "about", "women", "men", "source", "note", "internal", "external")
    more = ("new_goal", "change", "sex", "target", "cost", "fund_source")
    values = {name: getattr(page, name) for name in (*names, *more)}
    values |= {"version": version, "data_year": page.year, "due": page.due or date(year, 12, 31)}
    for kind in TESTS:
        values[kind] = kind in page.gaps
        values[f"{kind}_text"] = page.gaps.get(kind, "")
    return values


class VillageStatementForm(Refusable, WordedForm, forms.Form):
    """What the GBS Desa needs beside the page."""

    renamed: ClassVar[dict[str, str]] = {"village_document": "attached_to"}

    category = forms.TypedChoiceField(
        label=_("What is this money for?"),
        coerce=int,
        choices=[
            (ArgCategory.TARGETED, _("A need of women or of men alone")),
            (ArgCategory.EQUALITY, _("To close the gap between women and men")),
            (ArgCategory.INSTITUTION, _("To strengthen data and people")),
        ],
        widget=forms.RadioSelect,
    )
    attached_to = forms.ChoiceField(
        label=_("Attached to which document?"), widget=forms.RadioSelect
    )
    signatory = forms.CharField(label=_("Name of the village head who signs"), max_length=120)

    def __init__(self, data=None, *, year: int, **options):
        super().__init__(data, **options)
        self.fields["attached_to"].choices = [
            ("rkpdes", _("RKPDes of %(year)s") % {"year": year}),
            ("apbdes", _("APBDes of %(year)s") % {"year": year}),
        ]
