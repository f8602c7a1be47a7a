"""A partner, and the day on which it ends being one."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DayField

from ..models import Partner, PartnerKind
from .judged import NewForm, RegencyField, VersionForm


class PartnerForm(NewForm):
    """One partner, new or changed; of one that is there the regency stays."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    regency = RegencyField()

    class Meta:
        model = Partner
        fields = (
            *("regency", "name", "acronym", "kind"),
            *("contact_name", "contact_phone", "address", "note"),
        )
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "name": _("As it stands in letters, for example Persatuan Perangkat Desa Indonesia."),
            "acronym": _("As people call it, for example PPDI."),
            "contact_name": _("Whom the office calls."),
        }

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("Choose …")), *PartnerKind.choices]
        if self.instance._state.adding:
            self.fields["regency"].offer(user)
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version
            for name in ("regency", "uid"):
                del self.fields[name]


class EndPartnerForm(VersionForm):
    on = DayField(
        label=_("No longer a partner since"),
        what=_("the day from which it is no partner"),
        initial=timezone.localdate,
    )
