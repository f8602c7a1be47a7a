"""What an area's board shows, put together in the order in which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from core.moment import Kept
from programs.closing import ClosedNote, closed_note

from . import boards, measures
from .actions import Action, actions_of
from .areas import LARGE, Area
from .behind import Counted, lists_behind, verified_in
from .figures import Figure, figures_of, place_of, reach
from .filters import BoardFilter
from .maps import Map
from .orders import ORDERS, in_order
from .trend import Trend, trend_of
from .wider import AreaWider, area_wider

MOST_RANKED = 30


@dataclass(frozen=True)
class Overview:
    """One area in one period: what needs action, four numbers, where, since when."""

    board: boards.AreaBoard
    actions: tuple[Action, ...]
    figures: tuple[Figure, ...] = ()
    trend: Trend | None = None
    map: Map | None = None
    #: The period is not over on the day the board is read.
    unfinished: bool = False
    #: When a record was last verified; None where nobody asks (above a regency) or none was.
    verified_at: datetime | None = None
    #: That the period was closed, for one regency or a part of it.
    closed: ClosedNote | None = None
    #: Agreements, women's seats, indices: for a regency and its districts.
    wider: AreaWider | None = None

    @property
    def lists(self) -> tuple[Counted, ...]:
        """Each count of the board with the list that adds up to it."""
        board, total = self.board, self.board.total
        if board.area.level in LARGE:
            return ()  # its parts are the list; nobody reads a million programs one by one
        place = place_of(board.area)
        return lists_behind(total.levels, board.not_counted, total.heads, board.flt, **place)

    @property
    def rank(self) -> tuple[boards.AreaRow, ...]:
        """Districts by share; the villages of a single one, as long as a page has room."""
        if len(self.board.districts) > 1:
            return self.board.ranked
        if not 1 < len(self.board.villages) <= MOST_RANKED:
            return ()
        return tuple(in_order(self.board.villages, ORDERS["highest"]))


_kept = Kept(64)


def overview_of(user, area: Area | None, flt: BoardFilter, today: date) -> Overview:
    """The overview of one area in the person's reach; of all her villages when she has no area.

    Kept as long as the database stays as it is: `core.moment`.
    """
    key = (user.pk, get_language(), today, area, flt)
    return _kept.get(key, lambda: _read(user, area, flt, today))


def _read(user, area: Area | None, flt: BoardFilter, today: date) -> Overview:
    board = boards.area_board(user, area, flt) if area else boards.own_board(user, flt)
    area = board.area
    actions = actions_of(user, area, board, flt, today)
    wider = area_wider(area, reach(user, area, flt), flt.year, flt.basis, today)
    if board.nothing_sent:
        return Overview(board, actions, wider=wider)
    return Overview(
        board=board,
        actions=actions,
        figures=figures_of(user, area, board, flt, today),
        trend=None if area.level in LARGE else trend_of(reach(user, area, flt), flt, today),
        map=measures.map_of(board, flt),
        unfinished=flt.first_day <= today <= flt.last_day,
        closed=closed_note(area.code[:5], flt.when) if len(area.code) >= 5 else None,
        wider=wider,
        verified_at=None if area.level in LARGE else verified_in(reach(user, area, flt)),
    )
