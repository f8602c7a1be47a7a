"""The form of one budget line, with the part of it that answers a gender gap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from core.identifiers import uuid7
from programs.forms.shared import Refusable, YearField
from villages.models import District, Opd, Village

from ..content import unpacked
from ..line_rules import FREE
from ..models import OPEN_STATES, BudgetLine, BudgetStatement

#: Kinds of owner in an address and a form: "opd:7".
OWNERS = {"opd": Opd, "district": District, "village": Village}


def owner_choices(user) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Whose lines `user` may enter: (kind, choices), "opd:7" … as values."""
    today = timezone.localdate()
    opds = Opd.objects.permitting(user, "manage_plans").exclude(valid_until__lt=today)
    districts = user.districts_with("manage_plans").filter(ended_on=None).order_by("name")
    groups = [
        (_("Offices"), [(f"opd:{one.pk}", one.name) for one in opds]),
        (_("Districts"), [(f"district:{one.pk}", one.name) for one in districts]),
        (_("Villages"), [(f"village:{one.pk}", _placed(one)) for one in villages_to_plan(user)]),
    ]
    return [(kind, choices) for kind, choices in groups if choices]


def villages_to_plan(user):
    """Villages with an APBDes whose lines `user` may enter."""
    hers = user.villages_with("manage_plans") | user.villages_with("plan_village")
    hers = hers.live().exclude(kind=Village.Kind.KELURAHAN).select_related("district")
    return hers.distinct().order_by("district__name", "name")


def _placed(village: Village) -> str:
    return f"{village.title}, {village.district.name}"


def with_first(groups: list, words) -> list:
    """The choices of owners; where there is only one, it is chosen already."""
    flat = [choice for _kind, choices in groups for choice in choices]
    return flat if len(flat) == 1 else [("", words), *groups]


def _kinds(groups: list) -> set[str]:
    return {key.partition(":")[0] for _kind, choices in groups for key, _name in choices}


def owner_named(text: str) -> Opd | District | Village | None:
    """The owner that "opd:7" names; whether she may act for it, the service says."""
    kind, _colon, key = text.partition(":")
    if kind not in OWNERS or not key.isascii() or not key.isdecimal() or len(key) > 12:
        return None
    return OWNERS[kind].objects.filter(pk=int(key)).first()


def owner_key(line: BudgetLine) -> str:
    owner = line.owner
    return f"{owner._meta.model_name}:{owner.pk}" if owner else ""


