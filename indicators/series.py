"""Values of an index in order: lines of one release, the newest value of a regency, its peers.

Two releases are two methods, bases or moments: their values never share a line, and a comparison
across them says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .meanings import GENDER, MEANINGS, Meaning
from .models import IndexRelease, IndexValue, RevisionState, Statement
from .reading import NATION, area_names
from .shipped import told


@dataclass(frozen=True)
class Series:
    """What one release says of one area, oldest first."""

    release: IndexRelease
    area_code: str
    area: str
    points: tuple[IndexValue, ...]

    def runs(self) -> list[tuple[IndexValue, ...]]:
        """Stretches of years one after the other: a gap stays a gap."""
        found: list[list[IndexValue]] = []
        for point in self.points:
            if found and found[-1][-1].year + 1 == point.year:
                found[-1].append(point)
            else:
                found.append([point])
        return [tuple(run) for run in found]


def series_of(values: Iterable[IndexValue]) -> list[Series]:
    """One line for each area of each release: nation, province, regencies; oldest first."""

    def key(value: IndexValue) -> tuple:
        return len(value.area_code), value.area_code, str(value.release_id)

    ordered = sorted(values, key=lambda value: (*key(value), value.year))
    names = area_names(value.area_code for value in ordered)
    found = [tuple(points) for _key, points in groupby(ordered, key)]
    made = [
        Series(points[0].release, points[0].area_code, names[points[0].area_code], points)
        for points in found
    ]
    return sorted(made, key=lambda one: (len(one.area_code), one.area_code, one.points[0].year))


def _weight(value: IndexValue) -> tuple:
    """Of two values of one area and year, which is shown first: not revised since, year stated,
    entered by the office, published later."""
    release = value.release
    return (
        release.state != RevisionState.REVISED,
        value.evidence == Statement.STATED,
        release.regency_id is not None,
        str(release.published_on or ""),
        str(release.pk),
    )


def newest(values: Iterable[IndexValue]) -> IndexValue | None:
    """The value of the last year."""
    return max(values, key=lambda value: (value.year, *_weight(value)), default=None)


def in_year(
    values: Iterable[IndexValue], area: str, year: int, near: IndexRelease | None = None
) -> IndexValue | None:
    """The value of an area in a year, of the same release as `near` where there is one."""
    found = [value for value in values if (value.area_code, value.year) == (area, year)]
    return max(
        found,
        key=lambda value: (near is not None and value.release_id == near.pk, *_weight(value)),
        default=None,
    )


@dataclass(frozen=True)
class Compared:
    """The same year elsewhere. `difference`: hers less theirs; None where either is unknown."""

    area: str
    value: IndexValue | None
    difference: Decimal | None
    same_release: bool

    def words(self, meaning: Meaning, year: int) -> str:
        """“13,97 lower than Indonesia (91,07)”, or that nothing is known."""
        if self.value is None or self.difference is None:
            text = _("%(area)s: no figure for %(year)s")
            return text % {"area": self.area, "year": year}
        text = _("as much as %(area)s (%(value)s)")
        if self.difference:
            text = _("%(apart)s higher than %(area)s (%(value)s)")
            if self.difference < 0:
                text = _("%(apart)s lower than %(area)s (%(value)s)")
        if not self.same_release:
            text = _("%(compared)s, of another release") % {"compared": text}
        return text % {
            "apart": meaning.written(abs(self.difference)),
            "area": self.area,
            "value": meaning.written(self.value.value),
        }


@dataclass(frozen=True)
class Headline:
    """The newest value of one index in a regency, and the same year above it.

    `common`: the last year for which regency, province and nation all have a value, where that is
    an earlier one. `known`: the newest values near by, where the regency has none.
    """

    meaning: Meaning
    area: str
    value: IndexValue | None
    compared: tuple[Compared, ...] = ()
    common: tuple[tuple[str, IndexValue], ...] = ()
    known: tuple[tuple[str, IndexValue], ...] = ()

    @property
    def written(self) -> str:
        return self.meaning.written(self.value.value if self.value else None)

    @property
    def note(self) -> str:
        return told(self.value.note) if self.value else ""

    @property
    def above(self) -> list[str]:
        """What province and nation have: of the same year, else what is known."""
        found = [one.words(self.meaning, self.value.year) for one in self.compared if self.value]
        found += [self._dated(area, value) for area, value in self.known]
        if self.common:
            said = "; ".join(
                f"{area} {self.meaning.written(value.value)}" for area, value in self.common
            )
            text = _("All three are known last for %(year)s: %(values)s")
            found.append(text % {"year": self.common[0][1].year, "values": said})
        return found

    def _dated(self, area: str, value: IndexValue) -> str:
        text = _("%(area)s: %(value)s in %(year)s")
        written = self.meaning.written(value.value)
        return text % {"area": area, "value": written, "year": value.year}


def values_near(regency_code: str, indices: Iterable[str] = GENDER) -> QuerySet[IndexValue]:
    """Standing values of the regency, its peers, its province and the nation, as the portal ships
    them and as this regency's office entered them."""
    rows = IndexValue.objects.standing().filter(
        Q(release__regency=None) | Q(release__regency__code=regency_code),
        release__index__in=indices,
    )
    return near(rows, regency_code)


