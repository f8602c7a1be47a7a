"""The form of one activity, new or put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import storable
from core.forms import CountField, DayField, RupiahField, WordedForm
from core.identifiers import uuid7
from villages.models import Village

from ..drafts import CONTENT_FIELDS, FACT_FIELDS, ActivityDraft
from ..models import (
    Activity,
    CountSource,
    EventStatus,
    FundSource,
    Kind,
    LowWomenReason,
    Program,
    Stage,
    State,
)
from ..models.vocabulary import APBDES_FUNDS
from ..wording import LABELS, program_name
from .sayings import sayings
from .shared import Refusable, out_of_years

#: An activity this far back is more often a slip of the finger than a late record.
LONG_AGO = timedelta(days=365)

NOT_HERE = _("This program does not run in this village. Choose a program of this village.")

#: Asked only of those who know; folded away on the page.
DETAILS = (
    "stage",
    "children",
    "with_disability",
    "elderly",
    "women_household_heads",
    "note",
    "reference",
    "latitude",
    "longitude",
)


def programs_to_choose(village: Village, user):
    """The programs running in `village`: those she recorded under last stand first, those
    whose years are over or still to come last."""
    hers = Q(activities__author=user, activities__village=village)
    return (
        Program.objects.visible_to(user)
        .open_in(village)
        .select_related("owner_opd", "owner_district", "owner_village")
        .annotate(last_used=Max("activities__created_at", filter=hers))
        .order_by(out_of_years(), F("last_used").desc(nulls_last=True), "title", "-year_from")
    )


class PointField(forms.FloatField):
    """One coordinate in degrees; a comma is as good as a point."""

    def __init__(self, *, limit: int, **options):
        super().__init__(required=False, min_value=-limit, max_value=limit, **options)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        self.error_messages |= {
            "invalid": _("Write degrees in figures, for example -1,9085."),
            "min_value": _("Write degrees in figures, for example -1,9085."),
            "max_value": _("Write degrees in figures, for example -1,9085."),
        }

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


def _count(name: str, hint: Any = "", **words) -> CountField:
    """A head count; `label` is what stands above the box, `what` how a sentence calls it."""
    return CountField(required=False, help_text=hint, **({"label": LABELS[name]} | words))


def _choice(name: str, choices, *, empty: Any = None, **options) -> forms.ChoiceField:
    listed = [("", empty), *choices.choices] if empty else choices.choices
    options.setdefault("required", False)
    return forms.ChoiceField(
        label=LABELS[name],
        choices=listed,
        **options,
    )


class ActivityForm(Refusable, WordedForm, forms.Form):
    """One activity of one village as typed. Missing heads are no error: some only know a total.

    `uid` is made when the page is asked for and comes back with every send of it, so that a
    double press, "back" and "reload" all lead to the same receipt.
    """

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    held_on = DayField(
        label=LABELS["held_on"],
        initial=timezone.localdate,
    )
    date_confirmed = forms.BooleanField(label=_("Yes, the date is right"), required=False)
    program = forms.ChoiceField(label=LABELS["program"])
    title = forms.CharField(
        label=LABELS["title"],
        max_length=200,
        help_text=_("For example: sewing course, posyandu, road work in hamlet 2."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(label=LABELS["place"], max_length=120, required=False)
    kind = _choice(
        "kind",
        Kind,
        empty=_("Choose the kind"),
        required=True,
    )
    event_status = _choice(
        "event_status",
        EventStatus,
        initial=EventStatus.HELD,
        widget=forms.RadioSelect,
        required=True,
    )

    women_participants = _count(
        "women_participants", label=_("Women"), what=_("the number of women present")
    )
    men_participants = _count(
        "men_participants", label=_("Men"), what=_("the number of men present")
    )
    total_participants = _count(
        "total_participants", _("Only when women and men were not counted apart.")
    )
    unrecorded_participants = _count("unrecorded_participants")
    count_source = _choice(
        "count_source",
        CountSource,
        initial=CountSource.ATTENDANCE_LIST,
        widget=forms.RadioSelect,
        required=True,
    )
    low_women_reason = _choice(
        "low_women_reason",
        LowWomenReason,
        empty=_("Choose a reason"),
        help_text=_("Answer when fewer than 30 of 100 people present were women."),
    )

    women_deciders = _count(
        "women_deciders", label=_("Women"), what=_("the number of women who helped decide")
    )
    men_deciders = _count(
        "men_deciders", label=_("Men"), what=_("the number of men who helped decide")
    )
    women_beneficiaries = _count(
        "women_beneficiaries", label=_("Women"), what=_("the number of women who benefited")
    )
    men_beneficiaries = _count(
        "men_beneficiaries", label=_("Men"), what=_("the number of men who benefited")
    )
    women_proposals_accepted = _count(
        "women_proposals_accepted", _("Ideas from women that the meeting agreed to carry out.")
    )

    budget_spent = RupiahField(
        label=LABELS["budget_spent"],
        required=False,
        help_text=_("For example 12.500.000 or 12,5 juta. Leave empty when no money was spent."),
    )
    fund_source = _choice("fund_source", FundSource, empty=_("Choose the fund source"))

    stage = _choice("stage", Stage, initial=Stage.EXECUTION, required=True)
    children = _count("children", _("Under 18 years"))
    with_disability = _count("with_disability")
    elderly = _count("elderly", _("60 years and older"))
    women_household_heads = _count("women_household_heads")
    note = forms.CharField(
        label=LABELS["note"],
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reference = forms.CharField(label=LABELS["reference"], required=False, max_length=120)
    latitude = PointField(label=LABELS["latitude"], limit=90)
    longitude = PointField(label=LABELS["longitude"], limit=180)

    def __init__(
        self,
        data=None,
        *,
        village: Village | None,
        user,
        activity: Activity | None = None,
        program: UUID | None = None,
    ):
        self.village, self.activity = village, activity
        self.programs = list(programs_to_choose(village, user)) if village else []
        initial = _initial(activity) if activity else {"program": program or self._usual()}
        super().__init__(data, initial=initial)
        self.fields["program"].choices = self._program_choices()
        self.fields["program"].error_messages["invalid_choice"] = NOT_HERE
        self.fields["fund_source"].choices = self._fund_choices()

    def _usual(self) -> UUID | None:
        """The only one. Where there are several she chooses: a wrong one goes unnoticed."""
        return self.programs[0].pk if len(self.programs) == 1 else None

    def _program_choices(self) -> list[tuple[str, Any]]:
        """The open ones, and the one this record already stands under."""
        known = {str(program.pk): program_name(program) for program in self.programs}
        if self.activity:
            known.setdefault(str(self.activity.program_id), program_name(self.activity.program))
        return [("", _("Choose the program")), *known.items()]

    def _fund_choices(self) -> list[tuple[str, Any]]:
        """A kelurahan has no village budget, so none of its sources are offered there."""
        return [
            (code, label)
            for code, label in self.fields["fund_source"].choices
            if self.village is None or self.village.has_apbdes or code not in APBDES_FUNDS
        ]

    def clean(self) -> None:
        self._ask_about_date()
        if self.activity and self.activity.state == State.RETURNED and not self.errors:
            self._require_change()

    def _require_change(self) -> None:
        """What went back and comes again as it was would only go back again."""
        now = self.content()
        now["women_proposals_accepted"] = now["women_proposals_accepted"] or 0
        before = {name: getattr(self.activity, name) for name in FACT_FIELDS}
        before["program"] = self.activity.program_id
        if all(_plain(now.get(name)) == _plain(value) for name, value in before.items()):
            raise forms.ValidationError(
                _("Nothing is changed yet. Put right what is asked, or explain it in the note."),
                code="unchanged",
            )

    def _ask_about_date(self) -> None:
        held_on = self.cleaned_data.get("held_on")
        known = self.activity and self.activity.held_on == held_on
        if not held_on or known or held_on > timezone.localdate() - LONG_AGO:
            return
        if not self.cleaned_data["date_confirmed"]:
            self.add_error(
                "date_confirmed",
                forms.ValidationError(
                    _("The date is more than a year ago. Tick this when it is right."),
                    code="long_ago",
                ),
            )

    @property
    def asks_about_date(self) -> bool:
        """The page shows the tick box once it was needed."""
        return self.is_bound and ("date_confirmed" in self.errors or "date_confirmed" in self.data)

    @property
    def today(self) -> str:
        return self.fields["held_on"].prepare_value(timezone.localdate())

    @property
    def yesterday(self) -> str:
        return self.fields["held_on"].prepare_value(timezone.localdate() - timedelta(days=1))

    @property
    def sayings(self) -> dict[str, dict[str, str]]:
        """What it says of answers that cannot be read, for scripts that judge without signal."""
        said = sayings(self)
        return {name: {"label": str(LABELS.get(name, ""))} | texts for name, texts in said.items()}

    @property
    def took_place(self) -> bool:
        return self["event_status"].value() in (None, "", EventStatus.HELD)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was typed, to be sent once more from the page on which it is checked."""
        names = (name for name in self.fields if name in self.data)
        return [(name, storable(self.data[name])) for name in names]

    @property
    def details_open(self) -> bool:
        """What is folded away stands open when it holds an answer or a problem."""
        return any(name in self.errors or self._answered(name) for name in DETAILS)

    @property
    def total_open(self) -> bool:
        names = ("total_participants", "unrecorded_participants")
        return any(name in self.errors or self._answered(name) for name in names)

    def _answered(self, name: str) -> bool:
        return self[name].value() not in (None, "", self.fields[name].initial)

    def content(self) -> dict[str, Any]:
        """The valid answers by the API's names; what the form does not ask stays as it is."""
        content = {name: self.cleaned_data[name] for name in CONTENT_FIELDS if name in self.fields}
        content["village"] = self.village.code
        content["program"] = forms.UUIDField().clean(content["program"])
        content["joint_event"] = self.activity.joint_event if self.activity else None
        return content

    def readable(self) -> dict[str, Any]:
        """The valid answers, the program by its title, to set beside what is on file."""
        titles = {program.pk: program.title for program in self.programs}
        if self.activity:
            titles.setdefault(self.activity.program_id, self.activity.program.title)
        content = self.content()
        return content | {"program": titles[content["program"]]}

    def draft(self) -> ActivityDraft:
        """The valid form as a draft."""
        sent = {name: storable(self.data[name]) for name in self.fields if name in self.data}
        return ActivityDraft(
            uid=self.cleaned_data["uid"],
            content=self.content(),
            raw=sent | {"village": self.village.code},
        )


class BlankActivityForm(ActivityForm):
    """The form of nobody, on no day: phones keep it and fill in what they know."""

    def __init__(self):
        super().__init__(None, village=None, user=None)
        self.initial |= {"uid": "", "held_on": ""}

    today = yesterday = ""


def _plain(value: Any) -> Any:
    """Nothing told is nothing told, in a text as in a number; 0 is an answer."""
    return None if value == "" else value


def _initial(activity: Activity) -> dict[str, Any]:
    values = {name: getattr(activity, name) for name in CONTENT_FIELDS if name != "village"}
    return values | {
        "uid": activity.pk,
        "version": activity.version,
        "program": str(activity.program_id),
        "women_proposals_accepted": activity.women_proposals_accepted or None,
    }
