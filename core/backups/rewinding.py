"""The cluster as it was at a given second: the copy before it, and the changes up to it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from . import aiming, clients, manifest, places, sealing
from .cluster import BASE
from .manifest import Manifest
from .places import Place
from .trouble import Trouble

#: Seconds that reading a week of changes may take.
PATIENCE = 6 * 3600
#: A segment's name as a number: PostgreSQL divides 4 GB into 256 of 16 MB.
_SEGMENT = re.compile(r"^[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})\.gz\.age$")
_AUTO = "postgresql.auto.conf"
_LAST = re.compile(r"last completed transaction was at log time (.+)")
_ENDED = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True)
class Wish:
    """`to`: the second that is wanted; None: all that was archived. `into`: a folder to be made."""

    place: Place
    identities: Sequence[Path]
    to: datetime | None
    into: Path


def base_for(wish: Wish) -> tuple[Path, Manifest]:
    """The newest copy that was finished before the second that is wanted, verified."""
    for folder in reversed(places.listed(wish.place.bases)):
        sums = places.check_sums(folder)
        found = manifest.read(folder, wish.identities)
        if wish.to is None or datetime.fromisoformat(found.made_at) <= wish.to:
            if sums.get(BASE) != found.parts[BASE].sha256:
                raise Trouble(f"{BASE} does not belong to {folder.name}")
            return folder, found
    raise Trouble(f"There is no copy of the cluster from before {wish.to or 'now'}")


def require_wal(wish: Wish, base: Path) -> int:
    """Every segment from the copy's first to the archive's last is there; how many."""
    start = (base / places.START_WAL).read_text(encoding="utf-8").strip()
    numbers = set()
    for one in wish.place.wal.glob("*.gz.age"):
        if found := _SEGMENT.match(one.name):
            numbers.add(int(found[1], 16) * 256 + int(found[2], 16))
    first = int(start[8:16], 16) * 256 + int(start[16:24], 16)
    for number in range(first, max(numbers, default=first) + 1):
        if number not in numbers:
            gone = f"{start[:8]}{number // 256:08X}{number % 256:08X}"
            raise Trouble(f"WAL {gone} is missing: nothing after it can be restored")
    return len([number for number in numbers if number >= first])


def rewind(wish: Wish, look: Callable[[], None], say: Callable[[str], None]) -> None:
    """`wish.into` is a data directory of that second, looked through by `look` and shut down.

    `look` runs with Django turned to the restored database. Nothing is there after a trouble.
    """
    if wish.into.exists() and (not wish.into.is_dir() or any(wish.into.iterdir())):
        raise Trouble(f"{wish.into} is not empty: nothing was done")
    base, found = base_for(wish)
    segments = require_wal(wish, base)
    say(f"cluster copy {base.name} is whole, {segments} segments of WAL follow")
    fresh = wish.into.with_name(f".{wish.into.name}.restoring")
    if fresh.exists():
        raise Trouble(f"{fresh} is left from another restore: remove it")
    try:
        _unpack(base, found, wish, fresh)
        with _work(wish) as work, _running(fresh, found, wish, work):
            say("recovery reached its end")
            with aiming.at(_database(work, found)):
                look()
        if wish.into.exists():
            wish.into.rmdir()
        fresh.rename(wish.into)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _unpack(base: Path, found: Manifest, wish: Wish, fresh: Path) -> None:
    fresh.mkdir(mode=0o700, parents=True)
    command = ["tar", "-C", str(fresh), "-xzf", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603
        digest = ""
        with suppress(BrokenPipeError):
            digest = sealing.unseal(base / BASE, wish.identities, cast(BinaryIO, child.stdin))
        _out, said = child.communicate()
        if child.returncode:
            raise clients.failed("tar", said)
    if digest != found.parts[BASE].plain_sha256:
        raise Trouble(f"{BASE} does not hold what was backed up (its sum differs)")
    clients.run([clients.program("pg_verifybackup", int(found.version)), "--quiet", str(fresh)])
    for name in ("postmaster.pid", "standby.signal"):
        (fresh / name).unlink(missing_ok=True)


def _runner() -> dict[str, Any]:
    """PostgreSQL does not run as root: then it runs as its own system user."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.getuid() else {}


def _hand_over(*paths: Path) -> None:
    """To the user that PostgreSQL runs as."""
    if not os.getuid():
        who = pwd.getpwnam("postgres")
        for top in paths:
            for path in (top, *top.rglob("*")):
                os.chown(path, who.pw_uid, who.pw_gid, follow_symlinks=False)


