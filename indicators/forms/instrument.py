"""An office's draft of an instrument, typed without a script: what it is, its lists, its items."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, WordedForm
from planning.forms.fields import FigureField
from programs.forms.shared import Refusable, YearField

from ..answers import KINDS
from ..computed import COMPUTED
from ..models import Direction, Instrument
from ..parts import GateSaid, InstrumentSaid, ItemSaid, LevelSaid, Parts, PillarSaid

#: Empty rows offered below those that are there.
BLANK_ROWS = 2
_CODE = {"max_length": 20, "validators": [validate_slug]}
_BAD_CODE = _("Use letters, figures and hyphens for the code, for example K1.")


class CodeField(forms.CharField):
    """A short code; it may stand in an address."""

    def __init__(self, **options):
        super().__init__(label=_("Code"), **_CODE, **options)
        self.error_messages["invalid"] = _BAD_CODE


class HeadForm(Refusable, WordedForm, forms.Form):
    """What the instrument is, and for which years."""

    renamed: ClassVar[dict[str, str]] = {}

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=150)
    basis = forms.CharField(
        label=_("Basis"),
        max_length=300,
        required=False,
        help_text=_("For example the number and date of the decree."),
    )
    source = forms.CharField(label=_("Source"), max_length=500, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    first_year = YearField(label=_("Used from year"))
    last_year = YearField(
        label=_("Used until year"), required=False, help_text=_("Empty: until a newer one.")
    )


class PillarRow(WordedForm, forms.Form):
    code = CodeField()
    title = forms.CharField(label=_("Pillar"), max_length=150)
    weight = CountField(label=_("Weight"), max_value=100)

    def said(self) -> PillarSaid:
        told = self.cleaned_data
        return PillarSaid(told["code"], told["title"], told["weight"])


class LevelRow(WordedForm, forms.Form):
    code = CodeField()
    label = forms.CharField(label=_("Level"), max_length=60)
    least = CountField(label=_("From score"), max_value=100)

    def said(self) -> LevelSaid:
        told = self.cleaned_data
        return LevelSaid(told["code"], told["label"], told["least"])


class GateRow(WordedForm, forms.Form):
    item = forms.ChoiceField(label=_("Item"))
    least = FigureField(label=_("At least"))
    cap = forms.ChoiceField(label=_("No level above"))
    words = forms.CharField(label=_("In words"), max_length=200)

    def __init__(self, *args, parts: Parts, **options):
        super().__init__(*args, **options)
        items = [(one.code, f"{one.code} {one.title}") for one in parts.items]
        levels = [(one.code, one.label) for one in parts.levels]
        self.fields["item"].choices = [("", _("Choose …")), *items]
        self.fields["cap"].choices = [("", _("Choose …")), *levels]

    def said(self) -> GateSaid:
        told = self.cleaned_data
        return GateSaid(told["item"], told["least"], told["cap"], told["words"])


#: The lists of a scored instrument: name, form of a row, whether rows know the other lists.
LISTS: dict[str, tuple[type[forms.Form], bool]] = {
    "pillars": (PillarRow, False),
    "levels": (LevelRow, False),
    "gates": (GateRow, True),
}


class DraftForms:
    """The head and the lists of one draft, as one thing to fill in."""

    def __init__(self, data, said: InstrumentSaid, version: int):
        self.said = said
        start = {name: getattr(said, name) for name in HeadForm.base_fields if name != "version"}
        self.head = HeadForm(data, initial=start | {"version": version})
        self.lists = {
            name: _rows(name, data, said.parts) for name in (LISTS if said.scored else ())
        }

    def is_valid(self) -> bool:
        head = self.head.is_valid()
        lists = [one.is_valid() for one in self.lists.values()]  # each says what is wrong with it
        return head and all(lists)

    def told(self) -> InstrumentSaid:
        """What valid forms say. Where a level or item lost its code, what named it goes along
        only if the person takes it out too: the rules say so."""
        told = {name: value for name, value in self.head.cleaned_data.items() if name != "version"}
        found = replace(self.said, **told)
        return found.with_parts(
            **{
                name: tuple(
                    one.said()
                    for one in rows.forms
                    if one.has_changed_or_kept and not one.cleaned_data.get("DELETE")
                )
                for name, rows in self.lists.items()
            }
        )


class _Rows(forms.BaseFormSet):
    """Rows of a list; one that was left empty does not count."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take out")
        form.has_changed_or_kept = index is not None and (
            index < self.initial_form_count() or form.has_changed()
        )


