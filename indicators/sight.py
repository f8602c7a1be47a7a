"""Who is inside: who enters for a village, and who reviews it.

They alone read what it says of itself before it is sent in, and what is for reviewers only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from villages.models import Village

from .models import VillageYear

_WORDS = ("log", "verify")


def is_inside(user, village: Village) -> bool:
    return village.pk in inside(user, [village.pk])


def inside(user, villages: Iterable[int]) -> set[int]:
    """Of these villages (pk) those where she is inside. No query for who is inside nowhere."""
    keys = set(villages)
    found: set[int] = set()
    for word in _held(user):
        rows = Village.objects.permitting(user, word).filter(pk__in=keys)
        found |= set(rows.order_by().values_list("pk", flat=True))
    return found


def inside_all(user, rows: QuerySet) -> bool:
    """Whether she is inside wherever one of these village-years is. One query."""
    for word in _held(user):
        rows = rows.exclude(village__in=Village.objects.permitting(user, word).order_by())
    return bool(_held(user)) and not rows.exists()


def is_told(row: VillageYear, hers: set[int]) -> bool:
    """Whether she, inside these villages, reads more of it than its state."""
    return not row.is_open or row.village_id in hers


def _held(user) -> list[str]:
    return [word for word in _WORDS if word in user.capabilities]
