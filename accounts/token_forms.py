"""Forms of the pages about keys: make one; prove again who is sitting here."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from core.identifiers import uuid7

from . import fresh, lockout, second_factor
from .forms import CodeForm, RefusableForm, show_on_request
from .models import ApiToken
from .services import NewToken, create_token

LENGTHS = (
    (30, _("30 days")),
    (90, _("90 days")),
    (180, _("180 days (half a year)")),
    (365, _("365 days (a year)")),
)


class TokenForm(RefusableForm):
    """A key for one tool. `uid` is made with the form: sending it twice makes one key."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    name = forms.CharField(
        label=_("Name of the key"),
        max_length=80,
        help_text=_("Which tool will use it, for example: Script of Tanah Grogot."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the key may do"),
        choices=ApiToken.Scope.choices,
        help_text=_("Only what the tool needs. A key never has more rights than you have."),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("How long the key works"),
        choices=LENGTHS,
        coerce=int,
        initial=180,
        widget=forms.RadioSelect,
    )

    def make(self, person) -> NewToken:
        """The key that a valid form asks for. Raises Refused."""
        told = self.cleaned_data
        return create_token(
            person,
            name=told["name"],
            scopes=told["scopes"],
            days=told["days"],
            uid=told["uid"],
            actor=person,
        )


class ProofForm(WordedForm, forms.Form):
    """Her password, and the code of her app where her role asks for one.

    Guessing here waits as it does at the door: the same count, the same delays.
    """

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.device = None
        if fresh.asks_code(request.user):
            self.fields["code"] = CodeForm().fields["code"]
        show_on_request(self)

    def clean(self) -> dict:
        """The code is looked at only after the right password, so that guesses use none up."""
        told = super().clean() or self.cleaned_data
        person = self.request.user
        if self.errors:
            return told
        if authenticate(self.request, username=person.username, password=told["password"]) is None:
            self.add_error("password", _("Write your present password; this is another one."))
        elif "code" in self.fields:
            self._prove_code(told["code"])
        if not self.errors:
            lockout.forget(person.username)
        return told

    def _prove_code(self, code: str) -> None:
        person = self.request.user
        closed = second_factor.closed_until(person, code)
        self.device = None if closed else second_factor.verify(person, code)
        if self.device is None:
            self.add_error("code", ValidationError(second_factor.why_not(closed), code="code"))
