"""Lines over years as SVG, drawn on the server; the table beneath says the same numbers.

A path joins years of one track that follow one another, and nothing else: two releases, two
sources or a gap are never bridged. Tracks differ by shape, stroke and number, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 720, 320
RIGHT, TOP, FLOOR = 696, 26, 272
#: Room for one figure of a tick on a phone, where letters are twice as large.
FIGURE = 15
#: A year's letters need so much room; closer ones are left out.
LETTERS = 52
#: How far a track's number stands from its last mark, tried in this order.
AWAY = (-12, 26, -34, 48)


@dataclass(frozen=True)
class Dot:
    """One value: `at` is its year (a half-year lies between two), `title` says it in words."""

    at: float
    value: Decimal
    title: str


@dataclass(frozen=True)
class Track:
    """What one source says of one thing. `look` 0–3: its shape and stroke."""

    number: int
    look: int
    runs: Sequence[Sequence[Dot]]
    about: Any = None

    @property
    def dots(self) -> list[Dot]:
        return [dot for run in self.runs for dot in run]


@dataclass(frozen=True)
class Stroke:
    number: int
    look: int
    d: str


@dataclass(frozen=True)
class Mark:
    """A shape around (x, y) with its words; `number` stands at `label_y` where it has one."""

    number: int
    look: int
    x: float
    y: float
    title: str
    label_y: float | None = None

    @property
    def square(self) -> str:
        return f"M{self.x - 6:.1f} {self.y - 6:.1f}h12v12h-12z"

    @property
    def triangle(self) -> str:
        return f"M{self.x} {self.y - 8:.1f}l7 13h-14z"

    @property
    def diamond(self) -> str:
        return f"M{self.x} {self.y - 8:.1f}l7 8l-7 8l-7 -8z"


@dataclass(frozen=True)
class Chart:
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int, bool], ...]
    left: int
    width: int = WIDTH
    height: int = HEIGHT
    right: int = RIGHT
    floor: int = FLOOR
    letters: int = FLOOR + 32


def draw(tracks: Sequence[Track], written: Callable[[Decimal], str]) -> Chart | None:
    """The chart of these tracks; None where there is nothing to draw. `written` writes a tick."""
    dots = [dot for track in tracks for dot in track.dots]
    if not dots:
        return None
    low, high, step = _scale([float(dot.value) for dot in dots])
    first, last = floor(min(dot.at for dot in dots)), ceil(max(dot.at for dot in dots))
    span = max(last - first, 1)
    steps = range(round((high - low) / step) + 1)
    ticks = [Decimal(str(round(low + n * step, 6))) for n in steps]
    left = 16 + FIGURE * max(len(written(tick)) for tick in ticks)

    def x(at: float) -> float:
        inside = RIGHT - left - 48
        return round(left + 24 + inside * (at - first) / span, 1)

    def y(value: float) -> float:
        return round(FLOOR - (FLOOR - TOP) * (value - low) / (high - low), 1)

    strokes = tuple(
        Stroke(track.number, track.look, _path((x(dot.at), y(float(dot.value))) for dot in run))
        for track in tracks
        for run in track.runs
        if len(run) > 1
    )
    marks = _numbered(
        [
            [
                Mark(track.number, track.look, x(dot.at), y(float(dot.value)), dot.title)
                for dot in track.dots
            ]
            for track in tracks
        ]
    )
    return Chart(
        strokes,
        tuple(marks),
        tuple((y(float(tick)), written(tick)) for tick in ticks),
        tuple(_years(first, last, x)),
        left,
    )


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _scale(values: list[float]) -> tuple[float, float, float]:
    """Lowest and highest line and the step between lines: 1, 2 or 5 of some power of ten, three
    to six lines. The axis need not begin at 0: it shows change, and says so beneath."""
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) * 0.1 or 1.0
    power = 10 ** floor(log10(spread / 4))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= spread / 4)
    bottom = max(floor(low / step) * step, 0.0) if low >= 0 else floor(low / step) * step
    top = ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step, step


def _years(first: int, last: int, x: Callable[[float], float]):
    """(x, year, whether a phone leaves it out), as many as there is room for."""
    room = x(first + 1) - x(first) if last > first else LETTERS
    every = max(1, ceil(LETTERS / max(room, 1)))
    shown = [year for year in range(first, last + 1) if (last - year) % every == 0]
    for place, year in enumerate(reversed(shown)):
        yield x(year), year, place % 2 == 1


def _numbered(tracks: list[list[Mark]]) -> list[Mark]:
    """Each track's number beside its last mark, where nothing else stands; one alone needs none."""
    if len(tracks) == 1:
        return tracks[0]
    taken = [(mark.x, mark.y) for marks in tracks for mark in marks]
    found: list[Mark] = []
    for marks in tracks:
        *others, last = marks
        free = [
            last.y + away
            for away in AWAY
            if TOP - 16 <= last.y + away <= FLOOR + 8
            and not any(
                abs(last.x - x) < 20 and abs(last.y + away - 5 - y) < 15
                for x, y in taken
                if (x, y) != (last.x, last.y)
            )
        ]
        label = round(free[0] if free else last.y + AWAY[0], 1)
        taken.append((last.x, label - 5))
        found += [
            *others,
            Mark(last.number, last.look, last.x, last.y, last.title, label),
        ]
    return found
