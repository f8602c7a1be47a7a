"""What the forms of this app share."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from core.identifiers import uuid7
from programs.forms.shared import Refusable
from villages.models import Regency

from ..rights import KEEP


class JudgedForm(Refusable, WordedForm, forms.ModelForm):
    """A form that only reads: what does not belong together is said by the service."""

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.get_fields()}


class NewForm(JudgedForm):
    """Of something new, under the uid that the page made: sending twice makes one."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)

    def made(self):
        """The unsaved instance, under the uid of its page."""
        self.instance.pk = self.cleaned_data["uid"]
        return self.instance


class VersionForm(Refusable, WordedForm, forms.Form):
    """A decision on what somebody saw, at the version that she saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RegencyField(forms.ModelChoiceField):
    """Whose government it is; hidden where there is only one to choose."""

    def __init__(self, **options):
        super().__init__(
            queryset=Regency.objects.none(),
            label=_("Regency"),
            empty_label=_("Choose …"),
            to_field_name="code",
            **options,
        )

    def offer(self, user, capability: str = KEEP) -> None:
        self.queryset = user.regencies_with(capability).order_by("code")
        first_two = list(self.queryset[:2])
        if len(first_two) == 1:
            self.widget, self.initial = forms.HiddenInput(), first_two[0].code
