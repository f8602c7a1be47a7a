"""What the portal holds on one person, for herself or for who looks after her account.

Everything of the account itself, and of all other tables how many rows name her: by the foreign
keys of the database, so that a table of an app above is never forgotten. Secrets are never in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone

from core.asking import as_portal
from core.models import AuditEntry

from .models import ApiToken, DataRequest, Device, EnrolmentLink, Grant, User

#: Fields of her own row that she is given; never the password.
OWN = ("uid", "username", "name", "phone", "email", "date_joined", "last_login", "is_active")
#: Tables told row by row, with their fields.
WHOLE: dict[type[Model], tuple[str, ...]] = {
    Grant: ("role", "valid_from", "valid_until", "revoked_at", "note"),
    Device: ("label", "first_seen_at", "last_seen_at", "ended_at"),
    ApiToken: ("name", "scopes", "created_at", "expires_on", "revoked_at", "last_used_at"),
    EnrolmentLink: ("made_at", "expires_at", "used_at", "revoked_at"),
    DataRequest: ("kind", "wish", "asked_at", "decision", "reason", "decided_at"),
}
#: The newest entries of the audit trail that she made.
MOST_TRACES = 1_000


def held_on(person: User) -> dict[str, Any]:
    """A document in plain values, ready for JSON. About thirty statements, whoever she is."""
    return {
        "made_at": timezone.now(),
        "account": {name: getattr(person, name) for name in OWN},
        "grants_over": [str(one) for one in person.grants.select_related("village", "opd")],
        **{model._meta.model_name: _rows(model, person) for model in WHOLE},
        "named_in": dict(_elsewhere(person)),
        "last_actions": _traces(person),
    }


def _rows(model: type[Model], person: User) -> list[dict[str, Any]]:
    rows = model._default_manager.filter(**{_whose(model): person}).order_by("pk")
    return list(rows.values(*WHOLE[model]))


def _whose(model: type[Model]) -> str:
    """The column that says about whom a row is."""
    return "person" if model in (EnrolmentLink, DataRequest) else "user"


def _elsewhere(person: User) -> Iterator[tuple[str, int]]:
    """("programs.activity.author", 12): where her name stands beside what she did."""
    for field in links_to_people():
        with as_portal("she is told how often she is named, wherever that is, and nothing else"):
            number = field.model._base_manager.filter(**{field.name: person}).count()
        if number:
            yield f"{field.model._meta.label_lower}.{field.name}", number


def links_to_people() -> list[Field]:
    """Every column of the portal that names an account."""
    told = {(model, _whose(model)) for model in WHOLE}
    found = User._meta.get_fields(include_hidden=True)
    links = [one for one in found if one.auto_created and (one.one_to_many or one.one_to_one)]
    fields = {one.field for one in links if (one.related_model, one.field.name) not in told}
    return sorted(fields, key=lambda one: (one.model._meta.label_lower, one.name))


def _traces(person: User) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(actor=person).order_by("-pk")
    return list(rows.values("at", "action", "object_type", "object_id")[:MOST_TRACES])
