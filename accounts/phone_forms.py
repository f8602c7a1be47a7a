"""Shapes of getting onto a phone: the own password behind a link, and a village's new head."""

from __future__ import annotations

from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm

from . import services
from .forms import PersonForm, show_on_request, username_field


class LinkPasswordForm(WordedForm, auth_forms.SetPasswordForm):
    """A person whom a link let in writes the password she will use from now on."""

    error_messages = {"password_mismatch": _("Write the same new password twice.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = _("New password"), _("New password, once more")
        first.help_text = _(
            "At least 8 characters. Three or four words together are easy to remember."
        )
        second.help_text = ""
        first.widget.attrs.pop("autofocus", None)
        show_on_request(self)

    def validate_password_for_user(self, user, *_box) -> None:
        """A password that is too weak is said beside the box it was first written in."""
        super().validate_password_for_user(user, "new_password1")


class NewHeadForm(PersonForm):
    """The person who is head of the village from today."""

    username = username_field()
    field_order = ["name", "username", "phone"]

    def newcomer(self) -> services.Newcomer:
        """What a valid form says."""
        told = self.cleaned_data
        return services.Newcomer(told["username"], told["name"], told["phone"])
