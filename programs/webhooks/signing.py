"""Who sent it: signatures after Standard Webhooks (HMAC-SHA256 of id, moment and body)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from ..models import Webhook

PREFIX = "whsec_"


def secret_of(webhook: Webhook) -> str:
    """What the receiver checks signatures with; nothing of it is stored."""
    return PREFIX + base64.b64encode(_key(settings.SECRET_KEY, webhook)).decode()


def headers_for(webhook: Webhook, message: str, moment: int, body: bytes) -> dict[str, str]:
    """`moment`: Unix seconds of this try. One signature for each secret of the portal that is
    still in use, so that a receiver need not change its own on the day the portal does."""
    signed = b".".join((message.encode(), str(moment).encode(), body))
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{_sign(one, webhook, signed)}" for one in secrets),
    }


def _sign(secret: str, webhook: Webhook, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(_key(secret, webhook), signed, hashlib.sha256)).decode()


def _key(secret: str, webhook: Webhook) -> bytes:
    """32 bytes that nobody without the portal's secret can make."""
    words = f"portal-pug.webhook:{webhook.uid}:{webhook.secret_version}"
    return hmac.digest(secret.encode(), words.encode(), hashlib.sha256)
