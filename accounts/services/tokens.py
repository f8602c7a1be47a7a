"""Keys for tools: made, withdrawn, and their owners told before they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import keys
from accounts.models import ApiToken, User
from accounts.reach import check_may_manage
from core import audit
from core.errors import Problem, Refused
from core.identifiers import uuid7

LONGEST_KEY_LIFE = 365  # days
#: Limits count by key: whoever could have any number of keys would have no limit.
MOST_KEYS = 20


class NewToken(NamedTuple):
    token: ApiToken
    key: str


@transaction.atomic
def create_token(
    person: User,
    *,
    name: str,
    scopes: Sequence[str],
    days: int,
    actor: User | None,
    uid: UUID | None = None,
) -> NewToken:
    """A tool may act for this person within `scopes` for `days` (1–365). The key is shown once.

    Refused: `out_of_range`, `unknown_scope`, `too_many_keys`; `already_made` when a key with this
    `uid` exists.
    """
    if actor is not None and actor.pk != person.pk:
        raise PermissionDenied
    _check(person, scopes, days)
    key = keys.make()
    token, made = ApiToken.objects.get_or_create(
        pk=uid or uuid7(),
        defaults={
            "user": person,
            "name": name,
            "lookup": key.lookup,
            "digest": key.digest(),
            "scopes": sorted(set(scopes)),
            "expires_on": timezone.localdate() + timedelta(days=days),
        },
    )
    if not made:
        words = _("This key was made already and is not shown again. Lost it? Make a new one.")
        raise Refused(Problem("", "already_made", words))
    audit.record(actor or person, "token.add", token, scopes=token.scopes)
    return NewToken(token, str(key))


def _check(person: User, scopes: Sequence[str], days: int) -> None:
    if not 1 <= days <= LONGEST_KEY_LIFE:
        raise Refused(Problem("days", "out_of_range", _("Choose 1 to 365 days.")))
    if not scopes or set(scopes) - set(ApiToken.Scope.values):
        raise Refused(Problem("scopes", "unknown_scope", _("Choose what the key may do.")))
    # Two at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if live_keys(person).count() >= MOST_KEYS:
        words = _("You have %(most)s keys that work. Withdraw one that is not needed any more.")
        raise Refused(Problem("", "too_many_keys", words % {"most": MOST_KEYS}))


def live_keys(person: User) -> QuerySet[ApiToken]:
    """Her keys that work today."""
    return person.tokens.filter(revoked_at=None, expires_on__gte=timezone.localdate())


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User | None) -> None:
    """The key stops working at once. Withdrawing it again changes nothing."""
    if actor is not None and actor.pk != token.user_id:
        check_may_manage(actor, token.user)
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if changed:
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


def warn_of_end(token: ApiToken, *, subject: str, text: str) -> bool:
    """Write to its owner that the key ends soon, once; whether this call did.

    Nothing is held while the letter leaves. When it can't be sent the error (an OSError) goes on,
    and the next run tries again.
    """
    untold = ApiToken.objects.filter(pk=token.pk, warned_at=None)
    if not untold.update(warned_at=timezone.now()):
        return False
    try:
        send_mail(subject, text, None, [token.user.email])
    except OSError:
        ApiToken.objects.filter(pk=token.pk).update(warned_at=None)
        raise
    audit.record(None, "token.warn", token)
    return True
