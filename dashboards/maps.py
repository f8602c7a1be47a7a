"""Maps coloured here as SVG: one path per area by its share, missing data hatched.

The areas are mostly villages; on coarser maps districts, regencies or provinces, told by the
length of their codes. Colours follow fixed classes; a share of few is drawn lighter, with dots.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.models import AreaShape, Level, level_of

from .outlines import WIDTH, Outlines, Path, outlines_of

#: About how wide a letter and how high a line of a name is.
LETTER, LINE = 18, 30
#: Lower ends of the share classes, percent; fixed, with the policy lines 30 and 50 among them.
BREAKS = (0, 10, 30, 50, 75)
NONE = "share-none"
#: A share of fewer things than this is drawn lighter: one of them more would change its class.
FEW = 5
SMALL = "small-n"
#: What `class` may ask for, and the class of the path that it means.
CLASSES = {**{str(step): f"share-{step}" for step in range(5)}, "none": NONE, "few": SMALL}
LABELS = {
    "0": gettext_lazy("0–9.9 %"),
    "1": gettext_lazy("10–29.9 %"),
    "2": gettext_lazy("30–49.9 %"),
    "3": gettext_lazy("50–74.9 %"),
    "4": gettext_lazy("75–100 %"),
    "none": gettext_lazy("Without data"),
    "few": gettext_lazy("of these, with small numbers"),
}
_UNITS = {
    Level.VILLAGE: gettext_lazy("Number of villages in each class"),
    Level.DISTRICT: gettext_lazy("Number of districts in each class"),
    Level.REGENCY: gettext_lazy("Number of regencies and cities in each class"),
    Level.PROVINCE: gettext_lazy("Number of provinces in each class"),
}


@dataclass(frozen=True)
class VillageShare:
    """What the map says of one area: `numerator` of `denominator` programs; its page."""

    code: str
    name: str
    district: str
    numerator: int
    denominator: int
    url: str = ""
    #: The sentence shown on pointing; "" = the usual one.
    label: str = ""
    #: The name without its kind, for a tile; "" = `name`.
    short: str = ""

    @property
    def pair(self) -> tuple[int, int] | None:
        return (self.numerator, self.denominator) if self.denominator > 0 else None


@dataclass(frozen=True)
class MapVillage:
    """One area, coloured. `d` is "" where it has no outline."""

    share: VillageShare
    d: str
    css: str
    label: str

    @property
    def code(self) -> str:
        return self.share.code

    @property
    def url(self) -> str:
        return self.share.url

    @property
    def svg(self) -> str:
        drawn = '<title>{}</title><path class="area {}" d="{}"/>'
        if not self.url:
            return format_html(f"<g>{drawn}</g>", self.label, self.css, self.d)
        return format_html(f'<a href="{{}}">{drawn}</a>', self.url, self.label, self.css, self.d)


@dataclass(frozen=True)
class PlaceName:
    """A name on the map; its middle, in the units of the sheet."""

    name: str
    x: int
    y: int


@dataclass(frozen=True)
class LegendClass:
    """One line of the legend; `key` is what `class` in the address calls it."""

    key: str
    label: str
    count: int
    chosen: bool = False

    @property
    def css(self) -> str:
        return CLASSES[self.key]

    @property
    def swatch(self) -> str:
        """The class of the legend's little square."""
        return {"none": "swatch-no-data", "few": "swatch-small-n"}.get(
            self.key, f"swatch-{self.key}"
        )


@dataclass(frozen=True)
class Map:
    """A map ready for templates/components/_village_map.html."""

    width: int
    height: int
    level: Level
    painted: tuple[MapVillage, ...]
    lines: tuple[str, ...]
    names: tuple[PlaceName, ...]
    legend: tuple[LegendClass, ...]
    kind: str
    #: every kind of outline that this map could be drawn with
    kinds: tuple[str, ...]
    source: str

    @property
    def villages(self) -> tuple[MapVillage, ...]:
        """The areas that have an outline."""
        return tuple(one for one in self.painted if one.d)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of areas that have no outline."""
        return tuple(one.share.name for one in self.painted if not one.d)

    @property
    def schematic(self) -> bool:
        return self.kind == AreaShape.Kind.SCHEMATIC

    @property
    def is_wide(self) -> bool:
        """Twice as wide as high: it needs the page's whole width."""
        return self.width > 2 * self.height

    @property
    def unit(self) -> str:
        """What the legend counts."""
        return str(_UNITS[self.level])

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def body(self) -> str:
        """The coloured areas, the lines over them and the names, as SVG."""
        names = ((one.x, one.y, one.name) for one in self.names)
        return format_html(
            '{}\n<g class="map-lines" fill="none" stroke="currentColor" stroke-width="2"'
            ' pointer-events="none">{}</g>\n<g class="map-names" font-size="28"'
            ' text-anchor="middle" pointer-events="none" aria-hidden="true">{}</g>',
            format_html_join("\n", "{}", ((one.svg,) for one in self.villages)),
            format_html_join("", '<path d="{}"/>', ((line,) for line in self.lines)),
            format_html_join("", '<text x="{}" y="{}">{}</text>', names),
        )


