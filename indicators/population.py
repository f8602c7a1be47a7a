"""Population by area, each way of counting apart: registry and statistics differ by thousands, so
they never share a line or a sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.formats import count
from villages.models import Population

from .linechart import Chart, Dot, Track, draw
from .shipped import told


class PopulationSeries(models.TextChoices):
    BPS = "bps", _("BPS (statistics)")
    REGISTRY = "registry", _("Dukcapil (registry)")
    CENSUS = "census", _("Census")
    OTHER = "other", _("Other sources")


#: What a period begins with when a person chose the series.
PREFIXES = {
    PopulationSeries.BPS: "BPS",
    PopulationSeries.REGISTRY: "Dukcapil",
    PopulationSeries.CENSUS: "Sensus",
    PopulationSeries.OTHER: "",
}
#: Words in a period, and after that in a source, that tell how was counted; the first that fits.
#: A mid-year figure whose source does not name the counter is of no known series.
_TELL = (
    (PopulationSeries.REGISTRY, ("dukcapil", "registered", "registry", "dkb")),
    (PopulationSeries.CENSUS, ("census", "sensus")),
    (PopulationSeries.BPS, ("bps", "dalam angka", "badan pusat statistik")),
)


def series_of(period: str, source: str) -> PopulationSeries:
    """How a figure was counted, by its period and then its source; else OTHER."""
    for text in (period.casefold(), source.casefold()):
        for series, words in _TELL:
            if any(word in text for word in words):
                return series
    return PopulationSeries.OTHER


def key_of(row: Population) -> str:
    """The part of an address that tells figures of one area and year apart."""
    return sha256(f"{row.period}\n{row.source}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Figure:
    """One row as it is shown. `share`: (women, all) where both were counted."""

    row: Population
    series: PopulationSeries
    period: str
    note: str
    key: str

    @property
    def share(self) -> tuple[int, int] | None:
        row = self.row
        counted = row.women is not None and row.men is not None
        return (row.women, row.women + row.men) if counted and row.women + row.men else None

    @property
    def link(self) -> str:
        return self.row.source if self.row.source.startswith(("https://", "http://")) else ""

    @property
    def at(self) -> float:
        """Its place on a line: the second semester half a year later."""
        return self.row.year + (0.5 if "semester 2" in self.row.period.casefold() else 0)


def figure_of(row: Population) -> Figure:
    series = series_of(row.period, row.source)
    return Figure(row, series, told(row.period), told(row.note), key_of(row))


@dataclass(frozen=True)
class Part:
    """One way of counting in one area: its figures, newest first, and its chart where a line or
    two points can be drawn."""

    series: PopulationSeries
    figures: tuple[Figure, ...]
    chart: Chart | None
    tracks: tuple[Track, ...]

    @property
    def titled(self) -> str:
        """The id of its heading."""
        return f"series-{self.series.value}"


def parts_of(rows: Iterable[Population]) -> list[Part]:
    """The figures of one area by series, in the order of PopulationSeries."""
    found: dict[PopulationSeries, list[Figure]] = {}
    for row in rows:
        figure = figure_of(row)
        found.setdefault(figure.series, []).append(figure)
    return [_part(series, found[series]) for series in PopulationSeries if series in found]


def _part(series: PopulationSeries, figures: list[Figure]) -> Part:
    figures.sort(key=lambda one: (one.at, one.key))
    tracks = tuple(
        Track(number, (number - 1) % 4, _runs(group), group[0])
        for number, group in enumerate(_apart(series, figures), start=1)
    )
    years = {one.at for one in figures}
    chart = draw(tracks, _people) if len(years) > 1 else None
    return Part(series, tuple(reversed(figures)), chart, tracks)


def _people(value: Decimal) -> str:
    return count(int(value))


def _apart(series: PopulationSeries, figures: list[Figure]) -> list[list[Figure]]:
    """Figures that may share a line: those of one series, but of one source where the series is
    unknown or where two sources tell of one year."""
    if series != PopulationSeries.OTHER and len({one.at for one in figures}) == len(figures):
        return [figures]

    def source(one: Figure) -> tuple[str, str]:
        return one.row.source, one.row.period

    return [list(group) for _key, group in groupby(sorted(figures, key=source), source)]


def _runs(figures: list[Figure]) -> list[list[Dot]]:
    """Yearly figures are joined; a census of every tenth year and a gap are not."""
    found: list[list[Dot]] = []
    for one in figures:
        title = f"{one.row.year} · {one.period}: {count(one.row.total)}"
        dot = Dot(one.at, Decimal(one.row.total or 0), title)
        if found and one.at - found[-1][-1].at <= 1:
            found[-1].append(dot)
        else:
            found.append([dot])
    return found


def newest_by_series(rows: Iterable[Population]) -> dict[str, dict[PopulationSeries, Figure]]:
    """{area code: {series: its newest figure}}."""
    found: dict[str, dict[PopulationSeries, Figure]] = {}
    for row in rows:
        figure = figure_of(row)
        there = found.setdefault(row.area_code, {})
        if figure.series not in there or there[figure.series].at < figure.at:
            there[figure.series] = figure
    return found


def overview(names: dict[str, str], rows: Iterable[Population]) -> list[tuple[str, str, list[Any]]]:
    """(code, name, (series, its newest figure or None) …) of every area; the last is empty where
    no series has a figure."""
    newest = newest_by_series(rows)
    return [
        (
            code,
            name,
            [(one.label, newest[code].get(one)) for one in PopulationSeries]
            if code in newest
            else [],
        )
        for code, name in names.items()
    ]
