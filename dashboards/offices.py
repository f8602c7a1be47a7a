"""The programs by whose they are: all owners beside each other, and one office by its programs.

Each board is made from the pairs of `standings`, added up in memory: its queries are as many for
one program as for a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from programs.involvement import DEFINITION_VERSION, WOMEN_PERCENT, Headline, Level
from programs.models import ArgCategory, GenderMarker, Program
from villages.models import Opd, VillageQuerySet

from .areas import village_title
from .figures import a_year_before
from .filters import BoardFilter
from .place import Place
from .standing_list import owner_of
from .standings import OwnerRow, Pair, Together, every_pair, owner_rows, pairs

#: The orders of the list of offices, by the word in the address.
ORDERS = {
    "": gettext_lazy("Widest gap first"),
    "name": gettext_lazy("By name"),
    "no_data": gettext_lazy("Most without data first"),
}


@dataclass(frozen=True)
class Counts:
    """Some programs' sums with the lists that add up to them.

    `flt` is narrowed to these programs; `place` and `flt` together make the lists' addresses.
    """

    title: str
    sums: Together
    flt: BoardFilter
    place: dict[str, Any]
    #: their own page; "" where there is none
    url: str = ""
    hers: bool = False

    @property
    def nothing_counted(self) -> bool:
        return not self.sums.heads.activities

    @property
    def involved_url(self) -> str:
        return self._programs("involved")

    @property
    def judged_url(self) -> str:
        return self._programs("judged")

    @property
    def no_data_url(self) -> str:
        return self._programs(Level.NO_DATA.code)

    @property
    def idle_url(self) -> str:
        return self._programs(Level.NOT_COUNTED.code)

    @property
    def activities_url(self) -> str:
        return self.activities()

    def activities(self, **more: int) -> str:
        query = self.flt.activities_query(**self.place, **more)
        return f"{reverse('programs:activity-list')}?{query}"

    def _programs(self, level: str) -> str:
        query = self.flt.programs_query(**self.place, level=level)
        return f"{reverse('dashboards:standings')}?{query}"


# -- All owners ------------------------------------------------------------------


@dataclass(frozen=True)
class Offices:
    """Every owner of programs in a place, and what all of them come to."""

    flt: BoardFilter
    total: Counts
    rows: tuple[Counts, ...]
    newest: datetime | None
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @property
    def headline(self) -> Headline:
        return self.total.sums.headline

    @property
    def nothing_sent(self) -> bool:
        return self.total.nothing_counted

    @property
    def widest(self) -> Counts | None:
        """Whose gap is the widest, where there is one at all."""
        found = max(self.rows, key=lambda row: row.sums.gap, default=None)
        return found if found and found.sums.gap else None

    @property
    def hers(self) -> tuple[Counts, ...]:
        return tuple(row for row in self.rows if row.hers)


def order_of(name: str) -> str:
    """The order of this name; Refused for one that is not known."""
    if name not in ORDERS:
        raise Refused(Problem("order", "unknown_value", _("Choose an order from the list.")))
    return name


def own_offices(user) -> list[Opd]:
    """The offices whose focal point she is today; an officer of a whole regency has none."""
    return [grant.opd for grant in user.grants_today if grant.opd_id]


def offices_of(place: Place, flt: BoardFilter, order: str, own: Iterable[int]) -> Offices:
    """Every owner with programs running in the year, or recorded in the period. Two queries."""
    members = list(every_pair(place.villages, flt))
    own = set(own)
    rows = [_owner(row, place, flt, row.opd in own) for row in owner_rows(members)]
    rows.sort(key=_KEYS[order])
    total = Counts(_("Total"), Together.of(members), flt, place.params)
    return Offices(flt, total, tuple(rows), place.newest)


#: Owners stay in their own order, by kind and name, where an order says no more.
_KEYS: dict[str, Callable[[Counts], Any]] = {
    "": lambda row: (-row.sums.gap, -row.sums.headline.no_data),
    "name": lambda row: 0,
    "no_data": lambda row: (-row.sums.headline.no_data, -row.sums.gap),
}


def _owner(row: OwnerRow, place: Place, flt: BoardFilter, hers: bool) -> Counts:
    narrow = flt.but(opd=row.opd) if row.opd else flt.but(owner=row.owner)
    return Counts(row.title, row, narrow, place.params, _url(row.opd, place, flt), hers)


def _url(opd: int, place: Place, flt: BoardFilter) -> str:
    """An office's own page; it says the office itself."""
    if not opd:
        return ""
    query = flt.but(opd=0, owner="").programs_query(**place.params)
    return f"{reverse('dashboards:office', args=[opd])}?{query}"


