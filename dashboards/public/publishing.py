"""From the rows of a snapshot to what is published of it: one query, then sums and suppression."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import translation

from programs.involvement import Headline, Level, headline
from programs.models import Origin, Program, ProgramState, Snapshot
from programs.periods import PeriodKind
from villages.models import Village

from ..areas import village_title
from ..counts import Levels
from ..standings import distinct
from .figures import MEASURES, Pair, People, Place, Publication, PublicProgram, Row
from .guarded import is_guarded
from .suppression import Counts, Hidden, Published, publish, withhold

#: What is no longer offered to the public by name; its figures stay in the sums.
WITHDRAWN = (ProgramState.DRAFT, ProgramState.CANCELLED)

_SUMS = tuple(f"{sex}_{measure}" for measure in MEASURES for sex in ("women", "men"))
_FIELDS = (
    *("program_id", "program_title", "owner_title", "target_group", "level"),
    *("village_id", "village_code", "village_title", "district_code", "district_name"),
    *("activities", "counted", "with_women", "children", *_SUMS),
    *("program__origin", "program__owner_village", "program__activity_code__women_relevance"),
)


class Listed(NamedTuple):
    """A village by its key, with the code and names it goes by."""

    pk: Any
    code: str
    title: str
    district: str


def withdrawn_from(snapshot: Snapshot) -> frozenset[UUID]:
    """Programs of the snapshot that are not to be named any more. One query."""
    found = Program.objects.filter(state__in=WITHDRAWN, pk__in=snapshot.rows.values("program"))
    return frozenset(found.values_list("pk", flat=True))


def is_sample(snapshot: Snapshot) -> bool:
    """Whether figures of it are made up, wholly or in part."""
    made_up = snapshot.rows.filter(program__origin=Origin.SAMPLE)
    return settings.PUG_DEMO or made_up.exists()


def listed_villages(snapshot: Snapshot) -> tuple[Listed, ...]:
    """The villages of its regency as they are today: those without a row are named too."""
    live = Village.objects.live().under(snapshot.regency.code)
    found = live.order_by("pk").values_list("pk", "code", "kind", "name", "district__name")
    with translation.override(settings.LANGUAGE_CODE):
        return tuple(
            Listed(pk, code, village_title(kind, name), district)
            for pk, code, kind, name, district in found
        )


@lru_cache(maxsize=4)
def publication_of(
    snapshot: Snapshot, withdrawn: frozenset[UUID], listed: tuple[Listed, ...]
) -> Publication:
    """What is published of a snapshot; kept in the process, as a snapshot never changes."""
    found = list(snapshot.rows.order_by("village_code", "program_title").values(*_FIELDS))
    shown, totals = _people(found, snapshot)
    rows = tuple(_row(one, shown[_key(one)], withdrawn) for one in found)
    places = _Places(snapshot, found, listed)
    return Publication(
        snapshot=snapshot,
        whole=places.whole,
        districts=places.districts,
        villages=places.villages,
        programs=tuple(_programs(found, rows, totals, withdrawn)),
        rows=rows,
        distinct=_distinct(found),
        sample=is_sample(snapshot),
    )


def _key(one: dict) -> tuple[UUID, str]:
    return one["program_id"], one["village_code"]


def _is_sample(one: dict) -> bool:
    return settings.PUG_DEMO or one["program__origin"] == Origin.SAMPLE


def _by(found: Iterable[dict], name: str) -> dict[Any, list[dict]]:
    groups: dict[Any, list[dict]] = defaultdict(list)
    for one in found:
        groups[one[name]].append(one)
    return dict(groups)


# -- People --------------------------------------------------------------------


def _hide(parts: Sequence[Counts], snapshot: Snapshot) -> Published:
    """What is published of guarded counts: those of a closed year, and no others.

    A semester is a year less the other one, and of a period that is still open there are many
    editions: what one of them has more than the one before it is what came in between.
    """
    if snapshot.kind != PeriodKind.YEAR:
        return withhold(parts, Hidden.KEPT)
    return publish(parts) if snapshot.closing else withhold(parts, Hidden.OPEN)


def _people(
    found: Sequence[dict], snapshot: Snapshot
) -> tuple[dict[tuple[UUID, str], People], dict[UUID, People]]:
    """People of each program in each village, and of each program."""
    parts: dict[tuple[UUID, str], People] = {}
    totals: dict[UUID, People] = {}
    for program, rows in _by(found, "program_id").items():
        if not any(map(is_guarded, rows)):
            parts |= {_key(one): _counted([one]) for one in rows}
            totals[program] = _counted(rows)
            continue
        said = [_hide([_pair(one, measure) for one in rows], snapshot) for measure in MEASURES]
        totals[program] = People(*(Pair(*one.total) for one in said))
        for place, one in enumerate(rows):
            parts[_key(one)] = People(*(Pair(*measure.parts[place]) for measure in said))
    return parts, totals


def _pair(one: dict, measure: str) -> tuple[int, int]:
    return one[f"women_{measure}"], one[f"men_{measure}"]


def _counted(rows: Iterable[dict]) -> People:
    """The people of rows that need no shelter."""
    rows = list(rows)
    sums = {name: sum(one[name] for one in rows) for name in _SUMS}
    return People(*(Pair(*_pair(sums, measure)) for measure in MEASURES))


# -- Programs ------------------------------------------------------------------


def _row(one: dict, people: People, withdrawn: frozenset[UUID]) -> Row:
    gone = one["program_id"] in withdrawn
    return Row(
        program=None if gone else one["program_id"],
        title="" if gone else one["program_title"],
        owner="" if gone else one["owner_title"],
        target_group=one["target_group"],
        village=one["village_code"],
        village_title=one["village_title"],
        district=one["district_name"],
        level=Level(one["level"]),
        activities=one["activities"],
        counted=one["counted"],
        guarded=is_guarded(one),
        sample=_is_sample(one),
        people=people,
    )


def _programs(
    found: Sequence[dict],
    rows: Sequence[Row],
    totals: dict[UUID, People],
    withdrawn: frozenset[UUID],
) -> Iterable[PublicProgram]:
    """Programs that are named, by title."""
    mine = defaultdict(list)
    for one, row in zip(found, rows, strict=True):
        mine[one["program_id"]].append((one, row))
    named = {pk: members for pk, members in mine.items() if pk not in withdrawn}
    for pk, members in sorted(named.items(), key=lambda item: item[1][0][0]["program_title"]):
        first = members[0][0]
        yield PublicProgram(
            uid=pk,
            title=first["program_title"],
            owner=first["owner_title"],
            target_group=first["target_group"],
            own=first["program__owner_village"] is not None,
            guarded=is_guarded(first),
            sample=_is_sample(first),
            levels=Levels.count(row.level for _one, row in members),
            activities=sum(row.activities for _one, row in members),
            counted=sum(row.counted for _one, row in members),
            people=totals[pk],
            rows=tuple(row for _one, row in members),
        )


def _distinct(found: Iterable[dict]) -> Headline:
    programs = _by(found, "program_id").values()
    return distinct(headline(one["level"] for one in rows) for rows in programs)


# -- Places --------------------------------------------------------------------


class _Places:
    """Villages, districts and the regency of a snapshot; codes and names as they were then, and
    those of villages without a row as they are. A village is known by its key: its code and its
    district may change."""

    def __init__(self, snapshot: Snapshot, found: Sequence[dict], listed: Sequence[Listed]):
        rows, children = _by(found, "village_id"), _children(found, snapshot)
        known = {one.pk: one for one in listed}
        known |= {pk: _as_it_was(members[0]) for pk, members in rows.items()}
        self.villages = tuple(
            _place(rows.get(one.pk, []), *one[1:], children=children.get(one.pk))
            for one in sorted(known.values(), key=lambda one: (one.code[:8], one.title))
        )
        self.districts = tuple(self._districts(rows, known.values()))
        self.whole = _place(
            found,
            snapshot.regency.code,
            snapshot.regency.name,
            children=children.get(None),
            villages=len(known),
            reporting=len(rows),
        )

    @staticmethod
    def _districts(rows: dict, known: Iterable[Listed]) -> Iterable[Place]:
        members: dict[str, list[Listed]] = defaultdict(list)
        for one in known:
            members[one.code[:8]].append(one)
        for code, inside in sorted(members.items()):
            reporting = [one for one in inside if one.pk in rows]
            found = [row for one in reporting for row in rows[one.pk]]
            name = (reporting or inside)[0].district
            yield _place(found, code, name, villages=len(inside), reporting=len(reporting))


def _children(found: Sequence[dict], snapshot: Snapshot) -> dict[Any, Any]:
    """Children by the key of their village, and under None of the regency. Where none were
    counted in a closed year nothing is said; elsewhere that would tell too."""
    groups = _by(found, "village_id")
    sums = {pk: sum(one["children"] for one in rows) for pk, rows in groups.items()}
    if snapshot.kind == PeriodKind.YEAR and snapshot.closing:
        sums = {pk: number for pk, number in sums.items() if number}
    if not sums:
        return {}
    said = _hide([(number,) for number in sums.values()], snapshot)
    parts = zip(sums, (cells[0] for cells in said.parts), strict=True)
    return dict(parts) | {None: said.total[0]}


def _as_it_was(one: dict) -> Listed:
    return Listed(
        one["village_id"], one["village_code"], one["village_title"], one["district_name"]
    )


def _place(rows: Sequence[dict], code: str, title: str, place: str = "", **more: Any) -> Place:
    open_rows = [one for one in rows if not is_guarded(one)]
    return Place(
        code=code,
        title=title,
        place=place,
        levels=Levels.count(one["level"] for one in rows),
        activities=sum(one["activities"] for one in rows),
        counted=sum(one["counted"] for one in rows),
        with_women=sum(one["with_women"] for one in rows),
        guarded=len(rows) - len(open_rows),
        sample=any(map(_is_sample, rows)),
        people=_counted(open_rows),
        **more,
    )
