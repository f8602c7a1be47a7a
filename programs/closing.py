"""Closed periods as they are read: the figures of then, those of now, and what came between.

A snapshot holds one row per program and village. Rows of today have the same shape
(`rows_now`), so that one function adds up both and they can be laid side by side.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from villages.models import Village, VillageQuerySet

from .involvement import (
    HEADLINE,
    JUDGED,
    Headline,
    Level,
    headline,
    level_expression,
    program_involves,
)
from .models import (
    Basis,
    ProgramVillageMonth,
    Review,
    ReviewStep,
    Snapshot,
    SnapshotRow,
    TargetGroup,
)
from .periods import MONTHS, Period, PeriodKind
from .rollups import HEADS, LEVEL_COLUMNS, by_program

#: What names a program and its village in a row.
_NAMES = (
    "program__title",
    "program__target_group",
    "program__owner_opd__name",
    "program__owner_district__name",
    "program__owner_village__kind",
    "program__owner_village__name",
    "village__code",
    "village__kind",
    "village__name",
    "village__district__code",
    "village__district__name",
)
#: What a checksum speaks for.
_SEALED = (
    "village_code",
    "program_id",
    "village_title",
    "district_code",
    "district_name",
    "program_title",
    "owner_title",
    "target_group",
    "level",
    *HEADS,
)
#: No step takes longer from its instant to its commit: the database ends it before.
UNDER_WAY = timedelta(minutes=1)
#: Steps of a record that can move a figure; a confirmation does not.
MOVING = [step for step in ReviewStep.values if step != ReviewStep.CONFIRMED]


def rows_now(villages: VillageQuerySet, period: Period) -> list[SnapshotRow]:
    """Every program with activities in these villages and this period on the verified basis, as
    unsaved rows in their order; names as they are now, in the portal's own language."""
    months = ProgramVillageMonth.objects.filter(village__in=villages, basis=Basis.VERIFIED)
    found = by_program(months.within(period), *_NAMES).annotate(level=level_expression())
    with translation.override(settings.LANGUAGE_CODE):
        rows = [_row(values) for values in found if values["level"] != Level.NOT_COUNTED]
    return _in_order(rows)


def _row(values: dict) -> SnapshotRow:
    return SnapshotRow(
        program_id=values["program_id"],
        village_id=values["village_id"],
        village_code=values["village__code"],
        village_title=_village_title(values["village__kind"], values["village__name"]),
        district_code=values["village__district__code"],
        district_name=values["village__district__name"],
        program_title=values["program__title"],
        owner_title=_owner_title(values),
        target_group=values["program__target_group"],
        level=values["level"],
        **{name: values["sum_" + name] for name in HEADS},
    )


def _village_title(kind: str, name: str) -> str:
    return f"{Village.Kind(kind).label} {name}"


def _owner_title(values: dict) -> str:
    if values["program__owner_opd__name"]:
        return values["program__owner_opd__name"]
    if values["program__owner_district__name"]:
        return _("District %(name)s") % {"name": values["program__owner_district__name"]}
    kind, name = values["program__owner_village__kind"], values["program__owner_village__name"]
    return _village_title(kind, name)


def _in_order(rows: Iterable[SnapshotRow]) -> list[SnapshotRow]:
    return sorted(rows, key=lambda row: (row.village_code, str(row.program_id)))


def checksum_of(rows: Iterable[SnapshotRow]) -> str:
    """SHA-256 over the rows in order (village code, program), as canonical JSON."""
    said = [[str(getattr(row, name)) for name in _SEALED] for row in _in_order(rows)]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(snapshot: Snapshot) -> bool:
    """Whether the rows still say what they said when the snapshot was taken."""
    return checksum_of(snapshot.rows.all()) == snapshot.checksum


@dataclass(frozen=True)
class Figures:
    """What rows add up to for one area or one program.

    `levels`: programs by the columns of `rollups.LEVEL_COLUMNS`, each once in each village;
    `heads`: the sums of `Heads`, in person-activities. `place`: where it lies, or whose it is.
    """

    code: str = ""
    title: str = ""
    place: str = ""
    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVEL_COLUMNS.values(), 0))
    heads: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HEADS, 0))
    women_only: Headline = field(default_factory=Headline)

    @property
    def headline(self) -> Headline:
        def at(level: Level) -> int:
            return self.levels[LEVEL_COLUMNS[level]]

        involved = sum(at(level) for level in JUDGED if level >= HEADLINE)
        return Headline(involved, sum(map(at, JUDGED)), at(Level.NO_DATA))

    @property
    def numbers(self) -> tuple:
        return self.levels, self.heads, self.women_only


@dataclass(frozen=True)
class PeriodFigures:
    """The figures of a period: the whole, and by district, village and program, in order."""

    total: Figures
    districts: tuple[Figures, ...]
    villages: tuple[Figures, ...]
    programs: tuple[Figures, ...]
    #: each program once, however many villages it has (docs/number.md)
    distinct: Headline


def figures_of(snapshot: Snapshot, villages: VillageQuerySet | None = None) -> PeriodFigures:
    """The figures as they were closed; within `villages` when given. One query."""
    rows = snapshot.rows.all()
    return add_up(rows if villages is None else rows.filter(village__in=villages))