@contextmanager
def _work(wish: Wish) -> Iterator[Path]:
    """A folder in memory for the identity, the socket and the settings of the recovery."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own there, closed to others
    work = Path(tempfile.mkdtemp(prefix="pug-", dir=memory if memory.is_dir() else None))
    try:
        keys = b"\n".join(path.read_bytes() for path in wish.identities)
        handle = os.open(work / "identity", os.O_WRONLY | os.O_CREAT, 0o400)
        with os.fdopen(handle, "wb") as file:
            file.write(keys)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _settings(fresh: Path, wish: Wish, work: Path) -> str:
    script = Path(settings.BASE_DIR) / "deploy" / "bin" / "fetch-wal"
    fetch = " ".join(
        [
            *(f'"{script}"', "%f", '"%p"', f'"{wish.place.wal.resolve()}"'),
            *(f'"{work}/identity"', f'"{work}/trouble"'),
        ]
    )
    said = {
        "data_directory": str(fresh.resolve()),
        "hba_file": f"{work}/hba",
        "ident_file": f"{work}/ident",
        "unix_socket_directories": str(work),
        "listen_addresses": "",
        "archive_mode": "off",
        "hot_standby": "off",
        "restore_command": fetch,
        "recovery_target_action": "promote",
        **({"recovery_target_time": wish.to.isoformat(sep=" ")} if wish.to else {}),
    }
    return "".join(
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in said.items()
    )


@contextmanager
def _running(fresh: Path, found: Manifest, wish: Wish, work: Path) -> Iterator[None]:
    """The server while it is looked through; its own settings stand aside meanwhile."""
    auto = (fresh / _AUTO).read_bytes() if (fresh / _AUTO).exists() else b""
    (fresh / _AUTO).write_bytes(b"")
    (fresh / "recovery.signal").touch()
    (work / "hba").write_text("local all all trust\n")
    (work / "ident").touch()
    (work / "conf").write_text(_settings(fresh, wish, work))
    _hand_over(fresh, work)
    control = [clients.program("pg_ctl", int(found.version)), "-D", str(fresh), "-w"]
    start = [*control, "-t", str(PATIENCE), "-l", f"{work}/log"]
    try:
        try:
            conf = ("-o", f"-c config_file={work}/conf")
            clients.run([*start, *conf, "start"], None, cwd="/", **_silent())
            _await_end(control, work, found)
        except Trouble as trouble:
            raise _reason(work, wish) from trouble
        yield
    finally:
        with suppress(Trouble):
            clients.run([*control, "-m", "fast", "stop"], None, cwd="/", **_silent())
    (fresh / _AUTO).write_bytes(auto)
    _hand_over(fresh)


def _await_end(control: Sequence[str], work: Path, found: Manifest) -> None:
    """Until it takes connections: then all of the archive that is wanted has been read. It counts
    as started long before. Trouble when it has ended itself."""
    asked = [clients.program("pg_isready", int(found.version)), "-q", "-h", str(work)]
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(asked, check=False).returncode:  # noqa: S603 - our own words
        clients.run([*control, "status"], None, cwd="/", **_runner())
        if time.monotonic() > deadline:
            raise Trouble("Recovery did not end")
        time.sleep(0.2)


def _silent() -> dict[str, Any]:
    """A server that stays alive must not hold our pipes."""
    said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return {"capture_output": False, **said, **_runner()}


def _reason(work: Path, wish: Wish) -> Trouble:
    """Why recovery stopped, in a line."""
    with suppress(OSError):
        return Trouble((work / "trouble").read_text(encoding="utf-8").strip())
    try:
        log = (work / "log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        log = ""
    if _ENDED in log:
        last = _LAST.findall(log)
        upto = last[-1] if last else "the copy of the cluster"
        return Trouble(f"The archive ends before {wish.to}: its last change is of {upto}")
    fatal = [line.partition("FATAL:")[2].strip() for line in log.splitlines() if "FATAL:" in line]
    return Trouble(f"Recovery failed: {fatal[0] if fatal else 'no reason given'}")


def _database(work: Path, found: Manifest) -> dict[str, Any]:
    ours = aiming.database_of(f"postgresql://{found.owner}@/{found.database}?host={work}")
    return {**ours, "CONN_MAX_AGE": 0}
