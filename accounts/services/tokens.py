"""Keys for tools: made and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import keys
from accounts.models import ApiToken, User
from accounts.reach import check_may_manage
from core import audit
from core.errors import Problem, Refused

LONGEST_KEY_LIFE = 365  # days


class NewToken(NamedTuple):
    token: ApiToken
    key: str


@transaction.atomic
def create_token(
    person: User, *, name: str, scopes: Sequence[str], days: int, actor: User | None
) -> NewToken:
    """A tool may act for this person within `scopes` for `days` (1–365). The key is shown once."""
    if actor is not None and actor.pk != person.pk:
        raise PermissionDenied
    if not 1 <= days <= LONGEST_KEY_LIFE:
        raise Refused(Problem("days", "out_of_range", _("Choose 1 to 365 days.")))
    if not scopes or set(scopes) - set(ApiToken.Scope.values):
        raise Refused(Problem("scopes", "unknown_scope", _("Choose what the key may do.")))
    key = keys.make()
    token = ApiToken.objects.create(
        user=person,
        name=name,
        lookup=key.lookup,
        digest=key.digest(),
        scopes=sorted(set(scopes)),
        expires_on=timezone.localdate() + timedelta(days=days),
    )
    audit.record(actor or person, "token.add", token, scopes=token.scopes)
    return NewToken(token, str(key))


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User | None) -> None:
    """The key stops working at once."""
    if actor is not None and actor.pk != token.user_id:
        check_may_manage(actor, token.user)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit.record(actor, "token.revoke", token)


@transaction.atomic
def revoke_all(person: User, *, actor: User | None) -> int:
    """Every key of hers stops working at once; how many there were."""
    if actor is not None and actor.pk != person.pk:
        check_may_manage(actor, person)
    live = list(person.tokens.filter(revoked_at=None))
    person.tokens.filter(pk__in=[token.pk for token in live]).update(revoked_at=timezone.now())
    audit.record_many(actor, "token.revoke", [(token, {}) for token in live])
    return len(live)
