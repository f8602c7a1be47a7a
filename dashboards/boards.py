"""The boards of areas: which programs involve women, where, and what needs action.

A board is a frozen value made with at most six queries, whatever the number of villages, from
the read models of `programs`. The caller has made sure that the area is in the person's reach
(`areas.find_area`); every query is narrowed to her villages all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from programs.involvement import DEFINITION_VERSION, WOMEN_PERCENT, Headline
from programs.models import Activity, Basis, VillagePeriod
from villages.models import Level as AreaLevel
from villages.models import VillageQuerySet

from .areas import Area, district_title, village_title, villages_of
from .counts import Heads, Levels
from .filters import BoardFilter
from .standings import OwnerRow, Standings, owner_rows


@dataclass(frozen=True)
class AreaRow:
    """One village, or one district as the sum of its villages."""

    code: str
    name: str
    title: str
    #: name of the district a village lies in
    district: str = ""
    levels: Levels = field(default_factory=Levels)
    heads: Heads = field(default_factory=Heads)
    women_only: Headline = field(default_factory=Headline)
    #: activities sent in, looked at or not
    sent: int = 0
    villages: int = 1
    villages_reporting: int = 0

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @property
    def place(self) -> str:
        return district_title(self.district) if self.district else ""

    @property
    def unverified(self) -> int:
        """Activities sent in that the chosen basis leaves out."""
        return self.sent - self.heads.activities

    @classmethod
    def summed(cls, code: str, name: str, title: str, rows: Iterable[AreaRow]) -> AreaRow:
        rows = list(rows)
        return cls(
            code,
            name,
            title,
            "",
            Levels.total(row.levels for row in rows),
            Heads.total(row.heads for row in rows),
            sum((row.women_only for row in rows), Headline()),
            sum(row.sent for row in rows),
            len(rows),
            sum(row.villages_reporting for row in rows),
        )


@dataclass(frozen=True)
class AreaBoard:
    """What one area's page and `involvement/summary/` say."""

    area: Area
    flt: BoardFilter
    total: AreaRow
    districts: tuple[AreaRow, ...]
    villages: tuple[AreaRow, ...]
    owners: tuple[OwnerRow, ...]
    distinct: Headline
    not_counted: int
    waiting: int
    newest: datetime | None
    may_review: bool
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @property
    def headline(self) -> Headline:
        return self.total.headline

    @property
    def others(self) -> Headline:
        """The headline without programs for women only (domain.md 3.5, row 7)."""
        apart = self.total.women_only
        return Headline(
            self.headline.involved - apart.involved, self.headline.judged - apart.judged
        )

    @property
    def silent(self) -> tuple[AreaRow, ...]:
        """Villages from which nothing was sent in for the period."""
        return tuple(row for row in self.villages if not row.sent)

    @property
    def nothing_sent(self) -> bool:
        """No village has sent in anything: "no report yet", never 0 % (3.5, row 24)."""
        return not self.total.sent

    @property
    def ranked(self) -> tuple[AreaRow, ...]:
        """Districts by share, highest first; those without one at the end."""
        return tuple(sorted(self.districts, key=_by_share))


def _by_share(row: AreaRow) -> tuple[float, str]:
    share = row.headline.share
    return (-share[0] / share[1] if share else 1.0), row.title


def area_board(user, area: Area, flt: BoardFilter) -> AreaBoard:
    """The board of a regency or a district."""
    return board_of(user, area, villages_of(user, area), flt)


def own_board(user, flt: BoardFilter) -> AreaBoard:
    """The board of several villages that make up no area: those a facilitator looks after."""
    area = Area(AreaLevel.VILLAGE, "", _("Your villages"))
    return board_of(user, area, user.villages_with("view"), flt)


def board_of(user, area: Area, villages: VillageQuerySet, flt: BoardFilter) -> AreaBoard:
    rows = tuple(map(row_of, village_values(villages, flt)))
    standings = Standings.of(villages, flt)
    return AreaBoard(
        area=area,
        flt=flt,
        total=AreaRow.summed(area.code, area.title, area.title, rows),
        districts=tuple(_by_district(rows)),
        villages=rows,
        owners=tuple(owner_rows(standings)),
        distinct=standings.distinct,
        not_counted=len(standings.idle),
        waiting=waiting_in(villages, flt),
        newest=newest_in(villages),
        may_review="verify" in user.capabilities,
    )


def years_seen_by(user) -> QuerySet[VillagePeriod, int]:
    """The years with records anywhere in her reach, newest first."""
    periods = VillagePeriod.objects.visible_to(user).filter(semester=0)
    return periods.order_by("-year").values_list("year", flat=True).distinct()


def waiting_in(villages: VillageQuerySet, flt: BoardFilter, **scope: Any) -> int:
    """Records of these villages and this period that somebody has to look at."""
    days = (flt.first_day, flt.last_day)
    held = Activity.objects.filter(village__in=villages, held_on__range=days, **scope)
    return held.waiting().count()


def newest_in(villages: VillageQuerySet, **scope: Any) -> datetime | None:
    """When a record of these villages last came in or changed: the age of the figures."""
    activities = Activity.objects.filter(village__in=villages, **scope).order_by("-updated_at")
    return activities.values_list("updated_at", flat=True).first()


#: What a village's row is read from, in the order of `row_of`.
_PLACE = ("code", "kind", "name", "district__name", "sent__activities")
_APART = ("women_target_involved", "women_target_judged")
_COUNTED = tuple(f"of__{name}" for name in (*_APART, *Levels.columns(), *Heads.columns()))
_HEADS_FROM = len(_APART) + len(Levels.columns())


def village_values(villages: VillageQuerySet, flt: BoardFilter) -> QuerySet[Any, Any]:
    """One tuple for `row_of` per village, also for those with no record: one query."""
    return (
        villages.annotate(of=_period(flt, flt.basis), sent=_period(flt, Basis.REPORTED))
        .filter(Q(ended_on=None) | Q(sent__activities__gt=0))
        .order_by("district__code", "name", "code")
        .values_list(*_PLACE, *_COUNTED)
    )


def row_of(values: tuple[Any, ...]) -> AreaRow:
    code, kind, name, district, sent, *counted = values
    numbers = [number or 0 for number in counted]
    return AreaRow(
        code,
        name,
        village_title(kind, name),
        district,
        Levels(*numbers[len(_APART) : _HEADS_FROM]),
        Heads(*numbers[_HEADS_FROM:]),
        Headline(numbers[0], numbers[1]),
        sent or 0,
        1,
        int(bool(sent)),
    )


def _period(flt: BoardFilter, basis: str) -> FilteredRelation:
    return FilteredRelation(
        "periods",
        condition=Q(periods__year=flt.year, periods__semester=flt.semester, periods__basis=basis),
    )


def _by_district(rows: Iterable[AreaRow]) -> Iterator[AreaRow]:
    for code, group in groupby(rows, key=lambda row: row.code[:8]):
        members = list(group)
        name = members[0].district
        yield AreaRow.summed(code, name, district_title(name), members)
