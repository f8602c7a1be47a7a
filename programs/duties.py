"""What has to be done again and again without anybody asking for it (`manage.py tend`).

A duty does what is due now and returns in how many seconds it wishes to be asked again. It may
be ended at any moment, and run by several processes at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from core import chain, marks, metrics, tasks
from core.idempotency import forget_old_answers

from . import files, intake, webhooks
from .services import changes, importing, photo_consent, photo_sweep

Duty = Callable[[], float]
_SELDOM = 600.0


def keep_the_feed_readable() -> float:
    """The lines of a restored database are numbered anew before anyone waits for them."""
    if changes.is_restored():
        changes.renumber()
    return _SELDOM


DUTIES: tuple[Duty, ...] = (
    marks.beat,
    tasks.ask_the_worker,
    metrics.tidy,
    keep_the_feed_readable,
    chain.keep_sealed,
    chain.keep_whole,
    webhooks.tell,
    webhooks.send,
    webhooks.tidy,
    forget_old_answers,
    photo_consent.settle_waiting,
    photo_sweep.sweep_orphans,
    importing.take_up,
    importing.empty_old,
    intake.forget,
    files.scan_what_waits,
)


def everyones() -> tuple[Duty, ...]:
    """These, and those of the apps above, which this one does not know."""
    return (*DUTIES, *map(import_string, settings.DUTIES_ABOVE))
