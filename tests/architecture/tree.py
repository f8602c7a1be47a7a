"""The source tree as the architecture tests see it: what git keeps or would keep."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "core",
    "villages",
    "accounts",
    "programs",
    "planning",
    "mou",
    "indicators",
    "dashboards",
)


@cache
def files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))


def written(*suffixes: str) -> Iterator[Path]:
    """Files with these endings that people wrote; migrations are generated."""
    return (path for path in files() if path.suffix in suffixes and "migrations" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """The module's syntax tree, each node knowing its `parent`."""
    module = ast.parse(path.read_text(), filename=str(path))
    for node in ast.walk(module):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    return module
