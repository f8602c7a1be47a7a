"""The list of facilitators as a sheet: account, contract and villages of each row.

The same sheet twice changes nothing: a person is known by her username or phone number, a
contract by its partner and first day, a village by what she has in these days.
"""

from __future__ import annotations

import re
from functools import reduce

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from accounts.drafts import GrantDraft, overlapping
from accounts.forms import PHONE
from accounts.models import User
from accounts.reach import MANAGE
from core.errors import Problem, Refused
from core.forms import DayField, WordedForm
from programs.intake import Intake, WordField
from villages.models import District, Village

from .intake_villages import VillageCell
from .models import MemberKind, Membership, Partner
from .rights import KEEP
from .services.assignments import assign
from .services.memberships import add_membership, change_membership
from .services.newcomers import Newcomer, add_newcomer

#: Of a phone number.
LEAST_FIGURES = 6


class PhoneField(forms.CharField):
    """A phone number of six figures or more, also as our own files write one that begins with +."""

    def to_python(self, value):
        return super().to_python(value).removeprefix("'").strip()

    def validate(self, value):
        """Fewer figures tell nobody apart, and none are the number of everybody without one."""
        super().validate(value)
        if len(figures(value)) < LEAST_FIGURES:
            words = _("Write the phone number with six figures or more.")
            raise ValidationError(words, code="too_short")


