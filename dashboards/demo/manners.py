"""How one village keeps its records, and who does."""

from __future__ import annotations

from dataclasses import dataclass

from villages.models import District, Village

from .patterns import dice, district_habits

JANJU = "64.01.04.2002"
#: The four villages of the demo facilitator.
FACILITATED = (JANJU, "64.01.04.2003", "64.01.04.2004", "64.01.04.2005")
SONGKA = "64.01.01.2017"
#: These always have records by sex: the demo accounts' own, and the other DRPPA pilot.
KEEPING = frozenset({*FACILITATED, SONGKA})
SILENT_PERCENT, UNSEXED_PERCENT = 5, 4


@dataclass(frozen=True)
class Manner:
    """`records`: chance that an activity is written down; `by_sex`: that its heads are counted
    by sex; `women`: percentage points on top of what is usual."""

    records: float
    by_sex: float
    women: int


def manner_of(village: Village) -> Manner:
    """Some villages have sent nothing yet, some only totals; most are like their district."""
    throw = dice("manner", village.code)
    usual = district_habits(village.district.code)
    women = usual["women"] + throw.randint(-6, 6)
    kind = throw.uniform(0, 100)
    if village.code in KEEPING:
        kind = 100.0
    if kind < SILENT_PERCENT:
        return Manner(0, 0, 0)
    if kind < SILENT_PERCENT + UNSEXED_PERCENT:
        return Manner(usual["records"] / 100, 0, 0)
    return Manner(usual["records"] / 100, usual["by_sex"] / 100, women)


def clerk_of(district: District) -> str:
    """The username of the invented facilitator of a district."""
    return f"pendamping.{district.code}"
