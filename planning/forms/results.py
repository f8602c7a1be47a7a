"""What was reached by an indicator that the portal cannot count itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, WordedForm
from programs.forms.shared import Refusable
from villages.models import Village

from ..content import Content
from ..models import Evidence, GenderAnalysis
from .fields import FigureField
from .statement import area

#: Pieces of evidence offered, the newest first.
MOST_EVIDENCE = 200


class VillageChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Village) -> str:
        words = {"village": obj.title, "district": obj.district.name}
        return _("%(village)s, District %(district)s") % words


class ResultForm(Refusable, WordedForm, forms.Form):
    """One figure of one indicator on one day, with what proves it."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indicator"))
    value = FigureField(
        label=gettext_lazy("Reached"), what=gettext_lazy("the figure that was reached")
    )
    reached_on = DayField(
        label=gettext_lazy("On which day?"), what=gettext_lazy("the day it was reached")
    )
    village = VillageChoice(
        label=gettext_lazy("Village"),
        queryset=Village.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("The whole program"),
    )
    evidence = forms.ModelChoiceField(
        label=gettext_lazy("Evidence"),
        queryset=Evidence.objects.none(),
        required=False,
        empty_label=gettext_lazy("None on file: I write below how it is known"),
    )
    note = area(
        gettext_lazy("How is it known?"),
        help_text=gettext_lazy("Who counted, and how. Needed where no evidence is chosen."),
    )

    def __init__(self, *args, user, analysis: GenderAnalysis, content: Content, **options):
        super().__init__(*args, **options)
        by_hand = [one for one in content.indicators if not one.measure]
        self.fields["indicator"].choices = [
            (str(one.key), _("%(text)s (%(unit)s)") % {"text": one.text, "unit": one.unit})
            for one in by_hand
        ]
        self.initial.setdefault("reached_on", timezone.localdate())
        seen = Village.objects.visible_to(user)
        own = seen.filter(targets__program=analysis.program_id).select_related("district")
        self.fields["village"].queryset = own.order_by("district__code", "code")
        self.fields["evidence"].queryset = evidence_for(user, analysis)

    def values(self) -> dict[str, Any]:
        names = ("value", "reached_on", "note", "evidence", "village")
        return {name: self.cleaned_data[name] for name in names}


def evidence_for(user, analysis: GenderAnalysis):
    """What she may show: of the program's office and of the regency, the newest first."""
    seen = Evidence.objects.visible_to(user).filter(removed_at=None)
    if opd := analysis.program.owner_opd:
        seen = seen.filter(regency=opd.regency_id)
    newest = seen.order_by("-created_at").values_list("pk", flat=True)[:MOST_EVIDENCE]
    return seen.filter(pk__in=list(newest)).order_by("-created_at")
