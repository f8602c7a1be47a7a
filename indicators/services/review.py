"""The way of what a village says of itself in a year: sent in by one hand, decided by another.

The same for women's seats (Representation) and scorecards (Assessment).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.versions import swap

from ..models import OPEN_STATES, Assessment, ReviewKind, ReviewState, ReviewStep, VillageYear

Row = TypeVar("Row", bound=VillageYear)


@dataclass(frozen=True)
class Move:
    """From which states to which, with which word of accounts/capabilities.py, noted as what.

    `second`: a move of a second person, never of one whose hand is in the row. `why`: says why.
    """

    sources: frozenset[str]
    to: str
    needs: str
    kind: str
    second: bool = False
    why: bool = False


_SENT = frozenset({ReviewState.SUBMITTED})
_VERIFIED = frozenset({ReviewState.VERIFIED})
#: The allowed moves.
MOVES: dict[str, Move] = {
    "submit": Move(frozenset(OPEN_STATES), ReviewState.SUBMITTED, "log", ReviewKind.SUBMITTED),
    "verify": Move(_SENT, ReviewState.VERIFIED, "verify", ReviewKind.VERIFIED, second=True),
    "return": Move(
        _SENT, ReviewState.RETURNED, "verify", ReviewKind.RETURNED, second=True, why=True
    ),
    "reopen": Move(_VERIFIED, ReviewState.RETURNED, "verify", ReviewKind.REOPENED, why=True),
    "rewrite": Move(_VERIFIED, ReviewState.SUBMITTED, "log", ReviewKind.REOPENED, why=True),
}
#: Steps that put one's hand into the row.
WRITING = (ReviewKind.SAVED, ReviewKind.SUBMITTED)


@transaction.atomic
def submit(row: Row, *, actor, version: int, now: datetime | None = None) -> Row:
    """It waits for a reviewer. What the portal filled into a scorecard stands fast from now on.

    Refused: not_permitted, not_allowed in this state, empty; Stale.
    """
    moved = _move("submit", row, actor, version, now=now)
    if isinstance(row, Assessment):
        from .assessments import freeze  # it notes its steps here

        freeze(row)
    return moved


@transaction.atomic
def verify(row: Row, *, actor, version: int, now: datetime | None = None) -> Row:
    """It counts as verified. Refused also for one's own (own_record)."""
    return _move("verify", row, actor, version, now=now)


@transaction.atomic
def return_(row: Row, *, actor, version: int, note: str, now: datetime | None = None) -> Row:
    """It goes back to the village with a note. Refused also without one (reason_missing)."""
    return _move("return", row, actor, version, note, now)


@transaction.atomic
def reopen(row: Row, *, actor, version: int, note: str, now: datetime | None = None) -> Row:
    """A reviewer takes back what was verified, with a note: the village may write again."""
    return _move("reopen", row, actor, version, note, now)


@transaction.atomic
def rewrite(row: Row, *, actor, version: int, note: str, now: datetime | None = None) -> Row:
    """Its writer has something else to say of what was verified: it waits for review again."""
    return _move("rewrite", row, actor, version, note, now)


def note_saved(row: VillageYear, actor, now: datetime | None = None) -> None:
    """Her hand is in it now; who saves again and again leaves one step, the latest."""
    now = now or timezone.now()
    last = ReviewStep.objects.filter(subject=row.pk).order_by("-at", "-pk").first()
    if last and last.kind == ReviewKind.SAVED and last.actor_id == getattr(actor, "pk", None):
        ReviewStep.objects.filter(pk=last.pk).update(at=now)
    else:
        _note(row, ReviewKind.SAVED, actor, now)


def steps_of(row: VillageYear) -> QuerySet[ReviewStep]:
    """Who did what and when, oldest first."""
    return ReviewStep.objects.filter(subject=row.pk).select_related("actor")


def asked_of(row: VillageYear) -> ReviewStep | None:
    """What a reviewer wants put right, as long as it is not sent again."""
    if row.state != ReviewState.RETURNED:
        return None
    return steps_of(row).exclude(note="").last()


def was_verified(row: VillageYear) -> bool:
    return ReviewStep.objects.filter(subject=row.pk, kind=ReviewKind.VERIFIED).exists()


def changers_of(rows: Iterable[VillageYear]) -> dict[Any, Any]:
    """{pk: person} who wrote in a row last, where that is not how it came in. One query."""
    listed = {row.pk: row.author_id for row in rows}
    steps = ReviewStep.objects.filter(subject__in=listed).select_related("actor")
    begun, found = set(), {}
    for one in steps:  # oldest first
        again = one.subject in begun or one.actor_id != listed[one.subject]
        if one.kind == ReviewKind.SAVED and one.actor and again:
            found[one.subject] = one.actor
        begun.add(one.subject)
    return found


def holds(user, capability: str, row: VillageYear) -> bool:
    """She holds the word on the village; None, the console, holds every word."""
    if user is None:
        return True
    return type(row).objects.permitting(user, capability).filter(pk=row.pk).exists()


def is_own(row: VillageYear, user) -> bool:
    """She began it, saved it or sent it in."""
    if user is None:
        return False
    hers = ReviewStep.objects.filter(subject=row.pk, actor=user, kind__in=WRITING)
    return row.author_id == user.pk or hers.exists()


def not_by(rows: QuerySet, user) -> QuerySet:
    """Without those that `is_own`: what is hers to decide."""
    steps = ReviewStep.objects.filter(subject=OuterRef("pk"), actor=user, kind__in=WRITING)
    return rows.exclude(author=user).exclude(Exists(steps))


def may(user, name: str, row: VillageYear) -> bool:
    """The move stands open to this person now."""
    move = MOVES[name]
    if row.state not in move.sources or not holds(user, move.needs, row):
        return False
    return not (move.second and is_own(row, user))


def not_permitted() -> Refused:
    words = _("You cannot do this for this village.")
    return Refused(Problem("", "not_permitted", words))


def _move(
    name: str, row: Row, actor, version: int, note: str = "", now: datetime | None = None
) -> Row:
    """Compare-and-swap: the first of two wins, the other is told."""
    move = MOVES[name]
    if not holds(actor, move.needs, row):
        raise not_permitted()
    if row.state not in move.sources and row.version == version:
        raise Refused(Problem("state", "not_allowed", _not_allowed(row)))
    if move.second and is_own(row, actor):
        words = _("You entered or sent this yourself. Somebody else has to review it.")
        raise Refused(Problem("", "own_record", words))
    note = note.strip()
    if move.why and not note:
        raise Refused(Problem("note", "reason_missing", _("Write the reason in a few words.")))
    swap(row, version, state=move.to)
    _note(row, move.kind, actor, now or timezone.now(), note)
    audit.record(actor, f"{row._meta.model_name}.{name}", row, note=note, **_decided(name, row))
    return row


def _decided(name: str, row: VillageYear) -> dict[str, Any]:
    """What a decision was about, sent in and so told to all: whoever reviews again compares."""
    if not MOVES[name].second:
        return {}
    from ..pending import held_answers, held_seats, seal_of  # it reads what this module decides on

    if isinstance(row, Assessment):
        return {"answers": held_answers(row), "checksum": seal_of(row)}
    return {"values": held_seats(row)}


def _note(row: VillageYear, kind: str, actor, at: datetime, note: str = "") -> None:
    ReviewStep.objects.create(subject=row.pk, kind=kind, actor=actor, at=at, note=note)


def _not_allowed(row: VillageYear) -> str:
    words = {"state": row.get_state_display()}
    return _("This cannot be done now: it is “%(state)s”.") % words
