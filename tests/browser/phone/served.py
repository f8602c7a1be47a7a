"""The portal as it runs in service, with a database of its own: both can be killed.

with Portal(tmp_path) as portal:
    portal.kill_worker()
    portal.database.crash()
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from . import ledger

HELD = """
import json
from tests.browser.phone import ledger
print(json.dumps(ledger.held()))
"""


class Postgres:
    """A private PostgreSQL that writes to the disk before it says "committed"."""

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="pug-drill-"))
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.url = f"postgresql://postgres@/postgres?host={self.home}"
        self.who = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            self.who = "postgres"
            shutil.chown(self.home, self.who)
        self._do("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale")

    def _do(self, program: str, *options: str) -> None:
        command = [str(self.bin / program), "-D", str(self.home / "data"), *options]
        with (self.home / "pg_ctl.log").open("a") as log:
            said = {"stdout": log, "stderr": log}
            subprocess.run(command, cwd="/", user=self.who, check=True, timeout=60, **said)

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.home}'"
        self._do("pg_ctl", "-l", str(self.home / "log"), "-w", "-o", options, "start")

    def crash(self) -> None:
        """As when the power goes: no farewell, recovery at the next start."""
        self._do("pg_ctl", "-m", "immediate", "-w", "stop")
        self.start()

    def stop(self) -> None:
        with suppress(subprocess.SubprocessError):
            self._do("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.home, ignore_errors=True)


class Portal:
    """`manage.py serve` on a port of its own, with the data of `SEED`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.database = Postgres()
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen | None = None
        dropped = ("PUG_", "DJANGO_", "PYTEST_", "DATABASE_URL")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(dropped)},
            "PUG_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "tests.unjoined",
            "PUG_VAR": str(folder / "var"),
            "PUG_SECRET_KEY": "for-tests-only-" + "0123456789" * 4,
            "DATABASE_URL": self.database.url,
        }

    def manage(self, *words: str) -> str:
        """What `manage.py …` prints."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def ask(self, code: str):
        """The JSON that the last line of `code` prints, run inside the portal."""
        return json.loads(self.manage("shell", "-v", "0", "-c", code).splitlines()[-1])

    def held(self) -> ledger.Held:
        return ledger.Held(*self.ask(HELD))

    def __enter__(self) -> Portal:
        self.database.start()
        self.manage("migrate", "-v", "0")
        self.manage("collectstatic", "--noinput", "-v", "0")
        manifest = Path(self.environ["PUG_VAR"]) / "static" / "staticfiles.json"
        manifest.write_text("{}")  # what serving asks for; names are as written here
        self.start()
        return self

    def __exit__(self, *trouble) -> None:
        self._end()
        self.database.stop()

    def start(self) -> None:
        with (self.folder / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=settings.BASE_DIR,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "serve.log").read_text()[-2000:]
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz/", timeout=2) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill_worker(self) -> None:
        """SIGKILL to one serving process in the middle of its work; its master starts another."""
        [master] = self._granian()
        workers = _children(master)
        assert workers, "no serving process was found"
        os.kill(workers[0], signal.SIGKILL)

    def restart(self) -> None:
        """SIGKILL to all of it, then start it again."""
        self._end()
        self.start()

    def _granian(self) -> list[int]:
        found = _children(self.process.pid)
        return [pid for pid in found if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def _end(self) -> None:
        if self.process is None:
            return
        for pid in [self.process.pid, *_family(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            # The name may hold spaces and brackets: the parent stands two words behind its end.
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def _family(parent: int) -> list[int]:
    return [pid for child in _children(parent) for pid in (child, *_family(child))]
