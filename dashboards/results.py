"""What a village has to be proud of: its last twelve months on one page, for a phone and paper.

Everything sent in counts here, looked at or not; how much was looked at is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.causes import Causes, causes_of
from programs.involvement import SMALL_GROUP, WOMEN_PERCENT, reaches
from programs.models import Activity, Basis, ProgramVillageMonth
from programs.phone.months import Month, last_months, months_of
from villages.models import Village

from .areas import district_title
from .boards import newest_in
from .counts import Heads, Share

MONTHS = 12
#: With fewer villages the district's figure would tell on one of them.
FEWEST_VILLAGES = 3


@dataclass(frozen=True)
class Result:
    """One of the three shares, beside the line and beside the district."""

    name: str
    label: str
    share: Share
    district: Share

    @property
    def reached(self) -> bool:
        return self.share is not None and reaches(self.share[0], self.share[1] - self.share[0])

    @property
    def small(self) -> bool:
        return self.share is not None and self.share[1] < SMALL_GROUP

    @property
    def finding(self) -> str:
        """Where it stands, in words: colour is never the only sign."""
        if self.share is None:
            return _("Nobody was counted yet")
        if self.small:
            return _("Too few people to say")
        words = {"line": WOMEN_PERCENT}
        if self.reached:
            return _("The line of %(line)s percent is reached") % words
        return _("Not yet %(line)s percent") % words

    @property
    def against(self) -> str:
        """Above, below or as the district; "" where there is nothing to compare."""
        if not self.share or not self.district or self.small:
            return ""
        (women, present), (theirs, all_of_them) = self.share, self.district
        here, there = women * all_of_them, theirs * present  # in whole numbers
        if here == there:
            return _("As in the whole district")
        return _("Above the district") if here > there else _("Below the district")


@dataclass(frozen=True)
class MonthResult:
    """One month: what is known of it, and the women among those present."""

    month: Month
    heads: Heads

    @property
    def share(self) -> Share:
        return self.heads.participants

    @property
    def small(self) -> bool:
        return self.share is not None and self.share[1] < SMALL_GROUP

    @property
    def words(self) -> str:
        """What its row says where there is no share."""
        if self.heads.activities:
            return _("Not counted by sex")
        if self.month.records:
            return _("Being put right, or not held")
        if self.month.declared:
            return _("No activity")
        return _("Not over yet") if self.month.running else _("No record yet")


@dataclass(frozen=True)
class VillageResults:
    """Twelve months of one village."""

    village: Village
    months: tuple[MonthResult, ...]
    verified: int
    district: Heads
    villages: int
    causes: Causes
    newest: datetime | None
    line: int = WOMEN_PERCENT

    @cached_property
    def heads(self) -> Heads:
        return Heads.total(one.heads for one in self.months)

    @property
    def first(self) -> date:
        return self.months[0].month.first

    @property
    def last(self) -> date:
        return self.months[-1].month.first

    @property
    def district_name(self) -> str:
        return district_title(self.village.district.name)

    @property
    def records(self) -> int:
        return sum(one.month.records for one in self.months)

    @property
    def compared(self) -> bool:
        """Enough villages sent something for the district to stand beside this one."""
        return self.villages >= FEWEST_VILLAGES

    @property
    def missing(self) -> tuple[date, ...]:
        return tuple(one.month.first for one in self.months if one.month.missing)

    @property
    def missing_names(self) -> list[str]:
        return [date_format(first, "F Y") for first in self.missing]

    @property
    def declared(self) -> int:
        return sum(bool(one.month.declared) for one in self.months)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        names = (
            ("participants", _("Women present")),
            ("deciders", _("Women deciding")),
            ("beneficiaries", _("Women benefiting")),
        )
        return tuple(
            Result(
                name,
                label,
                getattr(self.heads, name),
                getattr(self.district, name) if self.compared else None,
            )
            for name, label in names
        )

    @property
    def finding(self) -> str:
        """The title of the chart: what it shows."""
        told = [one for one in self.months if one.share]
        if not told:
            return _("No month with women and men counted yet")
        above = sum(reaches(one.share[0], one.share[1] - one.share[0]) for one in told)
        words = {"n": above, "m": len(told), "line": self.line}
        return (
            _("In %(n)s of %(m)s months with numbers, women were at least %(line)s percent") % words
        )


def village_results(village: Village, today: date) -> VillageResults:
    """The twelve months up to today's; seven statements, however many records there are.

    The caller has made sure that the village is in the person's reach. Of the district only sums
    are read, and shown when at least three villages stand behind them.
    """
    firsts = last_months(today, MONTHS)
    here = _within(firsts).filter(village=village)
    sums = _by_month(here.filter(basis=Basis.REPORTED))
    around = _within(firsts).filter(village__district=village.district_id, basis=Basis.REPORTED)
    records = Activity.objects.filter(village=village, held_on__gte=firsts[0])
    verified = here.filter(basis=Basis.VERIFIED).aggregate(n=Coalesce(Sum("activities"), 0))["n"]
    district, villages = _district(around)
    return VillageResults(
        village=village,
        months=tuple(
            MonthResult(month, sums.get(month.first, Heads()))
            for month in months_of(village, today, MONTHS)
        ),
        verified=verified,
        district=district,
        villages=villages,
        causes=causes_of(records),
        newest=newest_in(Village.objects.filter(pk=village.pk)),
    )


def _within(firsts: list[date]):
    place = F("year") * 12 + F("month")
    bounds = [first.year * 12 + first.month for first in (firsts[0], firsts[-1])]
    rows = ProgramVillageMonth.objects.filter(year__range=(firsts[0].year, firsts[-1].year))
    return rows.alias(place=place).filter(place__range=bounds)


def _sums() -> dict[str, Sum]:
    return {f"sum_{name}": Sum(name) for name in Heads.columns()}


def _by_month(rows) -> dict[date, Heads]:
    found: Iterable[dict] = rows.order_by().values("year", "month").annotate(**_sums())
    return {date(row["year"], row["month"], 1): Heads.of_row(row, "sum_") for row in found}


def _district(rows) -> tuple[Heads, int]:
    """The district's heads, and from how many villages they come."""
    found = list(rows.filter(activities__gt=0).order_by().values("village").annotate(**_sums()))
    return Heads.total(Heads.of_row(row, "sum_") for row in found), len(found)
