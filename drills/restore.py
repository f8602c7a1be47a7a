"""REL-02 and REL-03 at full size: python -m drills.restore [ROWS]. Lines to the screen.

Three million rows are made, summed, backed up, destroyed and restored to another cluster; a second
is reached again with a row before it and none after it; and what must be refused is refused.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from .portal import ROOT, Portal
from .postgres import Postgres

#: Rows of all tables that one activity of seed_load comes to: itself, its receipt, its change …
ROWS_EACH = 5
LIMIT = 600  # seconds for back up, restore and compare together
_NOTE = "insert into core_healthmark (name, ok, detail, at) values (%s, true, '', now())"


class Drill:
    """One cluster that is lost and one that takes its place, in a folder of the drill's own."""

    def __init__(self, folder: Path):
        self.folder, self.place = folder, folder / "place"
        self.key, self.other = folder / "key", folder / "other"
        for one in (self.key, self.other):
            subprocess.run(["age-keygen", "-o", str(one)], check=True, capture_output=True)
        public = subprocess.run(
            ["age-keygen", "-y", str(self.key)], check=True, capture_output=True
        )
        (folder / "public").write_bytes(public.stdout)
        (self.place / "wal").mkdir(parents=True)
        folder.chmod(0o755)
        if not os.getuid():
            shutil.chown(self.place / "wal", "postgres")
        self.first = self.portal(Postgres(), "var")
        self.second = self.portal(Postgres(), "var2")
        self.failed = 0

    def portal(self, database: Postgres, var: str) -> Portal:
        keys = {
            "PUG_BACKUP_RECIPIENTS": str(self.folder / "public"),
            "PUG_BACKUP_DIR": str(self.place),
        }
        return Portal(self.folder, database, PUG_VAR=str(self.folder / var), **keys)

    def archive(self) -> None:
        """The first cluster archives every change from now on."""
        script = ROOT / "deploy" / "bin" / "archive-wal"
        command = f'"{script}" %p %f "{self.place}/wal" "{self.folder}/public"'
        conf = self.first.database.data / "postgresql.auto.conf"
        said = f"archive_mode = on\narchive_timeout = 60\narchive_command = '{command}'\n"
        conf.write_text(conf.read_text() + said)

    def say(self, name: str, ok: bool, detail: str) -> None:
        self.failed += not ok
        print(f"{name:<9} {'pass' if ok else 'FAILED'}  {detail}", flush=True)

    def restore(self, *words: str, key: Path | None = None, code: int = 0) -> tuple[bool, str]:
        command = [
            sys.executable,
            "manage.py",
            "restore",
            "--identity",
            str(key or self.key),
            *words,
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=self.second.environ, capture_output=True, text=True, check=False
        )
        said = done.stderr if code else done.stdout + done.stderr
        return done.returncode == code, said.strip()

    def end(self) -> None:
        for one in (self.first, self.second):
            one.database.stop()


