"""Women in decision making, as far as the activities of a period tell (domain.md 3.6).

Who decides or runs an activity, who comes to village deliberations, and which proposals of women
were accepted: sums over activities, from records that hold both sexes. Seats (BPD, village
officials) are no part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from programs.behind import on_basis
from programs.involvement import DEFINITION_VERSION, WOMEN_PERCENT, reaches
from programs.models import Activity, EventStatus, Kind
from programs.rollups import add_up

from .areas import district_title, village_title
from .counts import Share, Summed
from .filters import BoardFilter
from .place import Place


@dataclass(frozen=True)
class Voices(Summed):
    """Activities, those that say who decides and who came, these people, proposals accepted."""

    activities: int = 0
    decided: int = 0
    attended: int = 0
    women_deciders: int = 0
    men_deciders: int = 0
    women_participants: int = 0
    men_participants: int = 0
    women_proposals_accepted: int = 0

    @property
    def deciders(self) -> Share:
        return _share(self.women_deciders, self.men_deciders)

    @property
    def present(self) -> Share:
        return _share(self.women_participants, self.men_participants)

    @property
    def undecided(self) -> int:
        """Activities that do not say who decides."""
        return self.activities - self.decided

    @property
    def unattended(self) -> int:
        """Activities that do not say who came, women and men."""
        return self.activities - self.attended

    @property
    def reached(self) -> bool | None:
        """Whether women are at least the line among those who decide; None where nobody knows."""
        if not self.deciders:
            return None
        return reaches(self.women_deciders, self.men_deciders)


def _share(women: int, men: int) -> Share:
    return (women, women + men) if women + men else None


@dataclass(frozen=True)
class Line:
    """One district, village or kind of activity, with the activities behind its sums."""

    title: str
    voices: Voices
    #: village deliberations alone
    forum: Voices = field(default_factory=Voices)
    code: str = ""
    place: str = ""
    url: str = ""
    forum_url: str = ""
    activities_url: str = ""


@dataclass(frozen=True)
class Deciding:
    """Who decides in a place and a period."""

    flt: BoardFilter
    total: Line
    districts: tuple[Line, ...]
    kinds: tuple[Line, ...]
    villages: tuple[Line, ...]
    newest: datetime | None
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @property
    def nothing_sent(self) -> bool:
        return not self.total.voices.activities

    @property
    def known(self) -> tuple[Line, ...]:
        """Villages in which somebody wrote down who decides."""
        return tuple(one for one in self.villages if one.voices.deciders)

    @property
    def unknown(self) -> int:
        """Villages with activities of which nobody wrote down who decides."""
        return sum(bool(one.voices.activities) and not one.voices.deciders for one in self.villages)

    @property
    def without_women(self) -> tuple[Line, ...]:
        """Where people decided and no woman did, most of them first."""
        found = [one for one in self.known if not one.voices.women_deciders]
        return tuple(sorted(found, key=lambda one: (-one.voices.men_deciders, one.title)))

    @property
    def reached(self) -> tuple[Line, ...]:
        """Where women are at least the line among those who decide, highest share first."""
        found = [one for one in self.known if one.voices.reached]
        return tuple(sorted(found, key=lambda one: (-_part(one.voices.deciders), one.title)))

    @property
    def village_share(self) -> Share:
        return (len(self.reached), len(self.known)) if self.known else None

    @property
    def ranked(self) -> tuple[Line, ...]:
        """Districts by the share of women who decide; those without one at the end."""
        return tuple(
            sorted(self.districts, key=lambda one: (-_part(one.voices.deciders), one.title))
        )


def _part(share: Share) -> float:
    return share[0] / share[1] if share else -1.0


def deciding_of(place: Place, flt: BoardFilter) -> Deciding:
    """The sums of a place by village and kind of activity, then by district. Two queries."""
    cells = list(_cells(place, flt))
    by_village = _added(cells, lambda cell: cell[0])
    forums = _added((one for one in cells if one[1] == Kind.DELIBERATION), lambda cell: cell[0])
    villages = tuple(_villages(place, flt, by_village, forums))
    total = _line(place.title, sum_of(villages), sum_of(villages, "forum"), flt, **place.params)
    kinds = _added(cells, lambda cell: cell[1])
    return Deciding(
        flt,
        total,
        tuple(_districts(villages, flt)),
        tuple(_kind(Kind(kind), kinds[kind], place, flt) for kind in Kind if kind in kinds),
        villages,
        place.newest,
    )


#: (village, kind of activity, their sums)
Cells = tuple[int, str, Voices]


def _cells(place: Place, flt: BoardFilter) -> Iterable[Cells]:
    when = flt.when
    facts = Activity.objects.filter(flt.programs(), village__in=place.villages, year=when.year)
    facts = facts.filter(month__range=(when.first_month, when.last_month))
    rows = add_up(on_basis(facts, flt.basis), "village_id", "kind")
    said = {"sum_decided": _known("deciders"), "sum_attended": _known("participants")}
    for row in rows.annotate(**said):
        yield row["village_id"], row["kind"], Voices.of_row(row, "sum_")


def _known(who: str) -> Count:
    """Activities held whose women and men of this kind are both known."""
    both = {f"women_{who}__isnull": False, f"men_{who}__isnull": False}
    return Count("pk", filter=Q(event_status=EventStatus.HELD, **both))


def _added(cells: Iterable[Cells], key: Callable[[Cells], Hashable]) -> dict[Any, Voices]:
    found: dict[Any, Voices] = defaultdict(Voices)
    for cell in cells:
        found[key(cell)] += cell[2]
    return found


def sum_of(lines: Iterable[Line], part: str = "voices") -> Voices:
    return Voices.total(getattr(one, part) for one in lines)


def _villages(
    place: Place, flt: BoardFilter, voices: dict[int, Voices], forums: dict[int, Voices]
) -> Iterable[Line]:
    """Every village of the place, by district and name; those no longer there with records."""
    rows = place.villages.filter(Q(ended_on=None) | Q(pk__in=list(voices)))
    names = ("pk", "code", "kind", "name", "district__name")
    for pk, code, kind, name, district in rows.order_by(
        "district__code", "name", "code"
    ).values_list(*names):
        of = voices.get(pk, Voices()), forums.get(pk, Voices())
        yield _line(village_title(kind, name), *of, flt, district, area=code)


def _districts(villages: Iterable[Line], flt: BoardFilter) -> Iterable[Line]:
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for one in villages:
        groups[one.code[:8], one.place].append(one)
    for (code, name), those in groups.items():
        yield _line(name, sum_of(those), sum_of(those, "forum"), flt, area=code)


def _line(
    title: str, voices: Voices, forum: Voices, flt: BoardFilter, district: str = "", area: str = ""
) -> Line:
    board = f"{reverse('dashboards:area', args=[area])}?{flt.query}" if area else ""
    return Line(
        title,
        voices,
        forum,
        area,
        district_title(district) if district else "",
        board,
        _activities(flt, area=area, kind=Kind.DELIBERATION.value),
        _activities(flt, area=area),
    )


def _kind(kind: Kind, voices: Voices, place: Place, flt: BoardFilter) -> Line:
    url = _activities(flt, **place.params, kind=kind.value)
    return Line(str(kind.label), voices, code=kind.value, activities_url=url)


def _activities(flt: BoardFilter, **more: str) -> str:
    return f"{reverse('programs:activity-list')}?{flt.activities_query(**more)}"
