"""R03 and K1: answers that never come back, calls that end in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..ground import Ground
from ..ledger import Count
from ..proxy import Fault, Proxy, cut, delay, drop_reply, garbage_200, slow
from ..scene import Scene, scene

#: R03: a fifth of the answers is lost, one call in twenty ends in its body (heads take ~330 B).
LOSSY: dict[Fault, float] = {
    drop_reply: 0.20,
    cut(700): 0.05,
    garbage_200: 0.02,
    delay(0.3): 0.02,
    slow(20_000): 0.02,
}


def lossy(ground: Ground) -> Count:
    """R03."""
    with scene("R03", ground) as at, _network(at, LOSSY) as network:
        at.send(5_000, url=network.url, keep=False, limit=1500).wait()
        at.faults.update(network.met)
        calls, wrong = at.replay()
        count = at.close(replayed=calls, answers=at.tell(), false=at.tally.false)
        count.require(wrong == 0, f"{wrong} receipts differ when sent again")
        count.require(network.met["drop_reply"] > 500, f"few answers were dropped: {network.met}")
        count.require(network.met["cut_request"] > 100, f"few calls were cut: {network.met}")
        count.require(at.tally.outcomes["duplicate"] > 500, "no replay was answered as one")
        return count


def naive(ground: Ground) -> Count:
    """K1: each try under another uid, as where the server makes the ids. Doubles must show."""
    with scene("K1", ground) as at, _network(at, {drop_reply: 0.20}) as network:
        at.send(4_000, url=network.url, keep=False, naive=True, limit=1500).wait()
        at.faults.update(network.met)
        count = at.close(control="doubles")
        seen = count.double > 0
        count.broken = [] if seen else ["the harness is blind: no double was seen"]
        count.require(count.lost == 0 and count.pending == 0, "the control broke otherwise")
        return count


@contextmanager
def _network(at: Scene, faults: dict[Fault, float]) -> Iterator[Proxy]:
    with Proxy(at.portal.port, faults) as network:
        yield network
