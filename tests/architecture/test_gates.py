"""The gates of `make check` hold in the suite as well: one place says how each is run."""

import subprocess

import pytest

from . import tree

pytestmark = pytest.mark.tree

GATES = (
    "format",
    "lint",
    "templates",
    "types",
    "layers",
    "migrations",
    "safe_migrations",
    "schema",
)


@pytest.mark.parametrize("gate", GATES)
def test_gate(gate):
    ran = subprocess.run(
        ["bash", "scripts/check.sh", gate],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_check_runs_every_gate():
    """A gate added to the script's list is added here."""
    script = (tree.ROOT / "scripts" / "check.sh").read_text()
    assert f"set -- {' '.join(GATES)} house" in script
