"""The one place that writes the audit trail."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from . import bulk, origin
from .middleware import current_request_id
from .models import AuditEntry

#: What the actions of downloads begin with; the name of what was downloaded follows.
DOWNLOAD = "export."


def record(actor: Any, action: str, target: Any, /, **changes: Any) -> None:
    """Note that `actor` did `action` to `target`, inside the caller's transaction."""
    record_many(actor, action, [(target, changes)])


def record_many(actor: Any, action: str, rows: Iterable[tuple[Any, dict]]) -> None:
    """As `record`, in one statement. Rows: (object, changes). Where the act came from is known."""
    address, via = origin.present()
    bulk.insert(
        AuditEntry(
            actor=actor,
            action=action,
            object_type=target._meta.model_name,
            object_id=str(target.pk),
            changes=changes,
            request_id=current_request_id(),
            address=address,
            via=via,
        )
        for target, changes in rows
    )


def downloads_of(people: Any, most: int) -> QuerySet[AuditEntry]:
    """The last downloads of these people that left a trace, newest first."""
    found = AuditEntry.objects.filter(actor__in=people, action__startswith=DOWNLOAD)
    return found.select_related("actor")[:most]


def last_hand(target: Any, action: str) -> int | None:
    """Who last did to `target` what begins with `action`; pk of the person."""
    found = AuditEntry.objects.filter(
        object_type=target._meta.model_name, object_id=str(target.pk), action__startswith=action
    )
    return found.values_list("actor", flat=True).first()


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str | None]]:
    """What differs, as {field: [before, after]} in text."""

    def text(value: Any) -> str | None:
        return None if value is None else str(value)

    return {
        name: [text(before.get(name)), text(value)]
        for name, value in after.items()
        if before.get(name) != value
    }
