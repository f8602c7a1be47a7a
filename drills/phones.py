"""Phones that send until they hold a receipt: wait longer each time, the same body and uid again.

Every phone stops by itself: after so many tries of a parcel, and when its time is over.
"""

from __future__ import annotations

import http.client
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from .records import Parcel

MOST_TRIES = 400  # of one parcel
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 4.0  # seconds between tries; doubled each time
PATIENCE = 40.0  # seconds for one answer
SUBMISSIONS = "/api/v1/submissions/"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def is_problem(self) -> bool:
        return self.headers.get("content-type", "").startswith("application/problem+json")


class NoAnswer(Exception):
    """The connection ended before a whole answer came."""


class Line:
    """One connection to one address, opened anew when it broke. `keep` False: one call each."""

    def __init__(self, url: str, *, keep: bool = True, patience: float = PATIENCE):
        where = urlsplit(url)
        self._where, self._keep, self._patience = (where.hostname, where.port), keep, patience
        self._connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """The answer, whatever it says; NoAnswer when none came."""
        if self._connection is None:
            host, port = self._where
            self._connection = http.client.HTTPConnection(host, port, timeout=self._patience)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._connection.request(method, path, body, named)
            got = self._connection.getresponse()
            said = {name.lower(): value for name, value in got.getheaders()}
            answer = Answer(got.status, said, got.read())
        except (OSError, http.client.HTTPException) as broken:
            self.close()
            raise NoAnswer(type(broken).__name__) from broken
        if not self._keep or said.get("connection") == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@dataclass
class Tally:
    """What all phones of a drill saw together."""

    tries: int = 0
    acked: dict[str, dict] = field(default_factory=dict)  # by the record's own name
    acks_at: list[float] = field(default_factory=list)  # time.monotonic()
    seconds: list[float] = field(default_factory=list)  # of answered calls
    statuses: Counter = field(default_factory=Counter)
    breaks: Counter = field(default_factory=Counter)  # calls without an answer, by their end
    outcomes: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)  # what no fault excuses
    false: int = 0  # answers 200 that were no receipt
    last_call: float = 0.0

    def __post_init__(self) -> None:
        self.lock = Lock()

    def note(self, answer: Answer, seconds: float) -> None:
        with self.lock:
            self.tries += 1
            self.statuses[answer.status] += 1
            self.seconds.append(seconds)
            for trouble in _troubles(answer):
                self.troubles[trouble] += 1

    def broke(self, how: str) -> None:
        with self.lock:
            self.tries += 1
            self.breaks[how] += 1

    def receive(self, name: str, row: dict) -> None:
        with self.lock:
            self.acks_at.append(time.monotonic())
            self.outcomes[row["outcome"]] += 1
            before = self.acked.setdefault(name, row)
            if before["number"] != row["number"]:
                self.troubles["a second receipt with another number"] += 1

    @property
    def not_2xx(self) -> int:
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0.0


def _troubles(answer: Answer) -> Iterable[str]:
    """What a portal in trouble may not say: a bare 500, an error of another shape, "later"
    without when."""
    if answer.status == 500:
        yield f"500: {answer.body[:80]!r}"
    elif answer.status >= 400 and not answer.is_problem:
        yield f"{answer.status} that is no problem document"
    elif answer.status in (429, 503, 507) and "retry-after" not in answer.headers:
        yield f"{answer.status} without Retry-After"


@dataclass
class Phones:
    """So many phones that share one errand. `naive`: as with ids that the portal makes, every try
    is another uid. `on_receipt` is told each record that was received."""

    url: str
    tally: Tally
    limit: float = 900.0  # seconds for all of it
    keep: bool = True
    naive: bool = False
    pace: float = 0.0  # seconds between a phone's parcels
    on_receipt: Callable[[Line, str, dict], None] | None = None

    def __post_init__(self) -> None:
        self.stop = Event()
        self._threads: list[Thread] = []

    def send(self, shares: Iterable[Iterable[Parcel]]) -> Phones:
        """Begin: one phone for each share."""
        until = time.monotonic() + self.limit
        for number, share in enumerate(shares):
            thread = Thread(target=self._run, args=(share, until, number), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    @property
    def busy(self) -> bool:
        return any(one.is_alive() for one in self._threads)

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(self.limit + PATIENCE * 2)

    def _run(self, share: Iterable[Parcel], until: float, number: int) -> None:
        line = Line(self.url, keep=self.keep)
        rng = random.Random(number)
        try:
            for parcel in share:
                if time.monotonic() > until or self.stop.is_set():
                    return
                self._deliver(line, parcel, until, rng)
                time.sleep(self.pace)
        except Exception as bug:
            with self.tally.lock:
                self.tally.troubles[f"a phone broke: {bug!r}"[:200]] += 1
        finally:
            line.close()

    def _deliver(self, line: Line, parcel: Parcel, until: float, rng: random.Random) -> None:
        pause = FIRST_PAUSE
        for turn in range(MOST_TRIES):
            sent = self._anew(parcel) if self.naive and turn else parcel
            wait = self._try(line, sent)
            if wait is None or time.monotonic() > until:
                return
            time.sleep(max(wait, pause * rng.uniform(0.5, 1.0)))
            pause = min(pause * 2, LONGEST_PAUSE)

    @staticmethod
    def _anew(parcel: Parcel) -> Parcel:
        fresh = tuple(one.under(str(uuid.uuid4())) for one in parcel.records)
        return Parcel(parcel.key, fresh)

    def _try(self, line: Line, parcel: Parcel) -> float | None:
        """None when every record has its receipt; else the seconds that were asked for."""
        try:
            answer = self._ask(line, parcel)
        except NoAnswer as lost:
            self.tally.broke(str(lost))
            return 0.0
        if answer.status != 200:
            return min(float(answer.headers.get("retry-after", 0)), 10.0)
        return None if self._read(line, parcel, answer) else 0.0

    def _ask(self, line: Line, parcel: Parcel) -> Answer:
        begun = time.monotonic()
        said = {"Authorization": f"Bearer {parcel.key}", "Content_Type": "application/json"}
        answer = line.call("POST", SUBMISSIONS, parcel.body, **said)
        self.tally.note(answer, time.monotonic() - begun)
        return answer

    def _read(self, line: Line, parcel: Parcel, answer: Answer) -> bool:
        """Whether this is the receipt of all that was sent: by uid and digest, not by its 200."""
        rows = receipts_in(answer)
        whole = True
        for record in parcel.records:
            row = rows.get(record.uid)
            if row is None or row["client_digest"] != record.item["client_digest"]:
                whole = False
            elif row["outcome"] in ("accepted", "duplicate") and row["number"]:
                self.tally.receive(record.name, row)
                if self.on_receipt:
                    self.on_receipt(line, parcel.key, row)
            else:
                said = f"{row['outcome']}: {row['errors']}"[:200]
                with self.tally.lock:
                    self.tally.troubles[said] += 1
        if not whole:
            with self.tally.lock:
                self.tally.false += 1
        return whole


def receipts_in(answer: Answer) -> dict[str, dict]:
    """Rows by uid; none where somebody else answered 200, as a hotel's login page does."""
    try:
        return {row["uid"]: row for row in answer.json()["results"]}
    except (ValueError, KeyError, TypeError):
        return {}
