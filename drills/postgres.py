"""A private PostgreSQL that writes to the disk before it says "committed", and can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

import psycopg2

from . import processes

#: What "committed" rests on; trust.md D2. Nothing of it may be off but in a control.
DURABLE = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")


class Postgres:
    """One cluster in a folder of its own, on a socket there; no address of the network.

    `data`: where the cluster lies; `like`: a stopped cluster to begin as a copy of.
    """

    def __init__(self, data: Path | None = None, like: Path | None = None):
        self.home = Path(tempfile.mkdtemp(prefix="pug-drill-"))
        self.data = data or self.home / "data"
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.url = f"postgresql://postgres@/postgres?host={self.home}"
        self.starts = 0
        self._lock = Lock()  # two who start it at once
        self.who = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
        if self.who:
            shutil.chown(self.home, self.who)
        if like:
            copy = ["cp", "-a", "--reflink=auto", f"{like}/.", str(self.data)]
            self.data.mkdir(exist_ok=True)
            subprocess.run(copy, check=True, timeout=120)
        else:
            locale = ("-E", "UTF8", "--no-locale", "--data-checksums")
            self._do("initdb", "-U", "postgres", "--auth=trust", *locale)

    def _do(self, program: str, *options: str, limit: float = 120) -> None:
        command = [str(self.bin / program), "-D", str(self.data), *options]
        with (self.home / "pg_ctl.log").open("a") as log:
            said = {"stdout": log, "stderr": log, "stdin": subprocess.DEVNULL}
            subprocess.run(command, cwd="/", user=self.who, check=True, timeout=limit, **said)

    def start(self, more: str = "") -> None:
        """`more`: settings of this start alone, as "-c name=value"."""
        with self._lock:
            options = f"-c listen_addresses='' -c unix_socket_directories='{self.home}' {more}"
            log = str(self.home / "log")
            self._do("pg_ctl", "-l", log, "-t", "90", "-w", "-o", options, "start")
            self.starts += 1

    def crash(self) -> None:
        """As when the power goes: no farewell, recovery at the next start."""
        self._do("pg_ctl", "-m", "immediate", "-w", "stop")
        self.start()

    def rest(self) -> None:
        """Stopped in good order: a folder that can be copied."""
        self._do("pg_ctl", "-m", "fast", "-w", "stop")

    def stop(self) -> None:
        with suppress(subprocess.SubprocessError):
            self._do("pg_ctl", "-m", "immediate", "-w", "stop", limit=30)
        shutil.rmtree(self.home, ignore_errors=True)

    # -- Hung, not dead --------------------------------------------------------
    @property
    def pids(self) -> list[int]:
        try:
            postmaster = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return []
        running = b"postgres" in processes.command_line(postmaster)
        return [postmaster, *processes.family(postmaster)] if running else []

    @contextmanager
    def paused(self):
        """Every one of its processes stands still; the connections stay open."""
        pids = self.pids
        assert pids, "a pause of nothing proves nothing"
        processes.kill(*pids, how=signal.SIGSTOP)
        try:
            yield
        finally:
            processes.kill(*pids, how=signal.SIGCONT)

    def revive(self) -> bool:
        """Start it when it is down, as the system's service manager does; whether it was tried
        with success. A start that fails is tried again by whoever asks next."""
        if self.pids:
            return False
        try:
            self.start()
        except subprocess.SubprocessError:
            return False
        return True

    # -- Asking ----------------------------------------------------------------
    def ask(self, query: str, *values, patience: float = 60.0) -> list[tuple]:
        """Rows of a query over a connection of its own; waits while the database comes up."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self._asked(query, values)
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)

    def _asked(self, query: str, values: tuple) -> list[tuple]:
        """Each statement commits by itself: ALTER SYSTEM stands in no transaction."""
        with closing(psycopg2.connect(self.url, connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []

    def is_durable(self) -> bool:
        query = "select bool_and(setting = 'on') from pg_settings where name = any(%s)"
        return self.ask(query, list(DURABLE))[0][0]
