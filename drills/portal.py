"""The portal as it runs in service, with a database of its own: both can be killed.

with Portal(folder) as portal:
    portal.kill_worker()
    portal.database.crash()
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from threading import Thread

from . import processes
from .postgres import Postgres

ROOT = Path(__file__).resolve().parents[1]
#: Seconds in which it has to answer after a start, on a machine that does other things too.
PATIENCE = 120


class Portal:
    """`manage.py serve` on a port of its own. What ends is started again, as systemd does."""

    settings = "pug_portal.settings"
    supervised = True

    def __init__(self, folder: Path, database: Postgres | None = None, **environ: str):
        self.folder = folder
        self.database = database or Postgres()
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen | None = None
        self.starts = 0
        self._wanted = False
        dropped = ("PUG_", "DJANGO_", "PYTEST_", "DATABASE_URL", "COV_")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(dropped)},
            "PUG_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PUG_VAR": str(folder / "var"),
            "PUG_SECRET_KEY": "for-tests-only-" + "0123456789" * 4,
            "PUG_API_PER_MINUTE": "1000000",  # one key sends what hundreds of phones would
            "DATABASE_URL": self.database.url,
            **environ,
        }

    # -- Commands --------------------------------------------------------------
    def manage(self, *words: str, code: int | None = 0) -> str:
        """What `manage.py …` prints; `code`: how it has to end, None for any way."""
        command = [sys.executable, "manage.py", *words]
        said = {"capture_output": True, "text": True, "timeout": 600, "check": False}
        done = subprocess.run(command, cwd=ROOT, env=self.environ, **said)
        assert code is None or done.returncode == code, (done.stdout + done.stderr)[-2000:]
        return done.stdout

    def ask(self, code: str):
        """The JSON that the last line of `code` prints, run inside the portal."""
        return json.loads(self.manage("shell", "-v", "0", "-c", code).splitlines()[-1])

    # -- Life ------------------------------------------------------------------
    def prepare(self) -> None:
        """Tables, and what serving asks for."""
        self.manage("migrate", "-v", "0")
        self.lay_static()

    def lay_static(self) -> None:
        static = Path(self.environ["PUG_VAR"]) / "static"
        static.mkdir(parents=True, exist_ok=True)
        (static / "staticfiles.json").write_text("{}")  # tools ask for no style sheet

    def __enter__(self) -> Portal:
        self.database.start()
        self.prepare()
        self.start()
        return self

    def __exit__(self, *trouble) -> None:
        self._end()
        self.database.stop()

    def start(self) -> None:
        self._wanted = True
        self._launch()
        if self.supervised:
            Thread(target=self._supervise, args=(self.process,), daemon=True).start()
        self.await_answer()

    def _launch(self) -> None:
        with (self.folder / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1

    def _supervise(self, process: subprocess.Popen) -> None:
        """What ends without being asked to is started anew after a moment."""
        while self._wanted:
            process.wait()
            time.sleep(0.5)
            if not self._wanted or self.process is not process:
                return
            self._launch()
            process = self.process

    def await_answer(self, limit: float = PATIENCE) -> None:
        deadline = time.monotonic() + limit
        while not self.answers():
            assert time.monotonic() < deadline, (self.folder / "serve.log").read_text()[-2000:]
            time.sleep(0.1)

    def answers(self, path: str = "/healthz/", patience: float = 2) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=patience) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    # -- Blows -----------------------------------------------------------------
    def kill_worker(self) -> None:
        """SIGKILL to one serving process in the middle of its work; its master starts another."""
        workers = self._await(self.workers)
        processes.kill(workers[self.starts % len(workers)])

    def kill_master(self) -> None:
        """SIGKILL to the web server; `serve` ends for it and is started again."""
        processes.kill(*self._await(self._granian))

    def reload(self) -> None:
        """SIGHUP, as after an upgrade: serving processes are replaced one after another."""
        self.process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """SIGKILL to all of it, then start it again."""
        self._end()
        self.start()

    def workers(self) -> list[int]:
        """The serving processes themselves; a helper of Python's that spawns them is none."""
        found = [pid for master in self._granian() for pid in processes.children(master)]
        return [pid for pid in found if b"resource_tracker" not in processes.command_line(pid)]

    def _granian(self) -> list[int]:
        found = processes.children(self.process.pid)
        return [pid for pid in found if b"granian" in processes.command_line(pid)]

    @staticmethod
    def _await(found, limit: float = 30) -> list[int]:
        deadline = time.monotonic() + limit
        while not (pids := found()):
            assert time.monotonic() < deadline, "no serving process was found"
            time.sleep(0.05)
        return pids

    def _end(self) -> None:
        self._wanted = False
        if self.process is None:
            return
        processes.kill(self.process.pid, *processes.family(self.process.pid))
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process = None
