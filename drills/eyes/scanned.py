"""A black-box scanner with each role's session: wapiti (GPL-2), in an environment of its own.

Debian 12's own (3.0.4) ends with an error on Debian 12's own Python as soon as a page is left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .finding import Finding
from .portal import ROLES, ROOT, Visitor

VERSION = "3.2.3"
PLACE = ROOT / "var" / "tools" / "wapiti"
#: All that it knows but what asks hosts of its own elsewhere (ssrf, xxe, shellshock), guesses
#: names of files by the thousand (buster, nikto) or tries passwords.
MODULES = "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,"
MODULES += "permanentxss,redirect,sql,timesql,upload,xss"
TURNS, REPORT = 4, "report.json"
LEVELS = {0: "info", 1: "low", 2: "medium", 3: "high", 4: "critical"}
#: What it says of a demonstration on plain http that is not so in service, or is meant so.
KNOWN = {
    "Secure Flag cookie": "the demonstration speaks plain http; tests/core/test_safety.py",
    "Strict-Transport-Security": "as above",
    "Content-Security-Policy.*report|CSP.*report": "advice, not a weakness",
}


def scan(base: str, seconds: int) -> tuple[list[Finding], int]:
    """What it found in every role's session, and how many addresses it tried in all."""
    found, tried = [], 0
    for name in ("", *ROLES):
        more, number = _scan_as(base, name, seconds)
        found += more
        tried += number
        print(f"  {name or 'anonymous'}: {number} addresses, {len(more)} findings", flush=True)
    return found, tried


def _scan_as(base: str, name: str, seconds: int) -> tuple[list[Finding], int]:
    told = _report(base, name, seconds)
    found = [
        Finding(
            f"{name or 'anonymous'} {one['path']}", f"{LEVELS[one['level']]} {kind}", _says(one)
        )
        for part in ("vulnerabilities", "anomalies")
        for kind, many in told[part].items()
        for one in many
    ]
    return found, told["infos"].get("crawled_pages_nbr", 0)


def _report(base: str, name: str, seconds: int) -> dict[str, Any]:
    """What wapiti writes at its end. Cut off in the middle of an attack it sometimes finds its own
    file of sessions locked and writes nothing: then it begins again."""
    trouble = ""
    for _turn in range(TURNS):
        with tempfile.TemporaryDirectory(prefix="pug-wapiti-") as folder:
            command = _command(base, name, seconds, folder)
            limit = seconds * 30 + 120
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
            report = Path(folder) / REPORT
            if report.exists():
                return json.loads(report.read_text())
            trouble = done.stderr[-400:]
    raise RuntimeError(f"wapiti told nothing as {name or 'nobody'}: {trouble}")


def _command(base: str, name: str, seconds: int, folder: str) -> list[str]:
    command = [_wapiti(), "-u", f"{base}/", "--scope", "domain", "-m", MODULES, "-v", "0"]
    command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 4)]
    command += ["--flush-session", "--no-bugreport", "-f", "json", "-o", f"{folder}/{REPORT}"]
    command += ["--store-session", folder, "--store-config", folder, "-x", f"{base}/keluar/"]
    if name:
        jar = Visitor(base, name).jar
        command += ["-C", "; ".join(f"{one.name}={one.value}" for one in jar)]
    for start in ("ringkasan", "kegiatan", "program", "desa", "perencanaan", "publik"):
        command += ["-s", f"{base}/{start}/"]
    return command


def _says(one: dict) -> str:
    return f"{one['method']} {one.get('parameter') or ''} {one['info']}"


def _wapiti() -> str:
    """The program, fetched once by pip."""
    program = PLACE / "bin" / "wapiti"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
        pip = [str(PLACE / "bin" / "pip"), "install", "--quiet", f"wapiti3=={VERSION}"]
        subprocess.run(pip, check=True, timeout=1200)
    return str(program)
