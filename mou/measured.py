"""How far the duties of agreements have come.

A duty kept by hand says what somebody entered last. One that is bound to the portal counts the
activities that the partner's people logged: held in the agreement's area, from its first day until
the duty is due, of one stage where it names one. Twins, voided, called-off and administrative
records are left out, as they are everywhere (`Activity.objects.counted`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import Exact

from core.asking import as_portal
from programs.models import Activity, State

from .models import (
    Agreement,
    AgreementArea,
    DutyMeasure,
    Membership,
    Obligation,
    ObligationEntry,
    Partner,
)
from .standing import last_day

#: What each measure counts of the activities behind it.
_COUNTS = {
    DutyMeasure.ACTIVITIES: Count("pk"),
    DutyMeasure.VILLAGES: Count("village", distinct=True),
    DutyMeasure.WOMEN: Sum("women_participants"),
}


@dataclass(frozen=True)
class Progress:
    """How far one duty has come.

    `value`: verified records, or what was entered by hand; None where nothing is known.
    `reported`: records sent in and verified ones; None for a duty kept by hand. `due_on`: its own
    day, else the agreement's last. A duty without a target is reached once anything was done.
    """

    obligation: Obligation
    value: int | None
    reported: int | None
    target: int | None
    due_on: date | None
    reached: bool
    late: bool
    as_of: date | None
    entry: ObligationEntry | None = None

    @property
    def bound(self) -> bool:
        """It counts itself."""
        return self.obligation.measure != DutyMeasure.HAND

    @property
    def pair(self) -> tuple[int, int] | None:
        """(value, target) for the bar, never more than whole; None without either."""
        if self.value is None or not self.target:
            return None
        return min(self.value, self.target), self.target


@dataclass(frozen=True)
class Tally:
    """The duties of one agreement: those reached, those late, and all."""

    done: int = 0
    late: int = 0
    total: int = 0

    @classmethod
    def of(cls, found: Sequence[Progress]) -> Tally:
        return cls(sum(one.reached for one in found), sum(one.late for one in found), len(found))


def progress_of(agreements: Iterable[Agreement], today: date) -> dict[UUID, list[Progress]]:
    """The progress of every open duty, by agreement; two queries however many there are."""
    found: dict[UUID, list[Progress]] = defaultdict(list)
    for one in _measured(Obligation.objects.filter(agreement__in=list(agreements)), today):
        found[one.agreement_id].append(_progress(one, today))
    return found


def progress_of_one(obligation: Obligation, today: date) -> Progress:
    """The progress of one duty, also of one taken out."""
    [one] = _measured(Obligation.objects.filter(pk=obligation.pk), today, ended=True)
    return _progress(one, today)


def activities_of(obligation: Obligation, today: date) -> QuerySet[Activity]:
    """The records that a duty bound to the portal counts; none for one kept by hand."""
    agreement = obligation.agreement
    if obligation.measure == DutyMeasure.HAND or agreement.starts_on is None:
        return Activity.objects.none()
    days = [day for day in (obligation.due_on, last_day(agreement)) if day]
    terms = _Terms(
        partner=obligation.party.partner_id,
        agreement=agreement.pk,
        regency=agreement.regency_id,
        starts_on=agreement.starts_on,
        until=min([*days, today]),
    )
    stages = Q(stage=obligation.stage) if obligation.stage else Q()
    return _behind(terms).filter(stages)


def people_of(partner: Partner, day: date) -> QuerySet[Membership]:
    """Who works for the partner on that day."""
    rows = Membership.objects.live_on(day).filter(partner=partner)
    return rows.select_related("person").order_by("person__name")


@dataclass(frozen=True)
class _Terms:
    """Which records count for a duty: values, or references to the row outside (OuterRef)."""

    partner: Any
    agreement: Any
    regency: Any
    starts_on: Any
    until: Any


def _behind(of: _Terms) -> QuerySet[Activity]:
    """Records that count, by people who worked for the partner on the very day."""
    hers = Membership.objects.filter(partner=_within(of.partner))
    areas = AgreementArea.objects.filter(agreement=_within(of.agreement))
    here = Q(village=OuterRef("village")) | Q(district=OuterRef("village__district"))
    that_day: Any = OuterRef("held_on")
    return Activity.objects.counted().filter(
        Exists(hers.live_on(that_day).filter(person=OuterRef("author"))),
        ~Exists(areas) | Exists(areas.filter(here)),
        author__in=hers.values("person"),  # few people: the way into a large table
        village__district__regency=of.regency,
        held_on__gte=of.starts_on,
        held_on__lte=of.until,
    )


def _within(value: Any) -> Any:
    """The same value one query deeper."""
    return OuterRef(value) if isinstance(value, OuterRef) else value


def _measured(rows: QuerySet[Obligation], today: date, *, ended: bool = False) -> list[Any]:
    """Open duties with `verified` and `sent`, the sums that they count themselves."""
    entries = ObligationEntry.objects.filter(withdrawn_at=None, reached_on__lte=today)
    rows = rows if ended else rows.filter(ended_at=None)
    rows = rows.select_related("agreement", "party__partner", "party__opd").annotate(
        until=Least(
            *(
                Coalesce(name, Value(today), output_field=DateField())
                for name in ("due_on", "agreement__ends_on", "agreement__terminated_on")
            ),
            Value(today),
            output_field=DateField(),
        )
    )
    behind = _behind(
        _Terms(
            partner=OuterRef("party__partner"),
            agreement=OuterRef("agreement"),
            regency=OuterRef("agreement__regency"),
            starts_on=OuterRef("agreement__starts_on"),
            until=OuterRef("until"),
        )
    ).filter(Q(stage=OuterRef("stage")) | Q(Exact(OuterRef("stage"), Value(""))))
    rows = rows.annotate(
        verified=_sum_of(behind.filter(state=State.VERIFIED)), sent=_sum_of(behind)
    ).prefetch_related(Prefetch("entries", entries.select_related("created_by"), to_attr="known"))
    with as_portal("a duty counts in all villages of its agreement; sums only"):
        return list(rows)


def _sum_of(behind: QuerySet[Activity]) -> Case:
    """What the duty's measure counts of these records; null for a duty kept by hand."""
    in_one = behind.order_by().values("village__district__regency")  # an agreement has one regency
    counts = {name: in_one.annotate(sum=count).values("sum") for name, count in _COUNTS.items()}
    return Case(
        *(
            When(measure=name, then=Coalesce(Subquery(rows), Value(0), output_field=IntegerField()))
            for name, rows in counts.items()
        ),
        default=None,
        output_field=IntegerField(),
    )


def _progress(one: Any, today: date) -> Progress:
    agreement: Agreement = one.agreement
    due = one.due_on or last_day(agreement)
    if one.measure == DutyMeasure.HAND:
        entry = next(iter(one.known), None)
        value, sent = (entry.value if entry else None), None
        as_of = entry.reached_on if entry else None
    else:
        begun = agreement.starts_on is not None and agreement.starts_on <= today
        entry, as_of = None, one.until if begun else None
        value, sent = (one.verified, one.sent) if begun else (None, None)
    reached = (value or 0) >= (one.target or 1)
    late = bool(due and due < today and not reached)
    return Progress(one, value, sent, one.target, due, reached, late, as_of, entry)


def tallies(found: Mapping[UUID, Sequence[Progress]]) -> dict[UUID, Tally]:
    """Duties reached, late and all, by agreement."""
    return {key: Tally.of(rows) for key, rows in found.items()}
