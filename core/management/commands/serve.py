"""Serve the portal with Granian and run the programs of settings.SERVE_BESIDE beside it."""

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

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PATIENCE = 15  # seconds a program gets to finish what it has in hand


class Command(BaseCommand):
    help = "Serve with Granian and run the background programs; Ctrl-C stops all."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="serving processes")

    def handle(self, *, host: str, port: int, workers: int, **options):
        _refuse(host, port)
        get_wsgi_application()  # what cannot be imported says so once, here
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        programs: dict[str, subprocess.Popen] = {}
        try:
            programs["web server"] = _start(*_granian(host, port, workers))
            for name, command in settings.SERVE_BESIDE.items():
                programs[name] = _start(sys.executable, *_manage(command))
            self._announce(host, port, programs)
            _await_an_end(programs)
        except SystemExit:
            self.stdout.write("Stopping …")
        finally:
            _stop(programs)
        self.stdout.write("Stopped.")

    def _announce(self, host: str, port: int, programs: dict[str, subprocess.Popen]) -> None:
        """Wait for the first answer, then tell the address."""
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        while not _answers(f"{address}healthz/"):
            _refuse_the_dead(programs)
            time.sleep(0.1)
        self.stdout.write(self.style.SUCCESS(f"Portal PUG is at {address}  (Ctrl-C stops it)"))
        self.stdout.flush()


def _refuse(host: str, port: int) -> None:
    """Say in words why serving cannot begin."""
    if settings.PUG_DEMO and host not in LOOPBACK:
        raise CommandError(
            f"The demonstration has public passwords and serves this machine only, not {host}."
        )
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise CommandError("Static files are missing. Run first: manage.py collectstatic")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({reason.strerror}). "
                f"Choose another, for instance: PORT={port + 1} make demo"
            ) from reason


def _granian(host: str, port: int, workers: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi"),
        *("--host", host),
        *("--port", str(port)),
        *("--workers", str(workers)),
        *("--blocking-threads", "4"),
        *("--log-level", "warning"),
        "--no-ws",
        "--respawn-failed-workers",
        "pug_portal.wsgi:application",
    ]


def _manage(command: list[str]) -> list[str]:
    return [str(settings.BASE_DIR / "manage.py"), *command]


def _start(*command: str) -> subprocess.Popen:
    """Start a program out of the terminal's reach: only this one hears Ctrl-C, and passes it on."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own address
            return answer.status == 200
    except urllib.error.HTTPError:
        return True  # it serves; a host name it does not know is not this command's concern
    except OSError:
        return False


def _await_an_end(programs: dict[str, subprocess.Popen]) -> None:
    while True:
        _refuse_the_dead(programs)
        time.sleep(0.5)


def _refuse_the_dead(programs: dict[str, subprocess.Popen]) -> None:
    for name, program in programs.items():
        if program.poll() is not None:
            raise CommandError(f"The {name} ended (exit {program.returncode}); stopping the rest.")


def _leave(signum, frame):
    raise SystemExit


def _stop(programs: dict[str, subprocess.Popen]) -> None:
    """Ask every program to end, wait for what it has in hand, then insist.

    A program that was killed leaves its own processes behind; its group goes with it.
    """
    for program in programs.values():
        if program.poll() is None:
            program.terminate()
    deadline = time.monotonic() + PATIENCE
    for program in programs.values():
        with suppress(subprocess.TimeoutExpired):
            program.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
