"""Workbooks from outside, opened where they can do no harm: bytes in, rows out.

Run as a program this file is the child that opens the workbook: limited in time and memory, and
without Django. A workbook of a thousand bytes can name a cell in the last row and column, or
repeat one long text without end; its reader then asks for more memory than there is, and is
ended on the spot. That breaks the child alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

SECONDS_OF_WORK = {"head": 3, "rows": 30}  # of the child's processor
SECONDS_OF_WAITING = 60  # of ours, for a machine that is busy
MOST_MEMORY = 1_000_000_000  # bytes of address space: 50,000 full rows take a quarter
MOST_WRITTEN = 300_000_000  # bytes of rows
AT_ONCE = 2  # children of one process

_REFUSED = 3  # exit code of the child: the workbook's fault, not ours
_seats = BoundedSemaphore(AT_ONCE)


class NotAWorkbook(ValueError):
    """No workbook that can be opened within the limits."""


class TooBusy(Exception):
    """It was not opened: the machine had no time. The same bytes may be tried again."""


class Rows:
    """The rows of the first sheet, from its first; as often as they are asked, none of them held.

    `what`: "rows", or "head" for the first row alone, which has to be told quickly.
    """

    def __init__(self, content: bytes, what: str = "rows"):
        # Gone with this object; each reader opens it for herself.
        self._file = tempfile.NamedTemporaryFile(prefix="pug-sheet-")  # noqa: SIM115
        if not _seats.acquire(timeout=SECONDS_OF_WAITING):
            raise TooBusy
        try:
            _ask_child(content, what, self._file)
        finally:
            _seats.release()

    def __iter__(self) -> Iterator[list[Any]]:
        with Path(self._file.name).open(encoding="ascii") as lines:
            for line in lines:
                yield json.loads(line, object_hook=_meant)


def _ask_child(content: bytes, what: str, file: IO[bytes]) -> None:
    command = [sys.executable, "-I", "-B", str(Path(__file__).resolve()), what]
    try:
        done = subprocess.run(  # noqa: S603 - our own file; the workbook comes by stdin
            command,
            input=content,
            stdout=file,
            stderr=subprocess.PIPE,
            timeout=SECONDS_OF_WAITING,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as trouble:
        raise TooBusy from trouble
    if done.returncode == _REFUSED or done.returncode < 0:  # below 0: ended at a limit
        raise NotAWorkbook
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-1000:])


def _meant(told: dict[str, str]) -> Any:
    return date.fromisoformat(told["d"]) if "d" in told else datetime.fromisoformat(told["t"])


# -- The child -------------------------------------------------------------------


def _limit(seconds: int) -> None:
    import resource as limits

    limits.setrlimit(limits.RLIMIT_CPU, (seconds, seconds))
    limits.setrlimit(limits.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    limits.setrlimit(limits.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    limits.setrlimit(limits.RLIMIT_CORE, (0, 0))


def _told(cell: Any) -> Any:
    """A day and a moment come back as such; hours and spans as the text they are."""
    if isinstance(cell, datetime):
        return {"t": cell.isoformat()}
    return {"d": cell.isoformat()} if isinstance(cell, date) else str(cell)


def _write(content: bytes, what: str, write: Callable[[str], Any]) -> None:
    from io import BytesIO
    from itertools import islice

    from python_calamine import CalamineWorkbook

    line = json.JSONEncoder(default=_told).encode
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    found = sheet.to_python(skip_empty_area=False, nrows=1)
    write(line(found[0] if found else []) + "\n")
    if what == "head" or sheet.start is None:
        return
    # Empty rows above the first cell come along, empty columns before it do not.
    padding = [""] * sheet.start[1]
    for cells in islice(sheet.iter_rows(), 1, None):
        write(line([*padding, *cells]) + "\n")


def _main(what: str) -> int:
    _limit(SECONDS_OF_WORK[what])
    import python_calamine  # noqa: F401 - a missing one is our fault: found out before the workbook

    try:
        _write(sys.stdin.buffer.read(), what, sys.stdout.write)
        sys.stdout.flush()
    except BaseException as trouble:  # a panic of the reader is no Exception
        sys.stderr.write(repr(trouble)[:1000])
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
