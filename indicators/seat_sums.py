"""Sums of women's seats over many villages: women and seats are added, then divided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from villages.models import Village

from .models import (
    SENT_STATES,
    ProposalCount,
    ProposalStage,
    Representation,
    ReviewState,
    Seat,
    SeatCount,
    Sex,
)
from .seat_terms import BASES, TARGET, Pair


@dataclass(frozen=True)
class SeatSum:
    """One body over many villages: `villages` told of it, `without` have no woman in it, `below`
    stay under 30 %."""

    women: int = 0
    total: int = 0
    villages: int = 0
    without: int = 0
    below: int = 0

    @property
    def pair(self) -> Pair | None:
        return (self.women, self.total) if self.total else None


@dataclass(frozen=True)
class StageSum:
    """Proposals of women over many villages, and the rupiah in them."""

    number: int = 0
    amount: int = 0
    villages: int = 0


@dataclass(frozen=True)
class SeatSums:
    """Women in decisions over many villages of one year. `told` sent something in; `missing` sent
    nothing. Seats, heads, meetings and proposals are those of the basis asked for."""

    year: int
    basis: str
    villages: int
    desa: int
    told: int
    verified: int
    waiting: int
    seats: Mapping[str, SeatSum]
    stages: Mapping[str, StageSum]
    heads: Pair | None
    meetings: Pair | None

    @property
    def missing(self) -> int:
        return self.villages - self.told

    @property
    def bpd(self) -> SeatSum:
        return self.seats.get(Seat.BPD, SeatSum())

    @property
    def officials(self) -> SeatSum:
        return self.seats.get(Seat.OFFICIALS, SeatSum())

    @property
    def musrenbang(self) -> SeatSum:
        return self.seats.get(Seat.MUSRENBANG, SeatSum())

    @property
    def funnel(self) -> list[tuple[ProposalStage, StageSum]]:
        return [(stage, self.stages.get(stage, StageSum())) for stage in ProposalStage]


def representation_of(villages: QuerySet, year: int, basis: str = "verified") -> SeatSums:
    """The sums of these villages in a year. Two queries, however many villages."""
    states = BASES[basis]
    counted = _counted(villages, year, states)
    sums = {
        kind: tuple(int(one or 0) for one in rest) for kind, *rest in _sums(villages, year, states)
    }
    return SeatSums(
        year,
        basis,
        **{name: counted[name] for name in ("villages", "desa", "told", "verified", "waiting")},
        seats={seat: SeatSum(*sums[seat]) for seat in Seat if seat in sums},
        stages={stage: StageSum(*sums[stage][:3]) for stage in ProposalStage if stage in sums},
        heads=_pair(counted["head_women"], counted["heads"]),
        meetings=_pair(counted["met"], counted["asked"]),
    )


def _pair(n: int, m: int) -> Pair | None:
    return (n, m) if m else None


def _counted(villages: QuerySet, year: int, states: Iterable[str]) -> dict[str, int]:
    said = FilteredRelation("representation", condition=Q(representation__year=year))
    here = Q(said__state__in=states)
    return (
        villages.order_by()
        .annotate(said=said)
        .aggregate(
            villages=Count("pk"),
            desa=Count("pk", filter=~Q(kind=Village.Kind.KELURAHAN)),
            told=Count("said", filter=Q(said__state__in=SENT_STATES)),
            verified=Count("said", filter=Q(said__state=ReviewState.VERIFIED)),
            waiting=Count("said", filter=Q(said__state=ReviewState.SUBMITTED)),
            heads=Count("said", filter=here & ~Q(said__head_sex="")),
            head_women=Count("said", filter=here & Q(said__head_sex=Sex.FEMALE)),
            asked=Count("said", filter=here & Q(said__women_meeting__isnull=False)),
            met=Count("said", filter=here & Q(said__women_meeting=True)),
        )
    )


def _sums(villages: QuerySet, year: int, states: Iterable[str]) -> QuerySet:
    """(seat, women, all, villages, without a woman, below 30 %) and (stage, number, rupiah,
    villages, –, –) in one statement."""
    rows = Representation.objects.filter(
        village__in=villages.order_by(), year=year, state__in=states
    ).order_by()
    seats = (
        SeatCount.objects.filter(representation__in=rows)
        .order_by()
        .alias(hundreds=F("women") * 100, line=F("total") * TARGET)
        .values_list("seat")
        .annotate(
            n=Sum("women"),
            m=Sum("total"),
            rows=Count("pk"),
            none=Count("pk", filter=Q(women=0)),
            under=Count("pk", filter=Q(hundreds__lt=F("line"))),
        )
    )
    stages = (
        ProposalCount.objects.filter(representation__in=rows)
        .order_by()
        .values_list("stage")
        .annotate(
            n=Sum("number"),
            m=Sum("amount"),
            rows=Count("pk"),
            none=Count("pk", filter=Q(number=0)),
            under=Count("pk", filter=Q(amount=None)),
        )
    )
    return seats.union(stages, all=True)
