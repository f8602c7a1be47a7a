"""Outlines of areas as SVG path data: from degrees to whole numbers on a sheet 1000 wide.

Longitudes are shortened by the cosine of the latitude. Whole numbers make neighbours round to
the same line. Outlines are drawn once per process and kept until they are made anew, so a page
costs one light query.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from villages.models import LEVELS, AreaShape, Level, Village

WIDTH, MARGIN = 1000, 6
#: Half the side of the square that stands for an area too small for the sheet.
SPECK = 3
#: More names than these run into each other.
MOST_NAMES = 30
#: The level whose lines and names are laid over the cells, so that one finds one's way.
OVER = {
    Level.VILLAGE: Level.DISTRICT,
    Level.DISTRICT: Level.DISTRICT,
    Level.REGENCY: Level.PROVINCE,
    Level.PROVINCE: Level.PROVINCE,
}
#: How many characters of an area's code tell the area of each level that it lies in.
LENGTHS = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}
_MODELS = {level: model for level, model, _parent in LEVELS}


@dataclass(frozen=True)
class Path:
    """SVG path data and the middle of the outline, in the units of the sheet."""

    d: str
    x: int
    y: int


@dataclass(frozen=True)
class Outlines:
    """The drawn cells and the lines over them, by code; colourless, so shared by all."""

    kind: str
    #: every kind that could be drawn as well, this one among them
    kinds: tuple[str, ...]
    level: Level
    source: str
    height: int
    cells: Mapping[str, Path]
    lines: Mapping[str, Path]
    #: those areas that have room for their names
    named: Mapping[str, Path]


def outlines_of(code: str, level: Level = Level.VILLAGE, kind: str = "") -> Outlines | None:
    """The outlines of all areas of one level below an area ("0": the nation).

    Official ones where they are complete, unless the other `kind` is asked for and there. One
    query when kept.
    """
    sets = AreaShape.objects.sets_of(_codes(code, _measured(level)))
    if not sets:
        return None
    best = next((one for one in sets if one.kind == kind), sets[0])
    kinds = tuple(one.kind for one in sets)
    return _drawn(code, level, best.kind, kinds, best.number, best.newest)


def _measured(level: Level) -> Level:
    """The level whose outlines tell which kinds are complete: districts go by their villages."""
    return Level.VILLAGE if level == Level.DISTRICT else level


def _codes(code: str, level: Level) -> QuerySet:
    if level == Level.VILLAGE:
        return Village.objects.live().under(code).order_by().values("code")
    places = _MODELS[level].objects.filter(ended_on=None)
    below = places if code == "0" else places.filter(code__startswith=code)
    return below.order_by().values("code")


def rings_of(code: str, level: Level, kind: str) -> dict[str, list]:
    """The stored polygons of one kind, by code; districts that have none from their villages."""
    shapes = AreaShape.objects.filter(kind=kind)
    rows = shapes.filter(area_code__in=_codes(code, _measured(level)))
    rings = dict(rows.values_list("area_code", "rings"))
    return _over(rings, level, kind) if level == Level.DISTRICT else rings


def _over(rings: Mapping[str, list], level: Level, kind: str) -> dict[str, list]:
    """The areas of a level that these polygons lie in, by code."""
    groups = _grouped(rings, level)
    shapes = AreaShape.objects.filter(kind=kind, area_code__in=groups)
    stored = dict(shapes.values_list("area_code", "rings"))
    return {one: stored.get(one) or _joined(groups[one]) for one in sorted(groups)}


@lru_cache(maxsize=48)
def _drawn(
    code: str, level: Level, kind: str, kinds: tuple[str, ...], count: int, newest: datetime
) -> Outlines:
    """Draw the outlines of one area; `count` and `newest` tell a new set from the kept one."""
    rings = rings_of(code, _measured(level), kind)
    over = _over(rings, OVER[level], kind)
    members = _grouped(rings, OVER[level])
    sheet = _Sheet(rings.values())
    lines = {one: sheet.path(over[one], members[one]) for one in over}
    roomy = level == Level.REGENCY and len(rings) <= MOST_NAMES
    cells = {one: sheet.path(rings[one], [rings[one]] if roomy else None) for one in sorted(rings)}
    return Outlines(
        kind=kind,
        kinds=kinds,
        level=level,
        source=_source(kind, next(iter(rings))),
        height=sheet.height,
        cells=lines if level == OVER[level] else cells,
        lines=lines,
        named=_named(level, cells, lines),
    )


def _named(level: Level, cells: Mapping[str, Path], lines: Mapping[str, Path]) -> dict[str, Path]:
    """Where names fit: on districts, on the regencies of a province; not on the whole nation."""
    found = cells if level == Level.REGENCY else lines
    return dict(found) if 1 < len(found) <= MOST_NAMES else {}


def _source(kind: str, code: str) -> str:
    return AreaShape.objects.get(kind=kind, area_code=code).source


def _grouped(rings: Mapping[str, list], level: Level) -> dict[str, list[list]]:
    """The outlines of all cells, by the area of this level that they lie in."""
    found: dict[str, list[list]] = defaultdict(list)
    for code, shape in rings.items():
        found[code[: LENGTHS[level]]].append(shape)
    return found


def _joined(members: list[list]) -> list:
    """An area without an outline of its own kind, from its members."""
    from villages.schematic import dissolve

    return dissolve(members)


class _Sheet:
    """From degrees to the units of the sheet; north is up."""

    def __init__(self, shapes: Iterable[list]):
        spots = [spot for rings in shapes for spot in _positions(rings)]
        longitudes, latitudes = zip(*spots, strict=True)
        self.west, self.north = min(longitudes), max(latitudes)
        south, east = min(latitudes), max(longitudes)
        narrowing = math.cos(math.radians((south + self.north) / 2))
        self.down = (WIDTH - 2 * MARGIN) / ((east - self.west) * narrowing)
        self.across = self.down * narrowing
        self.height = round((self.north - south) * self.down) + 2 * MARGIN

    def path(self, rings: list, members: list[list] | None = None) -> Path:
        """Path data; with `members`, the middle lies in the part that holds most of them."""
        lines = [self._line(ring) for polygon in rings for ring in polygon]
        data = "".join(_draw(line) for line in lines if len(line) > 2)
        x, y = self._spot(_middle(_main_part(rings, members)) if members else rings[0][0][0])
        return Path(data or _speck(x, y), x, y)

    def _line(self, ring: list) -> list[tuple[int, int]]:
        """The ring in whole units, without its closing point and points that bend nothing."""
        spots = [self._spot(position) for position in ring[:-1]]
        moved = zip(spots, [spots[-1], *spots[:-1]], strict=True)
        return _bends([spot for spot, before in moved if spot != before])

    def _spot(self, position) -> tuple[int, int]:
        x = (position[0] - self.west) * self.across
        y = (self.north - position[1]) * self.down
        return MARGIN + round(x), MARGIN + round(y)


def _positions(rings: list) -> Iterator[list[float]]:
    return (spot for polygon in rings for ring in polygon for spot in ring)


def _middle(rings: list) -> tuple[float, float]:
    """The point farthest inside: where a name fits best."""
    import shapely

    from villages.schematic import shape_of

    shape = shape_of(rings)
    circle = shapely.maximum_inscribed_circle(shape, tolerance=0.002)
    return circle.coords[0]


def _main_part(rings: list, members: list[list]) -> list:
    """Of an area in several parts, the one in which most members lie."""
    from villages.schematic import shape_of

    if len(rings) == 1:
        return rings
    spots = [shape_of(member).representative_point() for member in members]
    parts = [[polygon] for polygon in rings]
    return max(parts, key=lambda part: sum(shape_of(part).contains(spot) for spot in spots))


def _bends(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the points that lie on the straight way from the one before to the one after."""
    befores, afters = [*line[-1:], *line], [*line[1:], *line[:1]]
    around = zip(befores, line, afters, strict=False)
    return [spot for before, spot, after in around if _turns(before, spot, after)]


def _turns(before: tuple[int, int], spot: tuple[int, int], after: tuple[int, int]) -> bool:
    across = (spot[0] - before[0]) * (after[1] - spot[1])
    return across != (spot[1] - before[1]) * (after[0] - spot[0])


def _draw(line: list[tuple[int, int]]) -> str:
    """M x y l dx dy … z, in relative whole numbers."""
    (x, y), steps = line[0], zip(line, line[1:], strict=False)
    moves = " ".join(f"{right - left} {below - above}" for (left, above), (right, below) in steps)
    return f"M{x} {y}l{moves}z".replace(" -", "-")


def _speck(x: int, y: int) -> str:
    side = 2 * SPECK
    return f"M{x - SPECK} {y - SPECK}h{side}v{side}h{-side}z"
