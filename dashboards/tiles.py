"""The villages of a regency as squares of one size, district by district, for small screens.

On a small screen a map hides its small villages; here each has the same square, in about its
true place among its neighbours. A regency has tiles when data/*/tilegrid.csv lays them out.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.html import format_html, format_html_join

from core import formats

from .maps import MapVillage

#: Units of the drawing, CSS pixels at full size: a square, and from one square to the next.
SIDE, STEP = 48, 51
#: How many letters of a name a tile has room for.
LETTERS = 3

#: Column and row of a tile, from the north-west.
Place = tuple[int, int]


@dataclass(frozen=True)
class TileGroup:
    """The tiles of one district as SVG."""

    district: str
    width: int
    height: int
    body: str


def tile_groups(painted: Iterable[MapVillage]) -> tuple[TileGroup, ...]:
    """The tiles of these villages by district; none when one of them has no place."""
    grid = _grid()
    districts: dict[str, list[MapVillage]] = defaultdict(list)
    for one in painted:
        if one.code not in grid:
            return ()
        districts[one.code[:8]].append(one)
    return tuple(_group(districts[code], grid) for code in sorted(districts))


def initials(name: str) -> str:
    """The first letters of up to three words, or of a name's only word."""
    words = name.split()
    return "".join(word[0] for word in words[:LETTERS]) if len(words) > 1 else name[:LETTERS]


@lru_cache(maxsize=1)
def _grid() -> dict[str, Place]:
    grid: dict[str, Place] = {}
    for path in sorted(settings.DATA_DIR.glob("*/tilegrid.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                grid[row["code"]] = int(row["col"]), int(row["row"])
    return grid


def _group(members: list[MapVillage], grid: Mapping[str, Place]) -> TileGroup:
    """The district's own corner of the grid, read row by row."""
    places = {one.code: grid[one.code] for one in members}
    west = min(column for column, _row in places.values())
    north = min(row for _column, row in places.values())
    across = max(column for column, _row in places.values()) - west
    down = max(row for _column, row in places.values()) - north
    members = sorted(members, key=lambda one: places[one.code][::-1])
    tiles = (
        _tile(one, (places[one.code][0] - west) * STEP, (places[one.code][1] - north) * STEP)
        for one in members
    )
    return TileGroup(
        members[0].share.district,
        across * STEP + SIDE,
        down * STEP + SIDE,
        format_html_join("\n", "{}", ((tile,) for tile in tiles)),
    )


def _tile(one: MapVillage, x: int, y: int) -> str:
    inner = format_html(
        '<title>{label}</title><rect class="area {css}" x="{x}" y="{y}" width="{side}"'
        ' height="{side}"/><text class="on {css}" x="{middle}" y="{first}">{letters}</text>'
        '<text class="on tile-value {css}" x="{middle}" y="{second}">{percent}</text>',
        label=one.label,
        css=one.css,
        x=x,
        y=y,
        side=SIDE,
        middle=x + SIDE // 2,
        first=y + 21,
        second=y + 38,
        letters=initials(one.share.short or one.share.name),
        percent=formats.percent(one.share.pair),
    )
    return format_html('<a href="{}">{}</a>', one.url, inner) if one.url else inner
