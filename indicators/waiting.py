"""What villages said of themselves and waits for a reviewer: women's seats and scorecards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Assessment, Representation, ReviewState, VillageYear
from .services.review import changers_of, not_by


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
#: As many stand on a first page.
MOST_RETURNED = 20


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


class Waiting(NamedTuple):
    """One row of the queue; `changed_by`: who wrote in it after it was entered."""

    noun: Noun
    row: VillageYear
    changed_by: Any


def fetched(keys: Iterable[tuple]) -> list[Waiting]:
    """The rows behind such a list, in its order. One query for each noun, one for their steps."""
    wanted = [(uid, key) for uid, key, *_rest in keys]
    found: dict[Any, VillageYear] = {}
    for noun in NOUNS.values():
        uids = [uid for uid, key in wanted if key == noun.key]
        rows = noun.model.objects.filter(pk__in=uids).select_related(*_NEXT_TO, *noun.related)
        found |= {row.pk: row for row in rows}
    hands = changers_of(found.values())
    return [Waiting(NOUNS[key], found[uid], hands.get(uid)) for uid, key in wanted if uid in found]


def returned_to(user) -> list[tuple[str, str]]:
    """(words, address) of what came back to the villages she writes for, the latest first
    (settings.HOME_TASKS)."""
    rows: list[VillageYear] = []
    for noun in NOUNS.values():
        hers = noun.model.objects.permitting(user, "log").filter(state=ReviewState.RETURNED)
        hers = hers.select_related("village", *noun.related).order_by("-updated_at")
        rows += hers[:MOST_RETURNED]
    rows.sort(key=lambda row: row.updated_at, reverse=True)
    several = bool(rows) and user.villages_with("log").count() > 1
    return [(_task(row, several), _place(row)) for row in rows[:MOST_RETURNED]]


def _task(row: VillageYear, several: bool) -> str:
    what = row.instrument.title if isinstance(row, Assessment) else NOUNS["seats"].label
    said = {"what": what, "year": row.year, "village": row.village.title}
    if several:
        return gettext("%(what)s %(year)s, %(village)s: needs correction") % said
    return gettext("%(what)s %(year)s: needs correction") % said


def _place(row: VillageYear) -> str:
    """Where it is put right."""
    if isinstance(row, Assessment):
        return reverse("indicators:assessment", args=[row.pk])
    return reverse("indicators:seats-village-edit", args=[row.village.code, row.year])
