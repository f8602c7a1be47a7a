"""Processes of this machine, as Linux tells of them."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            # The name may hold spaces and brackets: the parent stands two words behind its end.
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def family(parent: int) -> list[int]:
    """Children, their children, and so on."""
    return [pid for child in children(parent) for pid in (child, *family(child))]


def command_line(pid: int) -> bytes:
    """b"" for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill(*pids: int, how: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def status_of(pid: int, word: str) -> int:
    """The number behind a word of /proc/PID/status, as "VmRSS" (kB) or "Threads"; 0 when gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{word}:"):
                return int(line.split()[1])
    return 0