class LineForm(Refusable, WordedForm, forms.ModelForm):
    """A line of an office's RKA/DPA or of a village's APBDes.

    `uid` is made when the page is asked for: pressed twice, one line is made. Of a line that is
    there, owner and year stay; while its statement is reviewed or approved, only what changed and
    what was spent is asked for.
    """

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    owner = forms.ChoiceField(label=_("Owner of the budget"))
    year = YearField(label=_("Budget year"), initial=lambda: timezone.localdate().year)
    plan = RupiahField(label=_("Plan (pagu)"), what=_("the plan (pagu)"))
    changed = RupiahField(label=_("After the change"), required=False)
    realised = RupiahField(label=_("Realised"), required=False)
    arg_plan = RupiahField(
        label=_("Gender budget in the plan"), required=False, what=_("the gender budget")
    )
    arg_changed = RupiahField(label=_("Gender budget after the change"), required=False)
    arg_realised = RupiahField(label=_("Gender budget realised"), required=False)
    action = forms.ChoiceField(label=_("Action of the analysis that it pays for"), required=False)

    class Meta:
        model = BudgetLine
        fields = (
            *("code", "account", "name", "fund_source", "village", "statement", "action"),
            *("category", "plan", "changed", "realised", "arg_plan", "arg_changed"),
            "arg_realised",
        )
        help_texts = {
            "code": _("As in the RKA/DPA, or of the APBDes, for example 4.4.01."),
            "account": _("For example 5.1.02."),
            "village": _("Only when all of this line is spent in one village."),
            "statement": _("Only lines under an approved statement count as gender budget."),
            "category": _("Leave this open when no part of the line answers a gender gap."),
        }

    def __init__(self, data=None, *, user, instance: BudgetLine, locked: bool = False, **options):
        super().__init__(data, instance=instance, **options)
        self.is_new = instance._state.adding
        self._words()
        if locked:
            for name in [one for one in self.fields if one not in (*FREE, "version")]:
                del self.fields[name]
        else:
            self._offer(user, instance)
        if not self.is_new:
            for name in ("owner", "year", "uid"):
                self.fields.pop(name, None)
            self.initial["version"] = instance.version

    def _words(self) -> None:
        for name, words in (
            ("fund_source", _("Not known yet")),
            ("category", _("Not gender budget")),
        ):
            self.fields[name].choices = [("", words), *self.fields[name].choices[1:]]
        self.initial["arg_plan"] = self.instance.arg_plan or None

    def _offer(self, user, line: BudgetLine) -> None:
        """Owners, statements, actions and villages that this person can choose."""
        groups = owner_choices(user)
        self.fields["owner"].choices = with_first(groups, _("Choose the owner of the budget"))
        self.initial.setdefault("owner", owner_key(line))
        self._offer_statements(user, line)
        if isinstance(line.owner, Village) or not {"opd", "district"} & _kinds(groups):
            del self.fields["village"]  # a village spends at home
        else:
            self._offer_villages(user, line)

    def _offer_statements(self, user, line: BudgetLine) -> None:
        rows = BudgetStatement.objects.permitting(user, "manage_plans")
        rows = rows | BudgetStatement.objects.permitting(user, "plan_village")
        rows = rows.filter(state__in=OPEN_STATES)
        if line.owner:
            program = "analysis__program__"
            owner = {f"{program}owner_{line.owner._meta.model_name}": line.owner}
            rows = rows.filter(**owner, year=line.year)
        if line.statement_id:
            rows = rows | BudgetStatement.objects.filter(pk=line.statement_id)
        field = self.fields["statement"]
        field.queryset = rows.distinct().with_owners().order_by("-year", "-uid")
        field.empty_label = _("None yet")
        field.label = _("Budget statement (GBS)")
        field.label_from_instance = _statement_name
        actions = actions_of(line.statement) if line.statement_id else []
        if not actions:
            del self.fields["action"]
            return
        self.fields["action"].choices = [("", _("Not bound to one action")), *actions]

    def _offer_villages(self, user, line: BudgetLine) -> None:
        villages = Village.objects.visible_to(user).live().select_related("district")
        if isinstance(line.owner, District):
            villages = villages.filter(district=line.owner)
        elif isinstance(line.owner, Opd):
            villages = villages.filter(district__regency=line.owner.regency_id)
        field = self.fields["village"]
        field.queryset = villages.order_by("district__name", "name")
        field.label_from_instance = _placed
        field.empty_label = _("Not bound to one village")
        field.label = _("Village where it is spent")

    def clean_arg_plan(self) -> int:
        return self.cleaned_data["arg_plan"] or 0

    def clean_action(self) -> UUID | None:
        chosen = self.cleaned_data["action"]
        return UUID(chosen) if chosen else None

    def clean_owner(self) -> Opd | District | Village | None:
        return owner_named(self.cleaned_data["owner"])

    def _post_clean(self) -> None:
        """The instance says what was typed; whether it may be so, the service judges."""
        if not self.errors:
            self.instance = self.filled()

    def filled(self) -> BudgetLine:
        line, cleaned = self.instance, self.cleaned_data
        for name in self._meta.fields:
            if name in cleaned:
                setattr(line, name, cleaned[name])
        if "statement" in cleaned and "action" not in cleaned:
            line.action = None
        if self.is_new:
            line.uid, line.year = cleaned["uid"], cleaned["year"]
            for kind in OWNERS:
                setattr(line, f"owner_{kind}", None)
            if owner := cleaned["owner"]:
                setattr(line, f"owner_{owner._meta.model_name}", owner)
        return line


def actions_of(statement: BudgetStatement) -> list[tuple[str, str]]:
    """(key, words) of the actions of its frozen analysis."""
    content = unpacked(statement.gap_version.content)
    return [(str(one.key), one.text[:150]) for one in content.actions]


def _statement_name(statement: BudgetStatement) -> str:
    words = _("%(title)s (%(owner)s, %(year)s)")
    return words % {
        "title": str(statement.analysis)[:90],
        "owner": statement.analysis.owner_title,
        "year": statement.year,
    }
