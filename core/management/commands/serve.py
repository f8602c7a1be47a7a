"""Serve the portal with Granian and run the programs of settings.SERVE_BESIDE beside it."""

import json
import logging
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
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application

from core import logs
from core.checks import START

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PATIENCE = 15  # seconds a program gets to finish what it has in hand
PAUSE = 3.0  # seconds before a background program that ended is started again
OVERLAP = 10  # seconds that old and new serving processes work side by side
WEB = "web server"
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Serve with Granian and run the background programs; Ctrl-C stops all, SIGHUP puts new "
        "processes in the place of the old ones, one after another."
    )
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
            programs[WEB] = _start(*_granian(host, port, workers))
            for name, command in settings.SERVE_BESIDE.items():
                programs[name] = _start(sys.executable, *_manage(command))
            asked: list[int] = []
            signal.signal(signal.SIGHUP, lambda number, frame: asked.append(number))
            self._announce(host, port, programs)
            _await_an_end(programs, asked)
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
    if settings.DEBUG and host not in LOOPBACK:
        raise CommandError(f"PUG_DEBUG=1 shows the portal's inside; not on {host}.")
    if not (settings.DEBUG or settings.PUG_DEMO):
        _refuse_unfit()
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


def _refuse_unfit() -> None:
    """What a service in earnest must fulfil (core/checks.py)."""
    found = run_checks(tags=[START], include_deployment_checks=True, databases=["default"])
    if grave := [one for one in found if one.is_serious()]:
        raise CommandError("\n".join(f"{one.msg} {one.hint or ''}".strip() for one in grave))


def _granian(host: str, port: int, workers: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi"),
        *("--host", host),
        *("--port", str(port)),
        *("--workers", str(workers)),
        *("--blocking-threads", "4"),
        *("--log-level", "warning"),
        *("--log-config", str(_log_config())),
        "--no-ws",
        "--respawn-failed-workers",
        # At SIGHUP an old process goes so long after its successor began: each listens for itself,
        # and with the default of 3.5 seconds nobody would while a busy machine imports.
        *("--respawn-interval", str(OVERLAP)),
        "pug_portal.wsgi:application",
    ]


def _log_config() -> Path:
    """Granian's own lines in the shape of all others."""
    path = Path(settings.VAR_DIR) / "granian-log.json"
    path.write_text(json.dumps(logs.granian(settings.LOG_FORM)))
    return path


def _manage(command: list[str]) -> list[str]:
    return [str(settings.BASE_DIR / "manage.py"), *command]


def _start(*command: str) -> subprocess.Popen:
    """Start a program out of the terminal's reach: only this one hears Ctrl-C, and passes it on."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        # Granian reads its log's shape, which is ours, before it looks into this folder.
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(settings.BASE_DIR)},
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


def _await_an_end(programs: dict[str, subprocess.Popen], asked: list[int]) -> None:
    """`asked`: signals to begin anew, as they come in."""
    due: dict[str, float] = {}
    while True:
        _refuse_the_dead({WEB: programs[WEB]})
        _revive(programs, due)
        if asked:
            asked.clear()
            _renew(programs)
        time.sleep(0.5)


def _revive(programs: dict[str, subprocess.Popen], due: dict[str, float]) -> None:
    """A background program that ended is started again after a pause, for a database that went
    away takes it along; pages and receipts do not wait for that. `due`: when, by name.
    """
    for name, command in settings.SERVE_BESIDE.items():
        code = programs[name].poll()
        if code is None:
            continue
        if name not in due:
            due[name] = time.monotonic() + PAUSE
            _log.error("The %s ended (exit %s); it is started again.", name, code)
        elif due[name] <= time.monotonic():
            del due[name]
            programs[name] = _start(sys.executable, *_manage(command))


def _renew(programs: dict[str, subprocess.Popen]) -> None:
    """After an upgrade or a change of settings in files: new processes with the code of now.

    The web server keeps its address and changes its processes itself, so that nobody is turned
    away; the others finish what they have in hand.
    """
    programs[WEB].send_signal(signal.SIGHUP)
    for name, command in settings.SERVE_BESIDE.items():
        _stop({name: programs[name]})
        programs[name] = _start(sys.executable, *_manage(command))


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
