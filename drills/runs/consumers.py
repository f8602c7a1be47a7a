"""R10: who follows the feed, and who is told by webhook, while both are killed."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import psycopg2

from ..ground import Ground
from ..ledger import Count
from ..phones import Line, NoAnswer
from ..scene import Scene, scene
from ..strikes import Striker

RECORDS = 20_000
TOLD_OF = 1_000  # the last of them go out by webhook too: each is a call of its own
LATE = 1_000_000  # versions from here on are lines of `Late`
LATE_LINE = """
insert into programs_change (kind, uid, village_id, version, op, step, at)
select kind, uid, village_id, %s, 'changed', '', now()
from programs_change where kind = 'activity' order by id limit 1"""


def followed(ground: Ground) -> Count:
    """Consumer and portal are killed, and other transactions stay open to commit late."""
    with scene("R10", ground) as at, Receiver() as receiver:
        follower = Follower(at).begin()
        late = Late(at).begin()
        blows = {"consumer": follower.crash}
        plan = {"worker": 6, "master": 2, "postgres": 3, "consumer": 20}
        sending = at.send(RECORDS - TOLD_OF, (1, 5, 50, 100), limit=1500)
        striker = Striker(at.portal, at.tally, RECORDS - TOLD_OF, plan, **blows).begin()
        sending.wait()
        striker.end()
        _listen(at, receiver)
        before = set(at.tally.acked)
        at.send(TOLD_OF, (10,), phones=4, pace=0.3).wait()
        late.end()
        killed = _kill_twice(at, receiver)
        receiver.wait_for(set(at.tally.acked) - before)
        follower.end(RECORDS, late.written)
        at.faults = striker.struck + killed
        at.faults["late"] = len(late.written)
        count = at.close(recovery=striker.median(), webhook=len(receiver.got))
        count.require(striker.is_whole, f"only {dict(striker.struck)} of {plan}")
        follower.judge(count, late.written)
        receiver.judge(count, set(at.tally.acked) - before, set(at.tally.acked))
        return count


def _listen(at: Scene, receiver: Receiver) -> None:
    body = {"name": "Latihan", "url": receiver.url, "events": ["activity.created"]}
    said = {"Authorization": f"Bearer {at.ground.officer}", "Content_Type": "application/json"}
    line = Line(at.portal.url)
    for _turn in range(60):
        try:
            answer = line.call("POST", "/api/v1/webhooks/", json.dumps(body).encode(), **said)
        except NoAnswer:
            answer = None
        if answer and answer.status == 201:
            return
        time.sleep(1)
    raise AssertionError(f"no webhook: {answer and answer.body}")


def _kill_twice(at: Scene, receiver: Receiver) -> Counter:
    """What tells the receivers is killed while messages wait, and so is the database."""
    struck: Counter = Counter()
    for name, blow in (("master", at.portal.kill_master), ("postgres", at.database.crash)):
        deadline = time.monotonic() + 60
        before = len(receiver.got)
        while len(receiver.got) < min(before + 100, TOLD_OF - 50) and time.monotonic() < deadline:
            time.sleep(0.1)
        if len(receiver.got) < TOLD_OF:
            blow()
            struck[f"{name}_telling"] += 1
    return struck


class Follower:
    """A consumer that keeps its place only after it has kept what it read: it may be killed at any
    moment and then reads a page twice."""

    def __init__(self, at: Scene):
        self.at, self.over = at, Event()
        self.kept: list[tuple[str, int]] = []  # (uid, version), as they came
        self.cursor = self._read = ""
        self.crashes = 0
        self._crash = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> Follower:
        self._thread.start()
        return self

    def crash(self) -> None:
        """What it had not kept is gone."""
        self._crash.set()
        while self._crash.is_set():
            time.sleep(0.02)

    def end(self, records: int, late: set[int], limit: float = 180) -> None:
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if len({uid for uid, _ in self.kept}) >= records and late <= self._late():
                break
            time.sleep(0.2)
        self.over.set()
        self._thread.join(60)

    def _run(self) -> None:
        line = Line(self.at.portal.url)
        while not self.over.is_set():
            if self._crash.is_set():
                line.close()
                line = Line(self.at.portal.url)
                self.crashes += 1
                self._crash.clear()
            if not self._page(line):
                time.sleep(0.2)

    def _page(self, line: Line) -> bool:
        """Whether more waits. A crash between reading and keeping the place: read again."""
        path = f"/api/v1/changes/?limit=200{self.cursor and '&cursor=' + self.cursor}"
        try:
            answer = line.call("GET", path, Authorization=f"Bearer {self.at.ground.officer}")
        except NoAnswer:
            return False
        if answer.status != 200:
            return False
        page = answer.json()
        lines = [row for row in page["results"] if row["type"] == "activity"]
        self.kept += [(row["uid"], row["version"]) for row in lines]
        if self._crash.is_set():
            return False
        self.cursor = page["cursor"]
        return page["more"]

    def _late(self) -> set[int]:
        return {version for _, version in self.kept if version >= LATE}

    def judge(self, count: Count, late: set[int]) -> None:
        rows = {uid for (uid,) in self.at.database.ask("select uid::text from programs_activity")}
        heard = {uid for uid, _ in self.kept}
        count.facts |= {"heard": len(heard), "twice": len(self.kept) - len(set(self.kept))}
        count.facts["crashes"] = self.crashes
        count.require(heard == rows, f"the consumer heard of {len(heard)} of {len(rows)}")
        missed = len(late - self._late())
        count.require(bool(late), "no line was committed late")
        count.require(missed == 0, f"{missed} of {len(late)} lines committed late were not heard")


class Late:
    """Writes a line into the feed and commits it two seconds later, again and again: whoever goes
    by ids or by the clock has read past its place by then, and never hears of it."""

    def __init__(self, at: Scene):
        self.at, self.over = at, Event()
        self.written: set[int] = set()  # versions of the lines that were committed
        self.turn = 0
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> Late:
        self._thread.start()
        return self

    def end(self) -> None:
        self.over.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self.over.is_set():
            try:
                self._hold()
            except psycopg2.Error:
                time.sleep(0.5)

    def _hold(self) -> None:
        connection = psycopg2.connect(self.at.database.url, connect_timeout=5)
        version = LATE + self.turn
        self.turn += 1  # a commit whose answer was lost is not written again under its number
        try:
            with connection.cursor() as cursor:
                cursor.execute(LATE_LINE, [version])
                written = cursor.rowcount
                self.over.wait(2)
            connection.commit()
            if written:
                self.written.add(version)
        finally:
            connection.close()


class Receiver:
    """An address that is told; every two-hundredth call it is out of order."""

    def __init__(self):
        self.got: list[tuple[str, str, int]] = []  # (message, record, version)
        self.calls = 0

    def __enter__(self) -> Receiver:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/pug"
        return self

    def __exit__(self, *trouble) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, records: set[str], limit: float = 600) -> None:
        deadline = time.monotonic() + limit
        while not records <= {one[1] for one in self.got} and time.monotonic() < deadline:
            time.sleep(0.5)

    def _handler(receiver):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.calls += 1
                facts = body["data"]
                receiver.got.append((self.headers["webhook-id"], facts["uid"], facts["version"]))
                self.send_response(200 if receiver.calls % 200 else 500)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        return Handler

    def judge(self, count: Count, last: set[str], known: set[str]) -> None:
        """Everyone of the last ones was told, nobody that was not sent; a second telling has the
        same id. What a late line held back when the listening began is told as well."""
        messages = defaultdict(set)
        for message, record, version in self.got:
            messages[record, version].add(message)
        told = {record for record, _version in messages}
        count.facts["told"] = len(told)
        count.require(last <= told, f"not told of {len(last - told)} of {len(last)}")
        count.require(told <= known, "told of records nobody sent")
        other = sum(len(ids) > 1 for ids in messages.values())
        count.require(other == 0, f"{other} told twice under different ids")
