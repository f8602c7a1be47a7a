"""An area of any level a person may read a board of: wholly in her reach, or not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from villages.models import District, Level, Regency, Village, VillageQuerySet, level_of


@dataclass(frozen=True)
class Area:
    """One area by its Kemendagri code; `parents` from the top, as far as she may open them."""

    level: str
    code: str
    title: str
    place: str = ""
    parents: tuple[Area, ...] = ()


def find_area(user, code: str) -> Area | None:
    """The regency, district or village of this code, if all of it is in her reach."""
    finder = {
        Level.REGENCY: _regency,
        Level.DISTRICT: _district,
        Level.VILLAGE: _village,
    }.get(level_of(code))  # type: ignore[arg-type]
    return finder(user, code) if finder else None


def home_area(user, preferred: str) -> Area | None:
    """Where a person's overview begins: the preferred regency when it is hers, else the one
    regency, district or village she has; None when she has several, or nothing."""
    if area := find_area(user, preferred):
        return area
    for areas in (user.regencies_with, user.districts_with, user.villages_with):
        codes = list(areas("view").order_by("code").values_list("code", flat=True)[:2])
        if codes:
            return find_area(user, codes[0]) if len(codes) == 1 else None
    return None


def villages_of(user, area: Area) -> VillageQuerySet:
    """The villages of an area, narrowed to her reach once more."""
    return user.villages_with("view").under(area.code)


def district_title(name: str) -> str:
    return _("District %(name)s") % {"name": name}


def village_title(kind: str, name: str) -> str:
    return f"{Village.Kind(kind).label} {name}"


def _regency(user, code: str) -> Area | None:
    found = user.regencies_with("view").filter(code=code).first()
    return _of_regency(found) if found else None


def _district(user, code: str) -> Area | None:
    found = user.districts_with("view").filter(code=code).select_related("regency").first()
    if not found:
        return None
    return replace(
        _of_district(found), place=found.regency.name, parents=_parents(user, found.regency)
    )


def _village(user, code: str) -> Area | None:
    villages = user.villages_with("view").select_related("district__regency")
    found = villages.filter(code=code).first()
    if not found:
        return None
    return Area(
        Level.VILLAGE,
        found.code,
        found.title,
        f"{district_title(found.district.name)}, {found.district.regency.name}",
        _parents(user, found.district.regency, found.district),
    )


def _of_regency(regency: Regency) -> Area:
    return Area(Level.REGENCY, regency.code, regency.name)


def _of_district(district: District) -> Area:
    return Area(Level.DISTRICT, district.code, district_title(district.name))


def _parents(user, regency: Regency, district: District | None = None) -> tuple[Area, ...]:
    """Those of the areas above that she may open."""
    above = []
    if user.regencies_with("view").filter(pk=regency.pk).exists():
        above.append(_of_regency(regency))
    if district and user.districts_with("view").filter(pk=district.pk).exists():
        above.append(_of_district(district))
    return tuple(above)
