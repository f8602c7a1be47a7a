"""Where facilitators work: villages given, ended and handed over."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonForm
from accounts.models import Grant, User
from core.forms import DayField, WordedForm
from programs.forms.shared import Refusable
from villages.models import District

from ..facilitators import area_words
from ..load import Load, facilitated
from ..services.newcomers import Newcomer

WHOLE = "whole"


class DaysForm(Refusable, WordedForm, forms.Form):
    """From a day until a day, as her contract says unless told otherwise."""

    valid_from = DayField(label=_("From"))
    valid_until = DayField(
        label=_("Until"), required=False, help_text=_("Empty: until it is ended.")
    )

    def __init__(self, *args, load: Load | None = None, **options):
        super().__init__(*args, **options)
        today = timezone.localdate()
        contract = load.contract if load and load.word != "ended" else None
        self.fields["valid_from"].initial = max(contract.valid_from, today) if contract else today
        self.fields["valid_until"].initial = contract.valid_until if contract else None

    def clean(self):
        said = super().clean()
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            words = _("The task ends before it begins. Check both days.")
            self.add_error("valid_until", forms.ValidationError(words, code="days_in_order"))
        return said

    @property
    def days(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("valid_from", "valid_until")}


class AssignForm(DaysForm):
    """Villages of one district for one person, with who is there now; or the whole district."""

    areas = forms.MultipleChoiceField(
        label=_("Villages"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    field_order = ("areas", "valid_from", "valid_until")

    def __init__(self, *args, villages, district: District, whole: bool, **options):
        super().__init__(*args, **options)
        rows = list(villages.filter(district=district))
        self.district, self.rows = district, {str(one.pk): one for one in rows}
        names = facilitated(rows, timezone.localdate())
        choices = [(key, _with_names(one, names)) for key, one in self.rows.items()]
        if whole:
            words = _("The whole district, as a PD does")
            choices.append((WHOLE, words))
        self.fields["areas"].choices = choices
        self.fields["areas"].error_messages["required"] = _("Tick at least one village.")

    def chosen(self) -> list:
        keys = self.cleaned_data["areas"]
        found = [self.rows[key] for key in keys if key != WHOLE]
        return [*found, self.district] if WHOLE in keys else found


def _with_names(village, names: dict) -> str:
    there = names.get(village.pk)
    words = _("now: %(names)s") if there else _("nobody yet")
    return f"{village.title} – {words % {'names': ', '.join(there or ())}}"


class PersonChoice(forms.ModelChoiceField):
    """Facilitators with how much they have already."""

    loads: dict

    def label_from_instance(self, obj: User) -> str:
        return person_words(obj, self.loads.get(obj.pk))


def person_words(person: User, load: Load | None) -> str:
    """Siti Aminah – PLD, 3 villages."""
    kind = load.contract.kind.upper() if load and load.contract else ""
    kind = "" if kind == "MEMBER" else kind
    count = _("%(count)s villages") % {"count": load.villages if load else 0}
    return f"{person.name} – {', '.join(filter(None, [kind, count]))}"


class WhoForm(DaysForm):
    """Somebody for one village, who works in its district first."""

    person = PersonChoice(label=_("Facilitator"), queryset=User.objects.none(), to_field_name="uid")
    field_order = ("person", "valid_from", "valid_until")

    def __init__(self, *args, people, loads, village, **options):
        super().__init__(*args, **options)
        box = self.fields["person"]
        box.queryset, box.loads = people, {one.person.pk: one for one in loads}
        box.choices = [("", _("Choose …")), *_nearest_first(loads, village.district_id)]
        self.fields["valid_until"].help_text = _(
            "Empty: as long as the contract; without one, until it is ended."
        )


def _nearest_first(loads: list[Load], district: int) -> list:
    """Choices in two groups: who works in the district, and the others."""
    groups: dict[bool, list] = {True: [], False: []}
    for one in loads:
        held = {(task.village or task).district_id for task in one.grants if not task.regency_id}
        groups[district in held].append((one.person.uid, person_words(one.person, one)))
    names = ((_("In this district"), groups[True]), (_("Others"), groups[False]))
    return [(name, rows) for name, rows in names if rows]


class EndForm(Refusable, WordedForm, forms.Form):
    """The last day of an assignment."""

    on = DayField(label=_("Last day"), help_text=_("Today or earlier: access ends at once."))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()


class HandOverForm(Refusable, PersonForm):
    """Villages of one person to another, or to somebody who is not in the portal yet."""

    EXISTING, NEW = "existing", "new"

    areas = forms.MultipleChoiceField(
        label=_("Handed over"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    on = DayField(
        label=_("Last day"),
        help_text=_("Today or earlier: access ends at once. The other one begins the day after."),
    )
    to = forms.ChoiceField(
        label=_("To whom?"),
        choices=((EXISTING, _("A facilitator who has an account")), (NEW, _("Somebody new"))),
        widget=forms.RadioSelect,
        initial=EXISTING,
    )
    to_person = PersonChoice(
        label=_("Facilitator"), queryset=User.objects.none(), required=False, to_field_name="uid"
    )
    valid_until = DayField(
        label=_("The other one works there until"),
        required=False,
        help_text=_("Empty: until it is ended."),
    )
    field_order = ("areas", "on", "to", "to_person", "name", "phone", "valid_until")
    renamed = {"username": "name", "person": "to_person", "valid_from": "on"}

    def __init__(self, *args, held: list[Grant], people, loads, load: Load, **options):
        super().__init__(*args, **options)
        self.held = {str(one.pk): one for one in held}
        self.fields["areas"].choices = [(key, area_words(one)) for key, one in self.held.items()]
        self.fields["areas"].initial = list(self.held)
        self.fields["areas"].error_messages["required"] = _("Tick at least one village.")
        self.fields["to_person"].loads = {one.person.pk: one for one in loads}
        self.fields["to_person"].queryset = people
        self.fields["to_person"].empty_label = _("Choose …")
        self.fields["name"].required = False
        for name in ("name", "to_person"):
            self.fields[name].needed = "chosen"  # by the answer above
        today, last = timezone.localdate(), load.contract and load.contract.valid_until
        self.fields["on"].initial = last if last and last > today else today

    def clean(self):
        said = super().clean()
        wanted = {self.EXISTING: "to_person", self.NEW: "name"}.get(said.get("to"))
        if wanted and not said.get(wanted) and wanted not in self.errors:
            words = {"to_person": _("Choose who takes over."), "name": _("Fill in the full name.")}
            self.add_error(wanted, forms.ValidationError(words[wanted], code="required"))
        first, last = said.get("on"), said.get("valid_until")
        if first and last and last <= first:
            words = _("The new task ends before it begins. Check both days.")
            self.add_error("valid_until", forms.ValidationError(words, code="days_in_order"))
        return said

    def to_whom(self) -> User | Newcomer:
        said = self.cleaned_data
        if said["to"] == self.NEW:
            return Newcomer(said["name"], said["phone"])
        return said["to_person"]

    def areas_meant(self) -> list:
        return [self.held[key].area for key in self.cleaned_data["areas"]]
