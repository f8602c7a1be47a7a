"""The page of a district and the one sheet for leaders: the numbers of an area's board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count
from villages.models import Level as AreaLevel

from ..boards import AreaBoard, AreaRow, area_board
from ..figures import Figure, a_year_before, declared_in, figures_of, reach, side_of
from ..figures import Side as Period
from .content import (
    Subject,
    facts_of,
    key_of,
    levels_of,
    notes_of,
    number_of,
    people_table,
    ranking,
)
from .decision import child_level, decision
from .document import (
    Block,
    Document,
    Heading,
    Ladder,
    Numbers,
    Places,
    Points,
    Side,
    Table,
    Text,
)
from .sentences import level_of, three

MOST = 5


@dataclass(frozen=True)
class Read:
    """The board of an area with its four numbers and the year before."""

    board: AreaBoard
    figures: tuple[Figure, ...]
    earlier: Period
    declared: set[str]

    @classmethod
    def of(cls, subject: Subject) -> Read:
        user, area, flt = subject.user, subject.area, subject.flt
        board = area_board(user, area, flt)
        return cls(
            board,
            figures_of(user, area, board, flt, subject.today),
            side_of(user, area, a_year_before(flt)),
            declared_in(reach(user, area, flt), flt),
        )

    @property
    def rows(self) -> tuple[AreaRow, ...]:
        """The areas that are ranked: villages of a district, else districts."""
        board = self.board
        return board.villages if board.area.level == AreaLevel.DISTRICT else board.districts

    @property
    def ranked(self) -> list[AreaRow]:
        """Those that can be ranked, highest share first."""
        with_share = (row for row in self.rows if row.headline.share)
        return sorted(with_share, key=_by_share)

    @property
    def unranked(self) -> int:
        return len(self.rows) - len(self.ranked)

    @property
    def silent(self) -> list[AreaRow]:
        """Villages that sent nothing and declared nothing."""
        return [
            row for row in self.board.villages if not row.sent and row.code not in self.declared
        ]


def _by_share(row: AreaRow) -> tuple[float, str]:
    part, whole = row.headline.share or (0, 1)
    return -part / whole, row.title


def child_label(board: AreaBoard) -> str:
    return _("Village") if child_level(board) == AreaLevel.VILLAGE else _("Area")


# -- The district's page -------------------------------------------------------


def district_page(of: Subject) -> Document:
    read = Read.of(of)
    board = read.board
    return Document(
        kind="district",
        title=_("District page: women in programs"),
        subtitle=of.subtitle,
        facts=facts_of(of.flt, board.newest),
        blocks=(
            Text(level_of(board), "lead"),
            Numbers(tuple(map(number_of, read.figures))),
            Side(
                (Ladder(levels_of(board.total.levels), _("Programs by level")),),
                (people_table(board.total.heads),),
            ),
            Heading(_("Villages by share")),
            _villages_table(read),
            Side((_map_of(read),), _silent_blocks(read)),
        ),
        notes=notes_of(),
        key=key_of(board.total, len(read.silent)),
    )


def _villages_table(read: Read) -> Table:
    without = sorted((row for row in read.rows if not row.headline.share), key=lambda r: r.title)
    return ranking([*read.ranked, *without], _("Village"), people=True)


def _map_of(read: Read) -> Places:
    rows = tuple(
        (row.code, row.title, row.district, *(row.headline.share or (0, 0)))
        for row in read.board.villages
    )
    return Places(read.board.area.code, rows, _("Where programs involve women"))


def _silent_blocks(read: Read) -> Sequence[Block]:
    silent = read.silent
    words = {"k": count(len(silent)), "m": count(len(read.board.villages))}
    if not silent:
        return (Heading(_("Villages that have not reported")), Text(_("All have reported.")))
    said = ngettext(
        "%(k)s of %(m)s villages has sent nothing for the period:",
        "%(k)s of %(m)s villages have sent nothing for the period:",
        len(silent),
    )
    return (
        Heading(_("Villages that have not reported")),
        Text(said % words),
        Points([row.title for row in silent]),
    )


# -- One sheet for leaders -----------------------------------------------------


def one_page(of: Subject) -> Document:
    """Four numbers, three sentences, best and worst five, one decision; one sheet of A4."""
    read = Read.of(of)
    board = read.board
    best, worst = _ends(read.ranked)
    return Document(
        kind="one-page",
        title=_("Women in programs, on one page"),
        subtitle=of.subtitle,
        facts=facts_of(of.flt, board.newest),
        blocks=(
            Numbers(tuple(map(number_of, read.figures))),
            Points(three(board, read.rows, read.figures, read.earlier)),
            Ladder(levels_of(board.total.levels), _("Programs by level")),
            Side(
                (ranking(best, child_label(board), _("Highest shares")),),
                (ranking(worst, child_label(board), _("Lowest shares")),),
            ),
            *_unranked(read),
            decision(board, read.rows, read.figures),
        ),
        notes=notes_of(),
        key=key_of(board.total, len(read.silent)),
        compact=True,
    )


def _ends(ranked: Sequence[AreaRow]) -> tuple[list[AreaRow], list[AreaRow]]:
    """The best five and the worst five, lowest first; no area stands in both."""
    half = (len(ranked) + 1) // 2
    best = list(ranked[: min(MOST, half)])
    rest = list(ranked[len(best) :])
    return best, rest[-MOST:][::-1]


def _unranked(read: Read) -> tuple[Text, ...]:
    if not read.unranked:
        return ()
    said = ngettext(
        "%(k)s area without a program that can be judged is not ranked.",
        "%(k)s areas without a program that can be judged are not ranked.",
        read.unranked,
    )
    return (Text(said % {"k": count(read.unranked)}, "note"),)
