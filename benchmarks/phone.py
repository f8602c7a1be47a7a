"""The village head's phone: how long she waits on a weak line, and what travels over it.

A cheap phone is a sixth of this machine's processor; the line is road.py's. "Usable" is the mark
that static/js/phone/main.js sets: the page is drawn and its buttons work.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Playwright, sync_playwright

from accounts.models import User

from .goals import Goal
from .road import SlowRoad

ROUNDS = 5
SLOWER = 6  # times: the processor of a cheap phone
PORT = 8797
HEAD = "kades"  # the demonstration's village head
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
USABLE = "() => performance.getEntriesByName('usable')[0]?.startTime ?? null"
KEPT = """async () =>
  (await navigator.serviceWorker.getRegistration("/desa/"))?.active?.state === "activated"
"""


@contextmanager
def portal(**more: str) -> Iterator[str]:
    """The demonstration as it serves in earnest: packed files, Granian. Yields its address.
    `more`: environment variables besides."""
    environment = {
        **os.environ,
        "PUG_DEMO": "1",
        "PUG_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        **more,
    }
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    pack = ["collectstatic", "--no-input", "-v", "0", "--ignore", "redoc"]
    subprocess.run([*manage, *pack], env=environment, check=True)
    serving = subprocess.Popen([*manage, "serve", "--port", str(PORT)], env=environment)
    try:
        _await(f"http://localhost:{PORT}/healthz/")
        yield f"http://localhost:{PORT}"
    finally:
        serving.terminate()
        serving.wait(30)


def _await(address: str) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer")


def signed_in() -> str:
    """The session of the demonstration's village head."""
    client = Client()
    client.force_login(User.objects.get(username=HEAD))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def measure(session: str) -> list[Goal]:
    """First, repeated and offline start of the home page; medians of ROUNDS phones."""
    rounds = []
    with sync_playwright() as playwright:
        for _ in range(ROUNDS):
            with SlowRoad(PORT) as road, tempfile.TemporaryDirectory() as folder:
                rounds.append(_one_phone(playwright, road, Path(folder), session))
    medians = [statistics.median(values) for values in zip(*rounds, strict=True)]
    first, carried, kept, again, offline = medians
    return [
        Goal("T1", "home, first load, 400 kbit/s, 400 ms, CPU/6", "ms", first, 5000),
        Goal("T2", "home, repeated", "ms", again, 2000),
        Goal("T3", "home, started without signal", "ms", offline, 1000),
        Goal("T4", "carried until the first load is usable", "kB", carried, 100),
        Goal("T5", "carried with all that is kept for days without signal", "kB", kept, 100),
    ]


def _one_phone(playwright: Playwright, road: SlowRoad, folder: Path, session: str):
    """First (ms), carried by then (kB), carried in all (kB), again (ms), offline (ms)."""
    page = _switch_on(playwright, road, folder, session)
    first = _usable(page)
    carried = road.carried / 1000
    _until_kept(page)
    kept = road.carried / 1000
    again = _usable(page)
    page.wait_for_load_state("networkidle")
    page.context.close()

    road.open = False
    page = _switch_on(playwright, road, folder, session)
    offline = _usable(page)
    page.context.close()
    return first, carried, kept, again, offline


def _switch_on(playwright: Playwright, road: SlowRoad, folder: Path, session: str) -> Page:
    context = playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=shutil.which("chromium"),
        args=list(FLAGS),
        base_url=road.url,
        viewport={"width": 360, "height": 740},
        service_workers="allow",
    )
    context.set_default_timeout(60_000)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": road.url}
    context.add_cookies([cookie])
    page = context.pages[0]
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _usable(page: Page) -> float:
    """Milliseconds from the press on the address to a home page that is drawn and works."""
    page.goto("/desa/", wait_until="commit")
    page.wait_for_function(USABLE)
    return page.evaluate(USABLE)


def _until_kept(page: Page) -> None:
    """Wait until the worker has brought everything home."""
    deadline = time.monotonic() + 60
    while not page.evaluate(KEPT):
        if time.monotonic() > deadline:
            raise TimeoutError("the worker did not get everything it keeps")
        page.wait_for_timeout(200)
