"""R06 and R07: many at once about the same thing."""

from __future__ import annotations

import json
import time
from collections import Counter
from threading import Barrier, Lock, Thread

from ..ground import Ground
from ..ledger import Count
from ..phones import FIRST_PAUSE, SUBMISSIONS, Answer, Line, NoAnswer
from ..records import Parcel
from ..scene import Scene, scene

CLIENTS, UIDS = 50, 200
EDITORS, RECORDS, EDITS = 20, 100, 2_000


def same_uid(ground: Ground) -> Count:
    """R06: fifty clients send one uid at the same moment, two hundred times."""
    with scene("R06", ground) as at:
        parcels = list(at.maker.parcels(UIDS))
        at.parcels = parcels
        barrier = Barrier(CLIENTS)
        _together(CLIENTS, lambda _number: _rush(at, parcels, barrier))
        odd = {status for status in at.tally.statuses if status not in (200, 409)}
        count = at.close(clients=CLIENTS, answers=at.tell(), outcomes=dict(at.tally.outcomes))
        count.require(at.tally.tries == CLIENTS * UIDS, f"{at.tally.tries} tries")
        count.require(not odd, f"other answers than 200 and 409: {odd}")
        count.require(at.tally.outcomes["accepted"] == UIDS, "accepted more than once, or never")
        count.require(not at.tally.breaks, f"calls without an answer: {dict(at.tally.breaks)}")
        return count


def _rush(at: Scene, parcels: list[Parcel], barrier: Barrier) -> None:
    line = Line(at.portal.url)
    for parcel in parcels:
        body = parcel.body
        barrier.wait(120)
        begun = time.monotonic()
        said = {"Authorization": f"Bearer {parcel.key}", "Content_Type": "application/json"}
        try:
            answer = line.call("POST", SUBMISSIONS, body, **said)
        except NoAnswer as lost:
            at.tally.broke(str(lost))
            continue
        at.tally.note(answer, time.monotonic() - begun)
        if answer.status == 200:
            [row] = answer.json()["results"]
            at.tally.receive(parcel.records[0].name, row)
    line.close()


def edit_race(ground: Ground) -> Count:
    """R07: twenty people put the same hundred records right, each over the version she saw."""
    with scene("R07", ground) as at:
        at.send(RECORDS, (20,), phones=5).wait()
        edits = Edits(at)
        _together(EDITORS, edits.work)
        count = at.close(edits=sum(edits.told.values()), told=dict(edits.told))
        edits.judge(count)
        return count


class Edits:
    """Who wrote what over which version; afterwards every applied one must be in the history."""

    def __init__(self, at: Scene):
        self.at, self.lock = at, Lock()
        self.told: Counter = Counter()
        self.applied: dict[str, list[tuple[int, str]]] = {}
        self.left = EDITS
        self.keys = {one.uid: parcel.key for parcel in at.parcels for one in parcel.records}

    def work(self, number: int) -> None:
        line, uids = Line(self.at.portal.url), sorted(self.keys)
        while (turn := self._take()) is not None:
            # Twenty editors at a time meet on two records, so that most of them are too late.
            uid = uids[(turn // EDITORS * 2 + turn % 2) % RECORDS]
            self._edit(line, uid, f"Suntingan {number}-{turn}")
        line.close()

    def _take(self) -> int | None:
        with self.lock:
            self.left -= 1
            return EDITS - self.left - 1 if self.left >= 0 else None

    def _edit(self, line: Line, uid: str, title: str) -> None:
        path, key = f"/api/v1/activities/{uid}/", {"Authorization": f"Bearer {self.keys[uid]}"}
        seen = self._call(line, "GET", path, **key)
        body = json.dumps({"title": title}).encode()
        said = {**key, "Content_Type": "application/json", "If_Match": seen.headers["etag"]}
        answer = self._call(line, "PATCH", path, body, **said)
        with self.lock:
            self.told[answer.status] += 1
            if answer.status == 200:
                version = answer.json()["version"]
                self.applied.setdefault(uid, []).append((version, title))

    def _call(self, line: Line, method: str, path: str, body=None, **said) -> Answer:
        while True:
            try:
                answer = line.call(method, path, body, **said)
            except NoAnswer as lost:
                with self.lock:
                    self.at.tally.troubles[f"no answer to an edit: {lost}"] += 1
                time.sleep(FIRST_PAUSE)
                continue
            if answer.status not in (429, 503):
                return answer
            time.sleep(FIRST_PAUSE)

    def judge(self, count: Count) -> None:
        """Applied and refused are all; versions without a gap; the last one stands."""
        odd = {status for status in self.told if status not in (200, 412)}
        count.require(not odd, f"other answers than 200 and 412: {odd}")
        count.require(self.told[200] + self.told[412] == EDITS, "applied + 412 are not all edits")
        count.require(self.told[412] > 0, "nobody was too late: the drill is blind")
        rows = self.at.database.ask("select uid::text, title, version from programs_activity")
        for uid, title, version in rows:
            done = sorted(self.applied.get(uid, []))
            versions = [number for number, _title in done]
            count.require(versions == list(range(2, version + 1)), f"a gap in {uid}: {versions}")
            count.require(not done or done[-1][1] == title, f"overwritten unseen: {uid}")


def _together(number: int, work) -> None:
    threads = [Thread(target=work, args=(one,), daemon=True) for one in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(900)
