"""Maps coloured here as SVG: one path per village by its share, missing data hatched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.models import AreaShape

from .outlines import WIDTH, Outlines, Path, outlines_of

#: About how wide a letter and how high a line of a district's name is.
LETTER, LINE = 18, 30
#: Lower ends of the share classes, percent; fixed, with the policy lines 30 and 50 among them.
BREAKS = (0, 10, 30, 50, 75)
NONE = "share-none"
_CLASS_LABELS = {
    "share-0": gettext_lazy("below 10 percent"),
    "share-1": gettext_lazy("10 to below 30 percent"),
    "share-2": gettext_lazy("30 to below 50 percent"),
    "share-3": gettext_lazy("50 to below 75 percent"),
    "share-4": gettext_lazy("75 percent and more"),
    NONE: gettext_lazy("Without data"),
}


@dataclass(frozen=True)
class VillageShare:
    """What the map says of one village: `numerator` of `denominator` programs; its page."""

    code: str
    name: str
    district: str
    numerator: int
    denominator: int
    url: str = ""
    #: The sentence shown on pointing; "" = the usual one.
    label: str = ""


@dataclass(frozen=True)
class MapVillage:
    code: str
    name: str
    district: str
    d: str
    css: str
    label: str
    url: str


@dataclass(frozen=True)
class MapDistrict:
    code: str
    name: str
    d: str
    x: int
    y: int


@dataclass(frozen=True)
class LegendClass:
    css: str
    label: str
    count: int

    @property
    def swatch(self) -> str:
        """The class of the legend's little square."""
        return "swatch-no-data" if self.css == NONE else self.css.replace("share", "swatch")


@dataclass(frozen=True)
class Map:
    """A map ready for templates/components/_village_map.html."""

    width: int
    height: int
    villages: tuple[MapVillage, ...]
    districts: tuple[MapDistrict, ...]
    legend: tuple[LegendClass, ...]
    schematic: bool
    source: str
    #: Names of villages that have no outline.
    missing: tuple[str, ...]

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"


def share_class(numerator: int, denominator: int) -> str:
    """The class of a share, counted in whole numbers: 30 of 100 is the third, 0 of 0 none."""
    if denominator <= 0:
        return NONE
    passed = sum(numerator * 100 >= lower * denominator for lower in BREAKS)
    return f"share-{max(passed, 1) - 1}"


def area_map(code: str, shares: Iterable[VillageShare]) -> Map | None:
    """The map of a regency or a district; None when none was drawn or imported yet."""
    outlines = outlines_of(code)
    return regency_map(outlines, shares) if outlines else None


def regency_map(outlines: Outlines, shares: Iterable[VillageShare]) -> Map:
    """Colour the outlines of the given villages; others stay white within the districts' lines."""
    shares = list(shares)
    drawn = tuple(
        _village(share, outlines.villages[share.code])
        for share in shares
        if share.code in outlines.villages
    )
    return Map(
        width=WIDTH,
        height=outlines.height,
        villages=drawn,
        districts=tuple(_districts(outlines, {share.code[:8]: share.district for share in shares})),
        legend=_legend(share_class(share.numerator, share.denominator) for share in shares),
        schematic=outlines.kind == AreaShape.Kind.SCHEMATIC,
        source=outlines.source,
        missing=tuple(share.name for share in shares if share.code not in outlines.villages),
    )


def _village(share: VillageShare, path: Path) -> MapVillage:
    css = share_class(share.numerator, share.denominator)
    label = share.label or _sentence(share)
    return MapVillage(share.code, share.name, share.district, path.d, css, label, share.url)


def _districts(outlines: Outlines, names: Mapping[str, str]) -> Iterator[MapDistrict]:
    """District lines with their names, from the top; names keep clear of the edge and each other.

    A map of a single district bears no name: the page does.
    """
    taken: list[tuple[int, int, int]] = []
    alone = len(outlines.districts) == 1
    for code, path in sorted(outlines.districts.items(), key=lambda item: item[1].y):
        name = "" if alone else names.get(code, "")
        half = len(name) * LETTER // 2
        x, y = min(max(path.x, half), WIDTH - half), path.y
        while any(abs(x - x2) < half + half2 and abs(y - y2) < LINE for x2, y2, half2 in taken):
            y += 2
        if name:
            taken.append((x, y, half))
        yield MapDistrict(code, name, path.d, x, y)


def _sentence(share: VillageShare) -> str:
    words = {
        "village": share.name,
        "district": share.district,
        "n": share.numerator,
        "m": share.denominator,
    }
    if share.denominator <= 0:
        return _("%(village)s, %(district)s: without data") % words
    return _("%(village)s, %(district)s: %(n)s of %(m)s programs involve women") % words


def _legend(classes: Iterable[str]) -> tuple[LegendClass, ...]:
    counts = Counter(classes)
    return tuple(LegendClass(css, str(text), counts[css]) for css, text in _CLASS_LABELS.items())
