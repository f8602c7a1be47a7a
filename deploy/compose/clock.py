"""The clock of a container: runs the lines of deploy/systemd/tasks.table that name its own system
user, as the server's timers do. One at a time; what was missed while it stood still is made up
for once; a command that fails is written down and the next one has its turn.
"""

from __future__ import annotations

import os
import pwd
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

SYSTEMD = Path(__file__).resolve().parent.parent / "systemd"
CODE = SYSTEMD.parent.parent
PATIENCE = 6 * 60 * 60  # seconds a command may take; TimeoutStartSec of task.service
PAUSE = 20  # seconds between two looks at the time
GRACE = 60  # seconds a command gets to end after SIGTERM
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(WEEK)
_WHEN = re.compile(rf"(?:({_DAY})(?:\.\.({_DAY}))? )?\*-\*-\* ([01]\d|2[0-3]):([0-5]\d)")


class Moment(NamedTuple):
    """The part of systemd.time that the table uses: some days of the week, one time of day."""

    days: range  # 0 is Monday
    hour: int
    minute: int

    def last(self, now: datetime) -> datetime:
        """The latest such moment that is not after `now`, in its zone."""
        at = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        while at > now or at.weekday() not in self.days:
            at -= timedelta(days=1)
        return at


class Task(NamedTuple):
    name: str
    moment: Moment
    user: str
    command: list[str]


def moment(text: str) -> Moment:
    """ValueError: it says more than this clock understands."""
    if not (found := _WHEN.fullmatch(text)):
        raise ValueError(f"this clock does not understand {text!r}")
    first, last, hour, minute = found.groups()
    begin = WEEK.index(first) if first else 0
    end = WEEK.index(last or first) if first else len(WEEK) - 1
    if end < begin:
        raise ValueError(f"the week begins on Monday: {text!r}")
    return Moment(range(begin, end + 1), int(hour), int(minute))


def tasks(table: str, user: str) -> Iterator[Task]:
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, when, owner, _role, command = (cell.strip() for cell in line.split("|"))
        if owner == user:
            yield Task(name, moment(when), owner, command.split())


def zone() -> ZoneInfo:
    """The one that the server's timers count in."""
    return ZoneInfo(re.search(r"@WHEN@ (\S+)", (SYSTEMD / "task.timer").read_text())[1])


def is_due(task: Task, stamp: Path, now: datetime) -> bool:
    """A task that never ran begins with its next moment, not at once (systemd's Persistent=)."""
    if not stamp.exists():
        stamp.touch()
    return task.moment.last(now).timestamp() > stamp.stat().st_mtime


def run(task: Task) -> None:
    print(f"clock: {task.name}: manage.py {' '.join(task.command)}", flush=True)
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "manage.py", *task.command], cwd=CODE) as child:
        try:
            code = child.wait(PATIENCE)
        except BaseException as reason:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
            if not isinstance(reason, subprocess.TimeoutExpired):
                raise
            code = "too long"
    print(f"clock: {task.name}: ended ({code}), {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    user = pwd.getpwuid(os.getuid()).pw_name
    mine = list(tasks((SYSTEMD / "tasks.table").read_text(), user))
    stamps, place = Path(os.environ["PUG_VAR"]) / "clock", zone()
    print(f"clock: {', '.join(task.name for task in mine)}, as {user}", flush=True)
    while True:
        for task in mine:
            if is_due(task, stamps / task.name, datetime.now(place)):
                (stamps / task.name).touch()
                run(task)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