def whole(drill: Drill, rows: int) -> None:
    """REL-02: the same sums in another cluster, which then serves."""
    portal = drill.first
    portal.manage("import_wilayah", "--regency", "64.01")
    portal.manage("seed_load", "--activities", str(rows // ROWS_EACH))
    portal.manage("backup", "--base")  # without one the nightly set says what is missing
    began = time.monotonic()
    said = portal.manage("backup").strip()
    backed = time.monotonic() - began
    url = drill.second.database.url.replace("/postgres?", "/pug?")
    began = time.monotonic()
    fine, out = drill.restore("--from", str(drill.place), "--into", url)
    restored = time.monotonic() - began
    same = [line for line in out.splitlines() if line.endswith("same")]
    for line in sorted(same, key=lambda one: -int(one.split()[1]))[:4]:
        print("   ", line.strip())
    ok = fine and "DIFFERS" not in out and backed + restored < LIMIT
    tail = out.splitlines()[-3:] if fine else [out[-400:]]
    drill.say("REL-02", ok, f"{said} | backup {backed:.0f} s restore {restored:.0f} s | {tail}")


def serves(drill: Drill) -> None:
    """The restored portal answers over HTTP: it is alive, and its login page is there."""
    drill.second.environ["DATABASE_URL"] = drill.second.database.url.replace("/postgres?", "/pug?")
    drill.second.environ["PUG_DEBUG"] = "1"  # pages without packed style sheets
    drill.second.lay_static()
    drill.second.start()
    try:
        answers = [drill.second.answers(path, 20) for path in ("/healthz/", "/masuk/")]
    finally:
        drill.second._end()
    drill.say("smoke", all(answers), f"/healthz/ and /masuk/ of the restored portal: {answers}")


def at_a_second(drill: Drill) -> None:
    """D6: a row written before the second is there, one written after it is not."""
    first = drill.first
    said = first.manage("backup", "--base").strip()
    first.database.ask(_NOTE, "drill-before")
    time.sleep(2)
    moment = datetime.now(UTC).isoformat(sep=" ")
    time.sleep(2)
    first.database.ask(_NOTE, "drill-after")
    _archived(first.database)
    into = drill.folder / "rewound"
    began = time.monotonic()
    words = ("--from", str(drill.place), "--to-time", moment, "--into", str(into))
    fine, out = drill.restore(*words)
    seconds = time.monotonic() - began
    found = _marks(into) if fine else [out[-400:]]
    ok = fine and found == ["drill-before"]
    drill.say("PITR", ok, f"{said} | to {moment}: {found} in {seconds:.0f} s")


def _archived(database: Postgres) -> None:
    database.ask("select pg_switch_wal()")
    wanted = "select pg_walfile_name(pg_current_wal_lsn()), last_archived_wal from pg_stat_archiver"
    for _try in range(120):
        now, last = database.ask(wanted)[0]
        if last and int(last[8:24], 16) >= int(now[8:24], 16) - 1:
            return
        time.sleep(0.5)
    raise AssertionError("the archive did not follow")


def _marks(data: Path) -> list[str]:
    again = _cluster(data)
    try:
        query = "select name from core_healthmark where name like 'drill-%' order by 1"
        return [name for (name,) in again.ask(query)]
    finally:
        again.stop()


def _cluster(data: Path) -> Postgres:
    """The restored folder, started as it stands."""
    copy = Postgres(like=data)
    conf = copy.data / "postgresql.auto.conf"
    conf.write_text(conf.read_text() + "archive_mode = off\n")
    copy.start()
    return copy


def refuses(drill: Drill) -> None:
    """REL-03: each of these ends with a reason, another code than 0, and nothing made."""
    newest = sorted((drill.place / "sets").iterdir())[-1]
    url = drill.second.database.url.replace("/postgres?", "/never?")
    words = ("--from", str(drill.place), "--into", url)
    _refused(drill, "wrong-key", words, "another key made it", key=drill.other)
    part = newest / "database.age"
    kept = part.read_bytes()
    for name, damaged in (
        ("cut-file", kept[: len(kept) // 2]),
        ("byte", kept[:-99] + bytes([kept[-99] ^ 1]) + kept[-98:]),
    ):
        part.write_bytes(damaged)
        _refused(drill, name, words, "is not what was written")
        sums = newest / "SHA256SUMS"
        honest = sums.read_text()
        digest = subprocess.run(
            ["sha256sum", str(part)], capture_output=True, text=True, check=True
        )
        forged = [
            f"{digest.stdout.split()[0]}  database.age" if "database.age" in line else line
            for line in honest.splitlines()
        ]
        sums.write_text("\n".join(forged) + "\n")
        _refused(drill, f"{name}+sum", words, "does not belong to this backup")
        sums.write_text(honest)
    part.write_bytes(kept)
    _missing_wal(drill)
    there = drill.second.database.ask(
        "select count(*) from pg_database where datname like 'never%'"
    )
    drill.say("REL-03", there == [(0,)], "no refused restore left a database behind")


def _missing_wal(drill: Drill) -> None:
    base = sorted((drill.place / "bases").iterdir())[-1]
    start = (base / "start-wal").read_text().strip()
    gone = drill.place / "wal" / f"{start}.gz.age"
    into = drill.folder / "never"
    words = ("--from", str(drill.place), "--to-time", "latest", "--into", str(into))
    gone.rename(drill.folder / "aside")
    _refused(drill, "wal-gone", words, "is missing")
    (drill.folder / "aside").rename(gone)
    kept = gone.read_bytes()
    gone.write_bytes(kept[:-50])
    _refused(drill, "wal-cut", words, "cannot be opened")
    gone.write_bytes(kept)
    drill.say("wal", not into.exists(), "no refused restore left a cluster behind")


def _refused(drill: Drill, name: str, words: tuple, reason: str, key: Path | None = None) -> None:
    ended, said = drill.restore(*words, key=key, code=1)
    ok = ended and reason in said and len(said.splitlines()) == 1
    drill.say(name, ok, said[-200:])


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    folder = Path(tempfile.mkdtemp(prefix="pug-restore-"))
    drill = Drill(folder)
    try:
        drill.archive()
        for one in (drill.first, drill.second):
            one.database.start()
        drill.first.prepare()
        whole(drill, rows)
        serves(drill)
        at_a_second(drill)
        refuses(drill)
    finally:
        drill.end()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if drill.failed else 0


if __name__ == "__main__":
    sys.exit(main())
