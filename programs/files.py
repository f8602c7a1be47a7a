"""Uploaded documents: what may come in, told by its bytes and not by its name; where it lies.

Nothing here is ever opened to be shown: a document goes out as it came in, as an attachment.
Pictures alone are drawn anew (programs/pictures.py).
"""

from __future__ import annotations

import re
import zipfile
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from core import scanning
from core.errors import Problem, Refused
from core.formats import storable
from core.models import Scan
from core.sheets import UNREADABLE_ARCHIVE
from core.stored import keep

from . import pictures

MOST_BYTES = 10_000_000
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200_000_000
MOST_RATIO = 100
#: Below this much unpacked no ratio is suspicious: office texts pack well.
UNSUSPICIOUS = 5_000_000
#: A part of an archive that says how it is tied together is never larger.
MOST_XML = 1_000_000

PDF = "application/pdf"
JPEG = "image/jpeg"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_OFFICE}wordprocessingml.document"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
_SCANS = 10  # in one round of the duty
LONGEST_NAME = 140
ENDINGS = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", JPEG: "jpg"}

#: The part that makes an archive this kind of document.
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_CODE_INSIDE = re.compile(r"vbaproject|vbadata|activex|oleobject|macrosheets|dialogsheets", re.I)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b")
_ATTRIBUTE = re.compile(r"\b(Type|TargetMode)\s*=\s*(\"[^\"]*\"|'[^']*')")
_PDF_RUNS = re.compile(rb"/JavaScript\b|/Launch\b|/RichMedia\b|<script\b|<html\b", re.I)
#: A sign of a PDF name written by its number: /JavaScr#69pt.
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
#: An archive's end, looked for where every reader of archives looks.
_ARCHIVE_END, _END_WITHIN = b"PK\x05\x06", 66_000


class Taken(NamedTuple):
    """What is kept of an upload."""

    content: bytes
    media_type: str


def take(data: bytes) -> Taken:
    """The upload as it will be kept: PDF, DOCX or XLSX as sent, JPEG or PNG drawn anew as JPEG.

    Refused (field `file`): too_large, empty, unknown_type, damaged, has_code, links_out,
    unpacks_too_far, busy.
    """
    if not data:
        raise _refusal("empty", _("There is nothing in this file. Choose another one."))
    if len(data) > MOST_BYTES:
        raise too_large()
    if data.startswith(b"%PDF-"):
        return Taken(_plain_pdf(data), PDF)
    if data.startswith(b"PK\x03\x04"):
        return Taken(data, _office_kind(data))
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Taken(_drawn_anew(data), JPEG)
    raise unknown_type()


def take_pdf(data: bytes) -> Taken:
    """As `take`, where only a PDF will do."""
    if data and not data.startswith(b"%PDF-") and len(data) <= MOST_BYTES:
        words = _("This is not a PDF, whatever its name says. Save the document as PDF.")
        raise _refusal("unknown_type", words)
    return take(data)


def file_name_of(sent: str, media_type: str) -> str:
    """The name to be offered when the file is fetched: no path, no control sign, true ending."""
    stem = PurePosixPath(storable(sent).replace("\\", "/")).stem
    stem = re.sub(r"[^\w .()-]+", "_", stem).strip(" .")[:LONGEST_NAME]
    return f"{stem or 'dokumen'}.{ENDINGS[media_type]}"


def path_of(digest: str) -> Path:
    """Where the document with this SHA-256 lies: outside everything served."""
    return Path(settings.MEDIA_ROOT) / "documents" / digest[:2] / digest


def kept(content: bytes) -> str:
    """The bytes are on disk for good, the same only once; the SHA-256 that names them.

    Refused: harmful, where a scanner says so; busy.
    """
    verdict = scanning.judge(content)
    if verdict == Scan.Verdict.HARMFUL:
        raise _refusal("harmful", _("The virus scanner found something harmful in this file."))
    digest = sha256(content).hexdigest()
    try:
        keep(path_of(digest), content)
    except OSError as trouble:  # a full disk, most likely
        raise _busy() from trouble
    scanning.note(digest, verdict)
    return digest


def scan_what_waits() -> float:
    """A duty: documents from before there was a scanner are scanned, a few at a time."""
    folder = Path(settings.MEDIA_ROOT) / "documents"
    done = scanning.catch_up(sorted(folder.glob("??/?*")), most=_SCANS) if settings.CLAMD else 0
    return 1.0 if done else 600.0


