"""What somebody has to do about an area, first on its board: each with its number and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import ngettext

from core.formats import count
from programs.models import CorrectionRequest, RequestState
from programs.reporting import first_month, last_due_month, missing_villages
from villages.models import VillageQuerySet

from .areas import LARGE, Area
from .boards import AreaBoard
from .figures import district_of, place_of, reach
from .filters import BoardFilter
from .warnings import Where, warnings_of


@dataclass(frozen=True)
class Action:
    """One thing to do: what it is about, how many, in words, and where it is done ("" = by
    somebody else)."""

    name: str
    number: int
    words: str
    url: str = ""


def actions_of(
    user, area: Area, board: AreaBoard, flt: BoardFilter, today: date
) -> tuple[Action, ...]:
    """What waits, most urgent first; nine statements."""
    villages = reach(user, area, flt)
    found = (
        *_silent(villages, area, board, flt, today),
        *_waiting(board, flt),
        *_no_data(board, flt, area),
        *_corrections(user, villages),
        *_warnings(user, villages, area, today),
    )
    return tuple(one for one in found if one.number)


def _silent(
    villages: VillageQuerySet, area: Area, board: AreaBoard, flt: BoardFilter, today: date
) -> Iterator[Action]:
    month = last_due_month(today)
    start = first_month()
    if area.level in LARGE or start is None or month < start:
        return
    number = missing_villages(villages, month).count()
    words = ngettext(
        "%(n)s of %(m)s villages has not reported %(month)s",
        "%(n)s of %(m)s villages have not reported %(month)s",
        number,
    ) % {
        "n": count(number),
        "m": count(board.total.villages),
        "month": date_format(month, "F Y"),
    }
    place = {"state": "missing", **district_of(area, flt)}
    yield Action("silent", number, words, _address("programs:reporting", place))


def _waiting(board: AreaBoard, flt: BoardFilter) -> Iterator[Action]:
    number = board.waiting or 0  # nobody counts them above a regency
    words = ngettext(
        "%(n)s activity of %(period)s waits for review",
        "%(n)s activities of %(period)s wait for review",
        number,
    ) % {"n": count(number), "period": flt.period}
    place = district_of(board.area, flt)
    url = _address("programs:review-queue", place) if board.may_review else ""
    yield Action("waiting", number, words, url)


def _no_data(board: AreaBoard, flt: BoardFilter, area: Area) -> Iterator[Action]:
    number = board.headline.no_data
    words = ngettext(
        "%(n)s program has activities in which nobody counted women and men",
        "%(n)s programs have activities in which nobody counted women and men",
        number,
    ) % {"n": count(number)}
    query = flt.programs_query(**place_of(area), level="no_data")
    yield Action("no_data", number, words, f"{reverse('dashboards:standings')}?{query}")


def _corrections(user, villages: VillageQuerySet) -> Iterator[Action]:
    """Requests to open closed figures again, for whoever may answer them."""
    if "close_periods" not in user.capabilities:
        return
    here = villages.filter(district__regency=OuterRef("snapshot__regency"))
    asked = CorrectionRequest.objects.filter(Exists(here), state=RequestState.OPEN)
    number = asked.count()
    words = ngettext(
        "%(n)s request to correct a closed period waits for an answer",
        "%(n)s requests to correct closed periods wait for an answer",
        number,
    ) % {"n": count(number)}
    yield Action("corrections", number, words, _address("programs:period-list", {}))


def _warnings(user, villages: VillageQuerySet, area: Area, today: date) -> Iterator[Action]:
    """What can still be mended, on a page of its own."""
    if area.level in LARGE:
        return
    found = warnings_of(Where(user, villages, today))
    number = sum(map(len, found.values()))
    words = ngettext(
        "%(n)s early warning: what can still be mended",
        "%(n)s early warnings: what can still be mended",
        number,
    ) % {"n": count(number)}
    yield Action("warnings", number, words, _address("dashboards:warnings", place_of(area)))


def _address(name: str, params: dict[str, str]) -> str:
    query = "&".join(f"{key}={value}" for key, value in params.items())
    return f"{reverse(name)}?{query}" if query else reverse(name)
