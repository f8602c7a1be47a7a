"""The map of ASVS: nothing missing, the page as the table says, and a map that can say no."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.tree


@pytest.fixture(scope="module")
def asvs():
    found = spec_from_file_location("asvs", tree.ROOT / "scripts" / "asvs.py")
    module = module_from_spec(found)
    sys.modules["asvs"] = module
    found.loader.exec_module(module)
    return module


def test_nothing_is_missing(asvs):
    ran = subprocess.run(
        [sys.executable, "scripts/asvs.py"], cwd=tree.ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert "missing: none" in ran.stdout


def test_the_page_is_what_table_and_marks_say(asvs):
    """Renew it: scripts/asvs.py --write"""
    assert asvs.PAGE.read_text() == asvs.page(asvs.read())


def test_all_requirements_of_levels_1_and_2_are_in_the_table(asvs):
    """253 in ASVS 5.0.0: as many as its own list has."""
    rows = asvs.read().rows
    assert sum(row["level"] < 3 for row in rows.values()) == 253


TABLE = '["1.1.1"]\nlevel = 1\nasks = "a"\nhow = "b"\n["9.9.9"]\nlevel = 1\nasks = "a"\nout = "c"\n'
MARK = '@pytest.mark.asvs("1.1.1")\n'


@pytest.mark.parametrize(
    ("test", "missing", "troubles"),
    [
        (f"{MARK}def test_a(): pass", [], 0),
        ("def test_a(): pass", ["1.1.1"], 0),
        (f"{MARK}def helper(): pass", ["1.1.1"], 0),
        (f"{MARK}@pytest.mark.skip\ndef test_a(): pass", ["1.1.1"], 0),
        (f'{MARK}@pytest.mark.asvs("9.9.9")\ndef test_a(): pass', [], 1),
        (f'{MARK}@pytest.mark.asvs("7.7.7")\ndef test_a(): pass', [], 1),
        ('pytestmark = [pytest.mark.asvs("1.1.1")]\ndef test_a(): pass', [], 0),
    ],
)
def test_the_map_says_no_where_it_must(asvs, tmp_path, test, missing, troubles):
    (tmp_path / "asvs.toml").write_text(TABLE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(f"import pytest\n{test}\n")
    known = asvs.read(tmp_path / "asvs.toml", tmp_path / "tests")
    assert (known.missing, len(known.troubles)) == (missing, troubles)
