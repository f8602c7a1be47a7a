"""Lighthouse's mobile run on the village head's pages (scripts/bench.sh installs it)."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

from .goals import Goal

PAGES = ("/masuk/", "/desa/", "/desa/catat/", "/desa/kegiatan/", "/desa/capaian/", "/desa/bantuan/")
OPEN = {"/masuk/"}  # looked at by somebody who is not signed in
SCORES = {"performance": 90, "accessibility": 100, "best-practices": 100}
#: Lighthouse's own name → what it is, unit, at most.
TIMES = {
    "largest-contentful-paint": ("LCP", "ms", 2500),
    "cumulative-layout-shift": ("CLS", "", 0.1),
    "total-blocking-time": ("TBT", "ms", 200),
}


def measure(portal: str, session: str) -> list[Goal]:
    """Scores and times of each page; the worst page speaks for all in the times."""
    folder = Path(os.environ["LIGHTHOUSE"])
    # With a CSRF cookie of its own the browser is given none that would replace this header.
    csrf = f"{settings.CSRF_COOKIE_NAME}={secrets.token_hex(16)}"
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {csrf}"
    reports = {path: run(folder, portal + path, "" if path in OPEN else cookie) for path in PAGES}
    return [*_scores(reports), *_times(reports)]


def run(folder: Path, address: str, cookie: str) -> dict:
    """One report, as Lighthouse's own JSON."""
    modules = folder / "node_modules"
    with tempfile.TemporaryDirectory() as made:
        headers, report = Path(made) / "headers.json", Path(made) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            str(modules / "node" / "bin" / "node"),
            str(modules / "lighthouse" / "cli" / "index.js"),
            address,
            f"--extra-headers={headers}",
            f"--only-categories={','.join(SCORES)}",
            "--output=json",
            f"--output-path={report}",
            "--quiet",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ]
        environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or "chromium"}
        subprocess.run(command, env=environment, check=True, timeout=300)
        return json.loads(report.read_text())


def _scores(reports: dict[str, dict]) -> list[Goal]:
    goals = []
    for number, (path, report) in enumerate(reports.items(), 1):
        for category, least in SCORES.items():
            score = 100 * (report["categories"][category]["score"] or 0)
            goals.append(Goal(f"L{number}", f"{path} {category}", "", score, least, least=True))
    return goals


def _times(reports: dict[str, dict]) -> list[Goal]:
    goals = []
    for audit, (word, unit, most) in TIMES.items():
        path, worst = max(
            ((path, report["audits"][audit]["numericValue"]) for path, report in reports.items()),
            key=lambda pair: pair[1],
        )
        goals.append(Goal(word, f"the slowest: {path}", unit, worst, most))
    return goals
