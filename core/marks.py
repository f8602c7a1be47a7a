"""Signs of life: what runs beside the web server says that it does."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from . import metrics
from .models import HealthMark, Span

BEAT = 60.0  # seconds between two beats of the duties


def mark(name: str, *, ok: bool = True, detail: str = "") -> None:
    """`name` has just been done, with this result."""
    HealthMark.objects.update_or_create(name=name, defaults={"ok": ok, "detail": detail})


def beat() -> float:
    """A duty: the keeper of duties lives, and so does the database that took this."""
    minute = timezone.now().replace(second=0, microsecond=0)
    known = HealthMark.objects.filter(name="tend").values_list("at", flat=True).first()
    mark("tend")
    if known is None or known < minute:  # one beat a minute, however many keepers there are
        metrics.add({"at": minute, "span": Span.MINUTE, "kind": "beat"}, {"requests": 1})
    return BEAT


def longest_wait() -> timedelta:
    """How long that has waited which waited longest: over the worker's tasks and over what the
    apps above keep in queues (settings.QUEUES: functions that tell since when)."""
    tasks = DBTaskResult.objects.ready().order_by("enqueued_at")
    since = [tasks.values_list("enqueued_at", flat=True).first()]
    since += [import_string(name)() for name in settings.QUEUES]
    oldest = min(filter(None, since), default=None)
    return max(timezone.now() - oldest, timedelta(0)) if oldest else timedelta(0)
