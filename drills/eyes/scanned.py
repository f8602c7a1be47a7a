"""A black-box scanner with each role's session: wapiti, which Debian keeps."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from .finding import Finding
from .portal import ROLES, Visitor

#: All that it knows but what asks hosts of its own elsewhere (ssrf, xxe, shellshock), guesses
#: names of files by the thousand (buster, nikto) or tries passwords.
MODULES = "backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,"
MODULES += "permanentxss,redirect,sql,xss"
LEVELS = {1: "low", 2: "medium", 3: "high", 4: "critical"}
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
    with tempfile.TemporaryDirectory(prefix="pug-wapiti-") as folder:
        report = Path(folder) / "report.json"
        command = [_wapiti(), "-u", f"{base}/", "--scope", "domain", "-m", MODULES, "-v", "0"]
        command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 4)]
        command += ["--flush-session", "--no-bugreport", "-f", "json", "-o", str(report)]
        command += ["--store-session", folder, "--store-config", folder, "-x", f"{base}/keluar/"]
        if name:
            command += ["-c", str(_cookies(Visitor(base, name), base, Path(folder)))]
        for start in ("ringkasan", "kegiatan", "program", "desa", "perencanaan", "publik"):
            command += ["-s", f"{base}/{start}/"]
        subprocess.run(command, capture_output=True, timeout=seconds * 6 + 120, check=False)
        told = json.loads(report.read_text())
    found = [
        Finding(
            f"{name or 'anonymous'} {one['path']}", f"{LEVELS[one['level']]} {kind}", _says(one)
        )
        for part in ("vulnerabilities", "anomalies")
        for kind, many in told[part].items()
        for one in many
    ]
    return found, told["infos"].get("crawled_pages_nbr", 0) or told["infos"].get("crawled_pages", 0)


def _says(one: dict) -> str:
    return f"{one['method']} {one.get('parameter') or ''} {one['info']}"


def _wapiti() -> str:
    found = shutil.which("wapiti")
    if not found:
        raise SystemExit("wapiti is missing. Type: sudo apt-get install -y wapiti")
    return found


def _cookies(visitor: Visitor, base: str, folder: Path) -> Path:
    """The person's cookies as wapiti reads them."""
    shape = {"version": 0, "expires": None, "secure": False, "port": None}
    mine = {one.name: shape | {"value": one.value} for one in visitor.jar}
    path = folder / "cookies.json"
    path.write_text(json.dumps({urlsplit(base).hostname: {"/": mine}}))
    return path
