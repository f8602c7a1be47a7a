"""R09: photos, with a kill between the file and its row."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import time
import uuid
from collections import Counter
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock, Thread

from PIL import Image

from ..ground import Ground
from ..ledger import Count
from ..phones import FIRST_PAUSE, LONGEST_PAUSE, Line, NoAnswer
from ..scene import Scene, scene
from ..strikes import Striker

RECORDS, EACH, SENDERS = 500, 2, 6
LIMIT = 900.0  # seconds


def photos(ground: Ground) -> Count:
    """A thousand photos of five hundred records."""
    with scene("R09", ground) as at:
        pictures = Pictures(at, RECORDS, each=EACH)
        sending = at.send(RECORDS, (10,), phones=4)
        pictures.begin()
        sending.wait()
        plan = {"worker": 10, "master": 3, "postgres": 3}
        striker = Striker(at.portal, pictures.tally, RECORDS * EACH, plan).begin()
        pictures.end()
        striker.end()
        at.faults = striker.struck
        count = at.close(recovery=striker.median(), answers=at.tell())
        count.require(striker.is_whole, f"only {dict(striker.struck)} of {plan}")
        pictures.judge(count, Path(at.portal.environ["PUG_VAR"]) / "media")
        _sweep(at, count)
        return count


class Pictures:
    """Photos of records that were received, each sent until its receipt names its SHA-256. Also a
    tally of its own, as `Striker` reads it."""

    def __init__(self, at: Scene, records: int, each: int):
        self.at, self.most = at, records * each
        self.sent: dict[str, str] = {}  # SHA-256 by uid
        self.acked: dict[str, str] = {}
        self.acks_at: list[float] = []
        self.tries, self.replays = 0, 0
        self.lock, self.over, self.work = Lock(), Event(), Queue()
        self.tally = self
        self._rng, self._each, self._queued = random.Random(9), each, set()
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(SENDERS)]
        self._threads.append(Thread(target=self._follow, daemon=True))
        self._until = time.monotonic() + LIMIT

    def begin(self) -> None:
        for one in self._threads:
            one.start()

    def end(self) -> None:
        """Wait until every record has its photos."""
        while len(self.acked) < self.most and time.monotonic() < self._until:
            time.sleep(0.1)
        self.over.set()
        for one in self._threads:
            one.join(60)

    def _follow(self) -> None:
        """Photos wait for their record's receipt, and no longer."""
        while not self.over.wait(0.1):
            self._enqueue()

    def _enqueue(self) -> None:
        for parcel in self.at.parcels:
            for record in parcel.records:
                if record.uid in self.at.tally.acked and record.uid not in self._queued:
                    self._queued.add(record.uid)
                    for _ in range(self._each):
                        self._put(parcel.key, record.uid)

    def _put(self, key: str, record: str) -> None:
        data, uid = _jpeg(self._rng), str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        self.sent[uid] = hashlib.sha256(data).hexdigest()
        self.work.put((key, record, uid, data))

    def _run(self) -> None:
        line = Line(self.at.portal.url)
        while not self.over.is_set():
            try:
                key, record, uid, data = self.work.get(timeout=0.3)
            except Empty:
                continue
            self._deliver(line, key, f"/api/v1/activities/{record}/photos/{uid}/", uid, data)

    def _deliver(self, line: Line, key: str, path: str, uid: str, data: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        said = {"Authorization": f"Bearer {key}", "Content_Type": "image/jpeg"}
        said["Content_Digest"], pause = f"sha-256=:{digest}:", FIRST_PAUSE
        while time.monotonic() < self._until:
            if self._tried(line, path, uid, data, said):
                return
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _tried(self, line: Line, path: str, uid: str, data: bytes, said: dict) -> bool:
        with self.lock:
            self.tries += 1
        begun = time.monotonic()
        try:
            answer = line.call("PUT", path, data, **said)
        except NoAnswer as lost:
            self.at.tally.broke(str(lost))
            return False
        self.at.tally.note(answer, time.monotonic() - begun)
        if answer.status not in (200, 201):
            return False
        if answer.json()["sha256"] == self.sent[uid]:
            with self.lock:
                self.replays += answer.status == 200
                self.acked[uid] = self.sent[uid]
                self.acks_at.append(time.monotonic())
        return True

    def judge(self, count: Count, media: Path) -> None:
        """Photos as (uid, sha256) the same way; no row without its two files, whole."""
        rows = self.at.database.ask("select uid::text, sent_sha256, sha256 from programs_photo")
        held = {(uid, sent) for uid, sent, _kept in rows}
        acked, sent = set(self.acked.items()), set(self.sent.items())
        found = Counter(
            photos=len(acked),
            photos_lost=len(acked - held),
            photos_phantom=len(held - sent),
            photos_pending=self.most - len(acked),
            without_file=sum(not _whole(media, kept) for _uid, _sent, kept in rows),
        )
        count.facts |= found
        count.require(len(acked) == self.most == len(sent), f"{len(acked)} of {self.most} photos")
        for name in ("photos_lost", "photos_phantom", "without_file"):
            count.require(found[name] == 0, f"{name} {found[name]}")
        audits = self.at.database.ask(
            "select count(*) from core_auditentry where action='photo.add'"
        )
        count.require(audits[0][0] == len(rows), f"audit of photos {audits[0][0]}")


def _whole(media: Path, digest: str) -> bool:
    path = media / "photos" / digest[:2] / f"{digest}.jpg"
    small = path.with_name(f"{digest}-320.jpg")
    others = list(path.parent.glob(f"{digest}-*.jpg"))
    if not path.exists() or not (small.exists() or others):
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _jpeg(rng: random.Random) -> bytes:
    """A picture that no other is like."""
    colours = tuple(rng.randrange(256) for _ in range(3))
    picture = Image.new("RGB", (320, 240), colours)
    for _ in range(24):
        box = sorted(rng.sample(range(320), 2)) + sorted(rng.sample(range(240), 2))
        paint = tuple(rng.randrange(256) for _ in range(3))
        picture.paste(paint, (box[0], box[2], box[1], box[3]))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


#: A file whose row never came, two days ago, and one of this minute: the first goes, not the other.
SWEEP = """
import json, os, time
from pathlib import Path
from django.conf import settings
from programs.services import sweep_photos
folder = Path(settings.MEDIA_ROOT) / "photos" / "00"
folder.mkdir(parents=True, exist_ok=True)
old, new = folder / ("0" * 64 + ".jpg"), folder / ("0" * 63 + "1.jpg")
for path in (old, new):
    path.write_bytes(b"x")
os.utime(old, (time.time() - 2 * 86400,) * 2)
for path in (Path(settings.MEDIA_ROOT) / "photos").glob("*/*"):
    if path != new:
        os.utime(path, (time.time() - 2 * 86400,) * 2)
swept = sweep_photos()
print(json.dumps([swept, old.exists(), new.exists()]))
"""


def _sweep(at: Scene, count: Count) -> None:
    """Orphans older than a day go, and nothing that a row names does."""
    swept, old, new = at.portal.ask(SWEEP)
    media = Path(at.portal.environ["PUG_VAR"]) / "media"
    rows = at.database.ask("select distinct sha256 from programs_photo")
    files = {path.name[:64] for path in (media / "photos").glob("*/*.jpg")}
    orphans = files - {digest for (digest,) in rows} - {"0" * 63 + "1"}
    count.facts |= {"swept": swept, "orphans_left": len(orphans)}
    count.require(not old and new, "the sweep took too little, or too much")
    count.require(not orphans, f"{len(orphans)} orphans were left")
    lacking = sum(not _whole(media, digest) for (digest,) in rows)
    count.require(lacking == 0, f"the sweep took the files of {lacking} rows")