class FacilitatorRow(WordedForm, forms.Form):
    """One row: one person, one contract, her villages in its days."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    phone = PhoneField(
        label=_("Phone number"),
        max_length=20,
        validators=[PHONE],
        help_text=_("It tells people of the same name apart, and one sheet from the next."),
    )
    username = forms.CharField(
        label=_("Username"),
        max_length=40,
        required=False,
        help_text=_("Only of who has an account; the portal makes the others."),
    )
    kind = WordField(label=_("Position"), choices=MemberKind.choices)
    partner = forms.CharField(
        label=_("Partner"), max_length=200, help_text=_("Its name or acronym, as on the list.")
    )
    contract = forms.CharField(label=_("Number of the contract"), max_length=80, required=False)
    valid_from = DayField(label=_("From"))
    valid_until = DayField(label=_("Until"), required=False)
    villages = forms.CharField(
        label=_("Villages"),
        required=False,
        max_length=2_000,
        help_text=_(
            "Codes, or names with the district: Janju (Tanah Grogot); 64.01.05.2003. "
            "A whole district for a PD: Kecamatan Kuaro."
        ),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_partner(self) -> Partner:
        text = self.cleaned_data["partner"].strip()
        rows = Partner.objects.permitting(self.user, KEEP).filter(ended_on=None)
        rows = rows.select_related("regency")
        found = list(rows.filter(Q(name__iexact=text) | Q(acronym__iexact=text))[:2])
        if len(found) == 1:
            return found[0]
        words = _("There is no partner “%(name)s”. Write it as on the list of partners.")
        if found:
            words = _("Several partners are called “%(name)s”. Write the whole name.")
        raise ValidationError(words % {"name": text}, code="unknown_value")

    def clean_villages(self) -> list[Village | District]:
        texts = [one.strip() for one in re.split(r"[;\n]", self.cleaned_data["villages"])]
        return VillageCell(self.user, list(filter(None, texts))).found()

    def clean(self):
        said = super().clean()
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            words = _("The contract ends before it begins. Check both days.")
            self.add_error("valid_until", ValidationError(words, code="days_in_order"))
        if said.get("villages") and said.get("kind") == MemberKind.MEMBER:
            words = _("Only facilitators (TAPM, PD, PLD) are given villages.")
            self.add_error("villages", ValidationError(words, code="unknown_value"))
        if said.get("phone"):
            self._find_person(said)
        return said

    def _find_person(self, said: dict) -> None:
        try:
            said["person"] = _person(self.user, said)
        except Refused as refusal:
            for one in refusal.problems:
                self.add_error(one.field, ValidationError(one.detail, code=one.code))


def figures(phone: str) -> str:
    """The same number, however it is written: 0812…, 62812… and +62 812-… are one."""
    plain = re.sub(r"\D", "", phone)
    return f"0{plain[2:]}" if plain.startswith("62") else plain


def _person(user, said: dict) -> User | None:
    """The account that the row means; None: there is none yet. Refused where it is not clear."""
    people = User.objects.visible_to(user)
    if username := said.get("username", "").strip().lower():
        found = people.filter(username__iexact=username).first()
        if found is None:
            words = _("There is no account “%(name)s”. Leave it empty for somebody new.")
            raise Refused(Problem("username", "unknown_value", words % {"name": username}))
        return found
    phone = figures(said["phone"])
    plain = reduce(lambda text, sign: Replace(text, Value(sign)), " -.()", F("phone"))
    near = people.annotate(plain=plain).filter(plain__endswith=phone[-LEAST_FIGURES:])
    alike = [one for one in near.order_by("pk") if figures(one.phone) == phone]
    named = [one for one in alike if one.name.casefold() == said.get("name", "").casefold()]
    if len(named) == 1:
        return named[0]
    if alike:
        words = _("This number is that of %(name)s. Write that name, or another number.")
        raise Refused(Problem("phone", "already_there", words % {"name": alike[0].name}))
    return None


def save(form: FacilitatorRow, actor) -> None:
    """The row is on file: what of it was there already stays as it is."""
    said = form.cleaned_data
    person = said.get("person")
    if person is None:
        newcomer = Newcomer(said["name"], said["phone"])
        person = add_newcomer(newcomer, actor=actor, home=said["partner"].regency)
    _contract(person, said, actor)
    problems: list[Problem] = []
    for area in said["villages"]:
        try:
            _assigned(person, area, said, actor)
        except Refused as refusal:
            problems += [Problem("villages", one.code, one.detail) for one in refusal.problems]
    if problems:
        raise Refused(*problems)


def _contract(person: User, said: dict, actor) -> None:
    facts = {name: said[name] for name in ("kind", "contract", "valid_until")}
    held = Membership.objects.filter(
        person=person, partner=said["partner"], valid_from=said["valid_from"], withdrawn_at=None
    )
    known = held.select_related("partner__regency").first()
    if known is None:
        membership = Membership(
            person=person, partner=said["partner"], valid_from=said["valid_from"], **facts
        )
        add_membership(membership, actor=actor)
    elif any(getattr(known, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(known, name, value)
        change_membership(known, actor=actor, version=known.version)


def _assigned(person: User, area: Village | District, said: dict, actor) -> None:
    """She has the area in these days; what reaches over all of them already is enough."""
    first, last = said["valid_from"], said["valid_until"]
    draft = GrantDraft("facilitator", area, first, last)
    for held in overlapping(person, draft):
        longer = held.valid_until is None or (last is not None and held.valid_until >= last)
        if held.valid_from <= first and longer:
            return
    assign(person, area, actor=actor, valid_from=first, valid_until=last)


def may(user) -> bool:
    return {KEEP, MANAGE} <= set(user.capabilities)


FACILITATORS = Intake(
    key="facilitators",
    title=_("Facilitators"),
    form=FacilitatorRow,
    save=save,
    may=may,
    back="mou:facilitator-list",
    example={
        "name": "Siti Aminah (contoh)",
        "phone": "0812 3456 7890",
        "kind": "PLD",
        "partner": "TPP",
        "contract": "123/PLD/2026",
        "valid_from": "2-1-2026",
        "valid_until": "31-12-2026",
        "villages": "Janju (Tanah Grogot); Tepian Batang (Tanah Grogot); 64.01.05.2003",
    },
    about=(
        _("One row for each person and contract. The same sheet twice changes nothing."),
        _(
            "Afterwards choose “Never logged in” on the list of facilitators, and make the link "
            "for logging in of each newcomer."
        ),
    ),
)
