"""What each index says: its scale, which way is better, and how it is read (domain.md 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.formats import NOTHING

from .models import IndexCode

HIGHER, LOWER, PARITY, NEITHER = "higher", "lower", "parity", ""


@dataclass(frozen=True)
class Meaning:
    """`most`: no value lies above it; `decimals`: how many are shown. `better`: HIGHER, LOWER,
    PARITY (100 is equality) or NEITHER."""

    index: IndexCode
    most: Decimal
    decimals: int
    better: str = NEITHER
    says: Any = ""
    direction: Any = ""

    def written(self, value: Decimal | None) -> str:
        """71,98; an unknown value is a dash, never 0."""
        if value is None:
            return NOTHING
        return number_format(value, self.decimals, force_grouping=True)


_OF = (
    Meaning(
        IndexCode.IPG,
        Decimal(150),
        2,
        PARITY,
        _("Human development of women set against that of men: schooling, health, spending."),
        _("100 means equal. Below 100, women are behind men."),
    ),
    Meaning(
        IndexCode.IDG,
        Decimal(100),
        2,
        HIGHER,
        _("How far women take part in politics, in skilled work and in earned income."),
        _("Higher is better."),
    ),
    Meaning(
        IndexCode.IKG,
        Decimal(1),
        3,
        LOWER,
        _("What is lost to inequality in reproductive health, empowerment and work."),
        _("0 means equal. Lower is better."),
    ),
    Meaning(
        IndexCode.IPM,
        Decimal(100),
        2,
        HIGHER,
        _("Human development of everyone: length of life, schooling and spending."),
        _("Higher is better."),
    ),
    Meaning(IndexCode.IPM_L, Decimal(100), 2, HIGHER),
    Meaning(IndexCode.IPM_P, Decimal(100), 2, HIGHER),
    Meaning(IndexCode.SPENDING_L, Decimal(1_000_000), 0),
    Meaning(IndexCode.SPENDING_P, Decimal(1_000_000), 0),
)
MEANINGS: dict[str, Meaning] = {one.index.value: one for one in _OF}
#: The three that the regency is asked about, and those with a page of their own.
GENDER = (IndexCode.IPG, IndexCode.IDG, IndexCode.IKG)
PAGES = (*GENDER, IndexCode.IPM)
#: What an index is made of, where releases give it.
PARTS: dict[str, tuple[IndexCode, ...]] = {
    IndexCode.IPG: (
        IndexCode.IPM_L,
        IndexCode.IPM_P,
        IndexCode.SPENDING_L,
        IndexCode.SPENDING_P,
    )
}
