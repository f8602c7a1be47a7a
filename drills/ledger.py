"""The count of both sides, after trust.md D1.

S: records sent. A: those whose matching receipt a phone saw. T: those in the database. Lost: A
without T. Phantom: T without S. Double: rows above distinct records. Pending: S without A at the
end. What a record is called is what the phone called it, not what key it got.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .phones import PATIENCE, Line, NoAnswer
from .postgres import Postgres
from .records import NUMBERS

FILE = Path(__file__).resolve().parents[1] / "var" / "ledger.jsonl"
KEPT = 30  # lines of each drill


@dataclass(frozen=True)
class Held:
    """What the database holds of records: their names and uids, sums, audit rows, feed lines."""

    rows: list[tuple[str, str]]  # (name, uid), one for each row
    sums: dict[str, int]
    audits: list[str]
    feed: list[str]
    receipts: int
    followed: set[str] | None = None  # what a consumer of the feed got through the API


@dataclass
class Count:
    """One line. `broken` says in words what does not hold; empty when all of it does."""

    id: str
    sent: int
    tries: int
    acked: int
    held: int
    lost: int
    double: int
    phantom: int
    pending: int
    faults: dict[str, int]
    seconds: float = 0.0
    facts: dict = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.double or self.phantom or self.pending)

    def __str__(self) -> str:
        faults = ",".join(f"{name}:{times}" for name, times in self.faults.items())
        facts = "".join(f" {name}={value}" for name, value in self.facts.items())
        end = f"FAILED: {'; '.join(self.broken)}" if self.broken else "pass"
        return (
            f"{self.id} S={self.sent} tries={self.tries} A={self.acked} T={self.held} "
            f"lost={self.lost} double={self.double} phantom={self.phantom} "
            f"pending={self.pending} faults={{{faults}}} seconds={self.seconds:.0f}{facts} {end}"
        )


def held(database: Postgres, follow: tuple[str, str] | None = None) -> Held:
    """Asked of the database itself. `follow`: address and key of a reader of the feed."""
    rows = database.ask("select reference, uid::text from programs_activity")
    columns = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in NUMBERS)
    [added] = database.ask(f"select {columns} from programs_activity")
    audits = database.ask(
        "select object_id from core_auditentry where action = 'activity.submitted'"
    )
    lines = database.ask(
        "select uid::text from programs_change where kind = 'activity' and op = 'created'"
    )
    [(receipts,)] = database.ask(
        "select count(distinct number) from programs_submission where state = 'accepted'"
    )
    return Held(
        [(name, uid) for name, uid in rows],
        dict(zip(NUMBERS, map(int, added), strict=True)),
        [one for (one,) in audits],
        [one for (one,) in lines],
        receipts,
        followed(*follow) if follow else None,
    )


def followed(url: str, key: str) -> set[str]:
    """The records a consumer hears of who begins at the start of the feed."""
    line, cursor, found = Line(url), "", set()
    for _page in range(2_000):
        page = _told(line, f"/api/v1/changes/?limit=200{cursor and '&cursor=' + cursor}", key)
        found |= {row["uid"] for row in page["results"] if row["op"] == "created"}
        cursor = page["cursor"]
        if not page["more"]:
            break
    line.close()
    return found


def _told(line: Line, path: str, key: str) -> dict:
    """One page. A master that was killed with the last record leaves workers that answer a moment
    longer: whoever they hang up on asks again, as every consumer does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = line.call("GET", path, Authorization=f"Bearer {key}")
        except NoAnswer:
            assert time.monotonic() < deadline, f"nobody answers at {path}"
            time.sleep(0.2)
            continue
        assert answer.status == 200, answer.body[:300]
        return answer.json()


def close(
    drill: str,
    sent: Iterable[str],
    acked: Iterable[str],
    now: Held,
    *,
    sums: dict[str, int],
    tries: int,
    faults: dict[str, int],
    programs: int = 1,
) -> Count:
    """Count, and say what does not hold. `programs`: other lines that the feed begins with."""
    sent, acked = set(sent), set(acked)
    names, uids = {name for name, _ in now.rows}, {uid for _, uid in now.rows}
    count = Count(
        drill,
        sent=len(sent),
        tries=tries,
        acked=len(acked),
        held=len(names),
        lost=len(acked - names),
        double=len(now.rows) - len(names),
        phantom=len(names - sent),
        pending=len(sent - acked),
        faults=faults,
    )
    count.require(len(sent) > 0, "nothing was sent")
    count.require(count.is_clean, "the sides differ")
    count.require(sorted(now.audits) == sorted(uids), f"audit creates {len(now.audits)}")
    count.require(Counter(now.feed) == Counter(uids), f"feed {len(now.feed)}")
    count.require(now.receipts == len(uids), f"receipt numbers {now.receipts}")
    if now.followed is not None:
        heard = now.followed & uids
        count.require(len(heard) == len(uids), f"a consumer heard of {len(heard)}")
    for name in NUMBERS:
        both = (now.sums[name], sums[name])
        count.require(both[0] == both[1], f"{name} {both[0]} instead of {both[1]}")
    return count


def write(count: Count, file: Path = FILE) -> None:
    """The line stands with the last ones of its drill."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = file.read_text().splitlines() if file.exists() else []
    kept.append(json.dumps({**vars(count), "line": str(count)}))
    seen: Counter = Counter()
    newest = []
    for line in reversed(kept):
        drill = json.loads(line)["id"]
        seen[drill] += 1
        if seen[drill] <= KEPT:
            newest.append(line)
    file.write_text("\n".join(reversed(newest)) + "\n")
