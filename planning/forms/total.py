"""Forms of the totals that gender budget is a share of, and of the target."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from programs.forms.shared import Refusable
from villages.models import Opd, Regency, Village

from ..models import BudgetTotal, Denominator
from .fields import FigureField

#: The totals that a place can have.
KINDS: dict[type, tuple[Denominator, ...]] = {
    Regency: tuple(Denominator),
    Opd: tuple(one for one in Denominator if one != Denominator.TOTAL_APBDES),
    Village: (Denominator.TOTAL_APBDES,),
}
AMOUNTS = (
    ("plan", _("Plan (pagu)")),
    ("changed", _("After the change")),
    ("realised", _("Realised")),
)
#: What is said of each kind of total.
PARTS = ("plan", "changed", "realised", "source")


class TotalsForm(Refusable, forms.Form):
    """The totals of one place in one year, one row for each kind; an empty row means none."""

    def __init__(self, data=None, *, place, there: Mapping[str, BudgetTotal], **options):
        super().__init__(data, **options)
        self.kinds = KINDS[type(place)]
        for kind in self.kinds:
            total = there.get(kind)
            for name, label in AMOUNTS:
                self._amount(kind, name, label, getattr(total, name, None))
            self.fields[f"source-{kind}"] = forms.CharField(
                label=_("Source"),
                required=False,
                max_length=200,
                initial=total.source if total else "",
            )

    def _amount(self, kind: Denominator, name: str, label, initial: int | None) -> None:
        field = RupiahField(
            label=label, what=label, required=False, initial=initial, max_value=10**16
        )
        self.fields[f"{name}-{kind}"] = field

    def rows(self) -> list[dict]:
        return [
            {
                "kind": kind,
                "label": kind.label,
                "amounts": [self[f"{name}-{kind}"] for name, _label in AMOUNTS],
                "source": self[f"source-{kind}"],
            }
            for kind in self.kinds
        ]

    def asked(self) -> list[str]:
        """The kinds that were sent: what the page did not ask for stays as it is."""
        return [kind for kind in self.kinds if self.sent & {f"{one}-{kind}" for one in PARTS}]

    @property
    def sent(self) -> set[str]:
        return set(self.data)

    def values(self, kind: str) -> dict:
        return {name: self.cleaned_data[f"{name}-{kind}"] for name in PARTS}


class TargetForm(Refusable, WordedForm, forms.Form):
    """The share that the regency aims at; an empty one takes the target away."""

    percent = FigureField(
        label=_("Target in percent"),
        required=False,
        max_value=100,
        help_text=_("For example 12,5."),
    )
    denominator = forms.ChoiceField(label=_("Of which total"), choices=Denominator.choices)
