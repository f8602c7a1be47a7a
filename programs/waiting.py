"""Since when something waits that should have been done by now (core.marks.longest_wait)."""

from __future__ import annotations

from datetime import datetime

from .models import ImportJob, ImportState


def sheets() -> datetime | None:
    """The sheet that nobody has begun to read yet, and that came first."""
    waiting = ImportJob.objects.filter(state=ImportState.WAITING).order_by("created_at")
    return waiting.values_list("created_at", flat=True).first()
