"""One row of an analysis as it is typed: its fields, and the rows it names by their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, DayField, RupiahField, WordedForm
from programs.forms.shared import YearField
from programs.models import FundSource

from ..content import (
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
    Row,
)
from ..models import (
    BaselineOf,
    CauseScope,
    FactorKind,
    IndicatorKind,
    Measure,
    Sex,
    Template,
)
from ..wording import LABELS
from .fields import FigureField

#: Characters of one cell; a printed page holds about as many.
LONGEST = 2_000
CHOOSE = _("Choose from the list")
#: Key and name of each row that can be pointed to, by its list (causes: by their scope).
Pointed = Mapping[str, Sequence[tuple[UUID, str]]]


def text_area(rows: int = 2, **options) -> forms.CharField:
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST, **options
    )


class LinkField(forms.TypedChoiceField):
    """One row of an earlier step, by its key. `long`: its choices are whole sentences."""

    long = True

    def __init__(self, **options):
        super().__init__(coerce=UUID, empty_value=None, **options)

    def offer(self, rows: Sequence[tuple[UUID, str]]) -> None:
        self.choices = [("", CHOOSE), *((str(key), name) for key, name in rows)]


class LongChoiceField(forms.ChoiceField):
    """Its choices are whole sentences."""

    long = True


class LinksField(forms.TypedMultipleChoiceField):
    """Causes that an action answers, by their keys, inside and outside the office apart."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options):
        super().__init__(coerce=UUID, empty_value=(), **options)

    def offer(self, groups: Sequence[tuple[Any, Sequence[tuple[UUID, str]]]]) -> None:
        self.choices = [
            (name, [(str(key), label) for key, label in rows]) for name, rows in groups if rows
        ]


class _Named(forms.Form):
    """Fields that are called as everywhere, and in a message by the row they stand in."""

    where: ClassVar[str]

    def __init__(self, *args, name: str, **options):
        super().__init__(*args, **options)
        self.name = name
        for field_name, field in self.fields.items():
            field.required = False
            field.label = LABELS[self.where].get(field_name, field.label)
            words = {"label": str(field.label).lower(), "row": name}
            field.what = _("%(label)s of “%(row)s”") % words


class RowForm(WordedForm, _Named):
    """A row of the list `where` under its `key`; `name` is what the page calls the row.

    Nothing is asked for here: an analysis may be kept half done. What is missing is said by
    planning/checks.py.
    """

    said: ClassVar[type[Row]]
    #: The list that each link points to.
    links: ClassVar[dict[str, str]] = {}

    def __init__(self, data=None, *, key: UUID, pointed: Pointed, **options):
        super().__init__(data, prefix=f"{self.where}-{key}", **options)
        self.key = key
        for field_name, target in self.links.items():
            self.fields[field_name].offer(pointed[target])

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        return {name: _boxed(getattr(row, name)) for name in cls.base_fields}

    def typed(self) -> dict[str, Any]:
        """What stands in the boxes, unread."""
        return {name: self[name].value() for name in self.fields}

    def row(self) -> Row:
        """The row as typed; ask only when the form is in order."""
        return self.said(key=self.key, **self._values())

    def _values(self) -> dict[str, Any]:
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
        }


