"""python -m drills.eyes [bandit audit html wapiti fuzz]: what outside eyes see, a line each.

SECONDS says how long wapiti scans for each role (120) and how long the fuzz goes on in all (600).
Findings are printed; the exit code is 0 when each one is explained where it is known.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import django

django.setup()

from . import fuzz, html, scanned, source
from .crawl import Crawl
from .finding import Finding, unexplained
from .portal import portal


def _bandit() -> bool:
    found = source.bandit()
    return _told("bandit", f"{len(found)} at medium weight or above", found, source.KNOWN)


def _audit() -> bool:
    found, known, unknown = source.audit()
    return _told("audit", f"{known} pins judged, {unknown} not known to the list", found, {})


def _html() -> bool:
    with portal() as base, tempfile.TemporaryDirectory(prefix="pug-pages-") as folder:
        crawl = Crawl(base, Path(folder))
        crawl.walk()
        found = crawl.findings + html.judged(Path(folder))
    return _told("html", f"{crawl.pages} pages of {len(crawl.routes)} routes", found, html.KNOWN)


def _wapiti() -> bool:
    with portal() as base:
        found, tried = scanned.scan(base, int(os.environ.get("SECONDS", "120")))
    return _told("wapiti", f"{tried} addresses", found, scanned.KNOWN)


def _fuzz() -> bool:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    found, tries = fuzz.fuzz(float(os.environ.get("SECONDS", "600")), seed)
    counts = ", ".join(f"{name} {many}" for name, many in tries.items())
    return _told("fuzz", f"seed {seed}: {counts}", found, {})


def _told(name: str, what: str, found: list[Finding], known: dict[str, str]) -> bool:
    open_ones = unexplained(found, known)
    alike = Counter(f"{one.kind}: {one.words.split(' … ')[0]}" for one in open_ones)
    first = {f"{one.kind}: {one.words.split(' … ')[0]}": one for one in reversed(open_ones)}
    for kind, many in alike.most_common():
        print(f"  {many} × {kind}\n      first: {first[kind]}")
    explained = len(found) - len(open_ones)
    print(f"{name}: {what}; {len(open_ones)} findings, {explained} explained", flush=True)
    return not open_ones


EYES = {"bandit": _bandit, "audit": _audit, "html": _html, "wapiti": _wapiti, "fuzz": _fuzz}


def main(names: list[str]) -> int:
    if unknown := [one for one in names if one not in EYES]:
        print(f"There is no {', '.join(unknown)}. Known: {', '.join(EYES)}.")
        return 2
    # Every one is run, also after one that found something.
    well = [EYES[name]() for name in names or EYES]
    return 0 if all(well) else 1


sys.exit(main(sys.argv[1:]))
