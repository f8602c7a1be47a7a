"""Answering a scorecard: one form for all that people answer, and opening one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from planning.forms.fields import FigureField
from programs.forms.shared import Refusable, YearField
from villages.models import Village

from ..answers import KINDS, Held, aim_of
from ..models import AnswerState, Instrument, ItemKind
from ..parts import FIGURES, ItemSaid, Parts
from ..services.assessments import MOST, MOST_OF_ALL, AnswerSaid
from ..services.instruments import instrument_for

NOT_SAID = ("", _("Not answered yet"))
_STATES = [(one.value, one.label) for one in AnswerState if one != AnswerState.NO_DATA]


@dataclass(frozen=True)
class Asked:
    """One item on the page, with the boxes that answer it; `aim`: its target in words."""

    item: ItemSaid
    aim: str
    boxes: list[forms.BoundField]


class AnswersForm(Refusable, WordedForm, forms.Form):
    """Boxes `<code>.state|value|evidence|reporter` for every item that people answer. All may be
    left empty: what is empty has no data."""

    renamed: ClassVar[dict[str, str]] = {}

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, parts: Parts, **options):
        self.parts = parts
        super().__init__(data, **options)
        for item in self._answered():
            for name, box in _boxes(item):
                box.needed = True  # nothing has to be answered: the page says so once
                self.fields[f"{item.code}.{name}"] = box

    def _answered(self) -> Iterator[ItemSaid]:
        return (one for one in self.parts.items if not one.computed)

    def asked(self, items: Iterable[ItemSaid]) -> list[Asked]:
        """The items of a pillar that people answer, with their boxes."""
        return [
            Asked(
                item,
                aim_of(item),
                [self[name] for name in self.fields if name.startswith(f"{item.code}.")],
            )
            for item in items
            if not item.computed
        ]

    def answers(self) -> list[AnswerSaid]:
        """What a valid form says to every item."""
        return [
            AnswerSaid(
                item.code,
                self.cleaned_data.get(f"{item.code}.state") or "",
                self.cleaned_data.get(f"{item.code}.value"),
                self.cleaned_data[f"{item.code}.evidence"],
                self.cleaned_data.get(f"{item.code}.reporter") or "",
            )
            for item in self._answered()
        ]


def initial_of(parts: Parts, held: Mapping[str, Held], version: int) -> dict[str, Any]:
    values: dict[str, Any] = {"version": version}
    money = {one.code for one in parts.items if one.kind == ItemKind.RUPIAH}
    for code, one in held.items():
        state = "" if one.state == AnswerState.NO_DATA else one.state
        value = int(one.value) if code in money and one.value is not None else one.value
        values |= {f"{code}.state": state, f"{code}.value": value}
        values |= {f"{code}.evidence": one.evidence, f"{code}.reporter": one.reporter}
    return values


def _boxes(item: ItemSaid) -> Iterator[tuple[str, forms.Field]]:
    if item.kind in FIGURES:
        yield "value", _figure_box(item)
    if item.kind == ItemKind.STATE or item.aim is None:
        yield "state", _state_box()
    if item.counts_cases:
        yield "reporter", _text(_("If it is zero: who reported it?"), 120)
    yield "evidence", _text(_("Evidence: number, date or link"), 300)


def _figure_box(item: ItemSaid) -> forms.Field:
    label = KINDS[ItemKind(item.kind)]
    said = {"label": label, "required": False, "what": f"{item.code}, {label}"}
    if item.kind == ItemKind.RUPIAH:
        return RupiahField(**said)
    return FigureField(max_value=int(MOST.get(ItemKind(item.kind), MOST_OF_ALL)), **said)


def _state_box() -> forms.Field:
    return forms.ChoiceField(
        label=_("Is it fulfilled?"),
        choices=[*_STATES, NOT_SAID],
        required=False,
        widget=forms.RadioSelect,
    )


def _text(label, most: int) -> forms.Field:
    return forms.CharField(label=label, max_length=most, required=False)


class OpenForm(Refusable, WordedForm, forms.Form):
    """Which village, year and scorecard; `version` is the instrument in use there."""

    renamed: ClassVar[dict[str, str]] = {}
    version: Instrument | None = None

    village = forms.ModelChoiceField(
        label=_("Village"), queryset=Village.objects.none(), to_field_name="code"
    )
    year = YearField(label=_("Year"), initial=lambda: timezone.localdate().year)
    instrument = forms.ChoiceField(label=_("Scorecard"))

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, **options)
        villages = (
            Village.objects.permitting(user, "log").live().select_related("district__regency")
        )
        self.fields["village"].queryset = villages.order_by("name", "code")
        self.fields["village"].label_from_instance = lambda one: f"{one.title}, {one.district.name}"
        if len(first_two := list(villages[:2])) == 1:
            self.fields["village"].initial = first_two[0].code
        known = Instrument.objects.visible_to(user).adopted().order_by("key", "number")
        titles = dict(known.values_list("key", "title"))
        self.fields["instrument"].choices = list(titles.items())

    def clean(self):
        """The version that is in use for the village in that year."""
        said = super().clean()
        village, year, key = (said.get(name) for name in ("village", "year", "instrument"))
        if village and year and key:
            self.version = instrument_for(key, village.district.regency, year)
            if self.version is None:
                words = gettext("This scorecard is not in use for this village and year.")
                self.add_error("instrument", forms.ValidationError(words, code="not_allowed"))
        return said
