"""The schematic map: a cell round each village's centre point. Not official boundaries.

Voronoi cells, clipped by the union of circles round the points (radius: the distance to the
fourth neighbour, between 5 and 17 km), smoothed, and dissolved upwards. Drawn in kilometres on
one flat sheet for the whole nation: it lies along the equator, so that a degree is everywhere
as long as there (at 11° S a distance east is 2 percent too long). A cell depends only on the
points near it, so a regency drawn alone, with those around it, meets its neighbours drawn later.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

#: Kilometres in one degree.
DEGREE_KM = 111.32
NEIGHBOUR = 4
MIN_RADIUS_KM, MAX_RADIUS_KM = 5.0, 17.0
SMOOTHING_KM = 5.0
#: Points farther away than this never touch a cell; cells of the nation are clipped in windows
#: that reach as far.
AROUND_KM = 70.0
#: Points nearer to each other than this get cells too thin to see; they are moved apart.
APART_KM = 0.1
#: Degrees; about 11 m. Coordinates are stored on this grid.
GRID = 0.0001
#: Degrees; about 1 km. Regencies and provinces are stored on this one: they are drawn small.
#: Neighbours snap to the same places, so their lines still meet.
COARSE = 0.01
#: Straight pieces in a quarter of a circle.
ARC = 8

Point = tuple[float, float]


class Ground:
    """The land of some villages, given by code as (longitude, latitude), shared out in cells."""

    def __init__(self, points: Mapping[str, Point]):
        self.codes = sorted(points)
        flat = [(x * DEGREE_KM, y * DEGREE_KM) for x, y in (points[code] for code in self.codes)]
        self.spots = _apart(flat)
        self.places = {code: place for place, code in enumerate(self.codes)}

    def cells(self, codes: Collection[str]) -> dict[str, list]:
        """One valid outline with an area for each of these codes, on the grid of 4 decimals."""
        import shapely

        wanted = sorted(codes)
        if not wanted:
            return {}
        whole = [self._voronoi[self.places[code]] for code in wanted]
        window = _window([self.spots[self.places[code]] for code in wanted])
        clipped = _clipped(whole, shapely.clip_by_rect(self._land, *window))
        degrees = shapely.transform(clipped, lambda positions: positions / DEGREE_KM)
        on_grid = shapely.set_precision(degrees, GRID)
        return {code: rings_of(cell) for code, cell in zip(wanted, on_grid, strict=True)}

    @cached_property
    def _land(self):
        """The ground all cells share: circles round the points, grown and shrunk to smooth it."""
        import shapely

        circles = shapely.buffer(shapely.points(self.spots), _radii(self.spots), quad_segs=ARC)
        grown = shapely.union_all(circles).buffer(SMOOTHING_KM, quad_segs=ARC)
        return grown.buffer(-SMOOTHING_KM, quad_segs=ARC)

    @cached_property
    def _voronoi(self):
        import shapely

        if len(self.spots) == 1:
            return [self._land]
        points = shapely.MultiPoint(self.spots)
        frame = shapely.box(*_window(self.spots))
        return shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame, ordered=True))


def dissolve(outlines: list[list]) -> list:
    """The outline of several areas together."""
    import shapely

    return rings_of(shapely.union_all([shape_of(rings) for rings in outlines], grid_size=GRID))


def coarse(rings: list) -> list:
    """The outline on the coarse grid, without the bends and holes that are too small for it."""
    import shapely

    return rings_of(shapely.set_precision(shape_of(rings), COARSE))


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


def _window(spots: list[Point]) -> tuple[float, float, float, float]:
    """West, south, east, north of some points, with room around them."""
    xs, ys = zip(*spots, strict=True)
    return (
        min(xs) - AROUND_KM,
        min(ys) - AROUND_KM,
        max(xs) + AROUND_KM,
        max(ys) + AROUND_KM,
    )


def _apart(points: list[Point]) -> list[Point]:
    """The points, each at least APART_KM from those before it; crowded ones spiral outwards."""
    placed: list[Point] = []
    squares: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for x, y in points:
        step = 0
        spot = (x, y)
        while any(math.dist(spot, other) < APART_KM for other in _near(squares, spot)):
            step += 1
            turn, reach = step * 2.4, APART_KM * 1.2 * math.sqrt(step)
            spot = (x + reach * math.cos(turn), y + reach * math.sin(turn))
        placed.append(spot)
        squares[_square(spot)].append(spot)
    return placed


def _square(spot: Point) -> tuple[int, int]:
    return math.floor(spot[0] / APART_KM), math.floor(spot[1] / APART_KM)


def _near(squares: Mapping[tuple[int, int], list[Point]], spot: Point) -> Iterator[Point]:
    """The points in the squares round a spot; none farther than APART_KM is left out of sight."""
    column, row = _square(spot)
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            yield from squares.get((column + across, row + down), ())


def _radii(spots: list[Point]):
    """How far each point's circle reaches: to its fourth neighbour, within the two limits."""
    import numpy
    import shapely

    points = shapely.points(spots)
    tree = shapely.STRtree(points)
    radii = numpy.full(len(spots), MAX_RADIUS_KM)
    crowded = _neighbours(tree, points, MIN_RADIUS_KM)
    counts = numpy.bincount(crowded[0], minlength=len(spots))
    radii[counts > NEIGHBOUR] = MIN_RADIUS_KM  # each point is among its own neighbours
    lonely = numpy.flatnonzero(counts <= NEIGHBOUR)
    one, other = _neighbours(tree, points[lonely], MAX_RADIUS_KM)
    apart = shapely.distance(points[lonely][one], points[other])
    order = numpy.lexsort((apart, one))
    one, apart = one[order], apart[order]
    starts = numpy.searchsorted(one, numpy.arange(len(lonely)))
    fourth = starts + min(NEIGHBOUR, len(spots) - 1)
    known = (fourth < len(one)) & (one[numpy.minimum(fourth, len(one) - 1)] == range(len(lonely)))
    radii[lonely[known]] = numpy.clip(apart[fourth[known]], MIN_RADIUS_KM, MAX_RADIUS_KM)
    return radii


def _neighbours(tree, points, distance: float):
    return tree.query(points, predicate="dwithin", distance=distance)


def _clipped(cells: list, land) -> list:
    """The parts of the cells that are land; most lie within it, which is quickly seen."""
    import numpy
    import shapely

    shapely.prepare(land)
    cells = numpy.array(cells)
    across = ~shapely.contains_properly(land, cells)
    cells[across] = shapely.intersection(cells[across], land)
    return list(cells)
