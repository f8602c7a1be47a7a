"""The newest line of each drill, in its own words: python -m drills.book."""

from __future__ import annotations

import json

from .ledger import FILE


def newest(text: str) -> list[str]:
    """The last line of each drill, the one that ran last at the end."""
    lines: dict[str, str] = {}
    for one in map(json.loads, text.splitlines()):
        lines.pop(one["id"], None)
        lines[one["id"]] = one["line"]
    return list(lines.values())


if __name__ == "__main__":
    found = newest(FILE.read_text()) if FILE.exists() else []
    print("\n".join(found))
