"""What boards are made of: programs by level and heads, added up from the read models.

Sums of numerators and denominators only; a share is a pair (part, whole), None where nobody was
counted. Nothing here decides a level: that is `programs.involvement`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from programs.involvement import HEADLINE, JUDGED, Headline, Level
from programs.rollups import LEVEL_COLUMNS

#: (part, whole); None = nobody counted, which is never 0 %.
Share = tuple[int, int] | None


@dataclass(frozen=True)
class Summed:
    """Whole numbers that add up field by field."""

    def __add__(self, other: Self) -> Self:
        return type(self)(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        return tuple(one.name for one in fields(cls))

    @classmethod
    def of_row(cls, row: Mapping[str, Any], prefix: str = "") -> Self:
        return cls(*(row[prefix + name] or 0 for name in cls.columns()))

    @classmethod
    def total(cls, parts: Iterable[Self]) -> Self:
        return sum(parts, cls())


@dataclass(frozen=True)
class Levels(Summed):
    """How many programs stand on each level, each program once in each village."""

    no_data: int = 0
    level_0: int = 0
    level_1: int = 0
    level_2: int = 0
    level_3: int = 0
    level_4: int = 0
    men_with_gender_goal: int = 0

    @classmethod
    def count(cls, levels: Iterable[int]) -> Levels:
        """Levels of single programs into counts; those not counted are left out."""
        found = Counter(levels)
        return cls(**{column: found[level] for level, column in LEVEL_COLUMNS.items()})

    def at(self, level: Level) -> int:
        return getattr(self, LEVEL_COLUMNS[level])

    @property
    def headline(self) -> Headline:
        return Headline(
            involved=sum(self.at(level) for level in JUDGED if level >= HEADLINE),
            judged=sum(self.at(level) for level in JUDGED),
            no_data=self.no_data,
        )


@dataclass(frozen=True)
class Heads(Summed):
    """Activities and people in them, in person-activities, from records that hold both sexes."""

    activities: int = 0
    counted: int = 0
    with_women: int = 0
    called_off: int = 0
    women_participants: int = 0
    men_participants: int = 0
    women_beneficiaries: int = 0
    men_beneficiaries: int = 0
    women_deciders: int = 0
    men_deciders: int = 0

    @property
    def coverage(self) -> Share:
        """Activities with at least one woman, of those counted by sex (domain.md 3.4)."""
        return (self.with_women, self.counted) if self.counted else None

    @property
    def participants(self) -> Share:
        return _share(self.women_participants, self.men_participants)

    @property
    def deciders(self) -> Share:
        return _share(self.women_deciders, self.men_deciders)

    @property
    def beneficiaries(self) -> Share:
        return _share(self.women_beneficiaries, self.men_beneficiaries)


def _share(women: int, men: int) -> Share:
    return (women, women + men) if women + men else None
