"""Counts so small that somebody could be known by them: hidden, so that no sum brings them back.

The parts of one whole are published together with their total. Where a count of a part is 1 to 4,
the whole part is hidden (women and men of the same record), and the total with it: what is then
shown does not depend on how large the hidden counts are. No further part is hidden to protect a
total, for the choice would tell of the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: From this many people on a count is shown.
SMALL = 5


class Hidden(StrEnum):
    """What stands in the place of a number: it, or one it would give away, is 1 to 4 or stays
    unpublished for its period; or its period is not closed yet."""

    KEPT = "*"
    OPEN = "open"


Cell = int | Hidden
#: Counts that are hidden together, such as the women and the men of one group.
Counts = tuple[int, ...]


@dataclass(frozen=True)
class Published:
    """The parts of a whole in their order, and the whole, as anybody may read them."""

    parts: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...]


def is_small(count: int) -> bool:
    return 0 < count < SMALL


def publish(parts: Sequence[Counts]) -> Published:
    """Hide each part with a small count, and then the total. The total is a sum of these parts
    alone, and nothing else that is published may be one."""
    small = [any(map(is_small, part)) for part in parts]
    total = tuple(map(sum, zip(*parts, strict=True)))
    return Published(
        tuple(_marked(part) if hide else part for part, hide in zip(parts, small, strict=True)),
        _marked(total) if any(small) else total,
    )


def withhold(parts: Sequence[Counts], mark: Hidden) -> Published:
    """Hide every count and the total, whatever they are."""
    return Published(tuple(_marked(part, mark) for part in parts), _marked(parts[0], mark))


def _marked(counts: Counts, mark: Hidden = Hidden.KEPT) -> tuple[Cell, ...]:
    return (mark,) * len(counts)
