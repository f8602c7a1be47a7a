"""From the outbox to the receivers: tried again when it fails, in order for each record."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from ..models import Activity, Delivery, DeliveryState, Webhook
from . import posting, signing

#: Seconds until the next try after the first, second … failure; then it is given up.
DELAYS = (5, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
_AT_ONCE = 4  # receivers that may be slow together
_HELD = timedelta(seconds=60)  # a message in hand; it is anybody's again when its process died
_PAUSE = 300  # seconds at most that others wait because one failed
_GIVEN_UP = timedelta(days=5)
_KEPT_TRIES = 20
_KEPT = {DeliveryState.SENT: timedelta(days=30), DeliveryState.FAILED: timedelta(days=90)}
_SOON, _IDLE, _SELDOM = 0.5, 5.0, 3_600.0


def send() -> float:
    """What is due is tried once; seconds until something else is."""
    held = _hold(timezone.now())
    if held:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for message, answer in zip(held, pool.map(_post, held), strict=True):
                _note(message, answer, timezone.now())
        return _SOON
    due = _waiting().aggregate(first=Min("next_at"))["first"]
    return min(_IDLE, (due - timezone.now()).total_seconds()) if due else _IDLE


def tidy() -> float:
    """Messages long done with are gone."""
    for state, kept in _KEPT.items():
        Delivery.objects.filter(state=state, created_at__lt=timezone.now() - kept).delete()
    return _SELDOM


def _waiting():
    return Delivery.objects.filter(
        state=DeliveryState.WAITING,
        webhook__is_active=True,
        webhook__ended_at=None,
        webhook__owner__is_active=True,
    )


def _due(now: datetime):
    """What may go out now. Of one record the earlier one goes first, alone."""
    earlier = Delivery.objects.filter(
        webhook=OuterRef("webhook"),
        record=OuterRef("record"),
        state=DeliveryState.WAITING,
        change__lt=OuterRef("change"),
    )
    return _waiting().filter(~Exists(earlier), next_at__lte=now).order_by("next_at", "change_id")


def due_since() -> datetime | None:
    """When that message was due which could go out and has waited longest."""
    return _due(timezone.now()).values_list("next_at", flat=True).first()


@transaction.atomic
def _hold(now: datetime) -> Sequence[Delivery]:
    """Take the next due messages in hand."""
    rows = (
        _due(now).select_for_update(skip_locked=True, of=("self",)).select_related("webhook__owner")
    )
    held = [one for one in rows[: 2 * _AT_ONCE] if _still_hers(one)]
    Delivery.objects.filter(pk__in=[one.pk for one in held]).update(next_at=now + _HELD)
    return held


def _still_hers(message: Delivery) -> bool:
    """Its owner may see the record today; if not, it is given up."""
    if message.change_id is None:  # an example tells of nothing
        return True
    seen = Activity.objects.visible_to(message.webhook.owner).filter(pk=message.record).exists()
    if not seen:
        Delivery.objects.filter(pk=message.pk).update(state=DeliveryState.FAILED)
    return seen


def _post(message: Delivery) -> posting.Answer:
    """Touches no database: it runs in a thread of its own."""
    body = message.body.encode()
    moment = int(timezone.now().timestamp())
    headers = signing.headers_for(message.webhook, str(message.pk), moment, body)
    return posting.post(message.webhook.url, body, headers)


@transaction.atomic
def _note(message: Delivery, answer: posting.Answer, now: datetime) -> None:
    """What the try brought stands with the message, and what follows from it."""
    webhook = Webhook.objects.select_for_update().get(pk=message.webhook_id)
    line = {"at": now.isoformat(), "status": answer.status, "seconds": answer.seconds}
    tries = [*message.tries, {**line, "detail": answer.trouble}][-_KEPT_TRIES:]
    done = {"attempts": F("attempts") + 1, "tries": tries}
    if answer.taken:
        done |= {"state": DeliveryState.SENT, "sent_at": now}
        _went(webhook, now)
    else:
        failed = message.attempts + 1
        wait = _wait(failed)
        done |= {"next_at": now + wait} if wait else {"state": DeliveryState.FAILED}
        if answer.status == 410:
            done["state"] = DeliveryState.FAILED
        _failed(webhook, answer, wait, now)
    Delivery.objects.filter(pk=message.pk).update(**done)


def _wait(failed: int) -> timedelta | None:
    """How long until the next try, spread a little; None when there is none."""
    if failed > len(DELAYS):
        return None
    return timedelta(seconds=DELAYS[failed - 1] * random.uniform(0.9, 1.1))  # noqa: S311


def _went(webhook: Webhook, now: datetime) -> None:
    """It hears again: messages that had waited for that go at once."""
    if webhook.failing_since:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
        _untried(webhook).update(next_at=now)


def _failed(
    webhook: Webhook, answer: posting.Answer, wait: timedelta | None, now: datetime
) -> None:
    """Others wait for this one's next try; a webhook that is gone, or deaf for days, is stopped."""
    since = webhook.failing_since or now
    values = {"failing_since": since}
    if answer.status == 410:
        values |= {"is_active": False, "stopped_because": "gone"}
    elif now - since > _GIVEN_UP:
        values |= {"is_active": False, "stopped_because": "failing"}
    Webhook.objects.filter(pk=webhook.pk).update(**values)
    pause = now + min(wait or timedelta(seconds=_PAUSE), timedelta(seconds=_PAUSE))
    _untried(webhook).filter(next_at__lt=pause).update(next_at=pause)


def _untried(webhook: Webhook):
    return Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING, attempts=0)
