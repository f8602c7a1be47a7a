"""The schematic map: a cell round each village's centre point. Not official boundaries.

Voronoi cells, clipped by the union of circles round the points (radius: the distance to the
fourth neighbour, between 5 and 17 km), smoothed, and dissolved upwards. Drawn in kilometres on
a flat sheet laid at the middle of the points, which is true enough within one regency.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

#: Kilometres in one degree of latitude.
DEGREE_KM = 111.32
NEIGHBOUR = 4
MIN_RADIUS_KM, MAX_RADIUS_KM = 5.0, 17.0
SMOOTHING_KM = 5.0
#: Points nearer to each other than this get cells too thin to see; they are moved apart.
APART_KM = 0.1
#: Degrees; about 11 m. Coordinates are stored on this grid.
GRID = 0.0001

Point = tuple[float, float]


def draw_cells(points: Mapping[str, Point]) -> dict[str, list]:
    """One outline per code from {code: (longitude, latitude)}; rings on a grid of 4 decimals.

    Every code gets one valid outline with an area, also when points coincide.
    """
    import shapely

    if not points:
        return {}
    codes = sorted(points)
    sheet = _Sheet(points.values())
    flat = _apart([sheet.flatten(points[code]) for code in codes])
    land = _land(flat)
    cells = [land] if len(flat) == 1 else _clipped(flat, land)
    round_earth = shapely.transform(cells, sheet.unflatten)
    on_grid = shapely.set_precision(round_earth, GRID)
    return {code: rings_of(cell) for code, cell in zip(codes, on_grid, strict=True)}


def dissolve(outlines: list[list]) -> list:
    """The outline of several areas together."""
    import shapely

    return rings_of(shapely.union_all([shape_of(rings) for rings in outlines], grid_size=GRID))


def shape_of(rings: list):
    """Stored rings as a shapely MultiPolygon."""
    import shapely

    return shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in rings])


def rings_of(shape) -> list:
    """A shapely polygon or multipolygon as stored rings; lines and points of it fall away."""
    parts = getattr(shape, "geoms", [shape])
    return [
        [_positions(ring) for ring in (part.exterior, *part.interiors)]
        for part in parts
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def _positions(ring) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in ring.coords]


class _Sheet:
    """A flat sheet in kilometres, touching the earth at the middle of some points."""

    def __init__(self, points):
        longitudes, latitudes = zip(*points, strict=True)
        self.west, self.south = min(longitudes), min(latitudes)
        middle = (self.south + max(latitudes)) / 2
        self.scale = DEGREE_KM * math.cos(math.radians(middle))

    def flatten(self, point: Point) -> Point:
        return (point[0] - self.west) * self.scale, (point[1] - self.south) * DEGREE_KM

    def unflatten(self, positions):
        """Kilometres back to degrees, for an array of positions."""
        return positions / (self.scale, DEGREE_KM) + (self.west, self.south)


def _apart(points: list[Point]) -> list[Point]:
    """The points, each at least APART_KM from those before it; crowded ones spiral outwards."""
    placed: list[Point] = []
    for x, y in points:
        step = 0
        spot = (x, y)
        while any(math.dist(spot, other) < APART_KM for other in placed):
            step += 1
            turn, reach = step * 2.4, APART_KM * 1.2 * math.sqrt(step)
            spot = (x + reach * math.cos(turn), y + reach * math.sin(turn))
        placed.append(spot)
    return placed


def _land(points: list[Point]):
    """The ground the cells share: circles round the points, grown and shrunk to smooth it."""
    import numpy
    import shapely

    spots = numpy.array(points)
    apart = numpy.sort(numpy.linalg.norm(spots[:, None] - spots[None, :], axis=2), axis=1)
    fourth = apart[:, min(NEIGHBOUR, len(points) - 1)]
    radii = numpy.clip(fourth, MIN_RADIUS_KM, MAX_RADIUS_KM)
    circles = shapely.buffer(shapely.points(spots), radii)
    return shapely.union_all(circles).buffer(SMOOTHING_KM).buffer(-SMOOTHING_KM)


def _clipped(points: list[Point], land) -> list:
    import shapely

    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=land, ordered=True)
    return list(shapely.intersection(shapely.get_parts(cells), land))
