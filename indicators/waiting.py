"""What villages said of themselves and waits for a reviewer: women's seats and scorecards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _

from .models import Assessment, Representation, ReviewState, VillageYear
from .services.review import not_by


@dataclass(frozen=True)
class Noun:
    """One kind of what is reviewed; `title` names one row of it."""

    key: str
    label: Any
    model: type[VillageYear]
    related: tuple[str, ...] = ()


NOUNS: Mapping[str, Noun] = {
    one.key: one
    for one in (
        Noun("seats", _("Women in decisions"), Representation),
        Noun("card", _("Scorecard"), Assessment, ("instrument",)),
    )
}
_NEXT_TO = ("village__district", "author")


def rows_of(noun: Noun, user) -> QuerySet:
    """What she reviews of this kind, in any state but draft; never her own."""
    rows = noun.model.objects.permitting(user, "verify").exclude(state=ReviewState.DRAFT)
    return not_by(rows, user)


def count_waiting(user) -> int:
    """How many wait for this person."""
    if "verify" not in user.capabilities:
        return 0
    return sum(rows_of(noun, user).waiting().count() for noun in NOUNS.values())


def listed(querysets: Mapping[str, QuerySet]) -> QuerySet:
    """(uid, noun, updated_at) of all of them as one list, the longest waiting first."""
    keyed = [
        rows.order_by().values_list("pk", Value(key), "updated_at")
        for key, rows in querysets.items()
    ]
    first, *others = keyed
    return first.union(*others, all=True).order_by("updated_at", "pk")


def fetched(keys: Iterable[tuple]) -> list[tuple[Noun, VillageYear]]:
    """The rows behind such a list, in its order. One query for each noun."""
    wanted = [(uid, key) for uid, key, *_rest in keys]
    found: dict[Any, VillageYear] = {}
    for noun in NOUNS.values():
        uids = [uid for uid, key in wanted if key == noun.key]
        rows = noun.model.objects.filter(pk__in=uids).select_related(*_NEXT_TO, *noun.related)
        found |= {row.pk: row for row in rows}
    return [(NOUNS[key], found[uid]) for uid, key in wanted if uid in found]
