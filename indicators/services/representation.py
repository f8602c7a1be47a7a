"""Women's seats of a village-year: kept as a draft, sent in, written anew."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.formats import one_line
from core.versions import keep, stale, swap
from villages.models import Village

from ..models import ProposalCount, Representation, ReviewState, SeatCount
from ..seat_rules import problems_of, says_nothing
from ..seats import SeatsSaid, facts_in, said_of
from . import review

_FACTS = (
    *("head_sex", "women_meeting", "women_meeting_on", "women_meeting_minutes"),
    *("source", "note"),
)
#: One line on a page and in a list.
_LINES = ("women_meeting_minutes", "source")


@transaction.atomic
def save_representation(
    village: Village,
    year: int,
    said: SeatsSaid,
    *,
    actor,
    version: int | None = None,
    submit: bool = False,
    reason: str = "",
) -> Representation:
    """What is said of the village's year is on file; with `submit` it waits for a reviewer.

    `version`: the one the writer saw, None when nothing was on file. Saying the same again
    changes nothing. What was verified is opened again by writing anew, with a `reason`, and goes
    back to the reviewers. Refused: not_permitted, what seat_rules says, required (sending
    nothing), reason_missing; Stale when somebody else was there first.
    """
    _require(village, actor)
    problems = problems_of(village, year, said, timezone.localdate())
    if submit and says_nothing(said):
        words = _("Nothing is filled in yet. Fill in at least one number before you send it.")
        problems.append(Problem("", "required", words))
    if problems:
        raise Refused(*problems)
    row = Representation.objects.select_for_update().filter(village=village, year=year).first()
    if row is None:
        row = _begun(village, year, said, actor, version)
    elif _cleaned(said) != said_of(row):
        _change(row, said, actor, version, submit, reason)
    if submit and row.is_open:
        review.submit(row, actor=actor, version=row.version)
    return row


def _require(village: Village, actor) -> None:
    if actor is None:
        return
    if not Village.objects.permitting(actor, "log").filter(pk=village.pk).exists():
        raise review.not_permitted()


def _begun(village: Village, year: int, said: SeatsSaid, actor, version) -> Representation:
    if version is not None:
        raise stale()
    row = Representation(village=village, year=year, author=actor, **_facts(said))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise stale() from clash
    _write_parts(row, said)
    audit.record(actor, "representation.add", row, village=village.code, year=year)
    review.note_saved(row, actor)
    return row


def _change(
    row: Representation, said: SeatsSaid, actor, version: int | None, submit: bool, reason: str
) -> None:
    """`version` is the one she saw; the row's own comes after a verified one was opened again."""
    if version is None or row.version != version:
        raise stale()
    if row.state == ReviewState.VERIFIED:
        if not submit:
            words = _("This was verified. Changes go straight to the reviewer: send them.")
            raise Refused(Problem("", "not_allowed", words))
        review.rewrite(row, actor=actor, version=version, note=_reason(reason))
    before = said_of(row)
    for name, value in _facts(said).items():
        setattr(row, name, value)
    if not keep(row, row.version):
        swap(row, row.version)  # only its numbers differ
    _write_parts(row, said)
    audit.record(actor, "representation.change", row, **_differs(row, before, said))
    review.note_saved(row, actor)


def _reason(text: str) -> str:
    if not text.strip():
        words = _("Write in a few words why the verified numbers change.")
        raise Refused(Problem("reason", "reason_missing", words))
    return text


def _facts(said: SeatsSaid) -> dict[str, Any]:
    facts = {name: getattr(said, name) for name in _FACTS}
    return facts | {name: one_line(facts[name]) for name in _LINES}


def _cleaned(said: SeatsSaid) -> SeatsSaid:
    """Without what says nothing, as it is read from the row."""
    seats = {seat: pair for seat, pair in said.seats.items() if pair != (None, None)}
    proposals = {stage: pair for stage, pair in said.proposals.items() if pair[0] is not None}
    return SeatsSaid(seats=seats, proposals=proposals, **_facts(said))


def _write_parts(row: Representation, said: SeatsSaid) -> None:
    """The numbers as they are said now; what is not known has no row."""
    row.seats.all().delete()
    row.proposals.all().delete()
    cleaned = _cleaned(said)
    SeatCount.objects.bulk_create(
        SeatCount(representation=row, seat=seat, women=women, total=total)
        for seat, (women, total) in cleaned.seats.items()
    )
    ProposalCount.objects.bulk_create(
        ProposalCount(representation=row, stage=stage, number=number, amount=amount)
        for stage, (number, amount) in cleaned.proposals.items()
    )


def _differs(row: Representation, before: SeatsSaid, after: SeatsSaid) -> dict[str, Any]:
    """What differs, for the audit trail; of an open year the names alone: others than its village
    and reviewers read nothing of it."""
    old, new = facts_in(before), facts_in(_cleaned(after))
    changes = audit.difference(old, {**dict.fromkeys(old), **new})
    return {"changed": ", ".join(sorted(changes))} if row.is_open else changes
