"""K2: a database that says "committed" before it is. Losses must show."""

from __future__ import annotations

from ..ground import Ground
from ..ledger import Count
from ..scene import scene
from ..strikes import Striker

#: Commits lie in memory for up to ten seconds before they are written.
FORGETFUL = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


def asynchronous(ground: Ground) -> Count:
    with scene("K2", ground) as at:
        for name, value in FORGETFUL.items():
            at.database.ask(f"alter system set {name} = '{value}'")
        at.database.ask("select pg_reload_conf()")
        sending = at.send(4_000, limit=1500)
        striker = Striker(at.portal, at.tally, 4_000, {"postgres": 12}).begin()
        sending.wait()
        striker.end()
        at.faults = striker.struck
        count = at.close(control="losses", acked_twice=at.tally.outcomes["duplicate"])
        seen = count.lost > 0
        count.broken = [] if seen else ["the harness is blind: no loss was seen"]
        count.require(count.double == 0 and count.pending == 0, "the control broke otherwise")
        return count
