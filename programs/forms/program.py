"""The office's form of a program, with the villages it is meant for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import RupiahField, WordedForm
from core.identifiers import uuid7
from villages.models import Opd, Village

from ..models import Program
from ..services import Target
from .shared import Refusable, YearField
from .targets import target_of

#: More villages than this are not ticked one by one: the portal's own regency is offered.
MOST_VILLAGES = 1_000


def owners(user) -> list[tuple[Any, list[tuple[str, str]]]]:
    """For whom `user` may run programs: (kind, choices), "opd:7" … as values.

    Villages are offered only to those who act for nothing larger.
    """
    today = timezone.localdate()
    opds = Opd.objects.permitting(user, "manage_programs").exclude(valid_until__lt=today)
    groups = [
        (_("Offices"), [(f"opd:{opd.pk}", opd.name) for opd in opds]),
        (_("Districts"), _areas("district", user.districts_with("manage_programs"))),
    ]
    if not any(choices for _kind, choices in groups):
        groups = [(_("Villages"), _areas("village", user.villages_with("manage_programs")))]
    return [(kind, choices) for kind, choices in groups if choices]


def _areas(kind: str, areas) -> list[tuple[str, str]]:
    return [
        (f"{kind}:{area.pk}", getattr(area, "title", area.name))
        for area in areas.filter(ended_on=None)
    ]


def villages_to_choose(user, program: Program | None) -> list[Village]:
    """The villages a program may be meant for, by district: never outside its owner's area."""
    seen = Village.objects.visible_to(user).live()
    if program and program.owner_village_id:
        seen = seen.filter(pk=program.owner_village_id)
    elif program and program.owner_district_id:
        seen = seen.filter(district=program.owner_district_id)
    elif program and program.owner_opd:
        seen = seen.filter(district__regency=program.owner_opd.regency_id)
    if seen.count() > MOST_VILLAGES:
        seen = seen.under(settings.PUG_REGENCY)
    return list(seen.select_related("district").order_by("district__code", "code"))


class ProgramForm(Refusable, WordedForm, forms.ModelForm):
    """A program of an office, a district or a village, with the villages it is meant for.

    `uid` is made when the page is asked for: pressed twice, one program is made.
    """

    renamed = {"villages": "target_villages"}
    field_order = ("owner", "title", "goal", "year_from", "year_to")

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    owner = forms.ChoiceField(label=_("Program owner"))
    year_from = YearField(label=_("First year"), initial=lambda: timezone.localdate().year)
    year_to = YearField(label=_("Last year"), initial=lambda: timezone.localdate().year)
    ceiling = RupiahField(
        label=_("Budget ceiling"), required=False, help_text=_("For example 250.000.000.")
    )
    target_villages = forms.MultipleChoiceField(
        label=_("Villages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    whole_districts = forms.MultipleChoiceField(
        label=_("All villages of a district"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Program
        fields = (
            "title",
            "goal",
            "year_from",
            "year_to",
            "target_group",
            "gender_marker",
            "arg_category",
            "fund_source",
            "ceiling",
        )
        widgets = {"goal": forms.Textarea(attrs={"rows": 3})}
        labels = {"arg_category": _("Gender budget category (ARG)")}
        help_texts = {
            "goal": _("What should be different for women and for men at the end?"),
            "gender_marker": _("What the program intends. What it achieved is counted later."),
        }

    def __init__(self, data=None, *, user, instance: Program | None = None, **options):
        super().__init__(data, instance=instance, **options)
        self.choosable = villages_to_choose(user, instance)
        for name, words in (
            ("gender_marker", _("Not screened yet")),
            ("arg_category", _("None")),
            ("fund_source", _("Not known yet")),
        ):
            self.fields[name].choices = [("", words), *self.fields[name].choices[1:]]
        if instance:
            del self.fields["owner"], self.fields["uid"]
            self.initial["version"] = instance.version
            self.initial["target_villages"] = list(
                instance.targets.values_list("village__code", flat=True)
            )
        else:
            self.fields["owner"].choices = self._owner_choices(owners(user))
        self._offer_villages()

    def _owner_choices(self, groups: list) -> list:
        """Where there is only one owner, it is chosen already."""
        flat = [choice for _kind, choices in groups for choice in choices]
        return flat if len(flat) == 1 else [("", _("Choose the owner")), *groups]

    def _offer_villages(self) -> None:
        """A village's own program runs in that village: nothing to choose."""
        if len(self.choosable) <= 1:
            del self.fields["target_villages"], self.fields["whole_districts"]
            return
        districts = {village.district.code: village.district for village in self.choosable}
        self.fields["target_villages"].choices = [
            (village.code, village.title) for village in self.choosable
        ]
        self.fields["whole_districts"].choices = [
            (code, district.name) for code, district in districts.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if uid := cleaned.get("uid"):
            self.instance.uid = uid
        if owner := cleaned.get("owner"):
            kind, key = owner.split(":")
            setattr(self.instance, f"owner_{kind}_id", int(key))
        first, last = cleaned.get("year_from"), cleaned.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", _("The last year lies before the first year."))
        return cleaned

    @property
    def districts(self) -> list[dict[str, Any]]:
        """The village boxes by district, for folding away on the page."""
        if "target_villages" not in self.fields:
            return []
        groups = {
            str(box.data["value"]): {"whole": box, "name": box.choice_label, "boxes": []}
            for box in self["whole_districts"]
        }
        for box in self["target_villages"]:
            groups[str(box.data["value"])[:8]]["boxes"].append(box)
        for group in groups.values():
            group["chosen"] = sum(bool(box.data["selected"]) for box in group["boxes"])
            group["partly"] = 0 < group["chosen"] < len(group["boxes"])
        return list(groups.values())

    def targets(self) -> list[Target]:
        """The chosen villages; what was aimed at before stays, also where there is no box."""
        before = {} if self.instance._state.adding else _by_village(self.instance)
        boxes = {village.pk for village in self.choosable}
        beyond = [target for key, target in before.items() if key not in boxes]
        chosen = [before.get(village.pk) or Target(village) for village in self._chosen()]
        return beyond + chosen

    def _chosen(self) -> list[Village]:
        if "target_villages" not in self.fields:
            return self.choosable
        codes = set(self.cleaned_data["target_villages"])
        districts = set(self.cleaned_data["whole_districts"])
        return [
            village
            for village in self.choosable
            if village.code in codes or village.code[:8] in districts
        ]


def _by_village(program: Program) -> dict[int, Target]:
    rows = program.targets.select_related("village__district")
    return {row.village_id: target_of(row) for row in rows}
