"""`manage.py serve`: its programs live and end together, and trouble is told in a sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

#: The database of the run has to stand, for its tables are copied.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150  # seconds; a busy machine starts slowly


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory, lay_tables):
    """A demo's environment with a database and static files of its own."""
    var = tmp_path_factory.mktemp("var")
    lay_tables(var)
    environment = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        "PUG_DEMO": "1",
        "PUG_VAR": str(var),
    }
    manage(environment, "collectstatic", "--no-input", "-v0", check=True)
    return environment


def manage(environment, *arguments, **options):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **options,
    )


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def serving(surroundings, port):
    """The running command, after it has told its address."""
    command = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = ""
    for line in command.stdout:
        told += line
        if "Portal PUG is at" in line:
            break
    assert f"http://127.0.0.1:{port}/" in told
    yield command
    command.terminate()  # killed, it would leave its programs behind
    command.wait(PATIENCE)


def children_of(pid: int) -> dict[str, int]:
    """What a process started, by the word that tells it apart: {"db_worker": pid, "granian": …}."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = words_of(child)
        for name in ("db_worker", "granian", "tend"):
            if name in words:
                found[name] = int(child)
    return found


def words_of(pid: str) -> str:
    """The command of a process; nothing when it has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def ended(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.1)
    return False


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  our own
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code


def test_interrupt_stops_all_programs_cleanly(serving, port):
    children = children_of(serving.pid)
    assert children.keys() == {"db_worker", "granian", "tend"}
    assert status_of(f"http://127.0.0.1:{port}/readyz/") == 200
    assert status_of(f"http://127.0.0.1:{port}/static/tidak-ada.css") == 404

    serving.send_signal(signal.SIGINT)
    told, _ = serving.communicate(timeout=PATIENCE)

    assert serving.returncode == 0
    assert told.rstrip().endswith("Stopped.")
    assert all(ended(pid) for pid in children.values())
    with pytest.raises(urllib.error.URLError):
        status_of(f"http://127.0.0.1:{port}/healthz/")


def test_web_server_dying_stops_the_others(serving, port):
    children = children_of(serving.pid)

    os.kill(children["granian"], signal.SIGKILL)
    told, _ = serving.communicate(timeout=PATIENCE)

    assert serving.returncode == 1
    assert "The web server ended" in told
    assert all(ended(pid) for pid in children.values())
    with pytest.raises(urllib.error.URLError):
        status_of(f"http://127.0.0.1:{port}/healthz/")


def test_background_programs_come_again_and_the_portal_stays(serving, port):
    """A database that goes away takes them along; pages do not wait for that."""
    before = children_of(serving.pid)
    for name in ("db_worker", "tend"):
        os.kill(before[name], signal.SIGKILL)

    after = renewed(serving.pid, before, {"db_worker", "tend"})

    assert after["granian"] == before["granian"]
    assert status_of(f"http://127.0.0.1:{port}/healthz/") == 200


def test_hangup_puts_new_processes_in_place_of_the_old(serving, port):
    """After an upgrade: somebody listens all the while, and nothing of before still works."""
    before = children_of(serving.pid)
    old = workers_of(before["granian"])

    serving.send_signal(signal.SIGHUP)
    after = renewed(serving.pid, before, {"db_worker", "tend"})
    deadline = time.monotonic() + PATIENCE
    while old & workers_of(after["granian"]) and time.monotonic() < deadline:
        assert answered(f"http://127.0.0.1:{port}/healthz/") == 200

    assert after["granian"] == before["granian"]
    assert old
    assert not old & workers_of(after["granian"])
    assert status_of(f"http://127.0.0.1:{port}/healthz/") == 200


def answered(address: str) -> int:
    """Asked as a browser asks, which repeats what was hung up on before a word came back.

    On a port each process has a queue of its own, and the kernel drops what waits in the one that
    goes; on the socket of an installation all share one (deploy/systemd/pug-web.service).
    """
    try:
        return status_of(address)
    except ConnectionResetError:  # also when nothing at all came back
        return status_of(address)


def renewed(pid: int, before: dict[str, int], names: set[str]) -> dict[str, int]:
    """What runs when each of these is another process than before."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = children_of(pid)
        if names <= now.keys() and all(now[name] != before[name] for name in names):
            return now
        time.sleep(0.1)
    raise AssertionError(f"{names} did not come again: {before} {children_of(pid)}")


def workers_of(granian: int) -> set[int]:
    found = Path(f"/proc/{granian}/task/{granian}/children").read_text().split()
    return {int(pid) for pid in found if "granian" in words_of(pid)}


def test_demonstration_stays_on_this_machine(surroundings):
    refused = manage(surroundings, "serve", "--host", "0.0.0.0")  # noqa: S104
    assert refused.returncode == 1
    assert "serves this machine only, not 0.0.0.0" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_port_in_use_is_told_in_a_sentence(surroundings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = manage(surroundings, "serve", "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_missing_static_files_are_told(surroundings, tmp_path):
    refused = manage({**surroundings, "PUG_VAR": str(tmp_path)}, "serve")
    assert refused.returncode == 1
    assert "manage.py collectstatic" in refused.stderr
