"""The ledger on paper: lines of JSON, and the table that people read.

.venv/bin/python -m tests.browser.phone.book var/drill.jsonl
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

FILE = "DRILL_LEDGER"  # names a file to append to, as scripts/drill.sh does
COLUMNS = ("id", "sent", "received", "lost", "double", "seconds", "words")
HEAD = f"{'id':<18}{'sent':>6}{'received':>10}{'lost':>6}{'double':>8}{'seconds':>9}  facts, words"

lines: list[dict] = []


def write(line: dict) -> None:
    lines.append(line)
    if os.environ.get(FILE):
        with Path(os.environ[FILE]).open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def table(rows: Iterable[dict]) -> str:
    return "\n".join([HEAD, *map(_row, rows)])


def _row(line: dict) -> str:
    facts = [f"{name} {value}" for name, value in line.items() if name not in COLUMNS]
    said = [f"“{words}”" for words in line["words"]]
    return (
        f"{line['id']:<18}{line['sent']:>6}{line['received']:>10}{line['lost']:>6}"
        f"{line['double']:>8}{line['seconds']:>9}  " + " · ".join(facts + said)
    )


if __name__ == "__main__":
    kept = Path(sys.argv[1]).read_text().splitlines()
    sys.stdout.write(table(json.loads(line) for line in kept) + "\n")
