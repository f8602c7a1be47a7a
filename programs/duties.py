"""What has to be done again and again without anybody asking for it (`manage.py tend`).

A duty does what is due now and returns in how many seconds it wishes to be asked again. It may
be ended at any moment, and run by several processes at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from core.idempotency import forget_old_answers

from . import intake, webhooks
from .services import changes, importing

Duty = Callable[[], float]
_SELDOM = 600.0


def keep_the_feed_readable() -> float:
    """The lines of a restored database are numbered anew before anyone waits for them."""
    if changes.is_restored():
        changes.renumber()
    return _SELDOM


DUTIES: tuple[Duty, ...] = (
    keep_the_feed_readable,
    webhooks.tell,
    webhooks.send,
    webhooks.tidy,
    forget_old_answers,
    importing.take_up,
    importing.empty_old,
    intake.forget,
)


def everyones() -> tuple[Duty, ...]:
    """These, and those of the apps above, which this one does not know."""
    return (*DUTIES, *map(import_string, settings.DUTIES_ABOVE))
