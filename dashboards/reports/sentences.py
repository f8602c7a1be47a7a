"""Three sentences made from figures: where it stands, how it changed, what is missing.

Every sentence carries its counts and none judges by an adjective. Where a figure cannot bear the
sentence (nothing judged, too little data, no year before) it says so instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count, percent
from programs.involvement import Headline
from villages.models import Level as AreaLevel

from ..boards import AreaBoard, AreaRow
from ..changes import amount, points
from ..figures import Figure
from ..figures import Side as Period

#: With fewer judged programs an area's share says little about it.
LEAST_JUDGED = 5


def three(
    board: AreaBoard, rows: Sequence[AreaRow], figures: Sequence[Figure], earlier: Period
) -> tuple[str, str, str]:
    """The level, the change against the year before, and the widest gap or what is missing."""
    return level_of(board), change_of(board, earlier), missing_of(board, rows, figures)


def level_of(board: AreaBoard) -> str:
    now = board.headline
    words = {
        "period": board.flt.period,
        "n": count(now.involved),
        "m": count(now.judged),
        "share": percent(now.share),
        "k": count(now.no_data),
        "all": count(now.judged + now.no_data),
    }
    if board.nothing_sent:
        return _("No village has reported for %(period)s yet.") % words
    if not now.judged:
        return _("No program can be judged for %(period)s: %(k)s are without data.") % words
    if not now.enough_data:
        return (
            _(
                "In %(period)s, %(n)s of %(m)s programs involve women, but %(k)s of %(all)s "
                "are without data: too many to read a share."
            )
            % words
        )
    if not now.no_data:
        return _("In %(period)s, %(n)s of %(m)s programs involve women (%(share)s).") % words
    return (
        _(
            "In %(period)s, %(n)s of %(m)s programs involve women (%(share)s); "
            "%(k)s more are without data."
        )
        % words
    )


def change_of(board: AreaBoard, earlier: Period) -> str:
    now, then = board.headline, earlier.total.headline
    words = {"period": earlier.period, "n": count(then.involved), "m": count(then.judged)}
    if earlier.flt == board.flt or then.share is None:
        return _("There is no comparison: the year before has no program that was judged.")
    if not then.enough_data:
        words |= {"k": count(then.no_data), "all": count(then.judged + then.no_data)}
        return (
            _("%(period)s is no comparison: %(k)s of %(all)s programs were without data.") % words
        )
    moved = points(now.share, then.share)
    if moved is None or not now.enough_data:
        return _("A comparison with %(period)s (%(n)s of %(m)s) has to wait for more data.") % words
    words["points"] = amount(moved)
    if moved > 0:
        return _("That is %(points)s points more than in %(period)s (%(n)s of %(m)s).") % words
    if moved < 0:
        return _("That is %(points)s points less than in %(period)s (%(n)s of %(m)s).") % words
    return _("That is the same share as in %(period)s (%(n)s of %(m)s).") % words


def missing_of(board: AreaBoard, rows: Sequence[AreaRow], figures: Sequence[Figure]) -> str:
    """The widest gap below the whole; else who has not reported; else what has no data."""
    lowest = widest_gap(rows, board.headline)
    if lowest and board.headline.enough_data:
        behind = -(points(lowest.headline.share, board.headline.share) or 0)
        return _(
            "The widest gap is in %(area)s: %(n)s of %(m)s programs (%(share)s), "
            "%(points)s points below the whole."
        ) % {
            "area": lowest.title,
            "n": count(lowest.headline.involved),
            "m": count(lowest.headline.judged),
            "share": percent(lowest.headline.share),
            "points": amount(behind),
        }
    said, villages = silent_of(figures)
    if villages and said < villages:
        return ngettext(
            "%(k)s of %(m)s villages has not reported.",
            "%(k)s of %(m)s villages have not reported.",
            villages - said,
        ) % {"k": count(villages - said), "m": count(villages)}
    if board.headline.no_data:
        return _("%(k)s programs have activities, but nobody counted women and men.") % {
            "k": count(board.headline.no_data)
        }
    return _("Every village has reported and every program has data.")


def silent_of(figures: Iterable[Figure]) -> tuple[int, int]:
    """(villages that reported, all villages), as the screen's figure says."""
    return next((one.share for one in figures if one.name == "villages" and one.share), (0, 0))


def widest_gap(rows: Iterable[AreaRow], whole: Headline) -> AreaRow | None:
    """The area furthest below the whole, among those with enough programs and data."""
    behind = [
        row
        for row in rows
        if row.headline.judged >= LEAST_JUDGED
        and row.headline.enough_data
        and (points(row.headline.share, whole.share) or 0) < 0
    ]
    return min(behind, key=_by_share, default=None)


def _by_share(row: AreaRow) -> tuple[float, str]:
    part, whole = row.headline.share or (0, 1)
    return part / whole, row.title


def in_charge(level: str, row: AreaRow) -> str:
    """Who acts for an area: its head, by office and never by name."""
    if level == AreaLevel.DISTRICT:
        return _("Head of the district %(name)s") % {"name": row.name}
    if level == AreaLevel.VILLAGE and is_kelurahan(row.code):
        return _("Lurah of %(name)s") % {"name": row.name}
    if level == AreaLevel.VILLAGE:
        return _("Head of %(village)s") % {"village": row.title}
    return _("Government of %(area)s") % {"area": row.title}


def is_kelurahan(code: str) -> bool:
    """The ministry numbers kelurahan 1xxx and desa 2xxx below their district."""
    return code[9:10] == "1"


def head_of_government(regency: str) -> str:
    """Who heads a regency, from its name: "Bupati Paser", "Wali Kota Samarinda"."""
    kind, _space, name = regency.partition(" ")
    if kind == "Kabupaten":
        return _("Regent of %(name)s") % {"name": name}
    if kind == "Kota":
        return _("Mayor of %(name)s") % {"name": name}
    return _("Head of the government of %(area)s") % {"area": regency}
