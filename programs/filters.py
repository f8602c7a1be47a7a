"""What lists may be narrowed by: the pages and the REST lists ask with the same names."""

from __future__ import annotations

from datetime import date

import django_filters as filters
from django import forms
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from core import formats
from core.forms import DayField
from villages.models import Village

from .forms.shared import YearField, out_of_years
from .models import (
    Activity,
    Program,
    ProgramState,
    ProgramVillage,
    Review,
    ReviewStep,
    State,
    TargetGroup,
)
from .wording import program_name

EARLIEST, LATEST = 2000, 2100
#: A search is a few words, however long the address.
MOST_LETTERS, MOST_WORDS = 200, 8
#: Longer lists of villages or programs are offered only once a district is chosen.
MOST_CHOICES = 200
OWNERS = ("owner_opd", "owner_district", "owner_village")


def in_reach(moment: date) -> None:
    """A day that a database can be asked for, in any time zone."""
    if not EARLIEST <= moment.year <= LATEST:
        raise forms.ValidationError(
            _("Choose a date from the years 2000 to 2100."), code="out_of_range"
        )


class DayFilter(filters.Filter):
    field_class = DayField


class YearFilter(filters.Filter):
    field_class = YearField


class ProgramChoiceField(ModelChoiceField):
    """Programs under a name that tells them apart."""

    def label_from_instance(self, obj: Program) -> str:
        return program_name(obj)


class ProgramChoiceFilter(filters.ModelChoiceFilter):
    field_class = ProgramChoiceField


def districts_of(request) -> QuerySet:
    return request.user.districts_with("view").order_by("name")


def villages_of(request) -> QuerySet:
    """Her villages, those of the chosen district where one is chosen."""
    villages = Village.objects.visible_to(request.user).order_by("name", "code")
    district = request.GET.get("district")
    return villages.filter(district__code=district) if district else villages


def programs_of(request) -> QuerySet:
    """Her programs, those of the chosen village where one is chosen."""
    programs = Program.objects.visible_to(request.user).select_related(*OWNERS)
    programs = programs.order_by(out_of_years(), "title", "-year_from", "uid")
    village = request.GET.get("village")
    if not village:
        return programs
    return programs.filter(
        Exists(ProgramVillage.objects.filter(program=OuterRef("pk"), village__code=village))
    )


class ListFilter(filters.FilterSet):
    """A filter of a list page: what is in use, and which boxes are worth showing."""

    #: Asked for by links and tools, never by a box on the page.
    unasked: tuple[str, ...] = ("ordering",)

    def boxes(self) -> list:
        """The fields of the page's form. Long lists wait until something narrows them."""
        return [
            field for field in self.form if field.name not in self.unasked and self._short(field)
        ]

    def _short(self, field) -> bool:
        choices = getattr(field.field, "queryset", None)
        if choices is None or field.value():
            return True
        return 1 < choices[: MOST_CHOICES + 1].count() <= MOST_CHOICES

    def chips(self) -> list[dict[str, str]]:
        """Each filter in use with its words and the address without it."""
        if not self.form.is_valid():
            return []
        return [
            {"label": self._words(name), "remove_url": self._without(name)}
            for name, value in self.form.cleaned_data.items()
            if name != "ordering" and value not in (None, "")
        ]

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.form.fields if name != "ordering")

    @property
    def unfolded(self) -> bool:
        """In use beyond the state, which has links of its own on the page."""
        return bool(self.form.errors) or any(
            self.data.get(name) for name in self.form.fields if name not in ("ordering", "status")
        )

    def _words(self, name: str) -> str:
        """A filter in use as its chip says it: "Kecamatan: Kuaro"."""
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        if isinstance(field, forms.ModelChoiceField):
            value = field.label_from_instance(value)
        elif isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)
        elif isinstance(field, DayField):
            value = formats.day_short(value)
        return f"{field.label}: {value}"

    def _without(self, name: str) -> str:
        kept = self.data.copy()
        for gone in (name, "page"):
            kept.pop(gone, None)
        return f"?{kept.urlencode()}"


