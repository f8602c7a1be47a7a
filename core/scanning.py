"""The virus scanner, where the office runs one: clamd, asked over its socket (ASVS 5.4.3).

Without one, or while it does not answer, a document is kept all the same and marked as not yet
scanned; it goes out as an attachment only, and `catch_up` has it scanned as soon as there is one.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef

from .models import Scan

_log = logging.getLogger("pug.security")
SECONDS = 20  # how long clamd may take for one file
_CHUNK = 1 << 16
_LONGEST_ANSWER = 4_096


class NoScanner(Exception):
    """Nothing could be asked: no scanner is set, or it does not answer."""


def judge(content: bytes) -> str:
    """What is known of these bytes: Scan.Verdict.CLEAN or HARMFUL, "" where nobody could say."""
    try:
        told = ask(content)
    except NoScanner:
        return ""
    if told.endswith("OK"):
        return Scan.Verdict.CLEAN
    if told.endswith("FOUND"):
        _log.warning("The scanner found %s in a document", told[:200])
        return Scan.Verdict.HARMFUL
    _log.warning("The scanner could not judge a document: %s", told[:200])
    return ""


def ask(content: bytes) -> str:
    """clamd's answer to INSTREAM: "stream: OK", "stream: Eicar-Test-Signature FOUND" …"""
    if not settings.CLAMD:
        raise NoScanner
    try:
        with _line() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                part = content[start : start + _CHUNK]
                line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
            return _answer(line)
    except OSError as trouble:
        _log.warning("The scanner does not answer: %s", trouble)
        raise NoScanner from trouble


def _line() -> socket.socket:
    where = settings.CLAMD
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(where)
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), SECONDS)


def _answer(line: socket.socket) -> str:
    told = b""
    while len(told) < _LONGEST_ANSWER and (part := line.recv(_LONGEST_ANSWER)):
        told += part
    return told.decode("utf-8", "replace").strip("\0 \r\n")


def note(digest: str, verdict: str) -> None:
    """This is known of the file with this SHA-256; "" is not worth a row."""
    if verdict:
        Scan.objects.update_or_create(digest=digest, defaults={"verdict": verdict})


def is_harmful(digest: str) -> bool:
    return Scan.objects.filter(digest=digest, verdict=Scan.Verdict.HARMFUL).exists()


def scanned(column: str = "sha256") -> Exists:
    """For `annotate`: whether the file named in this column has been scanned."""
    return Exists(Scan.objects.filter(digest=OuterRef(column)))


def catch_up(paths: Iterable[Path], most: int) -> int:
    """Have the first `most` files without a verdict scanned; how many were. A file's name is its
    SHA-256; one that holds something else is left to the check of the backup.
    """
    done = 0
    for path in paths:
        if done >= most or not settings.CLAMD:
            break
        if Scan.objects.filter(digest=path.name).exists():
            continue
        content = path.read_bytes()
        verdict = judge(content) if sha256(content).hexdigest() == path.name else ""
        if not verdict:
            break
        note(path.name, verdict)
        done += 1
    return done