def figures_now(villages: VillageQuerySet, period: Period) -> PeriodFigures:
    """The figures of the same period as the facts say today. One query."""
    return add_up(rows_now(villages, period))


def add_up(rows: Iterable[SnapshotRow]) -> PeriodFigures:
    rows = list(rows)
    return PeriodFigures(
        total=_sum(rows),
        districts=_groups(rows, lambda r: (r.district_code, r.district_name, "")),
        villages=_groups(rows, lambda r: (r.village_code, r.village_title, r.district_name)),
        programs=_groups(rows, lambda r: (str(r.program_id), r.program_title, r.owner_title)),
        distinct=_distinct(rows),
    )


def _groups(rows: list[SnapshotRow], name: Callable) -> tuple[Figures, ...]:
    found: dict[str, list[SnapshotRow]] = {}
    names = {}
    for row in rows:
        code, *said = name(row)
        found.setdefault(code, []).append(row)
        names.setdefault(code, said)
    return tuple(_sum(found[code], code, *names[code]) for code in sorted(found))


def _sum(rows: list[SnapshotRow], code: str = "", title: str = "", place: str = "") -> Figures:
    levels = dict.fromkeys(LEVEL_COLUMNS.values(), 0)
    for row in rows:
        levels[LEVEL_COLUMNS[Level(row.level)]] += 1
    heads = {name: sum(getattr(row, name) for row in rows) for name in HEADS}
    apart = headline(row.level for row in rows if row.target_group == TargetGroup.WOMEN)
    return Figures(code, title, place, levels, heads, Headline(apart.involved, apart.judged))


def _distinct(rows: list[SnapshotRow]) -> Headline:
    levels: dict = {}
    for row in rows:
        levels.setdefault(row.program_id, []).append(row.level)
    counts = [headline(of) for of in levels.values()]
    verdicts = [(program_involves(count), count.no_data) for count in counts]
    return Headline(
        involved=sum(verdict is True for verdict, _no_data in verdicts),
        judged=sum(verdict is not None for verdict, _no_data in verdicts),
        no_data=sum(verdict is None and no_data > 0 for verdict, no_data in verdicts),
    )


def name_of(period: Period) -> str:
    """As a heading or a link calls it: a year is said to be one."""
    if period.kind == PeriodKind.YEAR:
        return _("the year %(year)s") % {"year": period.year}
    return period.label


def closings(regency_code: str, period: Period):
    """Every closing of a period, the newest revision first."""
    taken = Snapshot.objects.of(period).filter(regency__code=regency_code, closing=True)
    return taken.order_by("-revision")


def closing_of(regency_code: str, period: Period) -> Snapshot | None:
    """The figures of a closed period that are in force: its newest revision."""
    return closings(regency_code, period).first()


def is_closed(regency_code: str, period: Period) -> bool:
    return closings(regency_code, period).exists()


def periods_with(day: date) -> list[Period]:
    """The year, semester, quarter and month that a day lies in."""
    return [
        Period(day.year, kind.value, 0 if length == 12 else (day.month - 1) // length + 1)
        for kind, length in MONTHS.items()
    ]


def closings_with(regency_code: str, day: date) -> list[Snapshot]:
    """The closed periods in which a day lies, each at its newest revision. One query."""
    of = Q()
    for period in periods_with(day):
        of |= Q(year=period.year, kind=period.kind, number=period.number)
    return in_force(Snapshot.objects.filter(of, regency__code=regency_code))


def in_force(taken) -> list[Snapshot]:
    """Of these snapshots the closings that no later revision replaced, longest period first."""
    later = Snapshot.objects.filter(
        regency=OuterRef("regency"),
        year=OuterRef("year"),
        kind=OuterRef("kind"),
        number=OuterRef("number"),
        closing=True,
        revision__gt=OuterRef("revision"),
    )
    found = taken.filter(closing=True).exclude(Exists(later)).select_related("regency")
    order = list(PeriodKind.values)
    return sorted(found, key=lambda one: (-one.year, order.index(one.kind), one.number))


@dataclass(frozen=True)
class ClosedNote:
    """What a page says beside figures of today whose period is closed."""

    code: str
    label: str
    revision: int
    taken_at: datetime


def closed_note(regency_code: str, period: Period) -> ClosedNote | None:
    """For `programs/_closed_note.html`; None while the period is open. One query."""
    found = closing_of(regency_code, period)
    if found is None:
        return None
    return ClosedNote(period.code, period.label, found.revision, found.taken_at)


def touching(period: Period) -> Q:
    """Steps of records of the period, and those that moved a record out of it."""
    months = (f"{period.year}-{month:02d}-" for month in period.months)
    moved = Q()
    for month in months:
        moved |= Q(changes__held_on__0__startswith=month)
    return Q(activity__held_on__range=(period.first_day, period.last_day)) | moved


def steps_since(snapshot: Snapshot, villages: VillageQuerySet):
    """The steps on records of the period that the snapshot does not know, newest first.

    By the clock, but for those under way when it was taken: their instant lies before it, so it
    notes which of the last minute it had seen.
    """
    steps = Review.objects.filter(
        touching(snapshot.period), activity__village__in=villages, step__in=MOVING
    )
    steps = steps.filter(at__gte=snapshot.taken_at - UNDER_WAY)
    return steps.exclude(pk__in=snapshot.summary.get("seen", [])).order_by("-at", "-id")
