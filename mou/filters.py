"""What the lists of agreements and partners may be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.filters.shared import MOST_LETTERS, ListFilter

from .models import Agreement, AgreementForm, Partner, PartnerKind, Standing
from .standing import stands

#: What asks for nothing any more: last on the list.
OVER = (Standing.ENDED, Standing.RENEWED, Standing.TERMINATED, Standing.CANCELLED)
#: As people look for them: what runs first.
STANDINGS = (
    *(Standing.ACTIVE, Standing.ENDING, Standing.UPCOMING, Standing.DRAFT),
    *OVER,
)


def partners_of(request) -> QuerySet[Partner]:
    return Partner.objects.visible_to(request.user).order_by("name")


def by_due_date(rows: QuerySet[Agreement], today) -> QuerySet[Agreement]:
    """What ends first comes first; what is over comes last, the newest first."""
    over = Q()
    for word in OVER:
        over |= stands(word, today)
    return rows.alias(
        over=Case(When(over, then=Value(1)), default=Value(0)),
        last=Coalesce("terminated_on", "ends_on"),
    ).order_by(
        "over",
        Case(When(over=0, then=F("last"))).asc(nulls_last=True),
        F("last").desc(nulls_last=True),
        "title",
        "uid",
    )


class AgreementFilter(ListFilter):
    """Agreements by words, standing, legal form and partner."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    standing = filters.ChoiceFilter(
        label=_("Standing"),
        choices=[(word.value, word.label) for word in STANDINGS],
        method="filter_standing",
        empty_label=_("All"),
    )
    form = filters.ChoiceFilter(
        label=_("Legal form"), choices=AgreementForm.choices, empty_label=_("All")
    )
    partner = filters.ModelChoiceFilter(
        label=_("Partner"), queryset=partners_of, method="filter_partner", empty_label=_("All")
    )

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = ()

    def filter_search(self, rows, _name, text: str):
        parties = rows.filter(
            Q(parties__partner__name__icontains=text)
            | Q(parties__partner__acronym__icontains=text)
            | Q(parties__opd__name__icontains=text)
        )
        return rows.filter(
            Q(title__icontains=text)
            | Q(number_first__icontains=text)
            | Q(number_second__icontains=text)
            | Q(pk__in=parties.order_by().values("pk"))
        )

    def filter_standing(self, rows, _name, word: str):
        return rows.filter(stands(word, timezone.localdate()))

    def filter_partner(self, rows, _name, partner: Partner):
        return rows.filter(parties__partner=partner)


class PartnerFilter(ListFilter):
    """Partners by words and kind."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    kind = filters.ChoiceFilter(
        label=_("Kind of partner"), choices=PartnerKind.choices, empty_label=_("All")
    )

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def filter_search(self, rows, _name, text: str):
        return rows.filter(Q(name__icontains=text) | Q(acronym__icontains=text))
