#!/usr/bin/env python3
"""The bill of materials: every package that serves, as CycloneDX 1.6 (JSON) on standard output.

scripts/sbom.py > sbom.json    from the installed packages that requirements.txt brings along

No address is asked: names, versions and licences are those of the packages in the environment, so
run it with the environment of the installation. The same environment gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def key_of(name: str) -> str:
    """As packages are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(file: Path = ROOT / "requirements.txt") -> list[tuple[str, list[str]]]:
    """(name, extras) of each line of requirements.txt."""
    found = []
    for line in file.read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[([\w,]+)\])?==", line):
            found.append((key_of(match[1]), (match[2] or "").split(",") if match[2] else []))
    return found


def serving() -> dict[str, metadata.Distribution]:
    """What requirements.txt needs, and what that needs, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = direct()
    done: set[tuple[str, str]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, ",".join(extras)) in done:
            continue
        done.add((name, ",".join(extras)))
        found[name] = package = metadata.distribution(name)
        waiting += [one for said in package.requires or () if (one := _needed(said, extras))]
    return dict(sorted(found.items()))


def _needed(said: str, extras: list[str]) -> tuple[str, list[str]] | None:
    """A line of a package's own list, when it holds here: installed, its extra asked for."""
    what, _semicolon, marker = said.partition(";")
    if (extra := re.search(r"extra\s*==\s*['\"]([\w-]+)", marker)) and extra[1] not in extras:
        return None
    name = key_of(_NAME.match(what.strip())[0])
    inner = re.search(r"\[([\w,\s-]+)\]", what)
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:  # for another platform or an older Python
        return None
    return name, [one.strip() for one in inner[1].split(",")] if inner else []


def bill() -> dict:
    packages = serving()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "pug-portal",
                "name": "pug-portal",
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            }
        },
        "components": [_component(name, one) for name, one in packages.items()],
        "dependencies": [
            {"ref": "pug-portal", "dependsOn": sorted(_ref(packages[n]) for n, _e in direct())}
        ],
    }


def _ref(package: metadata.Distribution) -> str:
    return f"pkg:pypi/{key_of(package.metadata['Name'])}@{package.version}"


def _component(name: str, package: metadata.Distribution) -> dict:
    told = package.metadata.get("License-Expression") or ""
    licences = {"licenses": [{"expression": told}]} if told else _named_licence(package)
    return {
        "type": "library",
        "bom-ref": _ref(package),
        "name": name,
        "version": package.version,
        "purl": _ref(package),
        **licences,
    }


def _named_licence(package: metadata.Distribution) -> dict:
    told = [one.split(" :: ")[-1] for one in package.metadata.get_all("Classifier") or ()]
    names = [one for one in told if "License" in one or one.startswith(("BSD", "MIT"))]
    said = (package.metadata.get("License") or "").splitlines()
    name = (names or said or [""])[0][:80]
    return {"licenses": [{"license": {"name": name}}]} if name else {}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), indent=2) + "\n")
