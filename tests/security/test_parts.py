"""What others made: pinned exactly, listed in a bill of materials, and no more than that."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.architecture import tree

pytestmark = pytest.mark.tree


def pins(name: str) -> dict[str, str]:
    """name → version of each line; a line that is no exact pin is a name without version."""
    found = {}
    for line in (tree.ROOT / name).read_text().splitlines():
        if line and not line.startswith(("#", "-r")):
            what, _exact, version = line.partition("==")
            found[re.sub(r"\[.*|[-_.]+", "-", what.partition("[")[0]).lower()] = version
    return found


@pytest.fixture(scope="module")
def bill() -> str:
    """What scripts/sbom.py prints."""
    ran = subprocess.run(
        [sys.executable, "scripts/sbom.py"], cwd=tree.ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.asvs("15.1.2")
def test_the_bill_of_materials_is_cyclonedx(bill):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    broken = json.loads(bill) | {"components": [{"name": "x"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None


@pytest.mark.asvs("15.1.2", "15.2.1")
def test_every_part_that_serves_is_pinned_as_it_is_installed_and_has_a_licence(bill):
    pinned, listed = pins("constraints.txt"), json.loads(bill)["components"]
    assert {one["name"]: one["version"] for one in listed}.items() <= pinned.items()
    assert {one["name"] for one in listed} >= pins("requirements.txt").keys()
    assert [one["name"] for one in listed if "licenses" not in one] == []


@pytest.mark.asvs("15.2.1", "15.1.2")
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "constraints.txt"])
def test_no_version_is_left_to_chance(name):
    assert {k: v for k, v in pins(name).items() if not re.fullmatch(r"\d[\w.+!]*", v)} == {}


@pytest.mark.asvs("15.2.3")
def test_no_tool_of_developers_serves(bill):
    serving = {one["name"] for one in json.loads(bill)["components"]}
    own = pins("requirements-dev.txt").keys()
    assert serving & own == set()
    from django.conf import settings

    assert not [app for app in settings.INSTALLED_APPS if re.search("debug|test|sample", app)]
