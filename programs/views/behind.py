"""What the list of activities says at its head when it shows the records behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from ..behind import sums_of
from ..filters import ActivityFilter

#: What a board's address and the list's have in common.
OF_BOARDS = (
    *("year", "semester", "quarter", "month", "basis", "district", "owner", "opd"),
    *("target_group", "fund_source", "level"),
)
#: How the sentence goes on: what, where, whose, when, which.
TOLD = (
    *("program", "area", "district", "village", "opd", "owner", "target_group", "fund_source"),
    *("level", "counted", "women", "called_off", "status"),
)
Share = tuple[int, int] | None


@dataclass(frozen=True)
class Behind:
    """The sums of a list of records that count, by the names of `models.rollup.Heads`, and where
    the figure stands that they are behind. A share is (women, all), None where nobody counted."""

    sums: dict[str, int]
    parts: list[str]
    #: the board's filter, to go back with
    query: str
    program: str = ""
    area: str = ""

    def _share(self, of: str) -> Share:
        women, men = self.sums[f"women_{of}"], self.sums[f"men_{of}"]
        return (women, women + men) if women + men else None

    @property
    def participants(self) -> Share:
        return self._share("participants")

    @property
    def deciders(self) -> Share:
        return self._share("deciders")

    @property
    def beneficiaries(self) -> Share:
        return self._share("beneficiaries")


def behind(found: ActivityFilter) -> Behind | None:
    """None for a list that is not on a basis: it holds records that count in no figure."""
    said = found.form.cleaned_data if found.form.is_valid() else {}
    if not said.get("basis"):
        return None
    period = [found.period.label] if found.period else []
    return Behind(
        sums_of(found.qs),
        [found.value_words(name) for name in TOLD if said.get(name)]
        + [*period, found.value_words("basis")],
        urlencode({name: found.data[name] for name in OF_BOARDS if said[name]}),
        program=str(said["program"].pk) if said["program"] else "",
        area=said["village"].code if said["village"] else said["area"] or "",
    )
