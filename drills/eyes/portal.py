"""A demonstration of its own to look at: a folder that is thrown away, a free port, every role."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "paser-demo-2026"
ROLES = (
    *("officer", "kecamatan", "kades", "pendamping", "opd"),
    *("kepala-dinas", "bappeda", "pimpinan", "auditor"),
)
PATIENCE = 300  # seconds to make the demonstration
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def portal() -> Iterator[str]:
    """The address of a fresh demonstration, gone afterwards with all it held."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="pug-eyes-") as folder:
        environment = os.environ | {"PUG_VAR": folder, "PORT": str(port)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        with (Path(folder) / "log").open("w") as log:
            said = {"stdout": log, "stderr": log, "start_new_session": True}
            served = subprocess.Popen(["scripts/demo.sh"], cwd=ROOT, env=environment, **said)
        try:
            _await(f"http://127.0.0.1:{port}/healthz/", served)
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()
            served.wait(timeout=60)


def _await(address: str, served: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and served.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("The demonstration did not begin.")


class Visitor:
    """One person with a browser's cookies and no script; nobody when she has no name."""

    def __init__(self, base: str, name: str = ""):
        self.base, self.name, self.jar = base, name, CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), _Staying()
        )
        if name:
            self._enter()

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one page; redirects are told, not followed."""
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def _enter(self) -> None:
        page = self.get("/masuk/")[2].decode()
        form = {"username": self.name, "password": PASSWORD}
        form["csrfmiddlewaretoken"] = _TOKEN.search(page)[1]
        sent = urllib.parse.urlencode(form).encode()
        status, _headers, _body = self._ask(urllib.request.Request(f"{self.base}/masuk/", sent))
        if status != 302:
            raise RuntimeError(f"{self.name} could not sign in: {status}")

    def _ask(self, request) -> tuple[int, dict[str, str], bytes]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, _named(answer), answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, _named(answer), answer.read()


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def _named(answer) -> dict[str, str]:
    """Headers by their usual names: X-Frame-Options, however they were sent."""
    return {name.title(): value for name, value in answer.headers.items()}