# -- One office --------------------------------------------------------------------


@dataclass(frozen=True)
class ProgramRow:
    """One program of an office: what it intends, beside what it reached."""

    counts: Counts
    uid: UUID
    marker: str
    arg: str
    women_only: bool

    @property
    def sums(self) -> Together:
        return self.counts.sums


@dataclass(frozen=True)
class Office:
    """One office in one period: its numbers, its programs, the villages not reached yet."""

    opd: Opd
    flt: BoardFilter
    total: Counts
    before: Together
    programs: tuple[ProgramRow, ...]
    #: (code, title) of villages in which its programs run and nothing took place
    unreached: tuple[tuple[str, str], ...]
    newest: datetime | None
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @property
    def headline(self) -> Headline:
        return self.total.sums.headline

    @property
    def nothing_sent(self) -> bool:
        return self.total.nothing_counted


def seen_offices(user):
    """Offices of the regencies in which she sees a village."""
    regencies = user.villages_with("view").order_by().values("district__regency")
    return Opd.objects.visible_to(user).filter(regency__in=regencies)


def office_of(opd: Opd, place: Place, flt: BoardFilter, newest: datetime | None) -> Office:
    """The board of one office in a place; `flt` names the office. Five queries."""
    members = list(every_pair(place.villages, flt))
    before = Together.of(pairs(place.villages, a_year_before(flt)))
    total = Counts(opd.name, Together.of(members), flt, place.params)
    found = tuple(_program_rows(members, place, flt))
    unreached = tuple(_unreached(place.villages, members))
    return Office(opd, flt, total, before, found, unreached, newest)


def _program_rows(members: Sequence[Pair], place: Place, flt: BoardFilter) -> list[ProgramRow]:
    """Its programs, widest gap first."""
    groups: dict[UUID, list[Pair]] = defaultdict(list)
    for one in members:
        groups[one.program].append(one)
    facts = programs_named(groups)
    rows = [_program(facts[uid], those, place, flt) for uid, those in groups.items()]
    return sorted(rows, key=lambda row: (-row.sums.gap, -row.sums.not_counted, row.counts.title))


def _program(fact: dict[str, Any], members: list[Pair], place: Place, flt: BoardFilter):
    uid = fact["uid"]
    url = f"{reverse('dashboards:program', args=[uid])}?{flt.but(opd=0).query}"
    where = {**place.params, "program": uid}
    return ProgramRow(
        Counts(fact["title"], Together.of(members), flt, where, url),
        uid,
        marker_words(fact["gender_marker"]),
        arg_words(fact["arg_category"]),
        members[0].women_only,
    )


def programs_named(uids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What these programs, found in villages of her reach, intend. One query."""
    names = ("uid", "title", "gender_marker", "arg_category", "gap_approved_on", *_OWNED)
    rows = Program.objects.filter(pk__in=list(uids)).order_by().values(*names)
    return {row["uid"]: row | {"owner": _owned(row)} for row in rows}


_OWNED = ("owner_opd__name", "owner_district__name", "owner_village__kind", "owner_village__name")


def _owned(row: dict[str, Any]) -> str:
    return owner_of({f"program__{name}": row[name] for name in _OWNED})


def marker_words(marker: int | None) -> str:
    """The intent as lists say it; not screened is not 0 (domain.md 3.2)."""
    return _("not screened yet") if marker is None else str(GenderMarker(marker).label)


def arg_words(category: int | None) -> str:
    return "" if category is None else str(ArgCategory(category).label)


def _unreached(villages: VillageQuerySet, members: Sequence[Pair]) -> list[tuple[str, str]]:
    reached = {one.village for one in members if one.level != Level.NOT_COUNTED}
    left = {one.village for one in members} - reached
    rows = villages.filter(pk__in=left).order_by("district__code", "name")
    found = rows.values_list("code", "kind", "name")
    return [(code, village_title(kind, name)) for code, kind, name in found]
