"""The chain over the audit trail: who changes, removes or slips in a row is found out.

Each entry gets a place after its commit (`seal`). The hash of a place is SHA-256 over the hash of
the place before it and the entry as `canonical` writes it. Docs: decisions/0016-audit-chain.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from . import bulk
from .models import AuditEntry, AuditLink

#: What stands before the first place.
GENESIS = "0" * 64
#: Entries in one transaction of the sealer; places read at once by the check.
BATCH, PAGE = 1_000, 2_000
#: How far below the newest sealed entry the quick look goes: numbers are given before the commit,
#: so a long transaction's entries appear below newer ones. The whole look finds the rest.
WINDOW = 5_000
_LOWEST = -(2**63)  # of all numbers that a row can have
#: Any number that nothing else in this database locks.
_LOCK = 0x50554716
#: Seconds between two quick, and two whole looks.
SOON, HOURLY = 5.0, 3_600.0
FIELDS = (
    *("id", "at", "actor_id", "action", "object_type", "object_id", "changes", "request_id"),
    *("address", "via"),
)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


def _made_once() -> Callable[[Any], str]:
    """`_ENCODER.encode`, which makes its inner part anew for every text; here it is made once."""
    if c_make_encoder is None:
        return _ENCODER.encode
    inner = c_make_encoder(
        None, _ENCODER.default, encode_basestring_ascii, None, ":", ",", True, False, True
    )
    return lambda told: "".join(inner(told, 0))


_encode = _made_once()


class Head(NamedTuple):
    """The last place of the chain. It stands for all that came before."""

    position: int
    hash: str


def canonical(values: tuple[Any, ...]) -> bytes:
    """One entry (its FIELDS) as the same bytes on every database: JSON, keys in order, moments in
    UTC. What is empty is left out, so that a column added later changes no old hash."""
    told = dict(zip(FIELDS, values, strict=True))
    told["at"] = told["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return _encode({key: value for key, value in told.items() if value or value == 0}).encode()


def linked(before: str, values: tuple[Any, ...]) -> str:
    """The hash of the place that this entry takes after the one whose hash is `before`."""
    return hashlib.sha256(before.encode() + canonical(values)).hexdigest()


def head() -> Head:
    """The last place; position 0 when there is none yet."""
    found = AuditLink.objects.order_by("-position").values_list("position", "hash").first()
    return Head(*found) if found else Head(0, GENESIS)


def holds(head: Head) -> bool:
    """Whether the chain still goes through this head, written down at some earlier time."""
    return head == Head(0, GENESIS) or AuditLink.objects.filter(**head._asdict()).exists()


def unsealed(*, whole: bool) -> QuerySet[AuditEntry]:
    """Committed entries without a place, oldest number first. `whole`: however far back."""
    last = AuditLink.objects.aggregate(last=Max("entry"))["last"]
    after = _LOWEST if whole or last is None else last - WINDOW
    links = AuditLink.objects.filter(entry=OuterRef("pk"), entry__gt=after)
    return AuditEntry.objects.filter(~Exists(links), pk__gt=after).order_by("pk")


def seal(*, whole: bool = True) -> int:
    """Give every committed entry its place; how many got one. By several processes at once: one
    works, the others wait. `whole=False` looks at the last few thousand only.

    In transactions of a thousand entries, so that nobody waits long and memory stays small.
    """
    sealed = 0
    for far in (False, True) if whole else (False,):
        while unsealed(whole=far).exists():
            sealed += (done := _seal_some(far))
            if done < BATCH:
                break
    return sealed


@transaction.atomic
def _seal_some(whole: bool) -> int:
    _one_at_a_time()
    position, before = head()
    links = []
    for values in unsealed(whole=whole).values_list(*FIELDS)[:BATCH]:
        position, before = position + 1, linked(before, values)
        links.append(AuditLink(position=position, entry_id=values[0], hash=before))
    bulk.insert(links)
    return len(links)


def _one_at_a_time() -> None:
    """Until the end of this transaction; SQLite's writers are one at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def keep_sealed() -> float:
    """For `manage.py tend`: what was written a few seconds ago gets its place."""
    seal(whole=False)
    return SOON


def keep_whole() -> float:
    """For `manage.py tend`: and whatever the quick looks did not reach."""
    seal()
    return HOURLY


# -- Reading it back ---------------------------------------------------------------


class Place(NamedTuple):
    """One place as it stands. `values`: its entry, None when that is gone."""

    position: int
    entry: int
    hash: str
    values: tuple[Any, ...] | None


def places() -> Iterator[Place]:
    """Every place in its order, in constant memory and two statements per two thousand."""
    after = _LOWEST
    while True:
        page = list(
            AuditLink.objects.filter(position__gt=after)
            .order_by("position")
            .values_list("position", "entry_id", "hash")[:PAGE]
        )
        if not page:
            return
        upto = page[-1][0]
        entries = AuditEntry.objects.filter(link__position__gt=after, link__position__lte=upto)
        found = {values[0]: values for values in entries.order_by().values_list(*FIELDS)}
        for position, entry, digest in page:
            yield Place(position, entry, digest, found.get(entry))
        after = upto


def hash_at(position: int) -> str | None:
    """The hash of one place; None where there is none."""
    return AuditLink.objects.filter(pk=position).values_list("hash", flat=True).first()


def late(before: datetime, most: int) -> list[tuple[int, datetime, str]]:
    """(number, moment, action) of entries older than `before` that no place was given."""
    rows = unsealed(whole=True).filter(at__lt=before)
    return list(rows.values_list("pk", "at", "action")[:most])
