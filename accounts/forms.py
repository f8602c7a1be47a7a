"""Shapes of the pages about people: sign in, own password, codes, persons and grants."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.forms import DayField, WordedForm
from villages.models import District, Opd, Regency, Village

from . import devices, lockout, services
from .capabilities import Role
from .models import User
from .reach import LEVELS, MANAGE


def show_on_request(form: forms.Form) -> None:
    """Each password box gets a button that shows what stands in it, where scripts run."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.PasswordInput):
            field.widget.attrs |= {"data-show": _("Show it"), "data-hide": _("Hide it")}


class LoginForm(WordedForm, auth_forms.AuthenticationForm):
    """Sign in. One answer for a wrong name, a wrong password and a closed account."""

    error_messages = {
        "invalid_login": _("The username and password do not belong together. Check both."),
        "inactive": _("The username and password do not belong together. Check both."),
        "start_password_over": _(
            "Your start password was good for three days. Ask the office for a new one."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Username")
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password"].label = _("Password")
        show_on_request(self)

    def clean_username(self) -> str:
        """Phones begin a line with a capital letter; usernames have none."""
        return self.cleaned_data["username"].strip().lower()

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if user.start_password_is_over(timezone.now()):
            services.note_failure(user.username, locked=False)
            raise ValidationError(
                self.error_messages["start_password_over"], code="start_password_over"
            )


class OwnPasswordForm(WordedForm, auth_forms.PasswordChangeForm):
    """A person replaces her password, proving the old one."""

    error_messages = {
        "password_mismatch": _("Write the same new password twice."),
        "password_incorrect": _("Write your present password; this is another one."),
    }
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["old_password"].label = _("Present password")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 8 characters. Three or four words together are easy to remember."
        )
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password2"].help_text = ""
        show_on_request(self)
        if keys := services.live_keys(self.user).count():
            words = _("End my API keys too (%(keys)s); tools that use them stop")
            self.fields["end_keys"] = forms.BooleanField(
                label=words % {"keys": keys}, required=False
            )

    def validate_password_for_user(self, user, *_box) -> None:
        """A password that is too weak is said beside the box it was first written in."""
        super().validate_password_for_user(user, "new_password1")

    def clean_old_password(self) -> str:
        """Guessing here waits as it does at the door: the same count, the same delays."""
        given = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=given) is None:
            words = self.error_messages["password_incorrect"]
            raise ValidationError(words, code="password_incorrect")
        return given

    def save(self, commit: bool = True) -> User:
        lockout.forget(self.user.username)
        password, here = self.cleaned_data["new_password1"], devices.current(self.request)
        end_keys = self.cleaned_data.get("end_keys", False)
        return services.change_password(self.user, password, keep=here, end_keys=end_keys)


class CodeForm(WordedForm, forms.Form):
    """The code from the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "class": "day"}
        ),
    )


class RefusableForm(WordedForm, forms.Form):
    """A form that can show what a service refused, beside the field it concerns."""

    def refuse(self, refusal: Refused) -> None:
        for problem in refusal.problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, ValidationError(problem.detail, code=problem.code))


PHONE = RegexValidator(
    r"^\+?[0-9 .()-]{6,20}$", _("Write a phone number, for example 0812 345 678.")
)


class PersonForm(RefusableForm):
    """Name and phone number of a person."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=20,
        required=False,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


class GrantForm(RefusableForm):
    """A role over one area, from a day until a day. `actor` decides which areas are offered."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", "")])
    area = forms.ChoiceField(
        label=_("Area or office"),
        help_text=_(
            "A village head has one village; a focal point or head of an OPD has that OPD."
        ),
    )
    valid_from = DayField(label=_("First day"))
    valid_until = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: until it is ended.")
    )

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.areas = AreaChoice(actor)
        self.fields["role"].choices = [("", _("Choose a role")), *Role.choices]
        self.fields["area"].choices = self.areas.groups()
        self.fields["valid_from"].initial = timezone.localdate()

    def draft(self) -> services.GrantDraft:
        """What a valid form asks for."""
        told = self.cleaned_data
        return services.GrantDraft(
            role=told["role"],
            area=self.areas.read(told["area"]),
            valid_from=told["valid_from"],
            valid_until=told["valid_until"],
        )


def username_field() -> forms.CharField:
    """The name a new person will sign in with."""
    return forms.CharField(
        label=_("Username"),
        max_length=40,
        help_text=_("Small letters and numbers, for example kades.janju."),
        validators=[
            RegexValidator(
                r"^[a-z0-9._-]{3,40}$", _("Use 3 or more small letters, numbers and dots.")
            )
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class NewPersonForm(GrantForm, PersonForm):
    """A person with her first grant."""

    username = username_field()
    field_order = ["name", "username", "phone", "role", "area", "valid_from", "valid_until"]


class EndGrantForm(RefusableForm):
    """The last day of a grant."""

    on = DayField(label=_("Last day"), help_text=_("Today: access ends at once."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class PeopleFilterForm(forms.Form):
    """What the list of people can be narrowed by."""

    search = forms.CharField(label=_("Name or username"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("District"),
        required=False,
        to_field_name="code",
        empty_label=_("All districts"),
    )

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["role"].choices = [("", _("All roles")), *Role.choices]
        self.fields["district"].queryset = here(actor.districts_with(MANAGE), "regency__code")


def here(areas, path: str):
    """One portal serves one regency: pickers offer the areas of that one (PUG_REGENCY)."""
    return areas.filter(**{path: settings.PUG_REGENCY})


class AreaChoice:
    """The areas an officer may grant, as groups of a select; a choice is "village:17"."""

    def __init__(self, actor: User):
        self.actor = actor
        self.rows = {
            "regency": here(actor.regencies_with(MANAGE), "code"),
            "district": here(actor.districts_with(MANAGE), "regency__code").filter(ended_on=None),
            "opd": here(actor.opds_with(MANAGE), "regency__code").filter(valid_until=None),
            "village": here(actor.villages_with(MANAGE), "district__regency__code").live(),
        }

    def groups(self) -> list:
        """Regency, districts, offices, then the villages under their district's name."""
        wide = [self._option(row) for row in self.rows["regency"]]
        if self.actor.covers_everything_with(MANAGE):
            wide.append(("everything:", _("Everything")))
        groups = [
            (_("Regency"), wide),
            (_("Districts"), self._named("district", _("District %(name)s"))),
            (_("OPD"), self._named("opd", _("OPD: %(name)s"))),
            *self._villages(),
        ]
        return [("", _("Choose an area"))] + [group for group in groups if group[1]]

    def _named(self, level: str, words) -> list[tuple[str, str]]:
        """A district and its office and its village share a name: the kind is part of it."""
        rows = self.rows[level].order_by("name")
        return [(f"{level}:{row.pk}", words % {"name": row.name}) for row in rows]

    def _villages(self) -> list:
        groups: dict[str, list] = {}
        for village in self.rows["village"].select_related("district").order_by("name"):
            label = _("Villages of %(district)s") % {"district": village.district.name}
            words = {"village": village.title, "district": village.district.name}
            name = _("%(village)s, District %(district)s") % words
            groups.setdefault(label, []).append((f"village:{village.pk}", name))
        return sorted(groups.items())

    @staticmethod
    def _option(row) -> tuple[str, str]:
        return f"{LEVELS[type(row)]}:{row.pk}", row.name

    def read(self, choice: str) -> Village | District | Regency | Opd | None:
        """The area of a choice that the field has already checked against `groups`."""
        level, _colon, pk = choice.partition(":")
        return None if level == "everything" else self.rows[level].get(pk=pk)
