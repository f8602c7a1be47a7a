"""What reads our code and our list of packages: bandit and pip-audit."""

from __future__ import annotations

import json
import subprocess
import sys

from .finding import Finding
from .portal import ROOT

#: Findings of medium weight and above that were looked at; the rest of the line says why it stands.
KNOWN = {
    r"^accounts/row_security\.py.*B608": "text of the policies, from names in this file",
    r"^core/backups/digests\.py.*B608": "names of tables and columns are quoted; no values",
    r"^core/backups/.*B108": "mkdtemp makes a folder of its own there, closed to others",
    r"^core/leaving/package\.py.*B608": "names come from the models; no values",
    r"^core/bulk\.py.*B608": "names of tables and columns are quoted; values are parameters",
    r"^core/copying\.py.*B608": "names come from the models; values are parameters",
    r"^programs/loading\.py.*B608": "load data of the drills; no text from outside",
    r"^programs/services/submissions\.py.*B608": "names of columns only; values are parameters",
    r"^core/management/commands/serve\.py.*B310": "our own address, for the first answer",
    r"^examples/send_activities\.py.*B310": "the portal that its user names",
    r"^scripts/icons\.py.*B314": "our own drawings, by hand, never in service",
}


def bandit() -> list[Finding]:
    """What bandit reports at medium weight or above."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", ".", "-f", "json", "--severity-level"]
    asked = [*command, "medium", "-x", "./tests,./benchmarks,./drills,./.venv,./var"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return [
        Finding(
            one["filename"].removeprefix("./"),
            f"{one['issue_severity'].lower()} {one['test_id']}",
            one["issue_text"],
        )
        for one in json.loads(told.stdout)["results"]
    ]


def audit() -> tuple[list[Finding], int, int]:
    """Weaknesses that are published of our pins; how many were known to the list, and how many
    not. Where the list cannot be reached nothing was looked at: (…, 0, all)."""
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.txt", "--no-deps"]
    asked = [*command, "--disable-pip", "-f", "json", "--progress-spinner", "off"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=300)
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except json.JSONDecodeError:
        return [], 0, 0
    known = [one for one in packages if "vulns" in one]
    found = [
        Finding(one["name"], "high audit", f"{one['version']} {weak['id']}")
        for one in known
        for weak in one["vulns"]
    ]
    return found, len(known), len(packages) - len(known)
