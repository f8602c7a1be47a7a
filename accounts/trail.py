"""The audit trail as one person may read it.

Her list: what people did on a day on which all their tasks lay within her reach, and what was
tried on their accounts. Of one record that she sees: everything, whoever did it. Whoever reaches
everything sees all (decision 0016).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from core.models import AuditEntry

from .models import Grant, User
from .trail_words import FACTS, sentence

READ = "audit"
SHORT = 160  # signs of a fact that are told before the line is opened
#: Where an object is looked at: name of the route, and what of the object stands in it.
PAGES = {
    "user": ("accounts:person", "uid"),
    "activity": ("programs:activity-detail", "pk"),
    "program": ("programs:program-detail", "pk"),
}


def entries_for(reader: User, record: tuple[str, str] | None = None) -> QuerySet[AuditEntry]:
    """What she may read, of all or of one record (kind, key); nothing where she has no right."""
    if READ not in reader.capabilities:
        return AuditEntry.objects.none()
    rows = AuditEntry.objects.annotate(day=TruncDate("at"))
    if record:
        rows = rows.filter(object_type=record[0], object_id=record[1])
    if reader.covers_everything_with(READ) or (record and _sees(reader, *record)):
        return rows
    return rows.filter(_by_her_people(reader))


def _by_her_people(reader: User) -> Q:
    """The people are read first and named one by one: the database then knows how many they are."""
    people = list(User.objects.permitting(reader, READ).values_list("pk", flat=True))
    hers = Grant.objects.permitting(reader, READ).values("pk")
    beyond = Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=OuterRef("day")),
        Q(revoked_at=None) | Q(revoked_at__gte=OuterRef("at")),
        user=OuterRef("actor"),
        valid_from__lte=OuterRef("day"),
    ).exclude(pk__in=hers)
    tried = Q(actor=None, object_type="user", object_id__in=[str(pk) for pk in people])
    return Q(Q(actor__in=people) & ~Exists(beyond)) | tried


def _sees(reader: User, kind: str, key: str) -> bool:
    """She may read all of this record's trail. A person's: who never had a task elsewhere."""
    found = _visible(reader, kind, [key]).get(key)
    if not isinstance(found, User):
        return found is not None
    hers = Grant.objects.permitting(reader, READ).values("pk")
    return not found.grants.exclude(pk__in=hers).exists()


def _visible(reader: User, kind: str, keys: Iterable[str]) -> dict[str, Model]:
    """Of the objects of one kind, those on which she holds the right to read the trail."""
    model = model_of(kind)
    if model is None or not hasattr(model._default_manager, "permitting"):
        return {}
    known = [one for one in (_key(model, key) for key in keys) if one is not None]
    found = model._default_manager.permitting(reader, READ).filter(pk__in=known)
    return {str(one.pk): one for one in found}


def model_of(kind: str) -> type[Model] | None:
    return next((one for one in apps.get_models() if one._meta.model_name == kind), None)


def _key(model: type[Model], text: str) -> Any:
    """The text as a key of this table; None where it can be none."""
    try:
        key = model._meta.pk.to_python(text)
    except (ValidationError, ValueError):
        return None
    return None if isinstance(key, int) and abs(key) >= 2**63 else key


@dataclass(frozen=True)
class Line:
    """One entry as it is read. `name` and `url`: of the object, where she sees it."""

    entry: AuditEntry
    name: str
    url: str

    @property
    def did(self) -> str:
        return sentence(self.entry.action)

    @property
    def is_long(self) -> bool:
        """Something it tells is cut short where the line is not opened."""
        return any(len(str(after)) > SHORT for _name, _before, after in self.facts)

    @property
    def facts(self) -> Iterator[tuple[str, Any, Any]]:
        """(what, before, after) of a change; (what, None, value) of what is only told."""
        for name, value in self.entry.changes.items():
            label = _label(self.entry.object_type, name)
            if isinstance(value, list) and len(value) == 2:
                yield label, _text(value[0]), _text(value[1])
            elif value not in (None, "", [], {}):
                yield label, None, _text(value)


def _label(kind: str, name: str) -> str:
    """What the form calls this column, else what the trail does; its own name as the last way."""
    plain = name.replace("_", " ")
    model = model_of(kind)
    try:
        told = str(model._meta.get_field(name).verbose_name) if model else plain
    except (FieldDoesNotExist, AttributeError):
        told = plain
    return str(FACTS.get(name, plain)) if told == plain else told


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "–" if value is None or value == "" else str(value)


def lines(reader: User, entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries of one page with their objects: a statement for each kind of object on it."""
    entries = list(entries)
    keys: dict[str, set[str]] = {}
    for one in entries:
        keys.setdefault(one.object_type, set()).add(one.object_id)
    seen = {kind: _visible(reader, kind, some) for kind, some in keys.items()}
    return [_line(one, seen[one.object_type].get(one.object_id)) for one in entries]


def _line(entry: AuditEntry, target: Model | None) -> Line:
    if target is None or target == entry.actor:  # what she did to herself needs no second name
        return Line(entry, "", "")
    route, part = PAGES.get(entry.object_type, ("", ""))
    return Line(entry, str(target), reverse(route, args=[getattr(target, part)]) if route else "")
