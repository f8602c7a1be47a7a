"""tend [--once]: do what is due, and sleep until something is."""

from __future__ import annotations

import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from programs import duties

_log = logging.getLogger(__name__)
SHORTEST, LONGEST = 0.5, 30.0  # seconds between two looks


class Command(BaseCommand):
    help = "Do the portal's recurring duties; --once does what is due now and ends (for cron)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *, once: bool, **options):
        if once:
            wishes = [_done(duty) for duty in duties.everyones()]
            if None in wishes:
                raise SystemExit(1)
            return
        ended: list[int] = []
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda signum, frame: ended.append(signum))
        if options["verbosity"] > 1:
            self.stdout.write("Tending.")
        _tend(ended)


def _tend(ended: list[int]) -> None:
    """Ask each duty when it wished to be asked, until a signal comes; finish what is in hand."""
    due = dict.fromkeys(duties.everyones(), 0.0)
    while not ended:
        for duty, at in due.items():
            if at <= time.monotonic() and not ended:
                wish = _done(duty)
                due[duty] = time.monotonic() + (LONGEST if wish is None else max(SHORTEST, wish))
        _rest(min(due.values()), ended)


def _rest(until: float, ended: list[int]) -> None:
    """Sleep in short pieces: an event to wait for could not be set safely from a signal."""
    until = max(time.monotonic() + SHORTEST, min(until, time.monotonic() + LONGEST))
    while not ended and (left := until - time.monotonic()) > 0:
        time.sleep(min(SHORTEST, left))


def _done(duty: duties.Duty) -> float | None:
    """The duty's wish; None when it failed: it is written down and the others go on."""
    close_old_connections()
    try:
        return duty()
    except Exception:
        _log.exception("The duty %s failed", getattr(duty, "__name__", duty))
        connections.close_all()
        return None
