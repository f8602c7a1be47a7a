"""R04: the disk of the database, of the photos, of the temporary files is full for a minute."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from ..ground import Ground
from ..ledger import Count
from ..phones import Line, NoAnswer
from ..portal import Portal
from ..scene import Scene, scene
from .pictures import Pictures

FULL_FOR = 60.0  # seconds
RECORDS = 3_000
REFUSALS = (503, 507)  # come again later; no room
WORKBOOK, SHEETS = "/api/v1/activities/?format=xlsx", "/api/v1/imports/?dry_run=1"
KIND = "multipart/form-data; boundary=sheet"
#: Above what is kept in memory; not taken, for its columns are not those of the form.
FORM = (
    b'--sheet\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    + b"judul;tanggal\n"
    + b"Pelatihan kader;2026-03-04\n" * 70_000
    + b"\r\n--sheet--\r\n"
)
SIZES = {"db": "500m", "media": "300m", "temp": "16m"}


class NotHere(Exception):
    """Why this machine cannot do it."""


@contextmanager
def volume(size: str) -> Iterator[Path]:
    """A disk of its own in memory, which can be filled."""
    if os.getuid() != 0:
        raise NotHere("a disk of its own needs root")
    folder = Path(tempfile.mkdtemp(prefix="pug-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "pug-drill", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        raise NotHere("this machine mounts no tmpfs")
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
        with suppress(OSError):
            folder.rmdir()


def fill(folder: Path) -> None:
    """Nothing more goes in, not even a name."""
    with (folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(b"\0" * 65_536)


def full_database(ground: Ground) -> Count:
    """R04 db: PostgreSQL has no room, neither for rows nor for its log; it may fall and is started
    by the service manager again and again."""
    with volume(SIZES["db"]) as disk:
        data = disk / "data"
        with scene("R04db", ground, data=data) as at, _revived(at.portal):
            count = _filled(at, disk)
            count.facts["database_starts"] = at.database.starts
            return count


def full_media(ground: Ground) -> Count:
    """R04 media: photos find no room; records do not need any there."""
    with volume(SIZES["media"]) as disk, scene("R04media", ground, PUG_VAR=str(disk)) as at:
        pictures = Pictures(at, RECORDS // 3, each=3)
        count = _filled(at, disk, RECORDS // 3, pictures)
        pictures.judge(count, Path(disk) / "media")
        return count


def full_temp(ground: Ground) -> Count:
    """R04 temp: no room for temporary files, which workbooks and large sheets need."""
    with volume(SIZES["temp"]) as disk, scene("R04temp", ground, TMPDIR=str(disk)) as at:
        files = Files(at)
        count = _filled(at, disk, beside=files)
        count.require(files.tally["last"] == 200, f"last workbook: {files.tally['last']}")
        count.facts["files"] = dict(files.tally)
        return count


def _filled(at: Scene, disk: Path, records: int = RECORDS, beside=None) -> Count:
    """Full after a third of the way, for a minute; nobody lends a hand but to make room."""
    sending = at.send(records, phones=8, limit=900, pace=0.01)
    if beside:
        beside.begin()
    while len(at.tally.acked) < records / 3 and sending.busy:
        time.sleep(0.05)
    fill(disk)
    begun = time.monotonic()
    time.sleep(FULL_FOR)
    (disk / "ballast").unlink()
    at.faults["full_s"] = round(time.monotonic() - begun)
    freed = time.monotonic()
    sending.wait()
    if beside:
        beside.end()
    after = [one for one in at.tally.acks_at if one > freed]
    count = at.close(healed=round(min(after) - freed, 1) if after else "-", answers=at.tell())
    count.require(at.portal.answers("/healthz/"), "not well again by itself")
    refused = sum(at.tally.statuses[one] for one in REFUSALS)
    count.require(refused > 0, "the full disk stood in nobody's way: nothing was shown")
    count.require(at.tally.statuses[500] == 0, f"{at.tally.statuses[500]} answered 500")
    return count


@contextmanager
def _revived(portal: Portal) -> Iterator[None]:
    """`Restart=always` for PostgreSQL: it is tried every two seconds."""
    over = Event()

    def watch() -> None:
        while not over.wait(2):
            portal.database.revive()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(120)


class Files:
    """What needs temporary files, every second: a workbook to fetch, a large sheet to take in."""

    def __init__(self, at: Scene):
        self.at, self.stop = at, Event()
        self.tally: Counter = Counter()
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Once more at the end, with room again."""
        self.stop.set()
        self._thread.join(60)
        self.tally["last"] = self._ask(Line(self.at.portal.url), "GET", WORKBOOK)

    def _run(self) -> None:
        line = Line(self.at.portal.url)
        while not self.stop.wait(1):
            self.tally[f"workbook {self._ask(line, 'GET', WORKBOOK)}"] += 1
            self.tally[f"sheet {self._ask(line, 'POST', SHEETS, FORM, Content_Type=KIND)}"] += 1

    def _ask(self, line: Line, method: str, path: str, body: bytes | None = None, **said) -> int:
        said["Authorization"] = f"Bearer {self.at.ground.people[0][0]}"
        try:
            answer = line.call(method, path, body, **said)
        except NoAnswer:
            return 0
        self.at.tally.note(answer, 0.0)
        return answer.status
