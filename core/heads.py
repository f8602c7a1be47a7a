"""The head of the audit chain at a second place: a file that grows by a line a day, and a letter.

A line is `position hash time`. The place should be one that the administrators of the database
cannot write to at will: a share of another office, a write-once store.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.mail import send_mail

from .chain import Head
from .errors import Problem, Refused

FILE = "audit-heads.txt"
_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)")


class Written(NamedTuple):
    """A head as it was written on some day."""

    position: int
    hash: str
    at: str

    @property
    def day(self) -> str:
        return self.at[:10]

    def __str__(self) -> str:
        return f"{self.position} {self.hash} {self.at}"


def line_of(head: Head, now: datetime) -> Written:
    return Written(*head, now.astimezone(UTC).isoformat(timespec="seconds"))


def read(folder: Path) -> list[Written]:
    """The heads written there so far; none where there is no file yet.

    Refused: the folder or the file cannot be read, or a line is no head.
    """
    _must_stand(folder)
    try:
        text = (folder / FILE).read_text("ascii")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as broken:
        raise _refused(f"{folder / FILE} cannot be read: {broken}") from broken
    return [_parsed(line, number) for number, line in enumerate(text.splitlines(), 1)]


def write(folder: Path, written: Written) -> bool:
    """Add a head, on the disk when this returns; False where the same one is the last already.

    Refused: the folder cannot be written to.
    """
    if [(one.position, one.hash, one.day) for one in read(folder)[-1:]] == [
        (written.position, written.hash, written.day)
    ]:
        return False
    try:
        with (folder / FILE).open("a", encoding="ascii") as file:
            file.write(f"{written}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as broken:
        raise _refused(f"{folder / FILE} cannot be written: {broken}") from broken
    return True


def send(subject: str, text: str) -> int:
    """The letter to the auditors of PUG_AUDIT_MAIL; how many addresses it went to."""
    if settings.AUDIT_MAIL:
        send_mail(subject, text, None, settings.AUDIT_MAIL)
    return len(settings.AUDIT_MAIL)


def _must_stand(folder: Path) -> None:
    if not folder.is_dir():
        raise _refused(f"{folder} is no folder: is the second place mounted?")


def _parsed(line: str, number: int) -> Written:
    found = _LINE.fullmatch(line)
    if not found:
        raise _refused(f"line {number} of {FILE} is no head")
    return Written(int(found[1]), found[2], found[3])


def _refused(text: str) -> Refused:
    return Refused(Problem("", "audit_heads", text))
