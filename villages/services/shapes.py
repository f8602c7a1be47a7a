"""Outlines of areas: the schematic ones made here, the official ones an office imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.audit import record

from ..models import AreaShape, Province, Regency

#: Polygons as lists of rings of [longitude, latitude] (a GeoJSON MultiPolygon).
Rings = list[list[list[list[float]]]]
BATCH = 1_000


class Stored(NamedTuple):
    written: int
    unchanged: int
    dropped: int = 0


@transaction.atomic
def store_shapes(
    kind: str, shapes: Mapping[str, Rings], *, actor, source: str, whole: str | None = None
) -> Stored:
    """The given outlines stand as given; equal ones are not touched, so pages stay cached.

    With `whole`, a regency's code, `shapes` is everything that regency has of this kind:
    its other outlines of that kind are dropped.
    """
    old = {
        code: (rings, said)
        for codes in _batches(sorted(shapes))
        for code, rings, said in AreaShape.objects.filter(
            kind=kind, area_code__in=codes
        ).values_list("area_code", "rings", "source")
    }
    fresh = [code for code, rings in shapes.items() if old.get(code) != (rings, source)]
    _write(kind, {code: shapes[code] for code in fresh}, source)
    dropped = _drop_others(kind, shapes, whole) if whole else 0
    stored = Stored(len(fresh), len(shapes) - len(fresh), dropped)
    if fresh or dropped:
        record(actor, "shapes_stored", _place(shapes), kind=kind, source=source, **stored._asdict())
    return stored


def _write(kind: str, shapes: Mapping[str, Rings], source: str) -> None:
    now = timezone.now()
    AreaShape.objects.bulk_create(
        [
            AreaShape(area_code=code, kind=kind, rings=rings, source=source, made_at=now)
            for code, rings in shapes.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["area_code", "kind"],
        update_fields=["rings", "source", "made_at"],
    )


def _drop_others(kind: str, shapes: Mapping[str, Rings], regency: str) -> int:
    within = Q(area_code=regency) | Q(area_code__startswith=f"{regency}.")
    stored = AreaShape.objects.filter(within, kind=kind).values_list("area_code", flat=True)
    stale = set(stored) - set(shapes)
    return AreaShape.objects.filter(kind=kind, area_code__in=stale).delete()[0]


def _place(shapes: Mapping[str, Rings]) -> Regency | Province:
    """The regency all outlines lie in; object 0 stands for more than one."""
    codes = {code[:5] for code in shapes}
    regency = Regency.objects.filter(code__in=codes).first() if len(codes) == 1 else None
    return regency or Province(pk=0)


def _batches(codes: list[str]) -> list[list[str]]:
    return [codes[start : start + BATCH] for start in range(0, len(codes), BATCH)]
