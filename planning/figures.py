"""The portal's own figures in a gender analysis: one program, its verified records, one period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.asking import as_portal
from programs.involvement import DEFINITION_VERSION, HEADLINE, JUDGED, Level, Sums, level
from programs.models import Basis, Program, ProgramVillageMonth
from programs.periods import Period
from programs.rollups import by_program, plan_of
from villages.models import Opd, Village

from .content import Content, DataSaid
from .models import Measure, share

_WHOLE = "a plan speaks of all villages of its program; sums only"
_SUMS = [one.name for one in fields(Sums)]
_PAIRS = {
    Measure.PARTICIPANTS: ("women_participants", "men_participants"),
    Measure.DECIDERS: ("women_deciders", "men_deciders"),
    Measure.BENEFICIARIES: ("women_beneficiaries", "men_beneficiaries"),
}


@dataclass(frozen=True)
class Figure:
    """One measure of one program in one period: women and men, or villages (`value` of `whole`).

    Persons are counted once at each activity. `area`: the village's code, else the code of the
    area whose villages were counted; `definition`: the version of the number's definition.
    """

    measure: str
    women: int | None
    men: int | None
    value: int | None
    whole: int | None
    year: int
    semester: int
    basis: str
    area: str
    definition: int
    taken_at: datetime

    @property
    def unit(self) -> str:
        return "desa" if self.measure == Measure.VILLAGES else "orang"

    @property
    def pair(self) -> tuple[int, int] | None:
        """(women, everyone) or (villages on the headline, villages judged); None without data."""
        if self.measure == Measure.VILLAGES:
            return (self.value, self.whole) if self.value is not None and self.whole else None
        if self.women is None or self.men is None or self.women + self.men == 0:
            return None
        return self.women, self.women + self.men

    @property
    def percent(self) -> Decimal | None:
        pair = self.pair
        return share(pair[0], pair[1] - pair[0]) if pair else None

    @property
    def portal(self) -> dict[str, Any]:
        """Where it came from, as a data row keeps it."""
        return {
            "year": self.year,
            "semester": self.semester,
            "area": self.area,
            "basis": self.basis,
            "definition": self.definition,
            "taken_at": self.taken_at.isoformat(),
        }


@dataclass(frozen=True)
class Standing:
    """Where a program stands in each of its villages that has records: their sums and levels."""

    program: Program
    year: int
    semester: int
    basis: str
    villages: dict[int, tuple[Sums, Level]]

    def figure(self, measure: str, village: Village | None = None) -> Figure:
        rows = self._rows(village)
        women = men = value = whole = None
        if measure == Measure.VILLAGES:
            judged = [reached for _sums, reached in rows if reached in JUDGED]
            value, whole = sum(one >= HEADLINE for one in judged), len(judged)
        elif rows:
            of_women, of_men = _PAIRS[Measure(measure)]
            women = sum(getattr(sums, of_women) for sums, _level in rows)
            men = sum(getattr(sums, of_men) for sums, _level in rows)
        return Figure(
            *(measure, women, men, value, whole),
            *(self.year, self.semester, self.basis),
            village.code if village else _area_of(self.program),
            DEFINITION_VERSION,
            timezone.now(),
        )

    def _rows(self, village: Village | None) -> list[tuple[Sums, Level]]:
        if village is None:
            return list(self.villages.values())
        return [self.villages[village.pk]] if village.pk in self.villages else []


def standing(
    program: Program, year: int, semester: int = 0, basis: str = Basis.VERIFIED
) -> Standing:
    """One statement."""
    period = Period(year, "semester", semester) if semester else Period(year)
    months = ProgramVillageMonth.objects.filter(program=program, basis=basis).within(period)
    villages = {}
    with as_portal(_WHOLE):
        rows = list(by_program(months, sums=_SUMS))
    for row in rows:
        sums = Sums.of(row, "sum_")
        villages[row["village_id"]] = (sums, level(sums, plan_of(row)))
    return Standing(program, year, semester, str(basis), villages)


def figure(
    program: Program,
    measure: str,
    *,
    year: int,
    semester: int = 0,
    basis: str = Basis.VERIFIED,
    village: Village | None = None,
) -> Figure:
    """One measure of a program in a year or semester, in one village or in all of its villages."""
    return standing(program, year, semester, basis).figure(measure, village)


def now_of(content: Content, program: Program) -> dict[UUID, Figure]:
    """What the portal says today, for every data row that was filled from it."""
    asked = [one for one in content.data_rows if one.measure]
    return dict(zip((one.key for one in asked), _figures(program, asked), strict=True))


def _figures(program: Program, rows: Iterable[DataSaid]) -> Iterable[Figure]:
    known: dict[tuple, Standing] = {}
    for row in rows:
        year, semester, basis = period_of(row)
        if (year, semester, basis) not in known:
            known[year, semester, basis] = standing(program, year, semester, basis)
        yield known[year, semester, basis].figure(row.measure)


def period_of(row: DataSaid) -> tuple[int, int, str]:
    """(year, semester, basis) that a row filled from the portal is about."""
    said = row.portal
    year = said.get("year") or row.year or timezone.localdate().year
    return int(year), int(said.get("semester") or 0), str(said.get("basis") or Basis.VERIFIED)


def newest_year(program: Program, before: int) -> int | None:
    """The newest year, not after `before`, in which verified records of the program count."""
    months = ProgramVillageMonth.objects.filter(
        program=program, basis=Basis.VERIFIED, year__lte=before, counted__gt=0
    )
    with as_portal(_WHOLE):
        return months.order_by("-year").values_list("year", flat=True).first()


def _area_of(program: Program) -> str:
    owner = program.owner
    return owner.regency.code if isinstance(owner, Opd) else owner.code
