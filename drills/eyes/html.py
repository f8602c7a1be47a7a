"""Is every page valid HTML? The Nu Html Checker of the W3C says so (npm vnu-jar; needs Java)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from .finding import Finding
from .portal import ROOT

VERSION = "26.9.27"
TOOLS = ROOT / "var" / "tools"
#: What the checker says that is meant so.
KNOWN = {
    r"html: The “role” attribute must not be used on a “t[dhr]” element": (
        "tables that become cards on a phone: a browser that lays a cell out as a block may forget "
        "that it is one, and the roles tell it"
    ),
}


def checker() -> Path:
    """The checker's archive, fetched once by npm."""
    jar = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-fund", "--prefix", str(TOOLS)]
        subprocess.run([*command, f"vnu-jar@{VERSION}"], check=True, timeout=300)
    return jar


def judged(folder: Path) -> list[Finding]:
    """What is wrong in the pages of a folder; `names` in it says whose they are."""
    names = dict(line.split("\t") for line in (folder / "names").read_text().splitlines())
    command = ["java", "-Xss4m", "-jar", str(checker()), "--format", "json", "--errors-only"]
    told = subprocess.run(
        [*command, *map(str, sorted(folder.glob("*.html")))],
        capture_output=True,
        text=True,
        timeout=900,
    )
    messages = json.loads(told.stderr)["messages"]
    return [_finding(one, names) for one in messages if one["type"] != "info"]


def _finding(message: dict, names: dict[str, str]) -> Finding:
    page = names.get(Path(message.get("url", "")).name, "?")
    place = f"{page} line {message.get('lastLine', '?')}"
    return Finding(place, "html", f"{message['message']} … {message.get('extract', '')[:90]!r}")