def _boxed(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return [str(one) for one in value] if isinstance(value, tuple) else value


class DataForm(RowForm):
    where, said = "data_rows", DataSaid
    by_hand = True

    text = text_area()
    women = CountField(max_value=100_000_000)
    men = CountField(max_value=100_000_000)
    unit = forms.CharField(max_length=40, help_text=_("For example people, households."))
    value = FigureField(help_text=_("An index or a count that has no sex."))
    whole = CountField(max_value=100_000_000, help_text=_("If the figure is a part of something."))
    year = YearField()
    place = forms.CharField(max_length=120, help_text=_("For example the district or village."))
    source = forms.CharField(max_length=200, help_text=_("Who counted, in which document."))

    @property
    def other_figure(self) -> bool:
        """The boxes for a figure without sex are in use."""
        return any(self[name].value() or self[name].errors for name in ("value", "whole"))


class PortalForm(RowForm):
    """A row whose figures are the portal's: only what it shows is written."""

    where, said = "data_rows", DataSaid

    text = text_area()
    measure = forms.ChoiceField(choices=Measure, widget=forms.HiddenInput)
    year = YearField(widget=forms.HiddenInput)
    semester = forms.IntegerField(
        label=_("Semester"), min_value=0, max_value=2, widget=forms.HiddenInput
    )

    def __init__(self, *args, stored: DataSaid | None = None, **options):
        self.stored = stored
        super().__init__(*args, **options)

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        said = row.portal
        return {
            "text": row.text,
            "measure": row.measure,
            "year": said.get("year") or row.year,
            "semester": said.get("semester") or 0,
        }

    def row(self) -> Row:
        said = self.cleaned_data
        if self.stored is not None and self.stored.measure:
            return replace(self.stored, text=said["text"])
        period = {"year": said["year"], "semester": said["semester"] or 0}
        return DataSaid(key=self.key, text=said["text"], measure=said["measure"], portal=period)


class FactorForm(RowForm):
    where, said = "factors", FactorSaid
    links: ClassVar = {"data_row": "data_rows"}

    kind = forms.ChoiceField(choices=[("", CHOOSE), *FactorKind.choices])
    data_row = LinkField()
    text = text_area()

    def clean(self) -> None:
        _kind_needed(self, "kind")


class CauseForm(RowForm):
    """The step says in which scope the cause lies, where it holds only one (`scope`)."""

    where, said = "causes", CauseSaid
    links: ClassVar = {"factor": "factors"}

    text = text_area()
    scope = forms.ChoiceField(choices=[("", CHOOSE), *CauseScope.choices])
    factor = LinkField()

    def __init__(self, *args, scope: str = "", **options):
        super().__init__(*args, **options)
        self.scope = scope
        if scope:
            del self.fields["scope"]

    def clean(self) -> None:
        if not self.scope:
            _kind_needed(self, "scope")

    def _values(self) -> dict[str, Any]:
        return super()._values() | ({"scope": self.scope} if self.scope else {})


class ActionForm(RowForm):
    where, said = "actions", ActionSaid

    text = text_area()
    causes = LinksField()
    responsible = forms.CharField(max_length=200)
    budget = RupiahField(help_text=_("For example 12.500.000."))
    fund_source = forms.ChoiceField(choices=[("", CHOOSE), *FundSource.choices])
    resources = text_area(help_text=_("People, places, equipment."))

    def __init__(self, *args, pointed: Pointed, **options):
        super().__init__(*args, pointed=pointed, **options)
        groups = [(scope.label, pointed[scope.value]) for scope in CauseScope]
        self.fields["causes"].offer(groups)


class BaselineForm(RowForm):
    where, said = "baselines", BaselineSaid
    links: ClassVar = {"data_row": "data_rows"}

    text = text_area(help_text=_("For example: women among those trained."))
    data_row = LinkField()
    of = forms.ChoiceField(choices=BaselineOf, initial=BaselineOf.WOMEN_SHARE)

    def _values(self) -> dict[str, Any]:
        said = super()._values()
        return said | {"of": said["of"] or BaselineOf.WOMEN_SHARE.value}


class IndicatorForm(RowForm):
    where, said = "indicators", IndicatorSaid
    links: ClassVar = {"baseline": "baselines", "action": "actions"}

    text = text_area()
    kind = forms.ChoiceField()
    action = LinkField()
    sex = forms.ChoiceField(choices=[("", CHOOSE), *Sex.choices])
    baseline = LinkField()
    target = FigureField(help_text=_("For example 40 or 12,5."))
    unit = forms.CharField(max_length=40, help_text=_("For example %, people, villages."))
    due = DayField(help_text=_("For example 31-12-2026."))
    measure = LongChoiceField(
        choices=[("", _("None: somebody enters what was reached")), *Measure.choices],
        help_text=_(
            "The village records then show by themselves how far it is: women of a hundred, or "
            "the number of villages."
        ),
    )

    def __init__(self, *args, template: str = Template.NINE, **options):
        super().__init__(*args, **options)
        impact = () if template == Template.FOUR else (IndicatorKind.IMPACT,)
        kinds = [(code, word) for code, word in IndicatorKind.choices if code not in impact]
        self.fields["kind"].choices = [("", CHOOSE), *kinds]

    def clean(self) -> None:
        _kind_needed(self, "kind")


def _kind_needed(form: RowForm, name: str) -> None:
    """What kind of row it is decides where it stands: asked for as soon as it says something."""
    said = form.cleaned_data
    filled = any(value for field, value in said.items() if field != name)
    if filled and not said.get(name) and name not in form.errors:
        words = _("Choose %(what)s.") % {"what": form.fields[name].what}
        form.add_error(name, forms.ValidationError(words, code="required"))


FORMS: dict[str, type[RowForm]] = {
    "data_rows": DataForm,
    "factors": FactorForm,
    "causes": CauseForm,
    "actions": ActionForm,
    "baselines": BaselineForm,
    "indicators": IndicatorForm,
}
