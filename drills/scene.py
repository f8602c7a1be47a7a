"""One drill at work: a portal on a copy of the ground, phones, and the count at the end."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import ledger
from .ground import Ground, portal_on
from .ledger import Count
from .phones import Phones, Tally
from .portal import Portal
from .records import Maker, Parcel, in_turn


class Scene:
    """`drill`: the name of its line. Records are the same in every run of a drill."""

    def __init__(self, drill: str, ground: Ground, portal: Portal):
        self.drill, self.ground, self.portal = drill, ground, portal
        self.begun = time.monotonic()
        self.tally = Tally()
        self.maker = Maker(ground, seed=sum(map(ord, drill)))
        self.faults: Counter = Counter()
        self.parcels: list[Parcel] = []

    @property
    def database(self):
        return self.portal.database

    def send(self, count: int, sizes: Iterable[int] = (1,), *, phones: int = 12, **how) -> Phones:
        """So many records set out, in parcels of these sizes; `how`: see Phones."""
        made = list(self.maker.parcels(count, sizes))
        self.parcels += made
        url = how.pop("url", self.portal.url)
        return Phones(url, self.tally, **how).send(in_turn(made, phones))

    def replay(self, *, phones: int = 6) -> tuple[int, int]:
        """Everything is sent once more as it was; (calls, those answered otherwise than with the
        first receipt)."""
        again = Tally()
        Phones(self.portal.url, again).send(in_turn(self.parcels, phones)).wait()
        wrong = sum(
            (row["number"], row["received_at"], row["client_digest"], row["outcome"])
            != (first["number"], first["received_at"], first["client_digest"], "duplicate")
            for name, first in self.tally.acked.items()
            for row in [again.acked.get(name) or dict.fromkeys(first)]
        )
        return again.tries, wrong + again.not_2xx

    def close(self, **facts) -> Count:
        """Count both sides, once the portal is well; the read models agree with the facts."""
        self.portal.await_answer()
        now = ledger.held(self.database, (self.portal.url, self.ground.officer))
        count = ledger.close(
            self.drill,
            [one.name for one in self.maker.made],
            self.tally.acked,
            now,
            sums=self.maker.sums(),
            tries=self.tally.tries,
            faults=dict(self.faults),
        )
        self._judge(count)
        count.facts |= facts
        count.seconds = time.monotonic() - self.begun
        return count

    def _judge(self, count: Count) -> None:
        for trouble, times in self.tally.troubles.items():
            count.require(False, f"{times} × {trouble}")
        said = self.portal.manage("rebuild_rollups", "--check", code=None)
        count.require(", 0 differences" in said, f"read models: {said[-80:]!r}")

    def tell(self) -> dict[str, int]:
        """How often which answer came, for the line."""
        return {str(status): times for status, times in sorted(self.tally.statuses.items())}


@contextmanager
def scene(drill: str, ground: Ground, data: Path | None = None, **environ: str) -> Iterator[Scene]:
    with portal_on(ground, data, **environ) as portal:
        try:
            yield Scene(drill, ground, portal)
        finally:
            _keep_logs(drill, portal)


def _keep_logs(drill: str, portal: Portal) -> None:
    """What portal and database wrote, for whoever asks why a line is red: var/drills/."""
    folder = ledger.FILE.parent / "drills"
    folder.mkdir(parents=True, exist_ok=True)
    for log in (portal.folder / "serve.log", portal.database.home / "log"):
        if log.exists():
            shutil.copyfile(log, folder / f"{drill}.{log.name.removesuffix('.log')}.txt")
