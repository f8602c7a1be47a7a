"""People of partners: what the list may be narrowed by, and one contract."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonForm
from accounts.models import Grant, User
from core.forms import DayField, WordedForm
from core.identifiers import uuid7
from programs.filters.shared import MOST_LETTERS, ListFilter, districts_of
from programs.forms.shared import Refusable

from ..facilitators import in_state
from ..models import MemberKind, Membership, Partner
from ..rights import KEEP
from ..services.newcomers import Newcomer

STATES = (
    ("left_over", _("Contract ended, still assigned")),
    ("ending", _("Contract ends within 60 days")),
    ("no_contract", _("Assigned without a contract")),
    ("free", _("Under contract, no village yet")),
    ("idle", _("Assigned, no record for 3 months")),
    ("never", _("Never logged in")),
)


def partners_of(request):
    return Partner.objects.permitting(request.user, KEEP)


class PeopleFilter(ListFilter):
    """People by words, position, partner, district and what asks for attention."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    kind = filters.ChoiceFilter(
        label=_("Position"),
        choices=MemberKind.choices,
        method="filter_kind",
        empty_label=_("All"),
    )
    partner = filters.ModelChoiceFilter(
        label=_("Partner"),
        queryset=partners_of,
        method="filter_partner",
        empty_label=_("All"),
    )
    district = filters.ModelChoiceFilter(
        label=_("District"),
        to_field_name="code",
        queryset=districts_of,
        method="filter_district",
        empty_label=_("All"),
    )
    state = filters.ChoiceFilter(
        label=_("What to look at"), choices=STATES, method="filter_state", empty_label=_("All")
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def filter_search(self, rows, _name, text):
        hers = Membership.objects.visible_to(self.request.user)
        contracts = hers.filter(contract__icontains=text)
        return rows.filter(
            Q(name__icontains=text)
            | Q(username__icontains=text)
            | Q(pk__in=contracts.values("person"))
        )

    def filter_kind(self, rows, _name, kind):
        return self._working(rows, kind=kind)

    def filter_partner(self, rows, _name, partner):
        return self._working(rows, partner=partner)

    def filter_district(self, rows, _name, district):
        here = Q(district=district) | Q(village__district=district)
        held = Grant.objects.live_on(timezone.localdate()).filter(here, role="facilitator")
        return rows.filter(pk__in=held.values("user"))

    def filter_state(self, rows, _name, word):
        return in_state(rows, word, timezone.localdate(), self.request.user)

    def _working(self, rows, **facts):
        hers = Membership.objects.visible_to(self.request.user).filter(withdrawn_at=None, **facts)
        return rows.filter(pk__in=hers.values("person"))


class PartnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Partner) -> str:
        return f"{obj.name} ({obj.acronym})" if obj.acronym else obj.name


class ContractForm(Refusable, WordedForm, forms.ModelForm):
    """One contract of one person, under the uid that the page made."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    partner = PartnerChoice(label=_("Partner"), queryset=Partner.objects.none(), empty_label=None)
    valid_from = DayField(label=_("From"))
    valid_until = DayField(
        label=_("Until"),
        required=False,
        help_text=_("Contracts of facilitators mostly run from 2 January to 31 December."),
    )
    field_order = ("uid", "version", "partner", "kind", "contract", "valid_from", "valid_until")

    class Meta:
        model = Membership
        fields = ("partner", "kind", "contract", "valid_from", "valid_until")

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        partners = Partner.objects.permitting(user, KEEP)
        known = self.instance.partner_id if self.instance.version and self.is_change else None
        self.fields["partner"].queryset = partners.filter(Q(ended_on=None) | Q(pk=known))
        self.fields["kind"].choices = [("", _("Choose …")), *MemberKind.choices]
        self.fields["partner"].empty_label = _("Choose …")
        if self.is_change:
            self.fields["partner"].disabled = True
            self.fields["version"].initial = self.instance.version

    @property
    def is_change(self) -> bool:
        return not self.instance._state.adding

    def clean(self):
        said = super().clean()
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            words = _("The contract ends before it begins. Check both days.")
            self.add_error("valid_until", forms.ValidationError(words, code="days_in_order"))
        return said

    def membership(self, person: User | None = None) -> Membership:
        if person is not None:
            self.instance.pk, self.instance.person = self.cleaned_data["uid"], person
        return self.instance


class NewPersonForm(PersonForm):
    """A person of a partner who has no account yet."""

    prefix = "person"

    def newcomer(self) -> Newcomer:
        return Newcomer(self.cleaned_data["name"], self.cleaned_data["phone"])
