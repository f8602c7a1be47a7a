"""R05: a database that is there and does not answer, and a lock that somebody keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from threading import Event, Thread

import psycopg2

from .. import processes
from ..ground import Ground
from ..ledger import Count
from ..portal import Portal
from ..scene import scene
from ..strikes import Striker

#: Seconds within which the office's monitoring has to see it; it asks for this long.
RED, ASKED_FOR = 15.0, 5.0


class Watch:
    """Asks /readyz/ as a monitoring does: what does not answer within five seconds is red. Notes
    the most threads and connections there ever were."""

    def __init__(self, portal: Portal):
        self.portal, self.stop = portal, Event()
        self.seen: list[tuple[float, bool]] = []
        self.threads = self.connections = 0
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *trouble) -> None:
        self.stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self.stop.wait(0.5):
            begun = time.monotonic()
            self.seen.append((begun, self.portal.answers("/readyz/", ASKED_FOR)))
            found = [processes.status_of(pid, "Threads") for pid in self.portal.workers()]
            self.threads = max(self.threads, *found, 0)
            self.connections = max(self.connections, connections(self.portal))

    def red_within(self, begun: float, ended: float) -> float | None:
        """Seconds from `begun` until the watch saw red, at the latest when it asked for long."""
        asked = [at for at, green in self.seen if not green and begun - ASKED_FOR <= at <= ended]
        return max(0.0, min(asked) + ASKED_FOR - begun) if asked else None


def connections(portal: Portal) -> int:
    return sum(b"postgres: postgres postgres" in processes.command_line(pid)
               for pid in portal.database.pids)  # fmt: skip


def hung(ground: Ground) -> Count:
    with scene("R05", ground) as at, Watch(at.portal) as watch:
        red: list[float | None] = []
        blows = {
            "paused10": _pause(at.portal, watch, 10, red),
            "paused30": _pause(at.portal, watch, 30, red),
            "locked20": lambda: _locked(at.portal, 20),
        }
        sending = at.send(2_000, pace=0.02, limit=900)
        before = _threads(at.portal)
        plan = dict.fromkeys(blows, 1)
        striker = Striker(at.portal, at.tally, 2_000, plan, **blows).begin()
        sending.wait()
        striker.end()
        at.faults = striker.struck
        at.portal.await_answer()
        told = {"red": [one and round(one) for one in red], "threads": f"{before}-{watch.threads}"}
        count = at.close(**told, connections=watch.connections, answers=at.tell())
        count.require(striker.is_whole, f"only {dict(striker.struck)}")
        count.require(all(one is not None and one <= RED for one in red), f"red after {red} s")
        count.require(watch.threads <= before + 8, f"threads grew to {watch.threads}")
        count.require(watch.connections <= 16, f"{watch.connections} connections")
        count.require(at.portal.answers("/readyz/"), "not well again by itself")
        return count


def _threads(portal: Portal) -> int:
    return max(processes.status_of(pid, "Threads") for pid in portal.workers())


def _pause(portal: Portal, watch: Watch, seconds: float, red: list) -> Callable[[], None]:
    def pause() -> None:
        begun = time.monotonic()
        with portal.database.paused():
            time.sleep(seconds)
        red.append(watch.red_within(begun, time.monotonic()))

    return pause


def _locked(portal: Portal, seconds: float) -> None:
    """Somebody at the console holds the receipt numbers: every writer of the regency waits."""
    with _connection(portal) as connection, connection.cursor() as cursor:
        cursor.execute("select 1 from programs_receiptseries for update")
        time.sleep(seconds)


@contextmanager
def _connection(portal: Portal):
    connection = psycopg2.connect(portal.database.url)
    try:
        yield connection
        connection.rollback()
    finally:
        connection.close()
