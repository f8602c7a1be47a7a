"""Agreements and partners as rows of a list, and the same lists as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import ListFilter
from villages.models import Village

from .filters import STANDINGS
from .measured import Tally, progress_of, tallies
from .models import Agreement, Membership, Partner, Standing
from .standing import LIVE, days_left, last_day, live, standing_of, stands


@dataclass(frozen=True)
class AgreementRow:
    """One agreement as its list says it. `villages` of `of` lie in its area."""

    agreement: Agreement
    standing: Standing
    days_left: int | None
    duties: Tally
    villages: int
    of: int

    @property
    def last_day(self) -> date | None:
        return last_day(self.agreement)

    @property
    def counts_down(self) -> bool:
        """Its days run out."""
        return self.standing in LIVE and self.days_left is not None

    @property
    def over(self) -> bool:
        return self.standing in (Standing.ENDED, Standing.RENEWED, Standing.TERMINATED)

    @property
    def names(self) -> list[str]:
        """The parties, the first one first."""
        return [str(one.organisation) for one in self.agreement.parties.all()]


def rows_of(agreements: Iterable[Agreement], today: date) -> list[AgreementRow]:
    """The agreements (`with_parts`) with what their list says; four queries however many."""
    found = list(agreements)
    duties = tallies(progress_of(found, today))
    reach = _Reach({one.regency_id for one in found})
    return [
        AgreementRow(
            one,
            standing_of(one, today),
            days_left(one, today),
            duties.get(one.pk, Tally()),
            reach.of(one),
            reach.whole(one),
        )
        for one in found
    ]


def standings_of(agreements: QuerySet[Agreement], today: date) -> list[tuple[Standing, int]]:
    """How many stand where; only words that fit any. One query."""
    counts = agreements.order_by().aggregate(
        **{word.value: Count("pk", filter=stands(word, today)) for word in STANDINGS}
    )
    return [(word, counts[word.value]) for word in STANDINGS if counts[word.value]]


def people_by_partner(partners: Iterable[Partner], today: date) -> dict:
    """How many people work for each of these partners today."""
    rows = Membership.objects.filter(partner__in=list(partners)).live_on(today)
    found = rows.order_by().values_list("partner").annotate(Count("person", distinct=True))
    return dict(found)


def running_by_partner(partners: Iterable[Partner], hers: QuerySet[Agreement], today: date) -> dict:
    """How many of these agreements are in force today with each of these partners."""
    rows = hers.filter(live(today), parties__partner__in=list(partners))
    found = rows.order_by().values_list("parties__partner").annotate(Count("pk", distinct=True))
    return dict(found)


def agreements_table(rows: Sequence[AgreementRow], found: ListFilter, now: datetime) -> Table:
    """The agreements of a filtered list, in its order."""
    cells = [
        (
            row.agreement.title,
            row.agreement.get_form_display(),
            " – ".join(row.names),
            row.agreement.number_first,
            row.agreement.number_second,
            row.agreement.signed_on,
            row.agreement.starts_on,
            row.last_day,
            row.standing.label,
            row.days_left if row.counts_down else None,
            row.duties.done,
            row.duties.total,
            row.villages,
            row.of,
            str(row.agreement.pk),
        )
        for row in rows
    ]
    title = _("Agreements")
    return Table("perjanjian", title, _AGREEMENT, cells, notes_of_list(found, now))


def partners_table(
    partners: Sequence[Partner],
    people: dict,
    running: dict,
    found: ListFilter,
    now: datetime,
    kept: set[int],
) -> Table:
    """The partners of a filtered list, in its order; phone numbers of those in `kept` regencies."""
    cells = [
        (
            one.name,
            one.acronym,
            one.get_kind_display(),
            one.contact_name,
            one.contact_phone if one.regency_id in kept else "",
            one.address,
            people.get(one.pk, 0),
            running.get(one.pk, 0),
            one.ended_on,
            str(one.pk),
        )
        for one in partners
    ]
    return Table("mitra", _("Partners"), _PARTNER, cells, notes_of_list(found, now))


class _Reach:
    """How many villages lie in the area of an agreement; two queries for all."""

    def __init__(self, regencies: set[int]):
        live = Village.objects.live().filter(district__regency__in=regencies).order_by()
        rows = live.values_list("district__regency", "district").annotate(Count("pk"))
        self._by_district = {district: count for _regency, district, count in rows}
        self._by_regency: dict[int, int] = {}
        for regency, _district, count in rows:
            self._by_regency[regency] = self._by_regency.get(regency, 0) + count

    def whole(self, one: Agreement) -> int:
        return self._by_regency.get(one.regency_id, 0)

    def of(self, one: Agreement) -> int:
        areas = one.areas.all()
        if not areas:
            return self.whole(one)
        named = {area.village_id for area in areas if area.village_id}
        return len(named) + sum(self._by_district.get(area.district_id, 0) for area in areas)


_AGREEMENT = [
    Column("title", gettext_lazy("Agreement")),
    Column("form", gettext_lazy("Legal form")),
    Column("parties", gettext_lazy("Parties")),
    Column("number_first", gettext_lazy("Number of the first party"), "code", paper=False),
    Column("number_second", gettext_lazy("Number of the second party"), "code", paper=False),
    Column("signed_on", gettext_lazy("Date of signature"), "day", paper=False),
    Column("starts_on", gettext_lazy("In force from"), "day"),
    Column("last_day", gettext_lazy("In force until"), "day"),
    Column("standing", gettext_lazy("Standing")),
    Column("days_left", gettext_lazy("Days left"), "count"),
    Column("duties_done", gettext_lazy("Duties done"), "count"),
    Column("duties", gettext_lazy("Duties"), "count"),
    Column("villages", gettext_lazy("Villages covered"), "count"),
    Column("villages_all", gettext_lazy("Villages of the regency"), "count", paper=False),
    Column("uid", gettext_lazy("Identifier of the agreement"), "code", paper=False),
]
_PARTNER = [
    Column("name", gettext_lazy("Partner")),
    Column("acronym", gettext_lazy("Acronym"), paper=False),
    Column("kind", gettext_lazy("Kind of partner")),
    Column("contact_name", gettext_lazy("Contact person")),
    Column("contact_phone", gettext_lazy("Phone number"), "code"),
    Column("address", gettext_lazy("Address"), paper=False),
    Column("people", gettext_lazy("People who work for it"), "count"),
    Column("agreements", gettext_lazy("Agreements in force"), "count"),
    Column("ended_on", gettext_lazy("No longer a partner since"), "day", paper=False),
    Column("uid", gettext_lazy("Identifier of the partner"), "code", paper=False),
]
