"""R13: ten upgrades in the middle of the day, by SIGHUP."""

from __future__ import annotations

import time

from ..ground import Ground
from ..ledger import Count
from ..scene import scene
from ..strikes import Striker

PLAN = {"reload": 10}


def restarts(ground: Ground) -> Count:
    with scene("R13", ground) as at:
        before = set(at.portal.workers())
        replaced: list[int] = []

        def reload() -> None:
            """One whole change of hands: until no process of before serves any more."""
            old = set(at.portal.workers())
            at.portal.reload()
            deadline = time.monotonic() + 60
            while old & set(at.portal.workers()) and time.monotonic() < deadline:
                time.sleep(0.1)
            replaced.append(len(old - set(at.portal.workers())))

        sending = at.send(5_000, phones=6, pace=0.1, limit=1500)
        striker = Striker(at.portal, at.tally, 5_000, PLAN, reload=reload).begin()
        sending.wait()
        striker.end()
        at.faults = striker.struck
        p99 = round(at.tally.p99(), 2)
        count = at.close(p99=p99, answers=at.tell(), breaks=dict(at.tally.breaks))
        count.require(striker.is_whole, f"only {dict(striker.struck)}")
        count.require(min(replaced) >= len(before), f"not all were replaced: {replaced}")
        count.require(at.portal.starts == 1, "the portal fell over and was started anew")
        count.require(at.tally.not_2xx == 0, f"{at.tally.not_2xx} answers that are not 2xx")
        refused = at.tally.breaks["ConnectionRefusedError"]
        count.require(refused == 0, f"{refused} times nobody listened")
        count.require(p99 <= 2, f"p99 {p99} s")
        return count
