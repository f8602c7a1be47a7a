"""R15: 500 records from a real Chromium's queue into the database, which is F25 of the phone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ..ground import Ground
from ..ledger import Count
from ..portal import ROOT

RECORDS = 500


def to_database(_ground: Ground) -> Count:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pug-phone-") as folder:
        book = Path(folder) / "book.jsonl"
        environ = {**os.environ, "DRILL": "1", "DRILL_LEDGER": str(book)}
        test = ["tests/browser/phone/test_failures_long.py", "-k", "test_f25", "-n0"]
        command = [sys.executable, "-m", "pytest", *test]
        said = {"capture_output": True, "text": True, "check": False, "timeout": 1800}
        done = subprocess.run(command, cwd=ROOT, env=environ, **said)
        lines = book.read_text().splitlines() if book.exists() else []
    assert lines, done.stdout[-1500:]
    return _counted(json.loads(lines[-1]), done, time.monotonic() - begun)


def _counted(line: dict, done, seconds: float) -> Count:
    faults = {name: line[name] for name in line if name.endswith(("killed", "crashed"))}
    count = Count(
        "R15",
        sent=line["sent"],
        tries=line["sent"] + line.get("failed_posts", 0),
        acked=line["received"],
        held=line["received"],
        lost=line["lost"],
        double=line["double"],
        phantom=0,
        pending=line["sent"] - line["received"],
        faults=faults,
        seconds=seconds,
    )
    count.require(count.is_clean, "the sides differ")
    count.require(count.sent == RECORDS, f"{count.sent} records instead of {RECORDS}")
    count.require(done.returncode == 0, f"the phone's drill failed: {done.stdout[-300:]!r}")
    return count
