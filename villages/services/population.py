"""Population figures that an office enters for areas of its regency, each with its source."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused

from ..models import District, Population, Regency, Village

KEEP = "manage_indicators"
FIRST_YEAR = 1950
#: Nobody counts more people than this in one area.
MOST_PEOPLE = 400_000_000
FACTS = ("women", "men", "total", "note")


def mark_of(population: Population) -> str:
    """What the figure says now, as a short text: whoever changes it names what she saw."""
    said = "|".join(str(getattr(population, name)) for name in FACTS)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def may_keep(user, area_code: str) -> bool:
    """She keeps the figures of the area's whole regency; those of a nation or a province only who
    covers everything."""
    if user.covers_everything_with(KEEP):
        return True
    return user.regencies_with(KEEP).filter(code=area_code[:5]).exists()


@transaction.atomic
def keep_population(population: Population, *, actor, seen: str = "") -> Population:
    """The figure is on file: women and men with their total, or a total only.

    Unsaved it is added (Refused: already_there for the same area, year, period and source); else
    what it says takes the place of what `seen` (mark_of) names, and its key stays. Stale when
    somebody was faster. Refused: not_permitted, unknown_value (no such area), required,
    half_a_pair, total_mismatch, out_of_range, too_large.
    """
    _require(actor, population.area_code)
    _tidy(population)
    if problems := _problems(population):
        raise Refused(*problems)
    if population._state.adding:
        _add(population)
        audit.record(actor, "population.added", population, **_values(population))
        return population
    held = _held(population, seen)
    changes = audit.difference(
        *({name: getattr(row, name) for name in FACTS} for row in (held, population))
    )
    if changes:
        population.save(update_fields=FACTS)
        audit.record(actor, "population.changed", population, **changes)
    return population


@transaction.atomic
def remove_population(population: Population, *, actor, seen: str) -> None:
    """The figure is gone; what it said stays in the audit trail."""
    _require(actor, population.area_code)
    held = _held(population, seen)
    audit.record(actor, "population.removed", held, **_values(held))
    held.delete()


def _require(actor, area_code: str) -> None:
    if actor is not None and not may_keep(actor, area_code):
        words = _("You enter population figures for areas of your own regency.")
        raise Refused(Problem("", "not_permitted", words))


def _held(population: Population, seen: str) -> Population:
    held = Population.objects.select_for_update().filter(pk=population.pk).first()
    if held is None or mark_of(held) != seen:
        raise versions.stale()
    return held


def _add(population: Population) -> None:
    try:
        with transaction.atomic():
            population.save(force_insert=True)
    except IntegrityError as error:
        words = _("This source is there already for this area and year. Change that figure.")
        raise Refused(Problem("source", "already_there", words)) from error


def _tidy(population: Population) -> None:
    for name in ("period", "source", "note"):
        setattr(population, name, getattr(population, name).strip())
    women, men = population.women, population.men
    if population.total is None and women is not None and men is not None:
        population.total = women + men


def _problems(one: Population) -> list[Problem]:
    found = [
        Problem(name, "required", words)
        for name, words in (
            ("source", _("Say where the figure was read: a figure without a source is not kept.")),
            ("period", _("Say what was counted and when, for example mid-year.")),
        )
        if not getattr(one, name)
    ]
    if not _is_known(one.area_code):
        words = _("This area is not known. Check the area code.")
        found.append(Problem("area_code", "unknown_value", words))
    last = timezone.localdate().year
    if not FIRST_YEAR <= one.year <= last:
        text = _("Write a year from %(first)s to %(last)s.")
        words = text % {"first": FIRST_YEAR, "last": last}
        found.append(Problem("year", "out_of_range", words))
    return found + _count_problems(one)


def _count_problems(one: Population) -> list[Problem]:
    women, men, total = one.women, one.men, one.total
    if (women is None) != (men is None):
        words = _("Fill in women and men, or the total only.")
        return [Problem("women" if women is None else "men", "half_a_pair", words)]
    if total is None:
        return [Problem("total", "required", _("Fill in women and men, or the total."))]
    if max(total, women or 0, men or 0) > MOST_PEOPLE:
        words = _("The number is too large. Check the zeros.")
        return [Problem("total", "too_large", words)]
    if women is not None and men is not None and women + men != total:
        text = _("Women and men make %(sum)s, not %(total)s. Check the three numbers.")
        words = text % {"sum": women + men, "total": total}
        return [Problem("total", "total_mismatch", words)]
    return []


def _is_known(code: str) -> bool:
    if len(code) <= 2:  # the nation or a province: only who covers everything comes here
        return code == "0" or len(code) == 2
    return any(model.reference.filter(code=code).exists() for model in (Village, District, Regency))


def _values(one: Population) -> dict:
    names = ("area_code", "year", "period", "source", *FACTS)
    return {name: getattr(one, name) for name in names}
