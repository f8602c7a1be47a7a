"""Outlines of areas as SVG path data: from degrees to whole numbers on a sheet 1000 wide.

Longitudes are shortened by the cosine of the latitude. Whole numbers make neighbours round to
the same line. Outlines are drawn once per process and kept until they are made anew, so a page
costs one light query.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from villages.models import AreaShape, Village

WIDTH, MARGIN = 1000, 6
#: Half the side of the square that stands for a village too small for the sheet.
SPECK = 3


@dataclass(frozen=True)
class Path:
    """SVG path data and the middle of the outline, in the units of the sheet."""

    d: str
    x: int
    y: int


@dataclass(frozen=True)
class Outlines:
    """The drawn villages and districts of one area, by code; colourless, so shared by all."""

    kind: str
    source: str
    height: int
    villages: Mapping[str, Path]
    districts: Mapping[str, Path]


def outlines_of(code: str) -> Outlines | None:
    """The outlines below an area, official ones when they are complete (one query when kept)."""
    best = AreaShape.objects.best_set(Village.objects.live().under(code))
    return _drawn(code, best.kind, best.number, best.newest) if best else None


@lru_cache(maxsize=32)
def _drawn(code: str, kind: str, count: int, newest: datetime) -> Outlines:
    """Draw the outlines of one area; `count` and `newest` tell a new set from the kept one."""
    villages = Village.objects.live().under(code)
    shapes = AreaShape.objects.filter(kind=kind)
    rows = shapes.filter(area_code__in=villages.order_by().values("code"))
    rings = dict(rows.values_list("area_code", "rings"))
    above = sorted({village[:8] for village in rings})
    districts = dict(shapes.filter(area_code__in=above).values_list("area_code", "rings"))
    sheet = _Sheet(rings.values())
    return Outlines(
        kind=kind,
        source=rows.values_list("source", flat=True).first() or "",
        height=sheet.height,
        villages={village: sheet.path(rings[village]) for village in sorted(rings)},
        districts={
            one: sheet.path(districts.get(one) or _joined(rings, one), _inside(rings, one))
            for one in above
        },
    )


def _inside(rings: Mapping[str, list], district: str) -> list[list]:
    return [shape for code, shape in rings.items() if code.startswith(f"{district}.")]


def _joined(rings: Mapping[str, list], district: str) -> list:
    """A district without an outline of its own kind, from its villages."""
    from villages.schematic import dissolve

    return dissolve(_inside(rings, district))


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
        x, y = self._spot(_middle(_main_part(rings, members) if members else rings))
        return Path(data or _speck(x, y), x, y)

    def _line(self, ring: list) -> list[tuple[int, int]]:
        """The ring in whole units, without its closing point and without standing still."""
        spots = [self._spot(position) for position in ring[:-1]]
        moved = zip(spots, [spots[-1], *spots[:-1]], strict=True)
        return [spot for spot, before in moved if spot != before]

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

    spots = [shape_of(member).representative_point() for member in members]
    parts = [[polygon] for polygon in rings]
    return max(parts, key=lambda part: sum(shape_of(part).contains(spot) for spot in spots))


def _draw(line: list[tuple[int, int]]) -> str:
    """M x y l dx dy … z, in relative whole numbers."""
    (x, y), steps = line[0], zip(line, line[1:], strict=False)
    moves = " ".join(f"{right - left} {below - above}" for (left, above), (right, below) in steps)
    return f"M{x} {y}l{moves}z".replace(" -", "-")


def _speck(x: int, y: int) -> str:
    side = 2 * SPECK
    return f"M{x - SPECK} {y - SPECK}h{side}v{side}h{-side}z"
