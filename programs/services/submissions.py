"""Claim, judge, settle: how every activity comes in, through whichever door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
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
    _store(list(fresh.values()), receipts, actor, now)
    return [
        _outcome(draft, receipts[draft.uid], word, actor)
        for draft, word in zip(drafts, marks, strict=True)
    ]


def _claim(
    drafts: Sequence[ActivityDraft], actor, source: str, client: str, now: datetime
) -> dict[UUID, Submission]:
    """Hold the receipts of these uids, new or old, in uid order: first come, first judged."""
    unique = {draft.uid: draft for draft in reversed(drafts)}
    Submission.objects.bulk_create(
        (
            Submission(
                uid=uid,
                actor=actor,
                source=source,
                client=client[:60],
                received_at=now,
                **_sent(unique[uid]),
            )
            for uid in sorted(unique)
        ),
        ignore_conflicts=True,
    )
    held = Submission.objects.select_for_update().filter(uid__in=unique).order_by("uid")
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


def _store(
    fresh: list[Activity], receipts: Mapping[UUID, Submission], actor, now: datetime
) -> None:
    """Facts, numbers, first review step, audit, feed and receipts, a statement each."""
    Activity.objects.bulk_create(fresh)
    rollups.refresh((a.program_id, a.village_id, a.year, a.month) for a in fresh)
    _number([(receipts[a.pk], a.village.code) for a in fresh], now)
    Review.objects.bulk_create(
        Review(activity=a, step=ReviewStep.SUBMITTED, actor=actor, at=now, version=1) for a in fresh
    )
    audit.record_many(actor, "activity.submitted", ((a, {}) for a in fresh))
    note_activities(fresh, ReviewStep.SUBMITTED)
    Submission.objects.bulk_update(
        receipts.values(),
        ["state", "number", "digest", "client_digest", "payload", "errors", "device_time"],
    )


def _number(accepted: Sequence[tuple[Submission, str]], now: datetime) -> None:
    """Give receipt numbers, "6401-2603-00418": regency, year and month received, sequence."""
    stamp = timezone.localtime(now).strftime("%y%m")
    prefixes = [f"{code[:2]}{code[3:5]}-{stamp}" for _, code in accepted]
    if not prefixes:
        return
    ReceiptSeries.objects.bulk_create(
        (ReceiptSeries(prefix=prefix) for prefix in sorted(set(prefixes))), ignore_conflicts=True
    )
    series = {
        row.prefix: row
        for row in ReceiptSeries.objects.select_for_update()
        .filter(prefix__in=set(prefixes))
        .order_by("prefix")
    }
    given: Counter[str] = Counter()
    for (receipt, _code), prefix in zip(accepted, prefixes, strict=True):
        given[prefix] += 1
        receipt.number = f"{prefix}-{series[prefix].last + given[prefix]:05d}"
    for prefix, count in given.items():
        series[prefix].last += count
    ReceiptSeries.objects.bulk_update(series.values(), ["last"])


def _outcome(draft: ActivityDraft, receipt: Submission, word: str, actor) -> Outcome:
    problems: tuple[Problem, ...] = ()
    if word == "rejected":
        problems = tuple(Problem(**error) for error in receipt.errors)
    elif word == "conflict":
        problems = (
            Problem(
                "uid",
                "conflict",
                _(
                    "A record with this identifier was already received with other content. "
                    "The first one was kept."
                ),
            ),
        )
    known = word in {"accepted", "duplicate"}
    return Outcome(
        uid=draft.uid,
        word=word,
        number=receipt.number if known else None,
        received_at=receipt.received_at if known else None,
        client_digest=receipt.client_digest if known else draft.client_digest,
        problems=problems,
    )
