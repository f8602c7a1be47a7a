"""The boards of areas: which programs involve women, where, and what needs action.

A board is a frozen value made with at most six queries, whatever the number of villages, from
the read models of `programs`. The caller has made sure that the area is in the person's reach
(`areas.find_area`); every query is narrowed to her villages all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import FilteredRelation, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from core.moment import Kept
from programs.involvement import (
    DEFINITION_VERSION,
    HEADLINE,
    JUDGED,
    WOMEN_PERCENT,
    Headline,
    Level,
)
from programs.models import Activity, Basis, VillagePeriod
from villages.models import Level as AreaLevel
from villages.models import VillageQuerySet

from .areas import LARGE, Area, district_title, village_title, villages_of
from .counts import Heads, Levels
from .filters import BoardFilter
from .large import large_rows
from .standings import Pair, Tally, pairs


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
            sum(row.villages for row in rows),
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
    #: each program once; None above a regency, where nobody asks
    distinct: Headline | None
    not_counted: int | None
    #: records to look at; None above a regency, where they are looked at
    waiting: int | None
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


_kept = Kept(64)


def area_board(user, area: Area, flt: BoardFilter) -> AreaBoard:
    """The board of one area above a village; Refused for a filter's district outside of it.

    Kept as long as the database stays as it is: `core.moment`.
    """
    key = (user.pk, get_language(), timezone.localdate(), area, flt)
    if area.level in LARGE:
        return _kept.get(key, lambda: large_board(user, area, flt))
    return _kept.get(key, lambda: board_of(user, area, villages_in(user, area, flt), flt))


def villages_in(user, area: Area, flt: BoardFilter) -> VillageQuerySet:
    """The villages of an area, or those of the district that the filter names."""
    villages = villages_of(user, area)
    if not flt.district:
        return villages
    villages = villages.under(flt.district)
    if not villages.exists():
        raise Refused(Problem("district", "unknown_value", _("Choose one from the list.")))
    return villages


def large_board(user, area: Area, flt: BoardFilter) -> AreaBoard:
    """The board of a province or the nation: its parts, no single village. Four queries.

    `newest` is that of the whole portal: how fresh its figures are.
    """
    parts = tuple(
        AreaRow(code, name, name, "", *numbers) for code, name, *numbers in large_rows(area, flt)
    )
    total = AreaRow.summed(area.code, area.title, area.title, parts)
    return AreaBoard(
        area=area,
        flt=flt,
        total=total,
        districts=parts,
        villages=(),
        distinct=None,
        not_counted=None,
        waiting=None,
        newest=_newest_of_all(),
        may_review="verify" in user.capabilities,
    )


def _newest_of_all() -> datetime | None:
    changes = Activity.objects.order_by("-updated_at").values_list("updated_at", flat=True)
    return changes.first()


def own_board(user, flt: BoardFilter) -> AreaBoard:
    """The board of several villages that make up no area: those a facilitator looks after."""
    area = Area(AreaLevel.VILLAGE, "", _("Your villages"))
    return board_of(user, area, user.villages_with("view"), flt)


def board_of(user, area: Area, villages: VillageQuerySet, flt: BoardFilter) -> AreaBoard:
    villages = villages.settled()
    rows = rows_of(villages, flt)
    tally = Tally.of(villages, flt)
    return AreaBoard(
        area=area,
        flt=flt,
        total=AreaRow.summed(area.code, area.title, area.title, rows),
        districts=tuple(_by_district(rows)),
        villages=rows,
        distinct=tally.distinct,
        not_counted=tally.idle,
        waiting=waiting_in(villages, flt),
        newest=newest_in(villages),
        may_review="verify" in user.capabilities,
    )


def years_seen_by(user) -> list[int]:
    """The years with records anywhere in her reach, newest first; of the nation, those from the
    first to the last, which an index knows at once."""
    periods = VillagePeriod.objects.filter(semester=0)
    if user.is_authenticated and user.covers_everything_with("view"):
        ends = periods.aggregate(first=Min("year"), last=Max("year"))
        return list(range(ends["last"] or 0, (ends["first"] or 1) - 1, -1))
    years = periods.visible_to(user).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def waiting_in(villages: VillageQuerySet, flt: BoardFilter, **scope: Any) -> int:
    """Records of these villages and this period that somebody has to look at."""
    when = flt.when
    held = Activity.objects.filter(flt.programs(), village__in=villages, **scope).waiting()
    return held.filter(year=when.year, month__range=(when.first_month, when.last_month)).count()


def newest_in(villages: VillageQuerySet, **scope: Any) -> datetime | None:
    """When a record of these villages last came in or changed: the age of the figures."""
    last = Activity.objects.filter(village=OuterRef("pk"), **scope).order_by("-updated_at")
    each = villages.order_by().annotate(last=Subquery(last.values("updated_at")[:1]))
    return each.aggregate(Max("last"))["last__max"]


def rows_of(villages: VillageQuerySet, flt: BoardFilter) -> tuple[AreaRow, ...]:
    """One row per village, also for those with no record, by district and name.

    One query for all programs of a year or semester; two for other periods and for some of the
    programs, which are judged from their months.
    """
    if flt.whole:
        return tuple(map(row_of, village_values(villages, flt)))
    return tuple(_rows_of_pairs(villages, flt))


#: What a village's row is read from, in the order of `row_of`.
_PLACE = ("code", "kind", "name", "district__name", "sent__activities")
_APART = ("women_target_involved", "women_target_judged")
_COUNTED = tuple(f"of__{name}" for name in (*_APART, *Levels.columns(), *Heads.columns()))
_HEADS_FROM = len(_APART) + len(Levels.columns())
_ORDER = ("district__code", "name", "code")


def village_values(villages: VillageQuerySet, flt: BoardFilter) -> QuerySet[Any, Any]:
    """One tuple for `row_of` per village of a year or semester: one query."""
    return (
        villages.annotate(of=_period(flt, flt.basis), sent=_period(flt, Basis.REPORTED))
        .filter(Q(ended_on=None) | Q(sent__activities__gt=0))
        .order_by(*_ORDER)
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


def _rows_of_pairs(villages: VillageQuerySet, flt: BoardFilter) -> Iterator[AreaRow]:
    found: dict[int, list[Pair]] = defaultdict(list)
    for one in pairs(villages, flt, *Basis.values):
        found[one.village].append(one)
    places = villages.filter(Q(ended_on=None) | Q(pk__in=list(found))).order_by(*_ORDER)
    columns = ("pk", "code", "kind", "name", "district__name")
    for pk, code, kind, name, district in places.values_list(*columns):
        members = found.get(pk, ())
        shown = [one for one in members if one.basis == flt.basis]
        apart = [one.level for one in shown if one.women_only and one.level in JUDGED]
        sent = sum(one.heads.activities for one in members if one.basis == Basis.REPORTED)
        yield AreaRow(
            code,
            name,
            village_title(kind, name),
            district,
            Levels.count(one.level for one in shown),
            Heads.total(one.heads for one in shown),
            Headline(sum(HEADLINE <= one <= Level.EQUAL_RESULTS for one in apart), len(apart)),
            sent,
            1,
            int(bool(sent)),
        )


def _by_district(rows: Iterable[AreaRow]) -> Iterator[AreaRow]:
    for code, group in groupby(rows, key=lambda row: row.code[:8]):
        members = list(group)
        name = members[0].district
        yield AreaRow.summed(code, name, district_title(name), members)
