"""Forms of a body with its members, of a new decree, of an end, and of a training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, DayField, WordedForm
from core.identifiers import uuid7
from programs import files
from programs.forms.shared import Refusable
from villages.models import District, Opd, Regency

from ..institutions import is_member
from ..models import AgreementFile, Body, BodyKind, BodyMember, FileKind, Sex, Training

NEW_ROWS = 5
MOST_ROWS = 200


class BodyForm(Refusable, WordedForm, forms.ModelForm):
    """A body under the uid that the page made: sent twice, it is there once.

    Of one that is there kind, office and district stay: another one is another body.
    """

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decree_date = DayField(label=_("Date of the decree"), required=False)
    valid_from = DayField(label=_("In force from"), required=False)
    valid_until = DayField(
        label=_("In force until"),
        required=False,
        help_text=_("Leave it empty where the decree names no end."),
    )

    class Meta:
        model = Body
        fields = (
            *("kind", "opd", "district", "name", "decree_number", "decree_date"),
            *("valid_from", "valid_until", "note"),
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "opd": _("Only for the focal point of an office."),
            "district": _("Only for the contact of a district."),
            "name": _("Leave it empty to have it named after its kind and office."),
            "decree_number": _("For example 188.45/KEP-112/2026."),
        }

    def __init__(self, data=None, *, regency: Regency, instance: Body | None = None, **options):
        super().__init__(data, instance=instance, **options)
        self.instance.regency = regency
        self.fields["name"].required = False
        self.fields["kind"].choices = [("", _("Choose …")), *BodyKind.choices]
        self.fields["opd"].queryset = Opd.reference.filter(regency=regency).order_by("name")
        self.fields["opd"].label_from_instance = lambda one: one.name
        self.fields["opd"].empty_label = self.fields["district"].empty_label = _("None")
        districts = District.reference.filter(regency=regency, ended_on=None)
        self.fields["district"].queryset = districts.order_by("name")
        self.is_new = self.instance._state.adding
        if not self.is_new or self.instance.kind:
            for name in ("kind", "opd", "district"):
                del self.fields[name]
        if not self.is_new:
            del self.fields["uid"]
            self.initial["version"] = self.instance.version

    def clean(self):
        said = super().clean()
        kind = said.get("kind") or self.instance.kind
        if kind != BodyKind.FOCAL_POINT and "opd" in self.fields:
            said["opd"] = None
        if kind != BodyKind.DISTRICT and "district" in self.fields:
            said["district"] = None
        opd = said.get("opd") or self.instance.opd
        district = said.get("district") or self.instance.district
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            words = _("The last day lies before the first one. Check both days.")
            self.add_error("valid_until", forms.ValidationError(words, code="days_in_order"))
        said["name"] = said.get("name") or name_of(kind, self.instance.regency, opd, district)
        return said

    def body(self) -> Body:
        if self.is_new:
            self.instance.pk = self.cleaned_data["uid"]
        return self.instance


def name_of(kind: str, regency: Regency, opd: Opd | None, district: District | None) -> str:
    """ "Focal point Dinas Kesehatan", "Pokja PUG Kabupaten Paser"."""
    place = opd.name if opd else district.title if district else regency.name
    words = {
        BodyKind.WORKING_GROUP: "Pokja PUG",
        BodyKind.DRIVER: "Tim driver",
        BodyKind.TECHNICAL: "Tim teknis",
        BodyKind.FOCAL_POINT: "Focal point",
        BodyKind.DISTRICT: "Narahubung",
    }
    return f"{words.get(BodyKind(kind), '')} {place}"[:200] if kind else ""


# -- Members -----------------------------------------------------------------------


class MemberForm(WordedForm, forms.ModelForm):
    """One row: a member who is there, or (`member` None) one that counts once it is filled in."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    opd = forms.ChoiceField(label=_("Office"), required=False)
    left_on = DayField(label=_("Left on"), required=False, help_text=_("The last day."))
    out = forms.BooleanField(label=_("Take this row out"), required=False)

    class Meta:
        model = BodyMember
        fields = ("name", "sex", "position", "title", "left_on")
        labels = {"position": _("Position")}

    def __init__(self, *args, offices: dict[str, Opd], member: BodyMember | None = None, **options):
        super().__init__(*args, instance=member, **options)
        self.member, self.offices = member, offices
        self.fields["sex"].choices = [("", _("Choose …")), *Sex.choices]
        self.fields["opd"].choices = [("", "–")] + [
            (key, one.acronym or one.name) for key, one in offices.items()
        ]
        if member is None:
            del self.fields["left_on"]
        else:
            self.initial |= {"uid": member.pk, "opd": str(member.opd_id or "")}

    def has_changed(self) -> bool:
        if self.member is not None:
            return super().has_changed()
        names = ("name", "title", "sex", "opd")
        filled = any(self.data.get(self.add_prefix(name), "").strip() for name in names)
        return filled and not self.data.get(self.add_prefix("out"))

    def person(self) -> BodyMember:
        said = self.cleaned_data
        self.instance.opd = self.offices.get(said["opd"])
        if self.member is None:
            self.instance.pk = said.get("uid") or uuid7()
        return self.instance


