"""What begins a gender analysis, and the single fields that its steps ask for."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from core.identifiers import uuid7
from programs.forms.shared import Refusable, YearField, out_of_years
from programs.models import Program, ProgramState
from programs.wording import program_name

from ..models import Measure, PlanLevel, Template
from ..wording import LABELS
from .rows import text_area

#: Programs offered at once; where there are more, they are searched for.
MOST_PROGRAMS = 200
MOST_WORDS = 8


class ProgramField(forms.ModelChoiceField):
    """Programs under a name that tells them apart."""

    def label_from_instance(self, obj: Program) -> str:
        return program_name(obj)


class StartForm(Refusable, WordedForm, forms.Form):
    """Of which program, for which budget year, in which form."""

    uid = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    program = ProgramField(
        label=_("Program"), queryset=Program.objects.none(), empty_label=_("Choose a program")
    )
    year = YearField(label=_("Budget year"), initial=lambda: timezone.localdate().year)
    template = forms.ChoiceField(
        label=_("Form"),
        choices=[
            (Template.NINE, _("Nine steps, for the plan of one year")),
            (Template.FOUR, _("Four steps, for five-year documents (RPJMD, Renstra)")),
        ],
        initial=Template.NINE,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, user, search: str = "", **options):
        super().__init__(data, **options)
        found = programs_to_plan(user, search)
        self.total = found.count()
        self.fields["program"].queryset = found
        if data is None:
            first = list(found.values_list("pk", flat=True)[:MOST_PROGRAMS])
            self.fields["program"].queryset = found.filter(pk__in=first)

    @property
    def more(self) -> bool:
        """Not every program is offered."""
        return not self.is_bound and self.total > MOST_PROGRAMS


def programs_to_plan(user, search: str = ""):
    """Programs of the offices and districts for which she writes plans; a village's own have a
    page of their own."""
    rows = Program.objects.permitting(user, "manage_plans").filter(owner_village=None)
    rows = rows.exclude(state=ProgramState.CANCELLED)
    rows = rows.select_related("owner_opd", "owner_district")
    for word in search.split()[:MOST_WORDS]:
        rows = rows.filter(title__icontains=word)
    return rows.order_by(out_of_years(), "title", "uid")


class PlainForm(WordedForm, forms.Form):
    """The fields of the analysis itself that a step asks for (`names`)."""

    level = forms.ChoiceField(label=LABELS[""]["level"], choices=PlanLevel)
    code = forms.CharField(
        label=LABELS[""]["code"],
        max_length=40,
        required=False,
        help_text=_("For example 2.08.02.2.01."),
    )
    title = forms.CharField(label=LABELS[""]["title"], max_length=300, required=False)
    is_new = forms.BooleanField(label=LABELS[""]["is_new"], required=False)
    goal = text_area(3, label=LABELS[""]["goal"], required=False)
    audience = text_area(2, label=LABELS[""]["audience"], required=False)
    qualitative_reason = text_area(
        2,
        label=LABELS[""]["qualitative_reason"],
        required=False,
        help_text=_("Only where no figures of women and men can be had."),
    )
    new_goal = text_area(3, label=LABELS[""]["new_goal"], required=False)
    goal_kept = forms.BooleanField(label=LABELS[""]["goal_kept"], required=False)
    goal_reason = text_area(2, label=LABELS[""]["goal_reason"], required=False)

    def __init__(self, data=None, *, names: Iterable[str], **options):
        super().__init__(data, **options)
        for other in set(self.fields) - set(names):
            del self.fields[other]

    def typed(self) -> dict:
        """What stands in the boxes, unread."""
        return {name: self[name].value() for name in self.fields}


class PortalAsk(WordedForm, forms.Form):
    """Which figure of the portal is to be added to the data."""

    measure = forms.ChoiceField(label=_("Figure of the portal"), choices=Measure)
    year = YearField(label=_("Year"))
    semester = forms.TypedChoiceField(
        label=_("Part of the year"),
        coerce=int,
        choices=[(0, _("Whole year")), (1, _("Semester 1")), (2, _("Semester 2"))],
    )

    def __init__(self, data=None, **options):
        super().__init__(data, prefix="portal", **options)
