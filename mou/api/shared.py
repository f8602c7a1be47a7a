"""REST: what the doors of agreements, partners and institutions share – who keeps what, and how
areas, offices and people are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.db import models
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from programs.api import bodies
from programs.api.conflicts import in_http
from villages.models import District, Opd, Regency, Village

from ..rights import KEEP, require

READ, WRITE = "agreements:read", "agreements:write"

over = partial(bodies.over, scope=READ)


# -- Rows --------------------------------------------------------------------------


def place_row(area: Regency | District | Village) -> dict[str, Any]:
    return {"code": area.code, "name": area.name}


def area_row(area: Regency | District | Village) -> dict[str, Any]:
    return {**place_row(area), "level": type(area).__name__.lower()}


def office_row(office: Opd | None) -> dict[str, Any] | None:
    return {"id": office.pk, "name": office.name} if office else None


def fill(row: models.Model, said: Mapping[str, Any], names: Iterable[str]) -> None:
    """The columns that were named say what was sent; a text that says nothing is empty."""
    for name in names:
        if name in said:
            field, value = row._meta.get_field(name), said[name]
            empty = isinstance(field, models.CharField | models.TextField) and value is None
            setattr(row, name, "" if empty else value)


# -- Rights ------------------------------------------------------------------------


def permit(user, regency: Regency) -> None:
    """403 before a body is read or versions are compared."""
    try:
        require(user, regency)
    except Refused as refusal:
        raise in_http(refusal) from refusal


def permit_somewhere(user) -> None:
    """403 for whoever keeps these registers nowhere."""
    if KEEP not in user.capabilities:
        words = _("You keep the register of no regency.")
        raise in_http(Refused(Problem("", "not_permitted", words)))


def kept_by(user) -> set[Any]:
    """The regencies whose registers she keeps: there she reads what is nobody else's business."""
    return set(user.regencies_with(KEEP).values_list("pk", flat=True))


def whole_for(user) -> set[Any]:
    """The regencies that she sees as a whole: there she reads people's names."""
    return set(user.regencies_with("view").values_list("pk", flat=True))


def regency_named(user, code: str | None) -> Regency:
    """The regency that the body names, or her only one; Refused for one she does not keep."""
    found = user.regencies_with(KEEP)
    if code:
        regency = found.filter(code=code).first()
        if regency is None:
            words = _("This regency is not known, or not one whose register you keep.")
            raise Refused(Problem("regency", "unknown_value", words))
        return regency
    several = list(found[:2])
    if len(several) != 1:
        raise Refused(Problem("regency", "required", _("Name the regency by its code.")))
    return several[0]


def office_named(number: int | None, regency: Regency, where: str, problems: list) -> Opd | None:
    found = Opd.reference.filter(pk=number, regency=regency).first() if number else None
    if number and found is None:
        words = _("This office is not known. Take it from opds/.")
        problems.append(Problem(where, "unknown_value", words))
    return found


def area_named(code: str, regency: Regency) -> District | Village | Regency | None:
    """The area of this code within the regency."""
    if code == regency.code:
        return regency
    districts = District.reference.filter(regency=regency, code=code)
    villages = Village.reference.filter(district__regency=regency, code=code)
    return districts.first() or villages.first()


def areas_named(codes: Iterable[str], regency: Regency) -> dict[str, District | Village]:
    """Districts and villages of the regency by their codes; two queries however many."""
    wanted = set(codes)
    districts = District.reference.filter(regency=regency, code__in=wanted)
    villages = Village.reference.filter(district__regency=regency, code__in=wanted)
    villages = villages.select_related("district")
    return {one.code: one for one in [*districts, *villages]}


def done(act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What a service answers; what concerns the person is a 403."""
    try:
        return act()
    except Refused as refusal:
        raise in_http(refusal) from refusal


def same_uid(said: Mapping[str, Any], row: models.Model) -> None:
    """A body that may name its row names this one."""
    if said.get("uid") not in (None, row.pk):
        words = _("The body names another record.")
        raise Refused(Problem("uid", "other_record", words))