def _rows(name: str, data, parts: Parts) -> forms.BaseFormSet:
    form, knows = LISTS[name]
    made = forms.formset_factory(
        form, formset=_Rows, extra=BLANK_ROWS, can_delete=True, max_num=60, absolute_max=80
    )
    return made(
        data,
        initial=[vars(one) for one in getattr(parts, name)],
        prefix=name,
        form_kwargs={"parts": parts} if knows else {},
    )


class ItemForm(Refusable, WordedForm, forms.Form):
    """One item of a draft."""

    renamed: ClassVar[dict[str, str]] = {}

    version = forms.IntegerField(widget=forms.HiddenInput)
    code = CodeField(help_text=_("For example K1. Each item has its own."))
    title = forms.CharField(label=_("What is asked"), max_length=300)
    help = forms.CharField(label=_("How it is measured"), max_length=500, required=False)
    pillar = forms.ChoiceField(label=_("Pillar"))
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()))
    target = FigureField(
        label=_("Target"),
        required=False,
        help_text=_("Empty: a person says whether it is fulfilled."),
    )
    direction = forms.ChoiceField(label=_("Better is"), choices=Direction.choices)
    computed = forms.ChoiceField(label=_("Filled in by the portal"), required=False)
    restricted = forms.BooleanField(
        label=_("Cases of violence and the like: for reviewers and the village alone"),
        required=False,
    )
    place = CountField(
        label=_("Place in the list"), what=_("the place"), validators=[MaxValueValidator(200)]
    )

    def __init__(self, data=None, *, parts: Parts, code: str = "", version: int):
        self.parts, self.code = parts, code
        super().__init__(data, initial=self._start(version))
        pillars = [(one.code, one.title) for one in parts.pillars]
        self.fields["pillar"].choices = [("", _("Choose …")), *pillars]
        if not parts.scored:
            del self.fields["pillar"]
        known = [(name, one.label) for name, one in COMPUTED.items()]
        self.fields["computed"].choices = [("", _("No, people answer it")), *known]

    def _start(self, version: int) -> dict[str, Any]:
        item = self.parts.item(self.code)
        count = len(self.parts.items)
        if item is None:
            return {"version": version, "place": count + 1}
        return {**vars(item), "version": version, "place": self.parts.items.index(item) + 1}

    def item(self) -> ItemSaid:
        told = self.cleaned_data
        names = ("code", "title", "kind", "help", "target", "direction", "computed", "restricted")
        return ItemSaid(pillar=told.get("pillar", ""), **{name: told[name] for name in names})

    def parts_with(self) -> dict[str, Any]:
        """The lists of the draft with this item in its place; gates follow a new code."""
        item = self.item()
        others = [one for one in self.parts.items if one.code != self.code or not self.code]
        others.insert(max(0, self.cleaned_data["place"] - 1), item)
        gates = tuple(
            replace(one, item=item.code) if self.code and one.item == self.code else one
            for one in self.parts.gates
        )
        return {"items": tuple(others), "gates": gates}


class VersionForm(Refusable, WordedForm, forms.Form):
    """For which regency the new version is; hidden where there is only one."""

    renamed: ClassVar[dict[str, str]] = {}

    regency = forms.ModelChoiceField(
        label=_("Regency"), queryset=Instrument.objects.none(), to_field_name="code"
    )

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, **options)
        regencies = user.regencies_with("manage_indicators").order_by("code")
        self.fields["regency"].queryset = regencies
        first_two = list(regencies[:2])
        if len(first_two) == 1:
            self.fields["regency"].initial = first_two[0].code
            self.fields["regency"].widget = forms.HiddenInput()
