"""Duties that come in as a sheet (programs/intake.py)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, Refused
from core.forms import CountField, DayField, WordedForm
from programs.intake import Intake, WordField
from programs.models import Stage

from .forms.duty import party_named
from .models import Agreement, DutyMeasure, Obligation
from .rights import KEEP
from .services.duties import add_obligation


class DutyRow(WordedForm, forms.Form):
    """One row: a duty of a party of an agreement that is on file."""

    agreement = forms.CharField(label=_("Agreement (number or title)"), max_length=250)
    party = forms.CharField(label=_("Party"), max_length=200)
    text = forms.CharField(label=_("Duty"))
    measure = WordField(label=_("Way of measuring"), choices=DutyMeasure.choices, required=False)
    stage = WordField(
        label=_("Only this stage"), choices=[("", ""), *Stage.choices], required=False
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    target = CountField(label=_("Target"), required=False)
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_agreement(self) -> Agreement:
        rows = Agreement.objects.permitting(self.user, KEEP).filter(cancelled_at=None)
        text = self.cleaned_data["agreement"].strip()
        for names in ("number_first", "number_second", "title"):
            found = list(rows.filter(**{f"{names}__iexact": text})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                words = _("Several agreements are called so. Write the number instead.")
                raise forms.ValidationError(words, code="ambiguous")
        words = _("No agreement has this number or title. Enter the agreement first.")
        raise forms.ValidationError(words, code="unknown_value")

    def clean(self):
        said = super().clean()
        if (agreement := said.get("agreement")) and (name := said.get("party")):
            said["party"] = party_named(agreement, name)
            if said["party"] is None:
                words = _("This agreement has no party of that name.")
                self.add_error("party", forms.ValidationError(words, code="unknown_value"))
        return said


def _save(form: DutyRow, actor) -> Obligation:
    said = form.cleaned_data
    same = Obligation.objects.filter(agreement=said["agreement"], ended_at=None)
    if same.filter(text=said["text"], party=said["party"]).exists():
        words = gettext("This duty is in the agreement already. Take the row out.")
        raise Refused(Problem("text", "already_there", words))
    made = Obligation(**{**said, "measure": said["measure"] or DutyMeasure.HAND})
    return add_obligation(made, actor=actor)


OBLIGATIONS = Intake(
    key="obligations",
    title=_("Duties of agreements"),
    form=DutyRow,
    save=_save,
    may=lambda user: user.regencies_with(KEEP).exists(),
    back="mou:obligation-list",
    example={
        "agreement": "415.4/12/2022",
        "party": "TPP",
        "text": "Mendampingi musyawarah desa",
        "measure": "Kegiatan yang dicatat orang-orang mitra",
        "target": "35",
        "due_on": "31-12-2026",
    },
    about=(_("An agreement is found by one of its numbers or by its title."),),
)
