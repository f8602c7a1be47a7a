"""The starting lists of a regency. What the office has written since is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import NamedTuple

from django.db import transaction

from ..imports.offices import OpdRow, PopulationRow
from ..models import District, Opd, Population, Regency, Village


class Laid(NamedTuple):
    """Of the rows for loaded areas: how many were stored, and the names that were left out."""

    created: int
    kept: tuple[str, ...] = ()


@transaction.atomic
def import_opds(rows: Iterable[OpdRow], *, regency: str | None = None) -> Laid:
    """Lay down the list of offices where a regency has none yet.

    Where it has some, the office keeps its list by hand: nothing is added, and the names of
    the file that it does not know are handed back.
    """
    regencies = dict(Regency.objects.values_list("code", "pk"))
    wanted = [row for row in rows if _within(row.area_code, regency, regencies)]
    known = _known_offices({regencies[row.area_code[:5]] for row in wanted})
    districts = dict(District.objects.values_list("code", "pk")) if wanted else {}
    fresh = [row for row in wanted if regencies[row.area_code[:5]] not in known]
    Opd.objects.bulk_create(
        Opd(
            name=row.name,
            acronym=row.acronym,
            kind=row.kind,
            regency_id=regencies[row.area_code[:5]],
            district_id=districts.get(row.area_code),
            evidence=row.evidence,
            source=row.source,
        )
        for row in fresh
    )
    return Laid(len(fresh), _unknown(wanted, known, regencies))


@transaction.atomic
def import_population(rows: Iterable[PopulationRow], *, regency: str | None = None) -> Laid:
    """Store the figures of loaded areas that are not there yet (area, year, period, source)."""
    wanted = [row for row in rows if regency is None or row.area_code[:5] == regency]
    loaded = _loaded({row.area_code for row in wanted})
    keys = ("area_code", "year", "period", "source")
    stored = set(Population.objects.filter(area_code__in=loaded).values_list(*keys))
    fresh = [
        Population(**asdict(row))
        for row in wanted
        if row.area_code in loaded and tuple(getattr(row, key) for key in keys) not in stored
    ]
    Population.objects.bulk_create(fresh)
    return Laid(len(fresh))


def _within(code: str, regency: str | None, loaded: dict[str, int]) -> bool:
    return code[:5] in loaded and regency in (None, code[:5])


def _known_offices(regencies: set[int]) -> dict[int, set[str]]:
    known: dict[int, set[str]] = {}
    offices = Opd.objects.filter(regency__in=regencies).values_list("regency_id", "name")
    for regency, name in offices:
        known.setdefault(regency, set()).add(name)
    return known


def _unknown(rows: list[OpdRow], known: dict[int, set[str]], regencies: dict[str, int]):
    return tuple(
        row.name
        for row in rows
        if row.name not in known.get(regencies[row.area_code[:5]], {row.name})
    )


def _loaded(codes: set[str]) -> set[str]:
    models = (Village, District, Regency)
    return {
        code
        for model in models
        for code in model.objects.filter(code__in=codes).values_list("code", flat=True)
    }
