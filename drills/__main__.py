"""Runs drills by name and prints a line for each: python -m drills [r01 …]; all, without a name.

The exit code is 0 only when every line passed.
"""

from __future__ import annotations

import signal
import sys
import time
import traceback
from collections.abc import Callable

from . import ledger
from .ground import Ground, lay
from .ledger import Count
from .runs import (
    closing,
    consumers,
    disks,
    forgetting,
    hanging,
    killing,
    network,
    phone,
    pictures,
    rolling,
    same,
    soaking,
)

Run = Callable[[Ground], Count]
RUNS: dict[str, Run] = {
    "r01": killing.smoke,
    "r02": killing.full,
    "r03": network.lossy,
    "r04db": disks.full_database,
    "r04media": disks.full_media,
    "r04temp": disks.full_temp,
    "r05": hanging.hung,
    "r06": same.same_uid,
    "r07": same.edit_race,
    "r08": killing.bulk,
    "r09": pictures.photos,
    "r10": consumers.followed,
    "r11": closing.closed,
    "r13": rolling.restarts,
    "r15": phone.to_database,
    "k1": network.naive,
    "k2": forgetting.asynchronous,
}
#: Long, by its own command.
APART: dict[str, Run] = {"r14": soaking.soak}
#: Names for several at once.
GROUPS = {"r04": ("r04db", "r04media", "r04temp")}


def main(names: list[str]) -> int:
    known = RUNS | APART
    wanted = [one for name in names or RUNS for one in GROUPS.get(name, (name,))]
    if unknown := sorted(set(wanted) - set(known)):
        print(f"No such drill: {', '.join(unknown)}. Known: {', '.join(known)}.")
        return 2
    with lay() as ground:
        lines = [_run(name, known[name], ground) for name in wanted]
    print("\n== The ledger")
    for count in lines:
        print(count)
    return 1 if any(count.broken for count in lines) else 0


def _run(name: str, run: Run, ground: Ground) -> Count:
    """A drill that breaks has failed; the others go on."""
    begun = time.monotonic()
    print(f"-- {name}", flush=True)
    try:
        count = run(ground)
    except disks.NotHere as reason:
        count = Count(name.upper(), 0, 0, 0, 0, 0, 0, 0, 0, {}, facts={"skipped": f"({reason})"})
    except Exception as bug:
        traceback.print_exc()
        count = Count(name.upper(), 0, 0, 0, 0, 0, 0, 0, 0, {}, time.monotonic() - begun)
        count.require(False, f"broke: {bug!r}"[:300])
    ledger.write(count)
    print(count, flush=True)
    return count


if __name__ == "__main__":
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # nothing is left running
        signal.signal(ending, lambda number, frame: sys.exit(128 + number))
    sys.exit(main([name.lower() for name in sys.argv[1:]]))
