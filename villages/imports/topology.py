"""TopoJSON: polygons as strings of shared arcs."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from .tables import FileProblem


class Arcs:
    """The arcs of one topology, decoded to degrees."""

    def __init__(self, path: Path, document: dict):
        transform = document.get("transform")
        try:
            self._arcs = [_decoded(arc, transform) for arc in document["arcs"]]
        except (KeyError, TypeError, ValueError, IndexError) as fault:
            raise FileProblem(path, 0, "the topology's arcs cannot be read.") from fault

    def polygon(self, part: list) -> list:
        """Rings from lists of arc numbers; ~n is arc n walked backwards."""
        return [self._ring(numbers) for numbers in part]

    def _ring(self, numbers: list[int]) -> list[list[float]]:
        ring: list[list[float]] = []
        for number in numbers:
            arc = self._arcs[number] if number >= 0 else self._arcs[~number][::-1]
            ring += arc[1:] if ring else arc
        return ring


def _decoded(arc: list, transform: dict | None) -> list[list[float]]:
    if transform is None:
        return [[x, y] for x, y, *_rest in arc]
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    steps = accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1]))
    return [[round(x * wide + west, 6), round(y * high + south, 6)] for x, y in steps]