def near(rows: QuerySet[IndexValue], regency_code: str) -> QuerySet[IndexValue]:
    """Of these the regency's, its peers', its province's and the nation's."""
    province = regency_code[:2]
    places = Q(area_code__in=(NATION, province)) | Q(area_code__startswith=f"{province}.")
    return rows.filter(places).select_related("release")


def headline(regency_code: str, values: Iterable[IndexValue] | None = None) -> tuple[Headline, ...]:
    """IPG, IDG and IKG of a regency: one query for all three, none where `values` are given."""
    rows = list(values_near(regency_code) if values is None else values)
    names = area_names({regency_code, regency_code[:2], NATION} | {one.area_code for one in rows})
    return tuple(
        _headline(
            MEANINGS[index],
            [one for one in rows if one.release.index == index],
            regency_code,
            names,
        )
        for index in GENDER
    )


def _headline(meaning: Meaning, rows: list[IndexValue], code: str, names: dict) -> Headline:
    value = newest(one for one in rows if one.area_code == code)
    above = (code[:2], NATION)
    if value is None:
        known = [(area, newest(one for one in rows if one.area_code == area)) for area in above]
        return Headline(
            meaning, names[code], None, known=tuple((names[area], v) for area, v in known if v)
        )
    compared = tuple(_compared(rows, value, area, names[area]) for area in above)
    common: tuple[tuple[str, IndexValue], ...] = ()
    if any(one.value is None for one in compared):
        common = _common(rows, (code, *above), names)
    return Headline(meaning, names[code], value, compared, common)


def _compared(rows: list[IndexValue], value: IndexValue, area: str, name: str) -> Compared:
    other = in_year(rows, area, value.year, value.release)
    difference = value.value - other.value if other else None
    return Compared(name, other, difference, bool(other and other.release_id == value.release_id))


def _common(rows: list[IndexValue], areas: tuple[str, ...], names: dict) -> tuple:
    """(name, value) of each area in the last year that all of them have."""
    years = [{one.year for one in rows if one.area_code == area} for area in areas]
    shared = set.intersection(*years)
    if not shared:
        return ()
    year = max(shared)
    first = in_year(rows, areas[0], year)
    found = [(area, in_year(rows, area, year, first and first.release)) for area in areas]
    return tuple((names[area], value) for area, value in found if value)


# -- Peers -------------------------------------------------------------------------


@dataclass(frozen=True)
class Peer:
    """One regency of the province in a year. `width`: percent of the bar."""

    area_code: str
    area: str
    value: IndexValue
    width: str
    ours: bool

    @property
    def written(self) -> str:
        return MEANINGS[self.value.release.index].written(self.value.value)


def peer_years(rows: Iterable[IndexValue], province: str) -> list[int]:
    """Years in which two regencies of the province or more have a value, newest first."""
    areas: dict[int, set[str]] = {}
    for one in rows:
        if one.area_code.startswith(f"{province}."):
            areas.setdefault(one.year, set()).add(one.area_code)
    return sorted((year for year, codes in areas.items() if len(codes) > 1), reverse=True)


def fullest(rows: list[IndexValue], years: list[int], code: str) -> int | None:
    """The year to open with: the one with most regencies, hers among them if she has any."""
    with_her = {one.year for one in rows if one.area_code == code}
    near_her = [year for year in years if year in with_her] or years

    def regencies(year: int) -> tuple[int, int]:
        return len({one.area_code for one in rows if one.year == year}), year

    return max(near_her, key=regencies, default=None)


def peers_of(rows: Iterable[IndexValue], regency_code: str, year: int) -> list[Peer]:
    """The best first; two releases of one area are two rows, so that none is hidden."""
    province = regency_code[:2]
    found = [one for one in rows if one.year == year and one.area_code.startswith(f"{province}.")]
    if not found:
        return []
    meaning = MEANINGS[found[0].release.index]
    names = area_names(one.area_code for one in found)
    most = max(max(one.value for one in found), Decimal(1) if meaning.most == 1 else Decimal(100))
    found.sort(key=lambda one: (one.value, one.area_code), reverse=meaning.better != "lower")
    return [
        Peer(
            one.area_code,
            names[one.area_code],
            one,
            f"{100 * one.value / most:.2f}",
            one.area_code == regency_code,
        )
        for one in found
    ]
