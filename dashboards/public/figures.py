"""What the public may read of one snapshot: never a live figure, never a person.

Programs are counted everywhere. People are counted by program and village; in the sums of places
without the programs for vulnerable groups and on sensitive topics (`Row.guarded`): those are
published program by program, through `suppression`, and in no other sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from programs.involvement import Headline, program_involves
from programs.involvement import Level as Step
from programs.models import Snapshot
from programs.periods import Period
from villages.models import Level, level_of

from ..areas import district_title
from ..counts import Levels, Share
from .suppression import Cell, Hidden

MEASURES = ("participants", "deciders", "beneficiaries")
COUNTS = tuple(f"{sex}_{measure}" for measure in MEASURES for sex in ("women", "men"))


@dataclass(frozen=True)
class Pair:
    """Women and men of one group, each a number or what stands in its place."""

    women: Cell = 0
    men: Cell = 0

    @property
    def hidden(self) -> str:
        """The mark of both, "" where they are numbers."""
        return self.women if isinstance(self.women, Hidden) else ""

    @property
    def cells(self) -> tuple[Cell | None, Cell | None]:
        return (self.women, self.men) if self.women or self.men else (None, None)

    @property
    def share(self) -> Share:
        """(women, everybody); None where a number is hidden, or nobody was counted."""
        if isinstance(self.women, Hidden) or isinstance(self.men, Hidden):
            return None
        everybody = self.women + self.men
        return (self.women, everybody) if everybody else None


@dataclass(frozen=True)
class People:
    """Person-activities by sex; None of a measure is unknown here: 0 of 0 is nobody counted."""

    participants: Pair = Pair()
    deciders: Pair = Pair()
    beneficiaries: Pair = Pair()

    @property
    def cells(self) -> tuple[Cell | None, ...]:
        """In the order of COUNTS; None where nobody was counted, which is not zero."""
        pairs = (self.participants, self.deciders, self.beneficiaries)
        return tuple(cell for pair in pairs for cell in pair.cells)

    @property
    def hidden(self) -> bool:
        return any(isinstance(cell, Hidden) for cell in self.cells)


@dataclass(frozen=True)
class Row:
    """One program in one village. `program` is None once it is no longer offered by name."""

    program: UUID | None
    title: str
    owner: str
    target_group: str
    village: str
    village_title: str
    district: str
    level: Step
    activities: int
    counted: int
    guarded: bool
    sample: bool
    people: People

    @property
    def step(self) -> str:
        """The tag of its level."""
        return "no-data" if self.level == Step.NO_DATA else f"level-{self.level}"


@dataclass(frozen=True)
class Place:
    """One village, district or the regency: its programs by level, its activities and people.

    `people` leaves out the `guarded` programs; `children`: None where none were counted.
    """

    code: str
    title: str
    place: str = ""
    levels: Levels = Levels()
    activities: int = 0
    counted: int = 0
    with_women: int = 0
    guarded: int = 0
    sample: bool = False
    people: People = People()
    children: Cell | None = None
    villages: int = 1
    reporting: int = 0

    @property
    def heading(self) -> str:
        """As its page is headed: "Kecamatan Kuaro"; others bear their kind in the title."""
        return district_title(self.title) if level_of(self.code) == Level.DISTRICT else self.title

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @property
    def coverage(self) -> Share:
        return (self.with_women, self.counted) if self.counted else None


@dataclass(frozen=True)
class PublicProgram:
    """One program in all its villages of the period. `own`: a village's own."""

    uid: UUID
    title: str
    owner: str
    target_group: str
    own: bool
    guarded: bool
    sample: bool
    levels: Levels
    activities: int
    counted: int
    people: People
    rows: tuple[Row, ...]

    @property
    def headline(self) -> Headline:
        return self.levels.headline

    @property
    def involves(self) -> bool | None:
        return program_involves(self.headline)


@dataclass(frozen=True)
class Publication:
    """All that is published of one snapshot."""

    snapshot: Snapshot
    whole: Place
    districts: tuple[Place, ...]
    villages: tuple[Place, ...]
    programs: tuple[PublicProgram, ...]
    rows: tuple[Row, ...]
    #: each program once, however many villages it has (docs/number.md)
    distinct: Headline
    sample: bool

    @property
    def period(self) -> Period:
        return self.snapshot.period

    @property
    def newest(self) -> datetime | None:
        """When a record of the period had last changed."""
        told = self.snapshot.summary.get("newest")
        return datetime.fromisoformat(told) if told else None

    @property
    def waiting(self) -> int | None:
        """Records that were still to be checked; None where the snapshot does not say."""
        return self.snapshot.summary.get("waiting")

    @property
    def short_checksum(self) -> str:
        return self.snapshot.checksum[:12]

    @cached_property
    def ranked(self) -> list[Place]:
        """Districts, highest share first; those without one at the end."""
        return sorted(self.districts, key=lambda one: (-_rate(one.headline), one.title))

    @cached_property
    def silent(self) -> list[Place]:
        """Villages without a verified activity in the period."""
        return [one for one in self.villages if not one.activities]

    def place(self, code: str) -> Place | None:
        everywhere = (self.whole, *self.districts, *self.villages)
        return next((one for one in everywhere if one.code == code), None)

    def program(self, uid: UUID) -> PublicProgram | None:
        return next((one for one in self.programs if one.uid == uid), None)

    def rows_of(self, code: str) -> list[Row]:
        return [row for row in self.rows if row.village == code]


def _rate(count: Headline) -> float:
    return count.involved / count.judged if count.judged else -1.0