def too_large() -> Refused:
    words = _("The file is larger than 10 MB. Choose a smaller one, or divide it.")
    return _refusal("too_large", words)


def unknown_type() -> Refused:
    words = _("Only PDF, DOCX, XLSX, JPG and PNG can be kept. Save the document as PDF.")
    return _refusal("unknown_type", words)


# -- PDF ---------------------------------------------------------------------------


def _plain_pdf(data: bytes) -> bytes:
    """A PDF with its end, that is nothing else besides and asks no program to run."""
    if b"%%EOF" not in data[-2048:]:
        raise _damaged()
    if _ARCHIVE_END in data[-_END_WITHIN:]:
        raise unknown_type()
    if _PDF_RUNS.search(_ESCAPED.sub(lambda sign: bytes([int(sign[1], 16)]), data)):
        raise _has_code()
    return data


# -- Pictures ----------------------------------------------------------------------


def _drawn_anew(data: bytes) -> bytes:
    if len(data) > pictures.MOST_BYTES:
        words = _("The picture is larger than 5 MB. Choose a smaller one, or send it as PDF.")
        raise _refusal("too_large", words)
    try:
        return pictures.clean(data).jpeg
    except pictures.NotAPicture as trouble:
        raise _damaged() from trouble
    except pictures.TooBusy as trouble:
        raise _busy() from trouble


# -- Office documents ----------------------------------------------------------------


def _office_kind(data: bytes) -> str:
    """DOCX or XLSX, after a look at its list of parts and at what they are tied to."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, len(data))
            kind = _main_part(archive)
            for part in archive.infolist():
                if part.filename.lower().endswith(".rels"):
                    _check_ties(_text(archive, part))
    except UNREADABLE_ARCHIVE as trouble:
        raise _damaged() from trouble
    return kind


def _check_parts(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if archive.comment or len(set(names)) < len(names) or any(map(_astray, names)):
        raise _damaged()
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if packed > size or any(part.flag_bits & 1 for part in parts):  # overlapping; locked
        raise _damaged()
    far = unpacked > UNSUSPICIOUS and unpacked > MOST_RATIO * max(packed, 1)
    if len(parts) > MOST_ENTRIES or unpacked > MOST_UNPACKED or far:
        raise _refusal(
            "unpacks_too_far", _("The file unpacks to far too much. Save it again as PDF.")
        )
    if any(map(_CODE_INSIDE.search, names)):
        raise _has_code()


def _astray(name: str) -> bool:
    """A name that leads out of the archive's own folder."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


def _main_part(archive: zipfile.ZipFile) -> str:
    found = [kind for name, kind in _MAIN.items() if name in archive.namelist()]
    if len(found) != 1:
        raise unknown_type()
    types = _text(archive, archive.getinfo("[Content_Types].xml")).lower()
    if "macroenabled" in types or "vbaproject" in types:
        raise _has_code()
    if f"{found[0]}.main+xml" not in types:
        raise unknown_type()
    return found[0]


def _text(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    """A small part as text; ValueError where it is none, or where it describes itself (DTD)."""
    with archive.open(part) as opened:
        content = opened.read(MOST_XML + 1)
    text = content.decode("utf-8-sig")
    if len(content) > MOST_XML or "\x00" in text or "<!" in text.replace("<!--", ""):
        raise ValueError(part.filename)
    return text


def _check_ties(text: str) -> None:
    """Nothing is loaded from elsewhere: beyond the file itself only links that are pressed."""
    for relation in _RELATION.split(text)[1:]:
        said = {name: unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(relation)}
        outside = said.get("TargetMode", "Internal").strip().lower() != "internal"
        if outside and not said.get("Type", "").endswith("/hyperlink"):
            words = _("It takes parts from other files. Break these links, or save it as PDF.")
            raise _refusal("links_out", words)


def _refusal(code: str, words: str) -> Refused:
    return Refused(Problem("file", code, words))


def _damaged() -> Refused:
    words = _("The file is cut off, locked or damaged. Save it again and send the whole file.")
    return _refusal("damaged", words)


def _has_code() -> Refused:
    words = _("There is a program (macro) inside. Save the document without it, or as PDF.")
    return _refusal("has_code", words)


def _busy() -> Refused:
    words = _("The file could not be kept just now. Try again in a minute.")
    return _refusal("busy", words)
