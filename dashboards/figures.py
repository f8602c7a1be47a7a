"""The four numbers of an area's board, each with what a reader needs to trust it.

Value, numerator and denominator, programs without data, the same period a year before, the
target, the age of the data, the definition and the lists that sum to it. Never more than four.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count
from programs.involvement import JUDGED, WOMEN_PERCENT, Headline, reaches
from programs.models import InvolvementTarget, NothingToReport
from programs.periods import EARLIEST
from villages.models import Level as AreaLevel
from villages.models import VillageQuerySet

from .areas import LARGE, Area
from .boards import AreaBoard, AreaRow, area_board, rows_of, villages_in
from .changes import change_text, points
from .counts import Levels, Share
from .filters import LEVELS, BoardFilter

ALL = 100  # percent


@dataclass(frozen=True)
class Figure:
    """One big number. Shares are (part, whole) or None; `words` says both in a sentence.

    `before`: the share of the same period a year earlier, `against` that period's name.
    `target`: percent, or None where none was set; `target_words` names it. `list_url` lists what
    is in the numerator, `whole_url` what is in the denominator. `aside`: counts that are no part
    of the number and stand beside it, lighter.
    """

    name: str
    label: str
    share: Share
    words: str
    no_data: int
    before: Share
    target: int | None
    newest: datetime | None
    list_url: str
    whole_url: str
    definition: int
    against: str = ""
    target_words: str = ""
    enough_data: bool = True
    aside: tuple[str, ...] = ()

    @property
    def moved(self) -> int | None:
        """Tenths of a point since `against`; None where one of the two is missing."""
        return points(self.share, self.before)

    @property
    def change(self) -> str:
        return change_text(self.moved, self.against)

    @property
    def direction(self) -> str:
        """up, down, same or "" (nothing to compare): for a sign beside the words."""
        if self.moved is None:
            return ""
        return "up" if self.moved > 0 else "down" if self.moved < 0 else "same"

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where there is no target or no share."""
        if self.target is None or self.share is None:
            return None
        part, whole = self.share
        return reaches(part, whole - part, self.target)


@dataclass(frozen=True)
class Said:
    """How many villages said something of a period: sent records, or declared to have none."""

    sent: int = 0
    declared: int = 0
    villages: int = 0

    @property
    def share(self) -> Share:
        """Villages that said something, of all; a declared month counts as said."""
        return (self.sent + self.declared, self.villages) if self.villages else None


@dataclass(frozen=True)
class Side:
    """An area in one period: what its four numbers are made of.

    `rows`: its villages, none above a regency. `levels`: all of them, also when the filter asks
    for one: the denominator.
    """

    flt: BoardFilter
    total: AreaRow
    rows: tuple[AreaRow, ...] = ()
    said: Said = field(default_factory=Said)
    levels: Levels = field(default_factory=Levels)

    @property
    def period(self) -> str:
        return self.flt.period

    @property
    def programs(self) -> Share:
        """Programs that involve women, or those on the level asked for, of all judged."""
        if not self.flt.level:
            return self.levels.headline.share
        asked = [level for level in LEVELS[self.flt.level] if level in JUDGED]
        judged = self.levels.headline.judged
        return (sum(map(self.levels.at, asked)), judged) if asked and judged else None


def figures_of(
    user, area: Area, board: AreaBoard, flt: BoardFilter, today: date
) -> tuple[Figure, ...]:
    """The four numbers of a board, with those of the same period a year before.

    Four statements beside the board's own; two more for a filter that names a level.
    `today`: the day on which the board is read.
    """
    now = side_of(user, area, flt, board)
    earlier = side_of(user, area, a_year_before(flt))
    common = {
        "newest": board.newest,
        "definition": board.definition,
        "against": earlier.period,
    }
    return (
        _programs(now, earlier, area, common),
        _activities(now, earlier, area, common),
        _villages(now, earlier, area, common),
        _deciders(now, earlier, area, common),
    )


