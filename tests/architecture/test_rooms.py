"""What every app shows a newcomer, and what the repository never says."""

import re

import pytest

from . import tree

pytestmark = pytest.mark.tree

#: Folders of one machine, and package indexes: they differ from place to place.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.~$}/-])/(?:work|tmp|root|home)/|" + "pypi" + r"\.org|registry\.npm|deb\.debian\.org"
)
#: Where the key of the backups lies until the office's administrator takes it away.
KEY = "/root/pug-backup.key"
TEXT = {".py", ".html", ".css", ".js", ".md", ".sh", ".toml", ".txt", ".yaml", ".yml", ".json", ""}


@pytest.mark.parametrize("app", tree.APPS)
def test_app_introduces_itself(app):
    lines = (tree.ROOT / app / "README.md").read_text().splitlines()
    assert 3 <= len([line for line in lines if line.strip()]) <= 15


def test_nothing_names_a_machine():
    found = []
    for path in tree.files():
        if path.suffix in TEXT and path.name != "test_rooms.py":
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if OF_ONE_MACHINE.search(line.replace(KEY, "")):
                    found.append(f"{tree.name(path)}:{number} {line.strip()[:80]}")
    assert found == []


def test_every_decision_is_listed():
    """The register in 0001 names each decision that stands beside it."""
    folder = tree.ROOT / "docs" / "decisions"
    register = (folder / "0001-record-decisions.md").read_text()
    missing = [path.name for path in folder.glob("0*.md") if path.name not in register]
    assert missing == []


def test_every_direct_dependency_has_its_line():
    reasons = (tree.ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text()
    pins = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (tree.ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    assert [pin for pin in pins if "==" not in pin] == []
    named = {re.split(r"[\[=]", pin)[0] for pin in pins}
    assert {name for name in named if f"| {name} |" not in reasons} == set()
