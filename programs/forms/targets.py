"""What a program means to reach, village by village."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountField
from villages.models import Village

from ..models import ProgramVillage
from ..services import Target
from .shared import Refusable


def target_of(row: ProgramVillage) -> Target:
    return Target(row.village, row.target_activities, row.target_women, row.target_men)


class TargetsForm(Refusable, forms.Form):
    """What a program means to reach in each village of one district; empty = no target."""

    PARTS = (
        ("target_activities", _("Activities")),
        ("target_women", _("Women")),
        ("target_men", _("Men")),
    )

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, rows: Sequence[ProgramVillage], **options):
        super().__init__(data, **options)
        self.rows = rows
        for name, label in self.PARTS:
            self._add(f"{name}-all", label, _("all villages left empty"))
        for row in rows:
            for name, label in self.PARTS:
                at = row.village
                self._add(f"{name}-{at.code}", label, at.title, getattr(row, name))

    def _add(self, key: str, label, village, initial: int | None = None) -> None:
        """A box in the table: its column and row are its name, spoken but not shown."""
        spoken = _("%(what)s, %(village)s") % {"what": label, "village": village}
        field = CountField(label=label, what=spoken, required=False, initial=initial)
        field.widget.attrs["aria-label"] = spoken
        self.fields[key] = field

    def table(self) -> list[tuple[Village, list]]:
        return [
            (row.village, [self[f"{name}-{row.village.code}"] for name, _label in self.PARTS])
            for row in self.rows
        ]

    def common(self) -> list:
        return [self[f"{name}-all"] for name, _label in self.PARTS]

    def targets(self, others: Iterable[ProgramVillage]) -> list[Target]:
        """All targets of the program: these rows as typed, the other districts' as they were."""
        typed = [Target(row.village, *self._numbers(row)) for row in self.rows]
        return typed + [target_of(row) for row in others]

    def _numbers(self, row: ProgramVillage) -> list[int | None]:
        numbers = []
        for name, _label in self.PARTS:
            own = self.cleaned_data[f"{name}-{row.village.code}"]
            numbers.append(self.cleaned_data[f"{name}-all"] if own is None else own)
        return numbers