def a_year_before(flt: BoardFilter) -> BoardFilter:
    """The same filter a year earlier; the earliest year has itself, and nothing in it."""
    return flt.but(year=max(flt.year - 1, EARLIEST))


def reach(user, area: Area, flt: BoardFilter) -> VillageQuerySet:
    """The villages of a board's area; all of hers for a board of no one area."""
    return villages_in(user, area, flt) if area.code else user.villages_with("view")


def side_of(user, area: Area, flt: BoardFilter, board: AreaBoard | None = None) -> Side:
    """One period of an area; what the board of the same filter has read is not read again.

    Declared months are asked for only where the villages are known one by one.
    """
    total, rows = (board.total, board.villages) if board else _read(user, area, flt)
    levels = _read(user, area, flt.but(level=""))[0].levels if flt.level else total.levels
    sent = {row.code for row in rows if row.sent}
    declared = declared_in(reach(user, area, flt), flt) - sent if rows else ()
    said = Said(total.villages_reporting, len(declared), total.villages)
    return Side(flt, total, rows, said, levels)


def _read(user, area: Area, flt: BoardFilter) -> tuple[AreaRow, tuple[AreaRow, ...]]:
    if area.level in LARGE:
        return area_board(user, area, flt).total, ()
    rows = rows_of(reach(user, area, flt), flt)
    return AreaRow.summed(area.code, area.title, area.title, rows), rows


def declared_in(villages: VillageQuerySet, flt: BoardFilter) -> set[str]:
    """Codes of the villages that declared a month of the period to be empty.

    Of a choice of programs nobody declares anything: nothing then.
    """
    if flt.narrow:
        return set()
    months = NothingToReport.objects.in_force().filter(
        village__in=villages, year=flt.year, month__range=(flt.first_day.month, flt.last_day.month)
    )
    return set(months.order_by().values_list("village__code", flat=True).distinct())


def target_of(area: Area, year: int) -> int | None:
    """The share of programs, percent, that the area is to reach in the year."""
    targets = InvolvementTarget.objects.filter(area_code=area.code, year=year)
    return targets.values_list("percent", flat=True).first() if area.code else None


def _programs(now: Side, earlier: Side, area: Area, common: dict[str, Any]) -> Figure:
    flt, headline, share = now.flt, now.levels.headline, now.programs
    target = None if flt.level else target_of(area, flt.year)
    part, whole = share or (0, headline.judged)
    words = {"n": count(part), "m": count(whole), "k": count(headline.no_data)}
    said = (
        _("%(n)s of %(m)s programs on this level (%(k)s without data)")
        if flt.level
        else _("%(n)s of %(m)s programs involve women (%(k)s without data)")
    )
    if share is None and not flt.level:
        said = _no_share(now)
    set_words = _("Target: %(percent)s percent") % {"percent": target} if target else ""
    return Figure(
        name="programs",
        label=_("Programs on this level") if flt.level else _("Programs that involve women"),
        share=share,
        words=said % words,
        no_data=headline.no_data,
        before=earlier.programs,
        target=target,
        list_url=_standings(flt, area, level=flt.level or "involved"),
        whole_url=_standings(flt, area, level="judged"),
        target_words=set_words or ("" if flt.level else _("No target set yet")),
        enough_data=headline.enough_data,
        **common,
    )


def _no_share(side: Side) -> str:
    """Why there is no share of programs: never because it was zero."""
    if side.levels.no_data:
        return _("Without data: nobody counted women and men")
    return _("No verified activity yet") if side.flt.verified_only else _("No activity yet")