class BaseMembers(forms.BaseFormSet):
    """Those who are there, and empty rows. Members are known by their uid, never by their place.

    `copied`: they belong to the body before this one, and come along as new rows.
    """

    def __init__(self, data, *, members: Sequence[BodyMember], regency: Regency, copied=False):
        self.members = {} if copied else {str(one.pk): one for one in members}
        self.copies = [_said(one) for one in members] if copied else []
        rows = Opd.reference.filter(regency=regency).order_by("name")
        self.offices = {str(one.pk): one for one in rows}
        super().__init__(data, prefix="member")

    def get_form_kwargs(self, index):
        known = list(self.members.values())
        place = MOST_ROWS if index is None else index
        member = known[place] if place < len(known) else None
        if self.is_bound:
            member = self.members.get(self.data.get(f"member-{index}-uid", ""))
        initial = {"uid": uuid7()}
        if place < len(self.copies):
            initial |= self.copies[place]
        return {"offices": self.offices, "member": member, "initial": {} if member else initial}

    def initial_form_count(self):
        return super().initial_form_count() if self.is_bound else len(self.members)

    def total_form_count(self):
        if self.is_bound:
            return super().total_form_count()
        return len(self.members) + len(self.copies) + NEW_ROWS

    def people(self) -> list[BodyMember]:
        """Whoever was written in or changed."""
        rows = [one for one in self.forms if one.has_changed()]
        return [one.person() for one in rows if not one.cleaned_data.get("out")]

    def gone(self) -> list[BodyMember]:
        return [one.member for one in self.forms if one.member and one.cleaned_data.get("out")]


Members = forms.formset_factory(
    MemberForm,
    formset=BaseMembers,
    extra=NEW_ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS + NEW_ROWS,
)


def _said(member: BodyMember) -> dict[str, Any]:
    plain = {name: getattr(member, name) for name in ("name", "sex", "position", "title")}
    return {**plain, "opd": str(member.opd_id or "")}


def more_rows(data):
    """What was typed, with five more empty rows."""
    copy = data.copy()
    count = copy.get("member-TOTAL_FORMS", "")
    now = int(count) if count.isdecimal() and len(count) < 4 else NEW_ROWS
    copy["member-TOTAL_FORMS"] = str(min(now + NEW_ROWS, MOST_ROWS))
    return copy


# -- Decrees and ends ----------------------------------------------------------------


class DecreeForm(Refusable, WordedForm, forms.ModelForm):
    """The decree as PDF."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    file = forms.FileField(
        label=_("File of the decree"),
        help_text=_("PDF, at most 10 MB."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    class Meta:
        model = AgreementFile
        fields = ("title",)
        help_texts = {"title": _("For example SK Pokja PUG 2026.")}

    def __init__(self, *args, body: Body, **options):
        super().__init__(*args, **options)
        self.instance.body, self.instance.kind = body, FileKind.DECREE
        self.fields["file"].error_messages["required"] = _("Choose a file.")
        self.initial["title"] = f"SK {body.name}"[:200]

    def row(self) -> AgreementFile:
        self.instance.pk = self.cleaned_data["uid"]
        return self.instance

    def content(self) -> bytes:
        return self.cleaned_data["file"].read(files.MOST_BYTES + 1)

    def too_large(self) -> DecreeForm:
        """The form again, after a body that nobody read."""
        self.full_clean()
        self.errors.clear()
        self.refuse(files.too_large())
        return self


class EndForm(Refusable, WordedForm, forms.Form):
    """The last day of a body, or that it was entered by mistake."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    last_day = DayField(label=_("Last day"), required=False, what=_("the last day"))
    mistake = forms.BooleanField(label=_("This body was entered by mistake"), required=False)

    def clean(self):
        said = super().clean()
        if not said.get("mistake") and not said.get("last_day") and "last_day" not in self.errors:
            words = _("Fill in the last day, or say that it was entered by mistake.")
            self.add_error("last_day", forms.ValidationError(words, code="required"))
        return said

    def day(self) -> date | None:
        return None if self.cleaned_data["mistake"] else self.cleaned_data["last_day"]


# -- Trainings -----------------------------------------------------------------------


class TrainingForm(Refusable, WordedForm, forms.ModelForm):
    """A training under the uid that the page made, with ticks for the members who came."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    held_on = DayField(label=_("Date"), what=_("the date"))
    women = CountField(label=_("Women"), what=_("the number of women who came"))
    men = CountField(label=_("Men"), what=_("the number of men who came"))
    members = forms.MultipleChoiceField(
        label=_("Members of bodies who came"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are part of the numbers above."),
    )

    class Meta:
        model = Training
        fields = ("title", "held_on", "organiser", "women", "men", "source")
        labels = {"title": _("Title of the training")}
        help_texts = {"source": _("For example the attendance list, with its number.")}

    def __init__(self, data=None, *, regency: Regency, today: date, instance=None, **options):
        super().__init__(data, instance=instance, **options)
        self.instance.regency = regency
        self.is_new = self.instance._state.adding
        ticked = set() if self.is_new else set(self.instance.members.values_list("pk", flat=True))
        self.people = {str(one.pk): one for one in _people(regency, today, ticked)}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, one in self.people.items():
            groups.setdefault(one.body.name, []).append((key, f"{one.name} ({one.title or '–'})"))
        self.fields["members"].choices = list(groups.items())
        if not groups:
            del self.fields["members"]
        self.initial["members"] = [str(key) for key in ticked]
        if not self.is_new:
            del self.fields["uid"]
            self.initial["version"] = self.instance.version

    def training(self) -> Training:
        if self.is_new:
            self.instance.pk = self.cleaned_data["uid"]
        return self.instance

    def came(self) -> list[BodyMember]:
        return [self.people[key] for key in self.cleaned_data.get("members", ())]


def _people(regency: Regency, today: date, ticked: set[UUID]) -> list[BodyMember]:
    """Members of bodies in force, and whoever is named already."""
    rows = BodyMember.objects.filter(body__regency=regency, body__ended_at=None)
    rows = rows.select_related("body").order_by("body__kind", "body__name", "name")
    live = set(Body.objects.filter(regency=regency).live_on(today).values_list("pk", flat=True))
    return [
        one for one in rows if one.pk in ticked or (one.body_id in live and is_member(one, today))
    ]
