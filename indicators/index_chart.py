"""The chart of one index: regency, province and nation, each release by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .linechart import Chart, Dot, Track, draw
from .meanings import Meaning
from .models import IndexValue
from .reading import NATION
from .series import Series, series_of


@dataclass(frozen=True)
class IndexChart:
    """`tracks` are the legend: each with its number, its look and, in `about`, its series."""

    chart: Chart
    tracks: tuple[Track, ...]


def index_chart(
    values: Iterable[IndexValue], regency_code: str, meaning: Meaning
) -> IndexChart | None:
    """Hers first, then the province's, then the nation's."""
    looks = {regency_code: 0, regency_code[:2]: 1, NATION: 2}
    lines = series_of(one for one in values if one.area_code in looks)
    lines.sort(key=lambda one: (looks[one.area_code], one.points[0].year, str(one.release.pk)))
    tracks = tuple(
        Track(number, looks[line.area_code], _runs(line, meaning), line)
        for number, line in enumerate(lines, start=1)
    )
    chart = draw(tracks, meaning.written)
    return IndexChart(chart, tracks) if chart else None


def _runs(line: Series, meaning: Meaning) -> list[list[Dot]]:
    return [
        [
            Dot(
                one.year,
                one.value,
                f"{line.area} {one.year}: {meaning.written(one.value)} ({line.release.title})",
            )
            for one in run
        ]
        for run in line.runs()
    ]
