"""A call sent again is the same call: POSTs named by their sender with an Idempotency-Key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from .models import KeptAnswer

KEPT_FOR = timedelta(days=30)
#: Seconds between two looks for answers that are too old.
LOOKED_EVERY = 3600.0
#: Letters, figures and a few signs, with or without quotation marks round them.
_KEY = re.compile(r'"?([A-Za-z0-9._~:+/=-]{1,255})"?')
_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control", "Retry-After")

#: For `@extend_schema(parameters=[…])` of a door that takes the header.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location="header",
    description=(
        "Names this call, for example with a UUID. Sent again within 30 days with the same body,"
        " it is answered as the first time, with `Idempotent-Replayed: true`, and done once."
    ),
)


class KeyUnreadable(APIException):
    status_code = 400
    default_code = "idempotency_key_unreadable"
    default_detail = _(
        "Write Idempotency-Key with 1 to 255 letters, figures or . _ ~ : + / = -, such as a UUID."
    )


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = _("This Idempotency-Key was used for another call. Make a new key.")


def once(post: Callable) -> Callable:
    """For a method of an API view: a call under the same Idempotency-Key is done once.

    Claim, work and kept answer commit together, so that a crash leaves none of them. Of two at
    the same moment one does the work and the other waits for its answer. Trouble of ours (5xx)
    and "too many" (429) are not kept: the call may come again.
    """

    @wraps(post)
    def answer(view, request, *args, **kwargs):
        key = _key_of(request)
        if key is None:
            return post(view, request, *args, **kwargs)
        digest = _digest(request)
        with transaction.atomic():
            kept = _claim(request.user, key)
            if kept.status:
                return _again(kept, digest)
            response = _work(lambda: post(view, request, *args, **kwargs), view)
            if response.status_code >= 500 or response.status_code == 429:
                transaction.set_rollback(True)
            else:
                _keep(kept, digest, response)
        return response

    return answer


def forget_old_answers() -> float:
    """Answers older than 30 days are gone; seconds until the next look is worth it."""
    KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return LOOKED_EVERY


def _key_of(request) -> str | None:
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    named = _KEY.fullmatch(text.strip())
    if named is None:
        raise KeyUnreadable
    return named[1]


def _digest(request) -> str:
    """SHA-256 over what was asked, over which version, and with which rights: the answer of a key
    that may read is not for one that may not."""
    scopes = sorted(getattr(request.auth, "scopes", ["*"]))
    over = request.headers.get("If-Match", "")
    asked = [request.method, request.get_full_path(), over, scopes, _content(request.data)]
    text = json.dumps(asked, sort_keys=True, cls=DjangoJSONEncoder)
    return sha256(text.encode()).hexdigest()


def _content(value: Any) -> Any:
    """What was sent as JSON can say it; files and bytes by their SHA-256."""
    if isinstance(value, UploadedFile):
        whole = sha256()
        for chunk in value.chunks():
            whole.update(chunk)
        value.seek(0)
        return {"file": value.name, "sha256": whole.hexdigest()}
    if isinstance(value, bytes):
        return {"sha256": sha256(value).hexdigest()}
    if hasattr(value, "lists"):
        return {name: [_content(one) for one in found] for name, found in value.lists()}
    return value


def _claim(user, key: str) -> KeptAnswer:
    """The row of this key. `status` 0: it is ours, nobody else's work under it was committed.

    Waits for whoever works under the same key just now.
    """
    while True:
        KeptAnswer.objects.bulk_create([KeptAnswer(user=user, key=key)], ignore_conflicts=True)
        rows = KeptAnswer.objects.select_for_update(no_key=True).filter(user=user, key=key)
        kept = rows.first()
        if kept and (not kept.status or kept.created_at > timezone.now() - KEPT_FOR):
            return kept
        rows.delete()  # too old, and not swept yet; or swept between the two statements


def _work(post: Callable[[], HttpResponseBase], view) -> HttpResponseBase:
    """The answer, refusals included: what a refused call had begun is undone, its claim is not."""
    try:
        with transaction.atomic():
            return post()
    except Exception as refusal:
        return view.handle_exception(refusal)


def _keep(kept: KeptAnswer, digest: str, response: HttpResponseBase) -> None:
    kept.digest, kept.status = digest, response.status_code
    kept.headers = {name: response[name] for name in _HEADERS if name in response}
    if isinstance(response, Response):  # not rendered yet
        kept.headers["Content-Type"] = JSONRenderer.media_type
        kept.body = JSONRenderer().render(response.data).decode()
    else:
        kept.body = response.content.decode()  # type: ignore[attr-defined]
    kept.save(update_fields=["digest", "status", "headers", "body"])


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        raise KeyReused
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, headers=headers)
