"""R01, R02 and R08: what serves and what stores is killed while records come in."""

from __future__ import annotations

from ..ground import Ground
from ..ledger import Count
from ..scene import Scene, scene
from ..strikes import Striker

#: As phones send: one by one, and what waited since the last signal in one go.
MIXED = (1, 1, 1, 5, 25)


def smoke(ground: Ground) -> Count:
    """R01, in every `make test`."""
    with scene("R01", ground) as at:
        return _killed(at, 1_000, MIXED, {"worker": 5, "master": 2, "postgres": 2})


def full(ground: Ground) -> Count:
    """R02."""
    with scene("R02", ground) as at:
        count = _killed(at, 10_000, MIXED, {"worker": 30, "master": 10, "postgres": 10})
        count.require(count.facts["recovery"] <= 10, "recovery above 10 s (median)")
        return count


def bulk(ground: Ground) -> Count:
    """R08: batches of a hundred, killed in the middle; a replay fills in only what lacks."""
    with scene("R08", ground) as at:
        count = _killed(
            at, 50_000, (100,), {"worker": 15, "master": 4, "postgres": 4}, phones=6, limit=2400
        )
        calls, wrong = at.replay()
        count.require(wrong == 0, f"{wrong} receipts differ when sent again")
        count.facts |= {"batches": len(at.parcels), "replayed": calls}
        return count


def _killed(at: Scene, records: int, sizes, plan: dict[str, int], phones=12, **how) -> Count:
    sending = at.send(records, sizes, phones=phones, **how)
    striker = Striker(at.portal, at.tally, records, plan).begin()
    sending.wait()
    striker.end()
    at.faults = striker.struck
    count = at.close(recovery=striker.median(), answers=at.tell())
    count.require(striker.is_whole, f"only {dict(striker.struck)} of {plan}")
    return count
