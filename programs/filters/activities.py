"""What lists of activities may be narrowed by, and the order those who record see them in."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from ..models import Review, ReviewStep, State
from .figures import FigureFilter
from .shared import (
    MOST_LETTERS,
    MOST_WORDS,
    DayFilter,
    ProgramChoiceFilter,
    districts_of,
    in_reach,
    programs_of,
    villages_of,
)


class ActivityFilter(FigureFilter):
    """Activities by place, program, state and day; `updated_since` is for tools."""

    unasked = ("ordering", "updated_since", *FigureFilter.asked_by_figures)

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
        *ActivityFilter.unasked,
        "search",
        "status",
        "held_on_after",
        "held_on_before",
    )


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
