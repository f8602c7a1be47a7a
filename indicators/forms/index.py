"""Forms of releases, of their values as a grid, and of one value as it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import DayField, ReadField, WordedForm
from core.identifiers import uuid7
from programs.forms.shared import Refusable, parse_year
from villages.models import Regency

from ..meanings import Meaning
from ..models import IndexCode, IndexRelease
from ..place import kept_regencies
from ..services.indices import FIRST_YEAR, ValueSaid

#: 19.600 or 1.234.567: dots between thousands, never the first figure a 0.
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?")
MOST_COLUMNS = 10


def parse_decimal(text: str) -> Decimal:
    """71,98 from "71,98" or "71.98"; "19.600" is nineteen thousand six hundred. At most three
    decimals. Raises Unreadable: negative, not_a_number."""
    plain = "".join(str(text).split())
    if plain[:1] in "-−" and plain:
        raise formats.Unreadable("negative", _("Write 0 or more, without a minus sign."))
    whole, _comma, part = plain.partition(",")
    if _THOUSANDS.fullmatch(whole) and (not part or part.isdecimal()) and len(part) <= 3:
        return Decimal(f"{whole.replace('.', '')}.{part or 0}")
    if len(plain) > formats.LONGEST or not _DECIMAL.fullmatch(plain):
        words = _("Write a number with a comma before the decimals, for example 71,98.")
        raise formats.Unreadable("not_a_number", words)
    return Decimal(plain.replace(",", "."))


class ValueField(ReadField):
    """A decimal number, typed with a comma."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off", "inputmode": "decimal"}
    missing = _("Fill in %(what)s with a number, for example 71,98.")
    read = staticmethod(parse_decimal)

    def prepare_value(self, value):
        """As it may be typed again: 71,98."""
        if not isinstance(value, Decimal):
            return value
        plain = f"{value:f}"
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


def index_year(year: int) -> None:
    """A year that an index may be of."""
    last = timezone.localdate().year
    if not FIRST_YEAR <= year <= last:
        words = _("Write a year from %(first)s to %(last)s.")
        params = {"first": FIRST_YEAR, "last": last}
        raise ValidationError(words, code="out_of_range", params=params)


class IndexYearField(ReadField):
    """A year from FIRST_YEAR to this one."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off", "inputmode": "numeric"}
    missing = _("Fill in %(what)s with a year, for example 2025.")
    read = staticmethod(parse_year)

    def __init__(self, **options):
        super().__init__(validators=[index_year], **options)


class ReleaseForm(Refusable, WordedForm, forms.ModelForm):
    """One release under the uid that the page made, so that sending twice adds one."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    regency = forms.ModelChoiceField(Regency.reference.none(), label=_("Belongs to"))
    published_on = DayField(
        label=_("Published on"), what=_("the day of publication"), required=False
    )

    class Meta:
        model = IndexRelease
        fields = (
            *("index", "regency", "title", "publisher", "source", "source_url", "method"),
            *("published_on", "state"),
        )
        help_texts = {
            "title": _("As people call it, for example BPS Kaltim, BRS 2025."),
            "publisher": _("Who counted and published it, for example BPS."),
            "source": _("Where you read it: publication, page, letter."),
            "source_url": _("The page where it can be read again, beginning with https://"),
            "method": _("What tells it from other releases, for example LF SP2020."),
            "state": _("BPS revises its series. Values of two releases are never joined."),
        }

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.is_new = self.instance._state.adding
        self.fields["index"].choices = [("", _("Choose …")), *IndexCode.choices]
        if not self.is_new:
            for name in ("uid", "regency"):
                del self.fields[name]
            self.initial["version"] = self.instance.version
            return
        kept = kept_regencies(user)
        field = self.fields["regency"]
        field.queryset = Regency.reference.filter(pk__in=[one.pk for one in kept])
        if kept:
            self.initial.setdefault("regency", kept[0].pk)
        if len(kept) == 1:
            field.widget = forms.HiddenInput()

    def _get_validation_exclusions(self):
        """Whether the title is taken, the service says."""
        return {*super()._get_validation_exclusions(), "title"}

    def release(self) -> IndexRelease:
        if self.is_new:
            self.instance.pk = self.cleaned_data["uid"]
        return self.instance


class SpanForm(forms.Form):
    """Which years the grid shows."""

    first = IndexYearField(label=_("From year"), required=False)
    last = IndexYearField(label=_("Until year"), required=False)


class GridForm(Refusable, forms.Form):
    """The values of a release, areas down and years across; an empty cell is no value."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data=None,
        *,
        release: IndexRelease,
        meaning: Meaning,
        areas: dict[str, str],
        years: Iterable[int],
    ):
        super().__init__(data, initial={"version": release.version})
        self.areas, self.years, self.meaning = areas, tuple(years), meaning
        self.there = {
            (one.area_code, one.year): one.value
            for one in release.values.filter(area_code__in=areas, year__in=self.years)
        }
        self.cells = [(code, year) for code in areas for year in self.years]
        for code, year in self.cells:
            self.fields[_cell_name(code, year)] = ValueField(
                required=False,
                label=f"{areas[code]} {year}",
                initial=self.there.get((code, year)),
            )

    def rows(self) -> list[tuple[str, list]]:
        """(area, its cells) in the order of the years."""
        return [
            (name, [self[_cell_name(code, year)] for year in self.years])
            for code, name in self.areas.items()
        ]

    def said(self) -> list[ValueSaid]:
        """The cells that differ from what stands there; one that was not sent says nothing."""
        return [
            ValueSaid(code, year, self.cleaned_data[_cell_name(code, year)])
            for code, year in self._changed()
        ]

    def _changed(self) -> list[tuple[str, int]]:
        return [
            cell
            for cell in self.cells
            if _cell_name(*cell) in self.data
            and self.cleaned_data.get(_cell_name(*cell)) != self.there.get(cell)
        ]

    def refuse(self, answer) -> None:
        """“values.3.value” is the third cell that was said."""
        changed = self._changed()
        for problem in answer.problems:
            parts = problem.field.split(".")
            name = None
            if parts[0] == "values" and len(parts) == 3:
                name = _cell_name(*changed[int(parts[1])])
            elif problem.field in self.fields:
                name = problem.field
            self.add_error(name, ValidationError(problem.detail, code=problem.code))


def _cell_name(code: str, year: int) -> str:
    """What its cell is called in the form: years may come and go between showing and sending."""
    return f"value-{code}-{year}"
