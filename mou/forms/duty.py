"""One duty of an agreement, and how far it has come."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, DayField, WordedForm
from core.identifiers import uuid7
from programs.forms.shared import Refusable
from programs.models import Stage

from ..models import Agreement, DutyMeasure, Obligation, ObligationEntry, Party


class ObligationForm(Refusable, WordedForm, forms.ModelForm):
    """A duty under the uid that the page made, so that sending twice adds one."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target = CountField(
        label=_("Target"),
        required=False,
        help_text=_("A whole number, for example 35. Leave it empty where nothing was agreed."),
    )
    due_on = DayField(
        label=_("Due on"),
        required=False,
        help_text=_("Leave it empty: then it is the agreement's last day."),
    )

    class Meta:
        model = Obligation
        fields = ("text", "party", "measure", "stage", "unit", "target", "due_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "text": _("As the agreement says it, one duty at a time."),
            "measure": _(
                "The portal can count a partner's duty by itself, from what the partner's people "
                "recorded in the agreement's area and time."
            ),
            "stage": _("Only where the portal counts. Empty: activities of every stage."),
            "unit": _("What the target counts, for example desa or laporan."),
        }

    def __init__(self, *args, agreement: Agreement, **options):
        super().__init__(*args, **options)
        parties = agreement.parties.select_related("partner", "opd")
        self.fields["party"].queryset = parties
        self.fields["party"].label = _("Party that bears it")
        self.fields["party"].empty_label = _("Choose …")
        self.fields["stage"].choices = [("", _("Every stage")), *Stage.choices]
        self.fields["measure"].label = _("Way of measuring")
        self.fields["measure"].choices = DutyMeasure.choices
        if self.instance._state.adding:
            self.instance.agreement = agreement
            partner = next((one for one in parties if one.partner_id), None)
            self.fields["party"].initial = partner
        else:
            self.fields["version"].initial = self.instance.version
            del self.fields["uid"]

    def obligation(self) -> Obligation:
        if "uid" in self.cleaned_data:
            self.instance.pk = self.cleaned_data["uid"]
        return self.instance


class ProgressForm(Refusable, WordedForm, forms.ModelForm):
    """How far one duty had come on a day: the whole so far."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    value = CountField(
        label=_("Reached so far"),
        what=_("the whole that was reached so far"),
        help_text=_("The whole since the beginning, not what was added since the last time."),
    )
    reached_on = DayField(label=_("As of"), initial=timezone.localdate)

    class Meta:
        model = ObligationEntry
        fields = ("value", "reached_on", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"note": _("Where this number comes from, for example a report.")}

    def entry(self, obligation: Obligation) -> ObligationEntry:
        self.instance.pk = self.cleaned_data["uid"]
        self.instance.obligation = obligation
        return self.instance


class WithdrawForm(Refusable, WordedForm, forms.Form):
    """Why an entry counts no more."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=200,
        help_text=_("For example: counted twice. It stays in the audit trail."),
    )


def party_named(agreement: Agreement, name: str) -> Party | None:
    """The party whose organisation has this name or acronym, in any case."""
    wanted = name.strip().casefold()
    for one in agreement.parties.select_related("partner", "opd"):
        known = one.organisation
        if wanted in {known.name.casefold(), known.acronym.casefold()} - {""}:
            return one
    return None
