"""Webhooks: made, changed, stopped and ended by the person whose activities they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Problem, Refused

from .. import feed
from ..models import Delivery, DeliveryState, Webhook
from ..models.webhook import WebhookEvent
from ..webhooks import outbox, targets

MOST = 10  # of one person
_PATIENCE = 3.0  # seconds that a name server gets while a person waits

WHY_UNFIT = {
    "not_https": gettext_lazy("Write an address that begins with https://."),
    "not_an_address": gettext_lazy(
        "Write a whole address without a password, for example https://contoh.go.id/pug."
    ),
    "port": gettext_lazy("Use port 443 or 8443."),
    "not_public": gettext_lazy("This address lies inside a closed network. Use a public one."),
    "unknown": gettext_lazy("Nobody knows this address. Check how it is written."),
}


def create_webhook(*, actor, name: str, url: str, events: Sequence[str]) -> Webhook:
    """From now on the address is told of what happens to activities that `actor` sees."""
    _check(name, url, events)  # asks a name server: never while a transaction holds anything
    with transaction.atomic():
        return _create(actor, name, url, events)


def _create(actor, name: str, url: str, events: Sequence[str]) -> Webhook:
    if Webhook.objects.visible_to(actor).live().count() >= MOST:
        raise Refused(Problem("", "too_many", _("You have 10 webhooks. End one of them first.")))
    here = feed.horizon().mark
    made = Webhook.objects.create(
        owner=actor,
        name=name.strip(),
        url=url.strip(),
        events=_ordered(events),
        read_xid=here.xid,
        read_id=here.id,
    )
    audit.record(actor, "webhook.created", made, url=_host_of(made.url), events=made.events)
    return made


def change_webhook(
    webhook: Webhook, *, actor, name: str, url: str, events: Sequence[str], is_active: bool
) -> Webhook:
    """It says what is given. Taken up again, it is told of what happened meanwhile.

    An address that stays is not judged anew: one that died must not keep it from being stopped.
    """
    _check(name, url if url.strip() != webhook.url else None, events)
    with transaction.atomic():
        return _change(webhook, actor, name, url, events, is_active)


def _change(
    webhook: Webhook, actor, name: str, url: str, events: Sequence[str], is_active: bool
) -> Webhook:
    values: dict[str, Any] = {"name": name.strip(), "url": url.strip(), "events": _ordered(events)}
    before = {key: getattr(webhook, key) for key in (*values, "is_active")}
    values["is_active"] = is_active
    changes = audit.difference(before, values)
    if is_active and not webhook.is_active:
        values |= {"stopped_because": "", "failing_since": None}
    Webhook.objects.filter(pk=webhook.pk).update(**values)
    if is_active and (values["url"] != webhook.url or not webhook.is_active):
        _try_now(webhook)
    if "url" in changes:
        changes["url"] = [_host_of(webhook.url), _host_of(values["url"])]
    audit.record(actor, "webhook.changed", webhook, **changes)
    webhook.refresh_from_db()
    return webhook


def set_active(webhook: Webhook, active: bool, *, actor) -> Webhook:
    """Stopped, it is told nothing and what waits is kept; started, it goes on where it stood."""
    same = {name: getattr(webhook, name) for name in ("name", "url", "events")}
    return change_webhook(webhook, actor=actor, is_active=active, **same)


@transaction.atomic
def rotate_secret(webhook: Webhook, *, actor) -> Webhook:
    """The secret is another one from now on; the old one proves nothing any more."""
    Webhook.objects.filter(pk=webhook.pk).update(secret_version=F("secret_version") + 1)
    audit.record(actor, "webhook.rotated", webhook)
    webhook.refresh_from_db()
    return webhook


@transaction.atomic
def end_webhook(webhook: Webhook, *, actor) -> None:
    """It is told nothing any more, and what waited is given up."""
    Webhook.objects.filter(pk=webhook.pk).update(ended_at=timezone.now(), is_active=False)
    waiting = Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED)
    audit.record(actor, "webhook.ended", webhook)


def send_example(webhook: Webhook) -> Delivery:
    """A message without content is on its way. Refused while the webhook is stopped."""
    _require_active(webhook)
    message = outbox.example(webhook)
    message.save(force_insert=True)
    return message


def redeliver(message: Delivery) -> Delivery:
    """The message goes out once more, under its own id, as if it had never been tried."""
    _require_active(message.webhook)
    Delivery.objects.filter(pk=message.pk).update(
        state=DeliveryState.WAITING, attempts=0, next_at=timezone.now()
    )
    message.refresh_from_db()
    return message


def _host_of(url: str) -> str:
    """As the trail tells an address: path and query are often its password, read by its owner."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _try_now(webhook: Webhook) -> None:
    waiting = Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING)
    waiting.update(next_at=timezone.now())


def _require_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise Refused(Problem("", "stopped", _("This webhook is stopped. Start it first.")))


def _check(name: str, url: str | None, events: Sequence[str]) -> None:
    problems = []
    if not name.strip():
        problems.append(Problem("name", "required", _("Fill in a name.")))
    if not events or set(events) - set(WebhookEvent.values):
        problems.append(Problem("events", "required", _("Choose at least one event.")))
    try:
        if url is not None:
            targets.addresses_of(targets.read(url.strip()), _PATIENCE)
    except targets.Unfit as unfit:
        problems.append(Problem("url", unfit.code, str(WHY_UNFIT[unfit.code])))
    if problems:
        raise Refused(*problems)


def _ordered(events: Sequence[str]) -> list[str]:
    return [one for one in WebhookEvent.values if one in events]
