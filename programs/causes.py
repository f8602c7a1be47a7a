"""Why few women came: what those who record say, counted for boards and for the next GAP.

A record with fewer than 30 of 100 women present asks for a reason from a short list
(LowWomenReason). Those answers are the first data on the causes of a gap that a village itself
gives; a gender analysis may cite them (domain.md 2.1, columns 4 and 5).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.db.models.lookups import LessThan

from .involvement import WOMEN_PERCENT
from .models import LowWomenReason
from .models.activity import ActivityQuerySet

_BOTH = Q(women_participants__isnull=False, men_participants__isnull=False)
_WOMEN, _MEN = F("women_participants"), F("men_participants")
_FEW = _BOTH & Q(LessThan(100 * _WOMEN, WOMEN_PERCENT * (_WOMEN + _MEN)))
#: Causes that a program's own office can remove: when and where it meets, and whom it asks.
INTERNAL = frozenset({LowWomenReason.NOT_INVITED, LowWomenReason.TIME, LowWomenReason.DISTANCE})


@dataclass(frozen=True)
class Cause:
    """One reason and in how many of the `few` activities it was given."""

    reason: str
    number: int
    few: int

    @property
    def label(self) -> str:
        return str(LowWomenReason(self.reason).label)

    @property
    def internal(self) -> bool:
        """Inside the agency, as column 4 of a GAP asks; else outside, column 5."""
        return self.reason in INTERNAL


@dataclass(frozen=True)
class Causes:
    """Of `counted` activities with women and men counted, `few` had under 30 % women present.

    `given`: the reasons named, most frequent first; `unexplained` of the few name none.
    """

    counted: int = 0
    few: int = 0
    given: tuple[Cause, ...] = ()

    @property
    def unexplained(self) -> int:
        return self.few - sum(one.number for one in self.given)


def causes_of(activities: ActivityQuerySet) -> Causes:
    """The causes named on those of these records that count (reported basis). One statement.

    Narrow the rows first: by village, program, day, and `state="verified"` for that basis.
    """
    counts = {"with_both": Count("pk", filter=_BOTH), "with_few": Count("pk", filter=_FEW)}
    rows = activities.counted().order_by().values("low_women_reason").annotate(**counts)
    found = list(rows.values_list("low_women_reason", "with_both", "with_few"))
    few = sum(number for _reason, _counted, number in found)
    given = [Cause(reason, number, few) for reason, _, number in found if reason and number]
    return Causes(
        counted=sum(counted for _reason, counted, _few in found),
        few=few,
        given=tuple(sorted(given, key=lambda one: (-one.number, one.reason))),
    )
