"""R14: half an hour of ordinary work with a fault every minute; nothing grows, nothing leaks."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections import Counter
from threading import Event, Lock, Thread

from .. import processes
from ..ground import Ground
from ..ledger import Count
from ..phones import Line, NoAnswer, Phones
from ..records import in_turn
from ..scene import Scene, scene
from .hanging import connections

WRITES, READS = 10, 50  # a second
READERS = 10
GROWTH = 1.05  # of resident memory, from the first fault-free spans to the last
MOST_CONNECTIONS = 20
PATHS = (
    "/api/v1/activities/?limit=20",
    "/api/v1/programs/?limit=20",
    "/api/v1/changes/?limit=50",
    "/api/v1/submissions/?limit=20",
    "/healthz/",
)


def soak(ground: Ground) -> Count:
    """MINUTES says how long (30)."""
    minutes = float(os.environ.get("MINUTES", "30"))
    with scene("R14", ground) as at:
        records = int(minutes * 60 * WRITES)
        until = time.monotonic() + minutes * 60
        made = list(at.maker.parcels(records))
        at.parcels = made
        phones = 20
        pace = _Pace(until, minutes * 60 * phones / records)
        sending = Phones(at.portal.url, at.tally, limit=minutes * 60 + 600)
        sending.send(map(pace.spread, in_turn(made, phones)))
        readers, body = Readers(at, until), Body(at)
        readers.begin()
        _strike_each_minute(at, until, body)
        sending.wait()
        readers.end()
        at.portal.await_answer()
        time.sleep(5)
        return _judged(at, readers, body)


def _judged(at: Scene, readers: Readers, body: Body) -> Count:
    body.weigh(last=True)
    leaked = connections(at.portal)
    count = at.close(
        reads=readers.asked, read_statuses=dict(readers.told), p99=round(at.tally.p99(), 2),
        rss_mb=body.told(), connections=leaked, answers=at.tell(),
    )  # fmt: skip
    count.require(body.growth <= GROWTH, f"memory grew by {100 * (body.growth - 1):.0f} %")
    count.require(leaked <= MOST_CONNECTIONS, f"{leaked} connections are open")
    count.require(readers.told[500] == 0, f"{readers.told[500]} readings were answered 500")
    return count


class _Pace:
    """Deals each phone's parcels out evenly over the time."""

    def __init__(self, until: float, every: float):
        self._until, self._every = until, every

    def spread(self, parcels):
        due = time.monotonic()
        for parcel in parcels:
            due += self._every
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            yield parcel


def _strike_each_minute(at: Scene, until: float, body: Body) -> None:
    """A worker, the database, a hang of five seconds, a worker, the master, an upgrade."""
    blows = itertools.cycle(
        [
            ("worker", at.portal.kill_worker),
            ("postgres", at.database.crash),
            ("paused", lambda: _pause(at)),
            ("reload", at.portal.reload),
            ("master", at.portal.kill_master),
        ]
    )
    for name, blow in blows:
        deadline = time.monotonic() + 60
        while time.monotonic() < min(deadline, until):
            time.sleep(0.2)
        if time.monotonic() >= until - 5:
            return
        body.weigh()
        blow()
        at.faults[name] += 1


def _pause(at: Scene) -> None:
    with at.database.paused():
        time.sleep(5)


class Body:
    """Resident memory of all of the portal's own processes, before each fault."""

    def __init__(self, at: Scene):
        self.at = at
        self.kilobytes: list[int] = []

    def weigh(self, last: bool = False) -> None:
        pid = self.at.portal.process.pid
        found = [processes.status_of(one, "VmRSS") for one in (pid, *processes.family(pid))]
        self.kilobytes.append(sum(found))

    @property
    def growth(self) -> float:
        """Medians of the second fifth and of the last one: the first is the warming up."""
        whole = self.kilobytes
        span = max(1, len(whole) // 5)
        early, late = whole[span : 2 * span] or whole[:1], whole[-span:]
        return statistics.median(late) / statistics.median(early)

    def told(self) -> str:
        return f"{self.kilobytes[0] // 1024}-{self.kilobytes[-1] // 1024}"


class Readers:
    """So many readings a second, among the lists that offices and tools ask for."""

    def __init__(self, at: Scene, until: float):
        self.at, self.until = at, until
        self.told: Counter = Counter()
        self.lock, self.over, self.asked = Lock(), Event(), 0
        self._threads = [
            Thread(target=self._run, args=(one,), daemon=True) for one in range(READERS)
        ]

    def begin(self) -> None:
        for one in self._threads:
            one.start()

    def end(self) -> None:
        self.over.set()
        for one in self._threads:
            one.join(60)

    def _run(self, number: int) -> None:
        line, due = Line(self.at.portal.url), time.monotonic()
        keys = [self.at.ground.officer, self.at.ground.people[number % 8][0]]
        for turn in itertools.count(number):
            due = max(due + READERS / READS, time.monotonic() - 5)
            if self.over.is_set() or time.monotonic() > self.until:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            self._ask(line, PATHS[turn % len(PATHS)], keys[turn % 2])
        line.close()

    def _ask(self, line: Line, path: str, key: str) -> None:
        try:
            status = line.call("GET", path, Authorization=f"Bearer {key}").status
        except NoAnswer:
            status = 0
        with self.lock:
            self.asked += 1
            self.told[status] += 1
