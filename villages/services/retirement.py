"""Areas that left the ministry's list. What happened in them stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from ..models import AreaBase, AreaShape, Population

BATCH = 500


class _Pointed(Exception):
    """Deleting would have taken other rows along."""


def retire(model: type[AreaBase], gone: Sequence[AreaBase], on: date) -> tuple[int, int]:
    """Delete the areas that nothing points at, end the others on a day: (deleted, ended)."""
    codes = {area.pk: area.code for area in gone}
    counted = set(
        Population.objects.filter(area_code__in=codes.values()).values_list("area_code", flat=True)
    )
    used = {pk for pk, code in codes.items() if code in counted}
    used |= remove_unused(model, [pk for pk in codes if pk not in used])
    removed = [code for pk, code in codes.items() if pk not in used]
    AreaShape.objects.filter(area_code__in=removed).delete()
    model.objects.filter(pk__in=used).update(ended_on=on)
    return len(removed), len(used)


def remove_unused(model: type[AreaBase], keys: Iterable[int]) -> set[int]:
    """Delete what no row of any app points at; the keys of what had to stay."""
    keys, kept = list(keys), set()
    for start in range(0, len(keys), BATCH):
        kept |= _remove(model, keys[start : start + BATCH])
    return kept


def _remove(model: type[AreaBase], keys: list[int]) -> set[int]:
    """All at once when possible, else by halves: the database knows who points where."""
    try:
        with transaction.atomic():
            count, _by_model = model.objects.filter(pk__in=keys).delete()
            if count > len(keys):
                raise _Pointed
        return set()
    except (ProtectedError, IntegrityError, _Pointed):
        if len(keys) == 1:
            return set(keys)
        half = len(keys) // 2
        return _remove(model, keys[:half]) | _remove(model, keys[half:])