class ActivityFilter(ListFilter):
    """Activities by place, program, state and day; `updated_since` is for tools."""

    unasked = ("ordering", "updated_since")

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    district = filters.ModelChoiceFilter(
        label=_("District"),
        field_name="village__district",
        to_field_name="code",
        queryset=districts_of,
        empty_label=_("All"),
    )
    village = filters.ModelChoiceFilter(
        label=_("Village"),
        field_name="village",
        to_field_name="code",
        queryset=villages_of,
        empty_label=_("All"),
    )
    program = ProgramChoiceFilter(
        label=_("Program"),
        field_name="program",
        to_field_name="uid",
        queryset=programs_of,
        empty_label=_("All"),
    )
    status = filters.ChoiceFilter(
        label=_("State"), field_name="state", choices=State, empty_label=_("All")
    )
    held_on_after = DayFilter(
        label=_("From date"), field_name="held_on", lookup_expr="gte", validators=[in_reach]
    )
    held_on_before = DayFilter(
        label=_("Until date"), field_name="held_on", lookup_expr="lte", validators=[in_reach]
    )
    updated_since = filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )
    ordering = filters.OrderingFilter(
        label=_("Order"),
        fields=(
            ("held_on", "held_on"),
            ("updated_at", "updated_at"),
            ("village__name", "village"),
            ("title", "title"),
        ),
    )

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ()

    def filter_search(self, queryset, _name, text):
        """Each of the first words stands in the title, village, place or receipt number."""
        for word in text.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(village__name__icontains=word)
                | Q(place__icontains=word)
                | Q(receipt__number__icontains=word)
            )
        return queryset


class QueueFilter(ActivityFilter):
    """The records that wait, by place and program."""

    unasked = (
        "ordering",
        "updated_since",
        "search",
        "status",
        "held_on_after",
        "held_on_before",
    )


class ProgramFilter(ListFilter):
    """Programs by words, owner, state, year and target group."""

    OWNERS = (
        ("opd", _("Offices")),
        ("district", _("Districts")),
        ("village", _("Villages")),
    )

    search = filters.CharFilter(
        label=_("Search"), field_name="title", lookup_expr="icontains", max_length=MOST_LETTERS
    )
    owner = filters.ChoiceFilter(
        label=_("Owner"), choices=OWNERS, method="filter_owner", empty_label=_("All")
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=ProgramState.choices, empty_label=_("All")
    )
    year = YearFilter(label=_("Year"), method="filter_year")
    target_group = filters.ChoiceFilter(
        label=_("Target group"), choices=TargetGroup.choices, empty_label=_("All")
    )
    village = filters.ModelChoiceFilter(
        label=_("Village"),
        field_name="villages",
        to_field_name="code",
        queryset=villages_of,
        empty_label=_("All"),
    )

    class Meta:
        model = Program
        fields: tuple[str, ...] = ()

    def filter_owner(self, queryset, _name, kind):
        return queryset.filter(**{f"owner_{kind}__isnull": False})

    def filter_year(self, queryset, _name, value: int):
        return queryset.filter(year_from__lte=value, year_to__gte=value)


def returned_first(activities: QuerySet) -> QuerySet:
    """What waits for the village stands before what waits for nobody."""
    urgency = Case(When(state=State.RETURNED, then=Value(0)), default=Value(1))
    return activities.order_by(urgency, "-held_on", "-pk")


def not_by(activities: QuerySet, user) -> QuerySet:
    """Leave out the records that `user` wrote or had a hand in: those are never hers to review."""
    hers = Review.objects.filter(
        activity=OuterRef("pk"),
        actor=user,
        step__in=(ReviewStep.SUBMITTED, ReviewStep.CORRECTED, ReviewStep.RESUBMITTED),
    )
    return activities.exclude(author=user).exclude(Exists(hers))
