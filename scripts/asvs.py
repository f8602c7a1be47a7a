#!/usr/bin/env python3
"""ASVS 5.0, levels 1 and 2: which requirement is kept where, and which test says so.

scripts/asvs.py           print what is missing; exit code 1 when anything is
scripts/asvs.py --write   renew docs/asvs.md

The table is docs/asvs.toml. A test names what it shows: @pytest.mark.asvs("3.4.1", "3.4.5"), on a
function, or for a whole module in its `pytestmark`. A test that is always skipped shows nothing.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TABLE, PAGE, TESTS = ROOT / "docs" / "asvs.toml", ROOT / "docs" / "asvs.md", ROOT / "tests"
CHAPTERS = {
    1: "Encoding and sanitisation",
    2: "Validation and business logic",
    3: "Web front end",
    4: "API and web service",
    5: "Files",
    6: "Authentication",
    7: "Sessions",
    8: "Authorisation",
    9: "Self-contained tokens",
    10: "OAuth and OpenID Connect",
    11: "Cryptography",
    12: "Secure communication",
    13: "Configuration",
    14: "Data protection",
    15: "Secure coding and architecture",
    16: "Logging and errors",
    17: "WebRTC",
}


class Shown(NamedTuple):
    """One test and the requirement that it shows."""

    requirement: str
    file: str
    test: str
    skipped: bool


class Map(NamedTuple):
    """The table, and for each requirement the tests that show it."""

    rows: dict[str, dict]
    tests: dict[str, list[Shown]]
    troubles: list[str]

    @property
    def applicable(self) -> list[str]:
        return [one for one, row in self.rows.items() if "how" in row]

    @property
    def missing(self) -> list[str]:
        return [one for one in self.applicable if not self.tests.get(one)]


def read(table: Path = TABLE, tests: Path = TESTS) -> Map:
    rows = tomllib.loads(table.read_text())
    found: dict[str, list[Shown]] = defaultdict(list)
    troubles = [f"{one}: {why}" for one, row in rows.items() if (why := _wrong(row))]
    for one in shown_in(tests):
        if one.requirement not in rows or "out" in rows[one.requirement]:
            troubles.append(f"{one.file} {one.test}: {one.requirement} is not in the table")
        elif not one.skipped:
            found[one.requirement].append(one)
    return Map(rows, found, troubles)


def _wrong(row: dict) -> str:
    if len(row.keys() & {"how", "out", "open"}) != 1:
        return "say one of how, out, open"
    return "" if row.get("level") in (1, 2, 3) and row.get("asks") else "level or asks is missing"


def shown_in(tests: Path) -> Iterator[Shown]:
    for path in sorted(tests.rglob("test_*.py")):
        text = path.read_text()
        if "mark.asvs(" in text:
            yield from _of_module(ast.parse(text), path.relative_to(tests.parent).as_posix())


def _of_module(module: ast.Module, name: str) -> Iterator[Shown]:
    whole = [mark for node in module.body for mark in _module_marks(node)]
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = [*whole, *node.decorator_list]
            skipped = any(_is(mark, "skip") for mark in marks)
            for requirement in _named(marks):
                yield Shown(requirement, name, node.name, skipped)


def _module_marks(node: ast.stmt) -> list[ast.expr]:
    if not isinstance(node, ast.Assign) or ast.unparse(node.targets[0]) != "pytestmark":
        return []
    return node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]


def _is(mark: ast.expr, word: str) -> bool:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return ast.unparse(called) == f"pytest.mark.{word}"


def _named(marks: list[ast.expr]) -> list[str]:
    return [
        argument.value
        for mark in marks
        if isinstance(mark, ast.Call) and _is(mark, "asvs")
        for argument in mark.args
        if isinstance(argument, ast.Constant)
    ]


# -- The page ------------------------------------------------------------------


def page(known: Map) -> str:
    """docs/asvs.md."""
    lines = [
        "# ASVS 5.0: what is asked, where it is kept, which test shows it",
        "",
        "Made by `scripts/asvs.py --write` from `docs/asvs.toml` and the marks of the tests; a",
        "test compares them. The numbers are those of the OWASP Application Security Verification",
        "Standard 5.0.0 (CC BY-SA 4.0); the words are ours: read the standard beside them.",
        "",
        summary(known),
    ]
    for number, title in CHAPTERS.items():
        rows = {k: row for k, row in known.rows.items() if k.split(".")[0] == str(number)}
        lines += ["", f"## V{number} {title}", "", *_chapter(rows, known)]
    return "\n".join(lines) + "\n"


def _chapter(rows: dict[str, dict], known: Map) -> list[str]:
    reasons = {row.get("out") for row in rows.values()}
    if len(reasons) == 1 and None not in reasons:
        return [f"{len(rows)} requirements, out of scope: {reasons.pop()}."]
    head = ["| id | level | asked | kept | tests |", "|---|:-:|---|---|---|"]
    return head + [_line(one, rows[one], known) for one in sorted(rows, key=_order)]


def _line(one: str, row: dict, known: Map) -> str:
    kept = row.get("how") or f"*out of scope*: {row.get('out')}"
    if "open" in row:
        kept = f"**open**: {row['open']}"
    tests = known.tests.get(one, [])
    first = ", ".join(f"`{_short(shown)}`" for shown in tests[:2])
    more = f" and {len(tests) - 2} more" if len(tests) > 2 else ""
    return f"| {one} | {row['level']} | {row['asks']} | {kept} | {first}{more} |"


def _short(shown: Shown) -> str:
    return f"{shown.file.removeprefix('tests/')}::{shown.test}"


def _order(one: str) -> tuple[int, ...]:
    return tuple(int(step) for step in one.split("."))


def summary(known: Map) -> str:
    asked = known.applicable
    tested = len(asked) - len(known.missing)
    out = sum("out" in row for row in known.rows.values())
    borne = [one for one, row in known.rows.items() if "open" in row]
    two = sum(row["level"] < 3 for row in known.rows.values())
    return (
        f"{len(known.rows)} requirements ({two} of levels 1 and 2): {len(asked)} applicable, "
        f"{tested} with a test, {out} out of scope, open: {', '.join(borne) or 'none'}, "
        f"missing: {', '.join(known.missing) or 'none'}."
    )


def main(arguments: list[str]) -> int:
    known = read()
    if "--write" in arguments:
        PAGE.write_text(page(known))
    sys.stdout.write(summary(known) + "\n")
    for trouble in known.troubles:
        sys.stdout.write(f"trouble: {trouble}\n")
    return 1 if known.missing or known.troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
