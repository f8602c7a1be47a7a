"""Claim, judge, settle: how every activity comes in, through whichever door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, bulk
from core.asking import as_portal
from core.errors import Problem

from .. import rollups
from ..drafts import ActivityDraft, Outcome
from ..models import (
    Activity,
    Origin,
    ReceiptSeries,
    Review,
    ReviewStep,
    Submission,
    SubmissionState,
)
from .changes import note_activities
from .judging import Ground, judge

#: Words of drafts that were judged now; the others found their receipt settled.
_VERDICTS = ("accepted", "rejected")
_FOREIGN = "a uid that somebody else has used is a conflict; nothing of hers is told"


@transaction.atomic
def submit_activities(
    drafts: Sequence[ActivityDraft],
    *,
    actor,
    source: str,
    client: str = "",
    origin: str = Origin.FIELD,
    source_urls: Mapping[UUID, str] | None = None,
    now: datetime | None = None,
) -> list[Outcome]:
    """Log activities, each once, and bring the villages' numbers up to date.

    Form, phone outbox, REST batch and sheet import all end here. Sending a uid again is safe:
    the same content is a duplicate, other content a conflict, a refused one is judged anew. One
    bad draft spoils no other. All accepted ones commit together. The number of statements does
    not grow with the number of drafts. Outcomes stand in the order of the drafts.
    """
    now = now or timezone.now()
    receipts = _claim(drafts, actor, source, client, now)
    ground = Ground.of(drafts, actor, now)
    fresh: dict[UUID, Activity] = {}
    marks = [_settle(draft, receipts[draft.uid], ground, fresh, actor) for draft in drafts]
    for uid, activity in fresh.items():
        activity.author = actor
        activity.origin = origin
        activity.source_url = (source_urls or {}).get(uid, "")
    verdicts = {draft.uid for draft, word in zip(drafts, marks, strict=True) if word in _VERDICTS}
    judged = [receipts[uid] for uid in sorted(verdicts)]
    _store(list(fresh.values()), receipts, judged, actor, now)
    return [
        _outcome(draft, receipts[draft.uid], word, actor)
        for draft, word in zip(drafts, marks, strict=True)
    ]


def try_activities(
    drafts: Sequence[ActivityDraft], *, actor, now: datetime | None = None
) -> list[Outcome]:
    """How `submit_activities` would judge these drafts now. Nothing is stored, nobody waits."""
    now = now or timezone.now()
    with as_portal(_FOREIGN):
        known = Submission.objects.in_bulk({draft.uid for draft in drafts})
    ground = Ground.of(drafts, actor, now, held=False)
    fresh: dict[UUID, ActivityDraft] = {}
    return [_tried(draft, known, fresh, ground, actor) for draft in drafts]


def _tried(
    draft: ActivityDraft,
    known: Mapping[UUID, Submission],
    fresh: dict[UUID, ActivityDraft],
    ground: Ground,
    actor,
) -> Outcome:
    receipt = known.get(draft.uid)
    before = fresh.get(draft.uid)
    if before is not None:
        word = "duplicate" if before.digest == draft.digest else "conflict"
        return Outcome(draft.uid, word, problems=(_conflict(),) if word == "conflict" else ())
    if receipt is not None and (
        receipt.actor_id != actor.pk or receipt.state == SubmissionState.ACCEPTED
    ):
        return _outcome(draft, receipt, _settle(draft, receipt, ground, {}, actor), actor)
    activity, problems = judge(draft, ground)
    if activity is None:
        return Outcome(draft.uid, "rejected", problems=tuple(problems))
    fresh[draft.uid] = draft
    return Outcome(draft.uid, "accepted")


def _claim(
    drafts: Sequence[ActivityDraft], actor, source: str, client: str, now: datetime
) -> dict[UUID, Submission]:
    """Hold the receipts of these uids, new or old, in uid order: first come, first judged."""
    uids = {draft.uid for draft in drafts}
    bulk.insert(
        (
            Submission(uid=uid, actor=actor, source=source, client=client[:60], received_at=now)
            for uid in sorted(uids)
        ),
        renewing=(),
    )
    held = Submission.objects.select_for_update().filter(uid__in=uids).order_by("uid")
    with as_portal(_FOREIGN):
        return {receipt.uid: receipt for receipt in held}


def _sent(draft: ActivityDraft) -> dict[str, Any]:
    """What of a draft its receipt keeps."""
    return {
        "digest": draft.digest,
        "client_digest": draft.client_digest[:64],
        "payload": dict(draft.raw),
        "device_time": draft.device_time,
    }


def _settle(
    draft: ActivityDraft,
    receipt: Submission,
    ground: Ground,
    fresh: dict[UUID, Activity],
    actor,
) -> str:
    """Judge one draft against its receipt; note the verdict on the receipt, return the word."""
    if receipt.actor_id != actor.pk:
        return "conflict"
    if receipt.state == SubmissionState.ACCEPTED:
        return "duplicate" if receipt.digest == draft.digest else "conflict"
    activity, problems = judge(draft, ground)
    for name, value in _sent(draft).items():
        setattr(receipt, name, value)
    receipt.errors = [problem.as_dict() for problem in problems]
    receipt.state = SubmissionState.REJECTED if activity is None else SubmissionState.ACCEPTED
    if activity is None:
        return "rejected"
    fresh[draft.uid] = activity
    return "accepted"


#: What of a receipt a verdict writes.
_SETTLED = ("state", "number", "digest", "client_digest", "payload", "errors", "device_time")


def _store(
    fresh: list[Activity],
    receipts: Mapping[UUID, Submission],
    judged: list[Submission],
    actor,
    now: datetime,
) -> None:
    """Facts, numbers, first review step, audit, feed and receipts, a statement each."""
    bulk.insert(fresh)
    rollups.refresh(((a.program_id, a.village_id, a.year, a.month) for a in fresh), held=True)
    bulk.insert(
        Review(activity=a, step=ReviewStep.SUBMITTED, actor=actor, at=now, version=1) for a in fresh
    )
    audit.record_many(actor, "activity.submitted", ((a, {}) for a in fresh))
    note_activities(fresh, ReviewStep.SUBMITTED)
    # Last, for everybody of the regency waits for it until commit.
    _number([(receipts[a.pk], a.village.code) for a in fresh], now)
    # One INSERT that meets its own rows: `bulk_update` grows with the square of their number.
    bulk.insert(judged, renewing=_SETTLED)


def _number(accepted: Sequence[tuple[Submission, str]], now: datetime) -> None:
    """Give receipt numbers, "6401-2603-00418": regency, year and month received, sequence."""
    stamp = timezone.localtime(now).strftime("%y%m")
    series: dict[str, list[Submission]] = {}
    for receipt, code in accepted:
        series.setdefault(f"{code[:2]}{code[3:5]}-{stamp}", []).append(receipt)
    for prefix in sorted(series):
        last = _taken(prefix, len(series[prefix]))
        for number, receipt in enumerate(series[prefix], last - len(series[prefix]) + 1):
            receipt.number = f"{prefix}-{number:05d}"


def _taken(prefix: str, count: int) -> int:
    """The last of so many numbers taken from a series, which is held until commit."""
    table = ReceiptSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (prefix, last) values (%s, %s) on conflict (prefix)"  # noqa: S608
            f" do update set last = {table}.last + excluded.last returning last",
            [prefix, count],
        )
        return cursor.fetchone()[0]


def _outcome(draft: ActivityDraft, receipt: Submission, word: str, actor) -> Outcome:
    problems: tuple[Problem, ...] = ()
    if word == "rejected":
        problems = tuple(Problem(**error) for error in receipt.errors)
    elif word == "conflict":
        problems = (_conflict(),)
    known = word in {"accepted", "duplicate"}
    return Outcome(
        uid=draft.uid,
        word=word,
        number=receipt.number if known else None,
        received_at=receipt.received_at if known else None,
        client_digest=receipt.client_digest if known else draft.client_digest,
        problems=problems,
    )


def _conflict() -> Problem:
    text = _(
        "A record with this identifier was already received with other content. "
        "The first one was kept: to change it, correct that record."
    )
    return Problem("uid", "conflict", text)
