"""From the feed to messages: what happened to activities, once for each webhook that may see it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import feed
from ..models import Activity, Change, ChangeKind, Delivery, ReviewStep, State, Webhook
from ..models.webhook import WebhookEvent

_BATCH = 200
_SOON, _IDLE = 2.0, 15.0  # seconds until the next look: with and without webhooks

#: What a step of the review is called outside, and what the record is after it.
EVENTS: dict[str, tuple[str, str]] = {
    ReviewStep.SUBMITTED: (WebhookEvent.CREATED, State.SUBMITTED),
    ReviewStep.CORRECTED: (WebhookEvent.CHANGED, State.SUBMITTED),
    ReviewStep.RESUBMITTED: (WebhookEvent.CHANGED, State.SUBMITTED),
    ReviewStep.VERIFIED: (WebhookEvent.VERIFIED, State.VERIFIED),
    ReviewStep.RETURNED: (WebhookEvent.RETURNED, State.RETURNED),
    ReviewStep.VOIDED: (WebhookEvent.VOIDED, State.VOIDED),
}


def tell() -> float:
    """Every webhook has its messages up to what is settled in the feed."""
    active = Webhook.objects.live().filter(is_active=True)
    listening = list(active.values_list("pk", "read_xid", "read_id"))
    now = feed.newest() if listening else feed.START
    for uid, *read in listening:
        while feed.Mark(*read) < now and (mark := _tell(uid)) is not None:
            read = mark
    return _SOON if listening else _IDLE


@transaction.atomic
def _tell(uid) -> feed.Mark | None:
    """Write the next messages of one webhook and where it has got to; None when there are none
    left, or another process is at it."""
    rows = Webhook.objects.live().filter(pk=uid, is_active=True).select_related("owner")
    webhook = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if webhook is None:
        return None
    before = feed.Mark(webhook.read_xid, webhook.read_id)
    page = feed.read(webhook.owner, before, _BATCH)
    messages = _messages(webhook, page.lines)
    Delivery.objects.bulk_create(messages, ignore_conflicts=True)
    Webhook.objects.filter(pk=uid, read_xid=before.xid, read_id=before.id).update(
        read_xid=page.mark.xid, read_id=page.mark.id
    )
    return page.mark if page.more else None


def _messages(webhook: Webhook, lines: Iterable[Change]) -> list[Delivery]:
    told = [line for line in lines if line.kind == ChangeKind.ACTIVITY and line.step in EVENTS]
    told = [line for line in told if EVENTS[line.step][0] in webhook.events]
    rows = Activity.objects.visible_to(webhook.owner).with_places()
    found = rows.in_bulk([line.uid for line in told])
    return [
        Delivery(
            webhook=webhook,
            change=line,
            event=EVENTS[line.step][0],
            record=line.uid,
            body=_text(EVENTS[line.step][0], line.at, _facts(line, found[line.uid])),
        )
        for line in told
        if line.uid in found
    ]


def _facts(line: Change, activity: Activity) -> dict[str, Any]:
    """What is told of a record: where and under what, and its state after the step. No person."""
    return {
        "uid": str(activity.pk),
        "version": line.version,
        "number": activity.receipt.number,
        "state": EVENTS[line.step][1],
        "village": activity.village.code,
        "program": str(activity.program_id),
        "held_on": activity.held_on.isoformat(),
        "kind": activity.kind,
        "stage": activity.stage,
    }


def example(webhook: Webhook) -> Delivery:
    """A message that tells of nothing, to see whether it arrives."""
    facts = {"webhook": str(webhook.pk), "events": webhook.events}
    return Delivery(
        webhook=webhook,
        event="webhook.test",
        record=webhook.pk,
        body=_text("webhook.test", timezone.now(), facts),
    )


def _text(event: str, at, data: dict[str, Any]) -> str:
    body = {"type": event, "timestamp": at.isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
