"""The totals that gender budget is a share of, and the share that is aimed at."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.formats import rupiah
from villages.models import Opd, Regency, Village

from ..models import ArgTarget, BudgetTotal, Denominator

_MOST = 10**16
_AMOUNTS = ("plan", "changed", "realised")


@transaction.atomic
def set_total(
    place: Regency | Opd | Village,
    year: int,
    kind: str,
    *,
    actor,
    plan: int | None,
    changed: int | None = None,
    realised: int | None = None,
    source: str = "",
) -> BudgetTotal | None:
    """The total of this kind, place and year says so; without a plan it is taken away."""
    _require(holds_place(actor, place))
    of = {type(place)._meta.model_name: place, "year": year, "kind": kind}
    before = BudgetTotal.objects.select_for_update().filter(**of).first()
    old = {name: getattr(before, name) for name in (*_AMOUNTS, "source")} if before else {}
    if plan is None and changed is None and realised is None:
        if before:
            audit.record(actor, "budgettotal.removed", before, **audit.difference({}, old))
            before.delete()
        return None
    values = {"plan": plan, "changed": changed, "realised": realised, "source": source.strip()}
    if problems := _total_problems(year, kind, values):
        raise Refused(*problems)
    if old == values:
        return before
    total, _new = BudgetTotal.objects.update_or_create(**of, defaults=values)
    audit.record(actor, "budgettotal.set", total, **audit.difference(old, values))
    return total


@transaction.atomic
def set_target(
    regency: Regency, year: int, *, actor, percent: Decimal | None, denominator: str
) -> ArgTarget | None:
    """The regency aims at this share of that total in the year; None takes the target away."""
    _require(actor.regencies_with("manage_plans").filter(pk=regency.pk).exists())
    before = ArgTarget.objects.select_for_update().filter(regency=regency, year=year).first()
    if percent is None:
        if before:
            audit.record(actor, "argtarget.removed", before, percent=[str(before.percent), None])
            before.delete()
        return None
    if problems := [*_year_and_kind(year, denominator, "denominator"), *_percent(percent)]:
        raise Refused(*problems)
    values = {"percent": percent, "denominator": denominator}
    old = {name: getattr(before, name) for name in values} if before else {}
    if old == values:
        return before
    target, _new = ArgTarget.objects.update_or_create(regency=regency, year=year, defaults=values)
    audit.record(actor, "argtarget.set", target, **audit.difference(old, values))
    return target


def holds_place(actor, place: Regency | Opd | Village) -> bool:
    """She keeps the totals of this place."""
    if isinstance(place, Regency):
        return actor.regencies_with("manage_plans").filter(pk=place.pk).exists()
    if isinstance(place, Opd):
        return actor.opds_with("manage_plans").filter(pk=place.pk).exists()
    return any(
        actor.villages_with(word).filter(pk=place.pk).exists()
        for word in ("manage_plans", "plan_village")
    )


def _require(allowed: bool) -> None:
    if not allowed:
        text = _("You cannot set the totals or the target of this area.")
        raise Refused(Problem("", "not_permitted", text))


def _total_problems(year: int, kind: str, values: dict) -> list[Problem]:
    found = _year_and_kind(year, kind, "kind")
    for name in _AMOUNTS:
        amount = values[name]
        if amount is not None and not 0 <= amount <= _MOST:
            text = _("%(amount)s is no amount of a budget. Write 0 or more.")
            found.append(Problem(name, "out_of_range", text % {"amount": rupiah(amount)}))
    if values["plan"] is None:
        found.append(Problem("plan", "required", _("Fill in the planned total.")))
    if not values["source"]:
        text = _("Write where this total comes from, for example Perda APBD.")
        found.append(Problem("source", "required", text))
    elif len(values["source"]) > 200:
        text = _("Shorten the source to at most 200 letters.")
        found.append(Problem("source", "too_long", text))
    return found or _realised_within(values)


def _realised_within(values: dict) -> list[Problem]:
    most = values["plan"] if values["changed"] is None else values["changed"]
    if values["realised"] is None or values["realised"] <= most:
        return []
    text = _("%(amount)s realised is more than this budget, %(most)s.")
    words = {"amount": rupiah(values["realised"]), "most": rupiah(most)}
    return [Problem("realised", "over_ceiling", text % words)]


def _year_and_kind(year: int, kind: str, field: str) -> list[Problem]:
    found = []
    if not 2000 <= year <= 2100:
        found.append(Problem("year", "out_of_range", _("Write a year from 2000 to 2100.")))
    if kind not in Denominator.values:
        found.append(Problem(field, "invalid_choice", _("Choose one of the kinds of total.")))
    return found


def _percent(percent: Decimal) -> list[Problem]:
    if Decimal("0.01") <= percent <= 100:
        return []
    text = _("Write a target above 0 and at most 100 percent.")
    return [Problem("percent", "out_of_range", text)]