def share_class(numerator: int, denominator: int) -> str:
    """The class of a share, counted in whole numbers: 30 of 100 is the third, 0 of 0 none."""
    if denominator <= 0:
        return NONE
    whole_percent = max(100 * numerator // denominator, 0)  # every break is a whole percent
    return f"share-{bisect_right(BREAKS, whole_percent) - 1}"


def classes_of(numerator: int, denominator: int, few: int = FEW) -> tuple[str, ...]:
    """What `class` may ask for and find this share."""
    key = share_class(numerator, denominator).removeprefix("share-")
    return (key, "few") if 0 < denominator < few else (key,)


def area_map(
    code: str, shares: Iterable[VillageShare], *, kind: str = "", few: int = FEW, chosen: str = ""
) -> Map | None:
    """The map of an area, by the areas that `shares` speak of; None when none was drawn yet.

    `kind` asks for schematic or official outlines, `chosen` for one class: the others fade.
    """
    shares = list(shares)
    level = (level_of(shares[0].code) if shares else None) or Level.VILLAGE
    outlines = outlines_of(code, level, kind)
    return painted_map(outlines, shares, few, chosen) if outlines else None


def painted_map(
    outlines: Outlines, shares: Sequence[VillageShare], few: int = FEW, chosen: str = ""
) -> Map:
    """Colour the outlines of the given areas; others stay white within the lines."""
    found = [(one, classes_of(one.numerator, one.denominator, few)) for one in shares]
    return Map(
        width=WIDTH,
        height=outlines.height,
        level=outlines.level,
        painted=tuple(_painted(found, outlines.cells, chosen)),
        lines=tuple(path.d for path in outlines.lines.values()),
        names=tuple(_names(outlines.named, _names_of(shares))),
        legend=_legend(Counter(key for _one, keys in found for key in keys), chosen),
        kind=outlines.kind,
        kinds=outlines.kinds,
        source=outlines.source,
    )


def _painted(
    shares: Iterable[tuple[VillageShare, tuple[str, ...]]], cells: Mapping[str, Path], chosen: str
) -> Iterator[MapVillage]:
    usual, small, none = _sentences()
    nowhere = Path("", 0, 0)
    for one, keys in shares:
        pattern = small if len(keys) > 1 else usual if one.denominator > 0 else none
        css = " ".join([CLASSES[key] for key in keys])
        if chosen and chosen not in keys:
            css += " off"
        d = cells.get(one.code, nowhere).d
        yield MapVillage(one, d, css, one.label or pattern % _words(one))


def _sentences() -> tuple[str, str, str]:
    """What is said of a share, of a share of few and of none; looked up once for all areas."""
    return (
        _("%(village)s, %(district)s: %(n)s of %(m)s programs involve women"),
        _("%(village)s, %(district)s: %(n)s of %(m)s programs involve women (small numbers)"),
        _("%(village)s, %(district)s: without data"),
    )


def _words(one: VillageShare) -> dict[str, str | int]:
    return {
        "village": one.name,
        "district": one.district,
        "n": one.numerator,
        "m": one.denominator,
    }


def _names_of(shares: Iterable[VillageShare]) -> dict[str, str]:
    """The names that a map can bear, by code: of the areas, and of the districts of villages."""
    found = {one.code[:8]: one.district for one in shares if len(one.code) > 8}
    return found | {one.code: one.short or one.name for one in shares}


def _names(paths: Mapping[str, Path], names: Mapping[str, str]) -> Iterator[PlaceName]:
    """Names from the top; they keep clear of the edge and each other."""
    taken: list[tuple[int, int, int]] = []
    for code, path in sorted(paths.items(), key=lambda item: item[1].y):
        name = names.get(code, "")
        half = len(name) * LETTER // 2
        x, y = min(max(path.x, half), WIDTH - half), path.y
        while any(abs(x - x2) < half + half2 and abs(y - y2) < LINE for x2, y2, half2 in taken):
            y += 2
        if name:
            taken.append((x, y, half))
            yield PlaceName(name, x, y)


def _legend(counts: Mapping[str, int], chosen: str) -> tuple[LegendClass, ...]:
    return tuple(
        LegendClass(key, str(label), counts.get(key, 0), key == chosen)
        for key, label in LABELS.items()
        if key != "few" or counts.get(key) or key == chosen
    )