def _activities(now: Side, earlier: Side, area: Area, common: dict[str, Any]) -> Figure:
    heads = now.total.heads
    with_women, counted = heads.coverage or (0, 0)
    words = {"n": count(with_women), "m": count(counted)}
    return Figure(
        name="activities",
        label=_("Activities with women"),
        share=heads.coverage,
        words=_("%(n)s of %(m)s counted activities") % words
        if counted
        else _("Nobody counted yet"),
        no_data=heads.activities - heads.counted,
        before=earlier.total.heads.coverage,
        target=ALL,
        list_url=_activities_url(now.flt, area, women=1),
        whole_url=_activities_url(now.flt, area, counted=1),
        target_words=_("Target: every activity"),
        enough_data=Headline(with_women, counted, heads.activities - counted).enough_data,
        aside=tuple(_aside(heads.activities - counted, now.total.unverified)),
        **common,
    )


def _aside(uncounted: int, waiting: int) -> Iterator[str]:
    if uncounted:
        yield ngettext(
            "%(k)s more activity without women and men counted",
            "%(k)s more activities without women and men counted",
            uncounted,
        ) % {"k": count(uncounted)}
    if waiting:
        yield ngettext(
            "%(k)s activity not reviewed yet, not counted here",
            "%(k)s activities not reviewed yet, not counted here",
            waiting,
        ) % {"k": count(waiting)}


def _villages(now: Side, earlier: Side, area: Area, common: dict[str, Any]) -> Figure:
    flt, said = now.flt, now.said
    part, whole = said.share or (0, 0)
    declared = ngettext(
        "%(k)s of them declared that there was no activity",
        "%(k)s of them declared that there was no activity",
        said.declared,
    ) % {"k": count(said.declared)}
    return Figure(
        name="villages",
        label=_("Villages with these activities") if flt.narrow else _("Villages that reported"),
        share=said.share,
        words=_("%(n)s of %(m)s villages") % {"n": count(part), "m": count(whole)},
        no_data=0,
        before=earlier.said.share if earlier.total.sent else None,
        target=None if flt.narrow else ALL,
        list_url=villages_url(flt, area, said="yes"),
        whole_url=villages_url(flt, area),
        target_words="" if flt.narrow else _("Target: every village"),
        aside=(declared,) if said.declared else (),
        **common,
    )


def _deciders(now: Side, earlier: Side, area: Area, common: dict[str, Any]) -> Figure:
    share = now.total.heads.deciders
    women, everyone = share or (0, 0)
    words = _("%(n)s of %(m)s who decide") % {"n": count(women), "m": count(everyone)}
    return Figure(
        name="deciders",
        label=_("Women deciding"),
        share=share,
        words=words if share else _("Nobody counted yet"),
        no_data=0,
        before=earlier.total.heads.deciders,
        target=WOMEN_PERCENT,
        list_url=_activities_url(now.flt, area),
        whole_url="",
        target_words=_("Line: %(percent)s percent") % {"percent": WOMEN_PERCENT},
        **common,
    )


def place_of(area: Area) -> dict[str, str]:
    """The parameter by which lists of records narrow to this area; none for several villages."""
    return {"area": area.code} if area.code else {}


def district_of(area: Area, flt: BoardFilter) -> dict[str, str]:
    """The parameter by which lists of places narrow: the district shown, or the one chosen."""
    code = area.code if area.level == AreaLevel.DISTRICT else flt.district
    return {"district": code} if code else {}


def villages_url(flt: BoardFilter, area: Area, **more: str) -> str:
    """The table of the area's villages; "" where there is none."""
    if not area.code or area.level in LARGE:
        return ""
    query = urlencode(flt.params | more)
    return f"{reverse('dashboards:area-villages', args=[area.code])}?{query}"


def _standings(flt: BoardFilter, area: Area, **more: str) -> str:
    """The list of the area's programs; "" where there is none."""
    if area.level in LARGE:
        return ""
    return f"{reverse('dashboards:standings')}?{flt.programs_query(**place_of(area), **more)}"


def _activities_url(flt: BoardFilter, area: Area, **more: int) -> str:
    query = flt.activities_query(**place_of(area), level=flt.level, **more)
    return f"{reverse('programs:activity-list')}?{query}"
