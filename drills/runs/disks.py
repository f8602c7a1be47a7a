"""R04: the disk of the database, of the photos, of the temporary files is full for a minute."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from ..ground import Ground
from ..ledger import Count
from ..phones import Line
from ..portal import Portal
from ..scene import Scene, scene
from .pictures import Pictures

FULL_FOR = 60.0  # seconds
RECORDS = 3_000
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
    """R04 temp: no room for temporary files; sheets are sent beside the records."""
    with volume(SIZES["temp"]) as disk, scene("R04temp", ground, TMPDIR=str(disk)) as at:
        sheets = Sheets(at)
        count = _filled(at, disk, beside=sheets)
        count.facts["sheets"] = dict(sheets.tally)
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


class Sheets:
    """A sheet of 2 MB every second: taken in, or refused in the portal's own words."""

    def __init__(self, at: Scene):
        self.at, self.stop = at, Event()
        self.tally = at.tally.statuses.__class__()
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        line, key = Line(self.at.portal.url), self.at.ground.people[0][0]
        body = b"judul;tanggal\n" + b"Pelatihan kader;2026-03-04\n" * 70_000
        said = {"Authorization": f"Bearer {key}", "Content_Type": "text/csv"}
        while not self.stop.wait(1):
            with suppress(Exception):
                answer = line.call("POST", "/api/v1/imports/", body, **said)
                self.tally[answer.status] += 1
                self.at.tally.note(answer, 0.0)
