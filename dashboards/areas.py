"""An area of any level a person may read a board of: wholly in her reach, or not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from villages.models import (
    AreaChange,
    District,
    Level,
    Province,
    Regency,
    Village,
    VillageQuerySet,
    level_of,
)

#: The whole country, which has no Kemendagri code of its own.
NATION = "nation"
NATION_CODE = "0"
#: Areas that are read by their regencies or provinces, not village by village.
LARGE = (Level.PROVINCE, NATION)


@dataclass(frozen=True)
class Area:
    """One area by its Kemendagri code; `parents` from the top, as far as she may open them."""

    level: str
    code: str
    title: str
    place: str = ""
    parents: tuple[Area, ...] = ()


def find_area(user, code: str) -> Area | None:
    """The area of this code, "0" for the nation, if all of it is in her reach."""
    if code == NATION_CODE:
        return _nation() if user.covers_everything_with("view") else None
    finder = {
        Level.PROVINCE: _province,
        Level.REGENCY: _regency,
        Level.DISTRICT: _district,
        Level.VILLAGE: _village,
    }.get(level_of(code))  # type: ignore[arg-type]
    return finder(user, code) if finder else None


def present_code(user, code: str) -> str | None:
    """The code that an area of her reach bears now, which once bore `code`."""
    borne = AreaChange.objects.filter(old_code=code).exclude(code=code).order_by("-until")
    return next((one.code for one in borne if find_area(user, one.code)), None)


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
    hers = user.villages_with("view")
    return hers if area.level == NATION else hers.under(area.code)


def district_title(name: str) -> str:
    return _("District %(name)s") % {"name": name}


def village_title(kind: str, name: str) -> str:
    return f"{Village.Kind(kind).label} {name}"


def _nation() -> Area:
    return Area(NATION, NATION_CODE, _("Indonesia"))


def _province(user, code: str) -> Area | None:
    """A province is read whole, so only by those who may read everything."""
    found = Province.reference.filter(code=code).first()
    if not (found and user.covers_everything_with("view")):
        return None
    title = _("Province %(name)s") % {"name": found.name}
    return Area(Level.PROVINCE, code, title, parents=(_nation(),))


def _regency(user, code: str) -> Area | None:
    found = user.regencies_with("view").filter(code=code).first()
    if not found:
        return None
    above = _province(user, found.code[:2])
    return replace(_of_regency(found), parents=(*above.parents, above) if above else ())


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
