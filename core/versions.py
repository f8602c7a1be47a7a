"""Rows with a `version`: whoever writes says which version she saw, and never over another's."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from . import audit
from .errors import Problem, Stale

#: Fields that no form says.
_OURS = frozenset({"version", "created_at", "updated_at"})


def stale() -> Stale:
    words = _("Somebody changed this in the meantime. Look at it again.")
    return Stale(Problem("version", "changed_meanwhile", words))


def swap(row: Any, version: int, **values: Any) -> None:
    """The row says `values` now, if it is still at `version`; else Stale."""
    rows = type(row)._base_manager.filter(pk=row.pk, version=version)
    if not rows.update(version=F("version") + 1, updated_at=timezone.now(), **values):
        raise stale()
    row.refresh_from_db(fields=["version", "updated_at", *values])


def keep(row: Any, version: int) -> dict[str, list[str | None]]:
    """What the changed instance of a valid form says is stored over `version`; what differs, for
    the audit trail ({} where nothing does: then nothing is written). Inside a transaction.

    Stale where another version stands there.
    """
    model: Any = type(row)
    held = model._base_manager.select_for_update().filter(pk=row.pk).first()
    if held is None or held.version != version:
        raise stale()
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in _OURS
    ]
    changes = audit.difference(
        {name: getattr(held, name) for name in names}, {name: getattr(row, name) for name in names}
    )
    if changes:
        row.version = version + 1
        row.save(update_fields=[*changes, "version", "updated_at"])
    return changes
