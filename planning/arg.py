"""Gender budget (ARG) read: what counts in an area and year, and the totals it is a share of.

Only tagged lines under an approved or signed statement count. Each line falls into exactly one
group of a recap: of its owner, its category, or the place where it is spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from villages.models import District, Opd, Regency, Village

from .arg_sums import (
    CATEGORIES,
    MEASURES,
    THOUGHT,
    Group,
    Meter,
    Money,
    Recap,
    Row,
    added,
    compares,
    meter,
    part_of,
    row_of,
    rows_of,
)
from .models import BudgetLine, BudgetTotal, Denominator

__all__ = [
    "CATEGORIES",
    "MEASURES",
    "THOUGHT",
    "WAYS",
    "Area",
    "Group",
    "Meter",
    "Money",
    "Recap",
    "Row",
    "groups_of",
    "lines_in",
    "meter",
    "recap",
    "total_of",
    "waiting",
]

Area = Regency | Opd | District | Village
#: By what a recap has its rows.
WAYS = ("opd", "category", "district", "village")


def recap(user, year: int, *, by: str, area: Area, kind: str) -> Recap:
    """What counts as gender budget in this area and year, as far as `user` may see it.

    `by`: opd (whose money), category, district or village (where it is spent); `kind`: the total
    that shares are taken of.
    """
    groups = groups_of(lines_in(user, year, area).counted(), by)
    titles = _TITLES[by](groups)
    whole = total_of(user, year, kind, area)
    totals = _totals(user, year, kind, by, groups, whole)
    rows = rows_of(groups, titles, kind, totals)
    alike = [one for one in groups if compares(kind, one.of_village)]
    others = [one for one in groups if not compares(kind, one.of_village)]
    return Recap(
        by,
        kind,
        rows,
        row_of(None, _("Total"), groups, kind, whole),
        part_of(alike, _TITLES[by](alike), kind, totals, (_("Total"), whole)),
        part_of(others, _TITLES[by](others), kind, {}, (_apart(kind), None)),
    )


def _apart(kind: str) -> str:
    if _is_villages(kind):
        return _("Offices and districts (not part of the share)")
    return _("Villages’ own budgets, APBDes (not part of the share)")


def lines_in(user, year: int, area: Area):
    """The lines of this year that belong to the area, or are spent there."""
    return BudgetLine.objects.visible_to(user).filter(_inside(area), year=year)


def groups_of(lines: QuerySet[BudgetLine], by: str) -> list[Group]:
    """The gender budget of these lines by row and category. One statement."""
    found = (
        lines.order_by()
        .annotate(bucket=_BUCKETS[by], of_village=Q(owner_village__isnull=False))
        .values("bucket", "of_village", "category", *_KEYS.get(by, ()))
        .annotate(**_SUMS)
    )
    return [
        Group(
            _bucket(one, by),
            one["category"],
            bool(one["of_village"]),
            Money(one["sum_plan"], one["sum_changed"], one["sum_realised"]),
            one["lines"],
        )
        for one in found
    ]


def waiting(user, year: int, area: Area) -> dict[str, list[Group]]:
    """Tagged lines that do not count yet, by where their statement stands ("" without one)."""
    lines = lines_in(user, year, area).filter(category__isnull=False)
    found = (
        lines.order_by()
        .values("statement__state", "category", of_village=Q(owner_village__isnull=False))
        .annotate(**_SUMS)
    )
    states: dict[str, list[Group]] = {}
    for one in found:
        money = Money(one["sum_plan"], one["sum_changed"], one["sum_realised"])
        group = Group(None, one["category"], bool(one["of_village"]), money, one["lines"])
        states.setdefault(one["statement__state"] or "", []).append(group)
    return states


def total_of(user, year: int, kind: str, area: Area) -> Money | None:
    """The total of an area; of districts, and of a regency that has none of its own, the totals
    of all its villages together, when none of them is missing."""
    rows = BudgetTotal.objects.visible_to(user).filter(year=year, kind=kind)
    if not isinstance(area, District):
        own = rows.filter(**{area._meta.model_name: area}).first()
        if own or not isinstance(area, Regency):
            return _as_money(own) if own else None
    if kind != Denominator.TOTAL_APBDES:
        return None
    return _together(rows, Village.objects.live().under(area.code))


def _together(rows, villages) -> Money | None:
    paying = villages.exclude(kind=Village.Kind.KELURAHAN)
    found = list(rows.filter(village__in=paying))
    if not found or len(found) < paying.count():
        return None
    return added(map(_as_money, found))


def _as_money(total: BudgetTotal) -> Money:
    changed = total.plan if total.changed is None else total.changed
    return Money(total.plan, changed, total.realised)


def _inside(area: Area) -> Q:
    if isinstance(area, Opd):
        return Q(owner_opd=area)
    if isinstance(area, Village):
        return Q(owner_village=area) | Q(village=area)
    if isinstance(area, District):
        return Q(owner_district=area) | Q(owner_village__district=area) | Q(village__district=area)
    return (
        Q(owner_opd__regency=area)
        | Q(owner_district__regency=area)
        | Q(owner_village__district__regency=area)
    )


#: Gender budget after the change: never more than the line has left.
_CHANGED = Least(Coalesce("arg_changed", "arg_plan"), Coalesce("changed", "plan"))
_SUMS = {
    "sum_plan": Sum("arg_plan"),
    "sum_changed": Sum(_CHANGED),
    "sum_realised": Sum("arg_realised"),
    "lines": Count("pk"),
}
_BUCKETS = {
    "opd": Coalesce("owner_opd", "owner_district"),
    "category": Coalesce("category", 0),
    "district": Coalesce("owner_village__district", "village__district", "owner_district"),
    "village": Coalesce("owner_village", "village"),
}
_KEYS = {"opd": ("owner_opd", "owner_district")}


def _bucket(found: Mapping[str, Any], by: str) -> Any:
    if by != "opd":
        return found["bucket"]
    if found["owner_opd"]:
        return ("opd", found["owner_opd"])
    return ("district", found["owner_district"]) if found["owner_district"] else ("village", None)


def _keys(groups: Iterable[Group]) -> set[Any]:
    return {group.bucket for group in groups}


def _owners(groups: Sequence[Group]) -> dict[Any, str]:
    keys = _keys(groups)
    opds = Opd.objects.filter(pk__in=[key for kind, key in keys if kind == "opd"])
    districts = District.objects.filter(pk__in=[key for kind, key in keys if kind == "district"])
    found = {("opd", one.pk): one.name for one in opds}
    for one in districts.order_by("name"):
        found["district", one.pk] = _("District %(name)s") % {"name": one.name}
    if ("village", None) in keys:
        found["village", None] = _("Villages (APBDes)")
    return found


def _categories(_groups: Sequence[Group]) -> dict[Any, str]:
    return {
        1: _("1 – meets needs of women or of men"),
        2: _("2 – closes a gap"),
        3: _("3 – builds institutions for equality"),
    }


def _districts(groups: Sequence[Group]) -> dict[Any, str]:
    keys = _keys(groups)
    found = {
        one.pk: one.name for one in District.objects.filter(pk__in=keys - {None}).order_by("name")
    }
    return found | ({None: _("Not bound to one district")} if None in keys else {})


def _villages(groups: Sequence[Group]) -> dict[Any, str]:
    keys = _keys(groups)
    rows = Village.objects.filter(pk__in=keys - {None}).select_related("district")
    found = {
        one.pk: f"{one.title}, {one.district.name}"
        for one in rows.order_by("district__name", "name")
    }
    return found | ({None: _("Not bound to one village")} if None in keys else {})


_TITLES = {
    "opd": _owners,
    "category": _categories,
    "district": _districts,
    "village": _villages,
}


def _totals(
    user, year: int, kind: str, by: str, groups: Sequence[Group], whole: Money | None
) -> dict[Any, Money]:
    """The total of each row, where one is known."""
    keys = _keys(groups)
    if by == "category":
        return dict.fromkeys(CATEGORIES, whole) if whole else {}
    rows = BudgetTotal.objects.visible_to(user).filter(year=year, kind=kind)
    if by == "village":
        found = rows.filter(village__in=keys - {None})
        return {one.village_id: _as_money(one) for one in found}
    if by == "district":
        areas = District.objects.filter(pk__in=keys - {None})
        each = {one.pk: total_of(user, year, kind, one) for one in areas}
        return {key: money for key, money in each.items() if money}
    opds = rows.filter(opd__in=[key for owner, key in keys if owner == "opd"])
    found = {("opd", one.opd_id): _as_money(one) for one in opds}
    return found | ({("village", None): whole} if whole and _is_villages(kind) else {})


def _is_villages(kind: str) -> bool:
    return kind == Denominator.TOTAL_APBDES
