"""A phone that keeps what it stored: a Chromium profile on disk, which can be killed and reopened.

phone = Phone(browser.browser_type, tmp_path / "phone", network.url)
page = phone.open()
phone.kill()  # SIGKILL, as when the battery is pulled out of the app's hands
page = phone.open()  # the same profile
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Error, Page

from ..conftest import PHONE, QUIET

SCREEN_WAIT = 15_000  # ms a screen may take on a busy machine
#: Of a profile that was copied or killed; with them Chromium believes itself still running.
LOCKS = ("SingletonLock", "SingletonCookie", "SingletonSocket")


class Phone:
    """One profile of one person's phone. Errors of scripts are kept in `troubles`."""

    def __init__(self, chromium: BrowserType, folder: Path, url: str, *, executable: str):
        self._chromium, self.folder, self.url = chromium, folder, url
        self._executable = executable
        self._cookies: list[dict] = []
        self.context: BrowserContext | None = None
        self.extra: list[str] = []  # flags of Chromium for one drill
        self.options: dict = {}
        self.troubles: list[str] = []
        self.forgiven: list[str] = []  # parts of a trouble that a drill brings about itself

    def open(self) -> Page:
        """Start Chromium on the profile; its first page, empty."""
        for name in LOCKS:
            (self.folder / name).unlink(missing_ok=True)
        self.context = self._chromium.launch_persistent_context(
            str(self.folder),
            executable_path=self._executable,
            args=[*QUIET, *self.extra],
            base_url=self.url,
            viewport=PHONE,
            locale="id-ID",
            timezone_id="Asia/Makassar",
            reduced_motion="reduce",
            service_workers="allow",
            **self.options,
        )
        self.context.set_default_timeout(SCREEN_WAIT)
        # Chromium writes cookies within 30 s; a phone that signed in before today has them.
        self.context.add_cookies(self._cookies)
        self.context.on("page", self._listen)
        page = self.context.pages[0]
        self._listen(page)
        return page

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._note(f"{page.url}: {error}"))
        page.on("console", lambda line: "Content Security" in line.text and self._note(line.text))

    def _note(self, trouble: str) -> None:
        if not any(part in trouble for part in self.forgiven):
            self.troubles.append(trouble)

    @property
    def pids(self) -> list[int]:
        """Chromium's processes on this profile, and no others."""
        mark = f"--user-data-dir={self.folder}".encode()
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdecimal() and mark in _command_line(entry)
        ]

    def kill(self) -> None:
        """SIGKILL: no page, worker or database gets to say goodbye."""
        assert self.context, "the phone is off already"
        with suppress(Error):
            self._cookies = self.context.cookies()
        pids = self.pids
        assert pids, "a kill that kills nothing proves nothing"
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while self.pids and time.monotonic() < deadline:
            time.sleep(0.02)
        self._forget()

    def close(self) -> None:
        if self.context:
            with suppress(Error):
                self._cookies = self.context.cookies()
        self._forget()

    def _forget(self) -> None:
        if self.context:
            with suppress(Error):
                self.context.close()
        self.context = None

    def copy(self, folder: Path) -> Phone:
        """What lies on the disk this moment, as a second phone: all that a power cut leaves."""
        with suppress(Error):
            self._cookies = self.context.cookies() if self.context else self._cookies
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(*LOCKS, "*Cache*"))
        twin = Phone(self._chromium, folder, self.url, executable=self._executable)
        twin._cookies = list(self._cookies)
        return twin


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
