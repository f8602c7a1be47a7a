"""Villages of a year by what they say of women's seats: filtered, as rows, and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import MOST_LETTERS, ListFilter, YearFilter, districts_of
from programs.models import Basis
from villages.models import Village

from .models import ProposalStage, Representation, ReviewState, Seat, SeatCount
from .seat_terms import BASES, TARGET, Pair
from .seats import PARTS, pairs_of, proposals_of

MISSING = "missing"
NO_WOMAN, BELOW = "none", "below"
#: Rows of a file read at a time.
CHUNK = 500


class SeatFilter(ListFilter):
    """Villages by words, year, district, the BPD's women and where the year stands."""

    unasked = ("basis",)
    today: date

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    year = YearFilter(label=_("Year"), method="filter_later")
    basis = filters.ChoiceFilter(
        label=pgettext_lazy("which records count", "Records"),
        choices=Basis.choices,
        method="filter_later",
    )
    district = filters.ModelChoiceFilter(
        label=_("District"), to_field_name="code", queryset=districts_of, empty_label=_("All")
    )
    bpd = filters.ChoiceFilter(
        label=_("Women in the BPD"),
        choices=((NO_WOMAN, _("No woman")), (BELOW, _("Below 30 %"))),
        method="filter_bpd",
        empty_label=_("All"),
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=((MISSING, _("Not filled in")), *ReviewState.choices),
        method="filter_state",
        empty_label=_("All"),
    )

    class Meta:
        model = Village
        fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, request, villages: QuerySet[Village], today: date) -> SeatFilter:
        rows = villages.order_by("district__name", "district__code", "name", "code")
        found = cls(request.GET, queryset=rows, request=request)
        found.today = today
        return found

    @property
    def year_asked(self) -> int:
        return self._said("year") or self.today.year

    @property
    def basis_asked(self) -> str:
        return self._said("basis") or Basis.VERIFIED

    @property
    def area(self) -> QuerySet[Village]:
        """The villages that the sums are about: the district's, else all within her reach."""
        district = self._said("district")
        return self.queryset.filter(district=district) if district else self.queryset

    def _said(self, name: str) -> Any:
        return getattr(self.form, "cleaned_data", {}).get(name) if self.form.is_bound else None

    def filter_later(self, queryset, _name, _value):
        """Said of the numbers, not of the villages."""
        return queryset

    def filter_search(self, queryset, _name, words: str):
        return queryset.filter(name__icontains=words)

    def filter_bpd(self, queryset, _name, word: str):
        seats = SeatCount.objects.filter(seat=Seat.BPD, representation__village=OuterRef("pk"))
        seats = seats.filter(
            representation__year=self.year_asked, representation__state__in=BASES[self.basis_asked]
        )
        if word == NO_WOMAN:
            return queryset.filter(Exists(seats.filter(women=0)))
        low = seats.alias(hundreds=F("women") * 100).filter(hundreds__lt=F("total") * TARGET)
        return queryset.filter(Exists(low))

    def filter_state(self, queryset, _name, state: str):
        rows = Representation.objects.filter(village=OuterRef("pk"), year=self.year_asked)
        if state == MISSING:
            return queryset.filter(~Exists(rows))
        return queryset.filter(Exists(rows.filter(state=state)))


@dataclass(frozen=True)
class Told:
    """One village in one year: where it stands; numbers only when it counts on the basis asked."""

    village: Village
    row: Representation | None
    counts: bool

    def pair(self, seat: str) -> Pair | None:
        return pairs_of(self.row).get(seat) if self.counts else None

    @property
    def bpd(self) -> Pair | None:
        return self.pair(Seat.BPD)

    @property
    def officials(self) -> Pair | None:
        return self.pair(Seat.OFFICIALS)

    @property
    def musrenbang(self) -> Pair | None:
        return self.pair(Seat.MUSRENBANG)

    @property
    def meeting(self) -> bool | None:
        return self.row.women_meeting if self.row and self.counts else None

    @property
    def proposals(self) -> dict[str, tuple[int, int | None]]:
        return proposals_of(self.row) if self.counts else {}

    @property
    def raised(self) -> int | None:
        return self.proposals.get(ProposalStage.RAISED, (None, None))[0]

    @property
    def executed(self) -> int | None:
        return self.proposals.get(ProposalStage.EXECUTED, (None, None))[0]

    @property
    def state(self) -> str:
        return self.row.get_state_display() if self.row else gettext("Not filled in")


def told_by(villages: Iterable[Village], year: int, basis: str) -> list[Told]:
    """What these villages say of the year. Three queries."""
    listed = list(villages)
    rows = Representation.objects.filter(village__in=[one.pk for one in listed], year=year)
    by_village = {one.village_id: one for one in rows.prefetch_related(*PARTS)}
    found = ((one, by_village.get(one.pk)) for one in listed)
    return [
        Told(one, row, counts=row is not None and row.state in BASES[basis]) for one, row in found
    ]


def _columns() -> list[Column]:
    on_paper = (Seat.BPD, Seat.OFFICIALS, Seat.MUSRENBANG)
    return [
        Column("village_code", _("Village code"), "code", paper=False),
        Column("district", _("District")),
        Column("village", _("Village")),
        Column("year", _("Year"), "code", paper=False),
        Column("state", _("State")),
        *(Column(seat.value, seat.label, "share", seat in on_paper) for seat in Seat),
        Column("women_meeting", _("Special meeting of women")),
        *(
            Column(f"{stage}_number", _funnel_label(stage, _("Proposals")), "count", _ends(stage))
            for stage in ProposalStage
        ),
        *(
            Column(f"{stage}_amount", _funnel_label(stage, _("Rupiah")), "rupiah", paper=False)
            for stage in ProposalStage
        ),
    ]


def _ends(stage: str) -> bool:
    return stage in (ProposalStage.RAISED, ProposalStage.EXECUTED)


def _funnel_label(stage: ProposalStage, what) -> str:
    return gettext("%(what)s: %(stage)s") % {"what": what, "stage": stage.label}


def seats_table(villages: QuerySet[Village], found: SeatFilter, now: datetime) -> Table:
    """The filtered villages as a file, each with every body it told of."""
    rows = _rows(villages, found.year_asked, found.basis_asked)
    notes = [
        (gettext("Records that count"), str(Basis(found.basis_asked).label)),
        *notes_of_list(found, now),
    ]
    reading = [gettext("An empty cell means not known, never 0.")]
    title = gettext("Women in decisions")
    return Table("keterwakilan", title, _columns(), rows, notes, reading=reading)


def _rows(villages: QuerySet[Village], year: int, basis: str) -> Iterator[list[Any]]:
    every = villages.iterator(chunk_size=CHUNK)
    while chunk := list(islice(every, CHUNK)):
        for told in told_by(chunk, year, basis):
            yield _cells(told, year)


def _cells(told: Told, year: int) -> list[Any]:
    met = {True: gettext("yes"), False: gettext("no"), None: ""}[told.meeting]
    proposals = told.proposals
    stages = [proposals.get(stage, (None, None)) for stage in ProposalStage]
    return [
        told.village.code,
        told.village.district.name,
        told.village.title,
        str(year),
        told.state,
        *(told.pair(seat) for seat in Seat),
        met,
        *(number for number, _amount in stages),
        *(amount for _number, amount in stages),
    ]
