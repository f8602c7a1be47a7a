"""Blows at set points of the way, and how long until somebody had a receipt again."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Thread

from .phones import Tally
from .portal import Portal

#: Seconds that one blow waits for the portal to be well again before the next may fall.
BREATH = 60.0


class Striker:
    """`plan` {"worker": 5, "master": 2, "postgres": 2}, spread evenly over `total` receipts."""

    def __init__(self, portal: Portal, tally: Tally, total: int, plan: dict[str, int], **more):
        self._blows: dict[str, Callable[[], None]] = {
            "worker": portal.kill_worker,
            "master": portal.kill_master,
            "postgres": portal.database.crash,
            **more,
        }
        self._tally, self._total = tally, total
        self._order = [name for name, times in plan.items() for _ in range(times)]
        random.Random(total).shuffle(self._order)
        self.struck: Counter = Counter()
        self.recovered: list[float] = []  # seconds from a blow to the next receipt
        self.trouble: str | None = None
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> Striker:
        self._thread.start()
        return self

    def end(self) -> None:
        """Every blow has fallen; whatever is left falls on an idle portal and is not counted."""
        self._thread.join(BREATH * 3)
        assert not self.trouble, self.trouble

    @property
    def is_whole(self) -> bool:
        return sum(self.struck.values()) == len(self._order)

    def _run(self) -> None:
        try:
            for number, name in enumerate(self._order):
                if not self._reach(self._total * (number + 0.5) / (len(self._order) + 1)):
                    return
                self._strike(name)
        except Exception as bug:
            self.trouble = f"a blow failed: {bug!r}"

    def _strike(self, name: str) -> None:
        begun = time.monotonic()
        self._blows[name]()
        self.struck[name] += 1
        deadline = time.monotonic() + BREATH
        while time.monotonic() < deadline and not self._done():
            after = [at for at in self._tally.acks_at[-400:] if at > begun + 0.05]
            if after:
                self.recovered.append(after[0] - begun)
                return
            time.sleep(0.02)

    def _reach(self, receipts: float) -> bool:
        """Wait until so many receipts are there; False when nothing moves any more."""
        still = time.monotonic()
        before = len(self._tally.acked)
        while (now := len(self._tally.acked)) < receipts:
            if now != before:
                before, still = now, time.monotonic()
            if time.monotonic() - still > BREATH * 2:
                return False
            time.sleep(0.02)
        return True

    def _done(self) -> bool:
        return len(self._tally.acked) >= self._total

    def median(self) -> float:
        return round(statistics.median(self.recovered), 1) if self.recovered else 0.0


def every(seconds: float, blows: Iterable[Callable[[], None]], until: Callable[[], bool]) -> None:
    """One blow each `seconds`, while `until` does not say that it is over."""
    for blow in blows:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if until():
                return
            time.sleep(0.1)
        blow()
